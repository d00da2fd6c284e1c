// The grid: everything is wired here, then drawn from the JSON that came with the page.
import { state, say, on, emit, by, one } from "./sheet.js";
import "./draw.js";
import { take, all, idle, picked, rows } from "./select.js";
import { begin, ask, unsent } from "./save.js";
import "./edit.js";
import * as cells from "./cells.js";
import { firstFix, enter, apply } from "./notes.js";
import * as panels from "./panels.js";

const ALT = {
  f: firstFix,
  g: enter,
  n: cells.add,
  d: cells.duplicate,
  l: cells.release,
  delete: cells.remove,
  arrowup: () => cells.move(-1),
  arrowdown: () => cells.move(1),
};
emit.alt = (event) => {
  const act = ALT[event.key.toLowerCase()];
  act?.();
  return Boolean(act);
};

const ACTS = {
  undo: () => ask("undo"),
  redo: () => ask("redo"),
  "next-problem": () => emit("problem", 1),
  add: cells.add,
  duplicate: cells.duplicate,
  delete: cells.remove,
  up: () => cells.move(-1),
  down: () => cells.move(1),
  all,
  set: cells.setColumn,
  "find-next": panels.next,
  replace: panels.replace,
  safe: apply,
  everything: panels.everything,
  "every-column": panels.everyColumn,
  origins,
  keys: () => by("keys").showModal(),
};

function origins(button) {
  state.origins = !state.origins;
  button.ariaPressed = state.origins;
  by("legend").hidden = !state.origins;
  panels.redrawn();
  emit("select");
}

one(".pane").addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do]");
  if (!button || button.ariaDisabled === "true") return;
  ACTS[button.dataset.do](button);
});
addEventListener("keydown", (event) => {
  if (event.key !== "F8" || event.defaultPrevented) return;
  event.preventDefault();
  emit("problem", event.shiftKey ? -1 : 1);
});
on("keys", ACTS.keys);
by("keys").addEventListener("close", take);
on("done", ({ kind }) => {
  if (kind !== "edits" && idle()) take();
});
// The next page shows the sheet as it is here: what is on its way is waited for.
let next = null;
const wait = (event, act) => {
  if (!unsent()) return;
  event.preventDefault();
  next = act;
  say("Saving first …");
};
const good = by("good");
good.addEventListener("submit", (event) => wait(event, () => good.submit()));
const details = by("details");
details.addEventListener("click", (event) => {
  if (details.href) wait(event, () => details.href && location.assign(details.href));
});
on("done", () => {
  if (!unsent()) next?.();
});
// The conversation beside the grid: what it proposes is marked, what it changed is fetched.
document.addEventListener("proposal", ({ detail }) => {
  const before = Object.keys(state.proposal);
  state.proposal = detail.rows;
  emit("draw", new Set([...before, ...Object.keys(detail.rows)]), true);
});
document.addEventListener("sheet-changed", () => emit("feed"));
// What “the selected” and “these” mean: rows that were picked, and those that a filter leaves.
document.addEventListener("seen", ({ detail }) => {
  const chosen = rows();
  detail.selected = picked.rows || chosen.length > 1 ? chosen : [];
  detail.shown = state.filtered ? state.view : [];
});
begin();
