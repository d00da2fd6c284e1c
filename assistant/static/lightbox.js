// A print opens over the page it lies on. The address is then the image's own, and Back closes it; without scripts, and
// when it is opened by its address, the image has a page to itself. What becomes of an image is told all over the page.
const alone = document.querySelector("main.lb");
const dialog = document.createElement("dialog");
dialog.className = "lb";
dialog.setAttribute("aria-labelledby", "lb-title");
dialog.innerHTML = '<div class="contents"></div><p class="vh" role="status"></p>';
const [inside, said] = dialog.children; // the image with its settings; what is read aloud when another is shown
document.body.append(dialog);
let title, opener;

const part = (selector) => (alone ?? dialog).querySelector(selector);
const places = (id) => document.querySelectorAll(`[data-image="${id}"]`);
const shown = () => dialog.querySelector("[data-star]")?.dataset.star;

async function show(address) {
  await htmx.ajax("GET", address, { source: inside, target: inside, swap: "innerHTML", select: ".lb > *" });
  if (!dialog.querySelector(".view")) return false; // a toast says why
  if (!dialog.open) {
    dialog.append(document.getElementById("toasts")); // nothing outside of a modal dialog can be reached
    dialog.showModal();
    (part("[rel=next]") ?? part("#lb-close")).focus();
  }
  said.textContent = dialog.querySelector("#lb-title").textContent;
  tend(dialog);
  return true;
}

async function open(print) {
  [title, opener] = [document.title, print];
  if (await show(print.href)) history.pushState({ lightbox: true }, "", print.href);
}

async function turnTo(address) {
  if (await show(address)) history.replaceState({ lightbox: true }, "", address);
}

function shut() {
  if (!dialog.open) return;
  const print = document.getElementById(`print-${shown()}`);
  document.body.append(document.getElementById("toasts"));
  dialog.close();
  inside.replaceChildren();
  document.title = title;
  (print && !print.closest("[hidden]") ? print : opener).focus();
}

// What only scripts can do, and the images that are likely to be wanted next.
function tend(lightbox) {
  for (const hidden of lightbox.querySelectorAll("#lb-copy, #lb-keys")) hidden.hidden = false;
  for (const { dataset } of lightbox.querySelectorAll("[data-ahead]")) new Image().src = dataset.ahead;
  if (lightbox === alone) return;
  const button = dialog.querySelector("#lb-delete");
  button.setAttribute("hx-post", button.formAction);
  button.setAttribute("hx-swap", "none");
  htmx.process(button);
  if (!dialog.contains(document.activeElement)) dialog.querySelector("#lb-close").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (event.target.closest("[data-copy]")) return copy(event.target.closest("[data-copy]"));
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || alone) return;
  if (link.id === "lb-close") history.back();
  else if (dialog.contains(link) && link.closest(".view")) turnTo(link.href);
  else if (!dialog.contains(link) && link.matches(".print")) open(link);
  else return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea")) return;
  const way = { ArrowLeft: "[rel=prev]", ArrowRight: "[rel=next]", s: "[data-star]", S: "[data-star]" }[event.key];
  const press = way ?? (alone && event.key === "Escape" ? "#lb-close" : null);
  if (press && (alone || dialog.open)) part(press)?.click();
});

dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  history.back();
});

// Before htmx hears of it: it would ask the server for the page that still lies below.
addEventListener(
  "popstate",
  (event) => {
    event.stopImmediatePropagation();
    if (alone) location.reload();
    else if (history.state?.lightbox) show(location.href);
    else shut();
  },
  { capture: true },
);

async function copy(button) {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  button.querySelector("span").textContent = "Copied";
}

document.addEventListener("starred", ({ detail: { id, starred } }) => {
  for (const star of document.querySelectorAll(`[data-star="${id}"]`)) {
    star.setAttribute("aria-pressed", starred);
    star.value = starred ? 0 : 1;
  }
});

document.addEventListener("deleted", ({ detail: { id } }) => {
  for (const place of places(id)) place.hidden = true;
  if (!dialog.open || shown() !== id) return;
  const next = part("[rel=next]") ?? part("[rel=prev]");
  if (next) turnTo(next.href);
  else history.back();
});

document.addEventListener("restored", ({ detail: { id }, target }) => {
  target.closest(".toast")?.remove();
  if (!places(id).length) location.reload();
  for (const place of places(id)) place.hidden = false;
});

if (alone) tend(alone);
