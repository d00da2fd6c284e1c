// Uploading: a chosen or dropped file is sent at once; what would be refused is said before it travels.
function arm(form) {
  if (form.dataset.armed) return;
  form.dataset.armed = "true";
  const input = form.querySelector("input[type=file]");
  const say = (text) => { form.querySelector("[data-say]").textContent = text; };

  function send() {
    const file = input.files[0];
    if (!file || form.getAttribute("aria-busy")) return;
    if (file.size > Number(form.dataset.most)) {
      input.value = "";
      say(`${file.name} is larger than ${form.dataset.mostSaid}, which is the most that is taken.`);
      return;
    }
    say(`Reading ${file.name} …`);
    form.setAttribute("aria-busy", "true");
    form.submit();
  }

  input.addEventListener("change", send);
  // Back from the sheet: the form is as it was before, and the same file may be chosen again.
  window.addEventListener("pageshow", () => {
    form.removeAttribute("aria-busy");
    input.value = "";
    say("");
  });
  if (form.matches(".drop")) takeDrops(form, input, say, send);
}

function takeDrops(zone, input, say, send) {
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, () => zone.classList.add("over"));
  }
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  zone.addEventListener("drop", (event) => {
    zone.classList.remove("over");
    const { files } = event.dataTransfer;
    if (files.length !== 1) {
      say(files.length ? "One sheet at a time: drop a single file." : "That was no file.");
      return;
    }
    input.files = files;
    send();
  });
}

// A file that misses the zone must not take the page's place.
for (const kind of ["dragover", "drop"]) {
  window.addEventListener(kind, (event) => event.preventDefault());
}

const armAll = () => document.querySelectorAll("form[data-upload]").forEach(arm);
document.addEventListener("htmx:afterSettle", armAll);
armAll();
