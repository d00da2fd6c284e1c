// The chat: the newest words stay in sight, the focus goes on to what took the place of what was decided, and the
// grid hears which rows a proposal is about. Works as plain forms without any of this.
const chat = document.getElementById("chat");
const log = document.getElementById("chat-log");
const form = document.getElementById("chat-form");
const field = document.getElementById("chat-text");
const main = chat.closest("main");
const SHUT = "chat-shut";

// Beside a grid the log scrolls by itself, on a page of its own the page does.
const beside = main?.classList.contains("work");
const pane = beside ? log : document.scrollingElement;
const atEnd = () => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 48;
const toEnd = () => pane.scrollTo({ top: pane.scrollHeight, behavior: "instant" });

// Which rows stand to be decided, by row id: for whoever draws the sheet.
function publish() {
  const rows = {};
  for (const turn of log.querySelectorAll("[data-marks]")) Object.assign(rows, JSON.parse(turn.dataset.marks));
  document.dispatchEvent(new CustomEvent("proposal", { detail: { rows } }));
}

let end = true;
let held = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!log.contains(detail.target)) return;
  end = atEnd();
  const focused = document.activeElement?.closest(".turn");
  const buttons = focused ? [...focused.querySelectorAll("button, a")] : [];
  held = focused === detail.target ? { id: focused.id, place: buttons.indexOf(document.activeElement) } : null;
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!log.contains(detail.target) && !detail.target.isConnected && !held) return;
  publish();
  const asked = detail.requestConfig?.elt === form;
  if (asked || end) toEnd();
  if (held && (document.activeElement === document.body || !document.activeElement)) {
    const buttons = [...(document.getElementById(held.id)?.querySelectorAll("button, a") ?? [])];
    (buttons[Math.min(held.place, buttons.length - 1)] ?? field).focus({ preventScroll: true });
  }
  held = null;
});

// With what is asked goes which rows are selected and shown, where there is a grid that knows.
document.addEventListener("submit", ({ target }) => {
  if (!("seen" in target.dataset)) return;
  const detail = { selected: [], shown: [] };
  document.dispatchEvent(new CustomEvent("seen", { detail }));
  for (const name of ["selected", "shown"]) target.elements[name].value = detail[name].join(" ");
}, true);

// The text goes once it has arrived, and only what was sent of it.
let sent = "";
form.addEventListener("htmx:configRequest", ({ detail }) => (sent = detail.parameters.get?.("text") ?? field.value));
form.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.elt !== form || !detail.successful) return;
  if (field.value === sent) field.value = "";
  document.getElementById("chat-intro").hidden = true;
});
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !field.value.trim()) return;
  event.preventDefault();
  form.requestSubmit();
});
for (const example of document.querySelectorAll("[data-say]")) {
  example.hidden = false;
  example.addEventListener("click", () => {
    field.value = example.dataset.say;
    field.focus();
  });
}

// Beside a grid the chat can be put away; on its own page there would be nothing left.
const [close, open] = ["chat-close", "chat-open"].map((id) => document.getElementById(id));
function put(shut, move) {
  chat.classList.toggle("shut", shut);
  open.hidden = !shut;
  if (move) (shut ? open : field).focus();
}
if (beside) {
  close.hidden = false;
  put(localStorage.getItem(SHUT) === "1", false);
  close.addEventListener("click", () => (localStorage.setItem(SHUT, "1"), put(true, true)));
  open.addEventListener("click", () => (localStorage.removeItem(SHUT), put(false, true)));
}

if (!location.hash) toEnd();
publish();
