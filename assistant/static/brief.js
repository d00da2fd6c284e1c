// A brief saves itself as it is typed, and says so; nothing is lost when the page is left or the server is away.
const form = document.getElementById("brief");
const autosave = document.getElementById("autosave");
const PAUSE = 500; // milliseconds without a key pressed after which it is saved
const AGAIN = 3000;
let timer;
let typed = 0; // how many changes there were, and how many of them are saved
let sent = 0;
let saved = 0;

const dirty = () => typed > saved;

function save() {
  clearTimeout(timer);
  htmx.trigger(autosave, "save");
}

function soon(after = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(save, after);
}

form?.addEventListener("input", ({ target }) => {
  if (target.type === "file" || target.name === "answer") return;
  typed += 1;
  soon();
});

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target === autosave) sent = typed;
});

document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, xhr } }) => {
  if (requestConfig.elt !== autosave) return;
  const good = xhr.status === 200;
  if (good) saved = Math.max(saved, sent);
  const told = document.getElementById("unsaved");
  told.hidden = good;
  // Errors of what a page asks by itself come as 204: the session ended, or there is no room for a word more.
  if (!good) told.querySelector("span").textContent = xhr.status === 204 ? told.dataset.refused : told.dataset.away;
  if (!good && dirty()) soon(AGAIN);
});

// What did not change is left as it stands, with its focus.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (fragment.firstElementChild?.outerHTML === target.outerHTML.replace(' class=""', "")) event.preventDefault();
});

// A field is wrong as long as something is said of it.
document.addEventListener("htmx:oobAfterSwap", ({ detail: { target } }) => {
  if (!target.id?.startsWith("err-")) return;
  const field = form.querySelector(`[aria-describedby~="${target.id}"]`);
  if (document.getElementById(target.id).childElementCount) field?.setAttribute("aria-invalid", "true");
  else field?.removeAttribute("aria-invalid");
});

// Leaving: what is not saved yet goes by itself. A page that is loaded again may come before that has arrived: it then
// takes the fields from this tab's memory.
const KEPT = "promptsheet-brief";
const savedAt = () => document.getElementById("saved").dataset.at;

function fields() {
  const data = new FormData(form);
  for (const name of ["answer", "answer-file", "file", "list-file"]) data.delete(name);
  return data;
}

function leave() {
  if (!form || !dirty()) return;
  const data = fields();
  sessionStorage.setItem(KEPT, JSON.stringify({ to: form.action, at: savedAt(), data: [...data] }));
  if (navigator.sendBeacon(form.action, data)) saved = typed;
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  sessionStorage.removeItem(KEPT);
  if (kept.to !== form.action || kept.at !== savedAt()) return;
  for (const field of form.elements) {
    if (!field.name || ["hidden", "file", "submit"].includes(field.type) || field.name === "answer") continue;
    const values = kept.data.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
  typed += 1;
  soon(0);
}

// What was typed before this script was there, or before anything listened to it.
function early() {
  const fields = form.querySelectorAll("textarea:not([name=answer]), input:is([type=number], [name^=text-], [name^=list-])");
  if (![...fields].some((field) => field.value !== field.defaultValue)) return;
  typed += 1;
  soon(0);
}

if (form) {
  addEventListener("beforeunload", (event) => {
    if (dirty() && !document.getElementById("unsaved").hidden) event.preventDefault();
    leave();
  });
  addEventListener("pagehide", leave);
  addEventListener("load", () => {
    restore();
    early();
  });
}

// The form goes once, however often its button is pressed; with it everything that was typed.
form?.addEventListener("submit", (event) => {
  if (form.getAttribute("aria-busy")) event.preventDefault();
  form.setAttribute("aria-busy", "true");
  saved = typed;
});
addEventListener("pageshow", () => form?.removeAttribute("aria-busy"));

// Enter in a field of one line saves, and drafts nothing.
form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  save();
});

// A file that is chosen, or dropped on its field, is sent at once.
function send(input) {
  if (!input.files.length) return;
  saved = typed;
  input.form.action = input.dataset.send;
  input.form.submit();
}
for (const input of document.querySelectorAll("input[data-send]")) {
  input.addEventListener("change", () => send(input));
  const field = document.getElementById(input.dataset.drop);
  field?.addEventListener("dragover", (event) => event.preventDefault());
  field?.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    send(input);
  });
}
// A file that misses its field must not take the page's place.
for (const kind of ["dragover", "drop"]) {
  addEventListener(kind, (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}

// Copy what stands in a field: of the brief as it is now, so what was typed last is saved first.
async function copy(button) {
  if (dirty()) await new Promise((done) => {
    document.addEventListener("htmx:afterSettle", done, { once: true });
    setTimeout(done, 2000);
    save();
  });
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select(); // no clipboard without https: the text is selected for the person's own keys
    if (!document.execCommand("copy")) return say(button, "Selected: copy it with your keyboard");
  }
  say(button, "Copied");
}
function say(button, words) {
  button.nextElementSibling.textContent = words;
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
