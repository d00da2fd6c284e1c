// The panels between tools and grid, the columns that are shown, the filter, a column's menu.
import { state, table, shown, say, count, on, filter, sort, value, by, one, every } from "./sheet.js";
import { drawAll, escape } from "./draw.js";
import { picked, start, pickColumn, take, paint, go, rows } from "./select.js";
import { offer as offerSet } from "./cells.js";
import { change, set } from "./save.js";

const KEY = `promptsheet-columns-${table.dataset.sheet}`;
const OFFERS = { find: offerFind, set: offerSet, columns: offerColumns };

export function open(name, ...about) {
  const panel = by(`panel-${name}`);
  close();
  panel.hidden = false;
  one(`[data-panel=${name}]`).ariaExpanded = "true";
  OFFERS[name]?.(...about);
  (panel.querySelector("input:not([type=file]), select, button") ?? panel).focus();
}

export function close(back = false) {
  for (const button of every("[data-panel][aria-expanded=true]")) {
    button.ariaExpanded = "false";
    by(`panel-${button.dataset.panel}`).hidden = true;
    if (back) take();
  }
}

for (const button of every("[data-panel]")) {
  button.addEventListener("click", () => {
    if (button.ariaExpanded === "true") close();
    else open(button.dataset.panel);
  });
}
for (const panel of every(".panel")) {
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
  });
  panel.addEventListener("click", ({ target }) => {
    if (target.closest("[data-close-panel]")) close(true);
  });
}
on("find", () => open("find"));

const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}"); // { order, hidden }: this browser's own, by sheet
const ORDER = state.columns.map(({ name }) => name);
state.hidden = new Set(kept.hidden);
arrange(kept.order ?? ORDER);

function arrange(order) {
  const place = ({ name }) => (order.indexOf(name) + 1 || order.length + 1);
  state.columns.sort((one, other) => place(one) - place(other));
}

function keep() {
  localStorage.setItem(KEY, JSON.stringify({ order: state.columns.map(({ name }) => name), hidden: [...state.hidden] }));
  redrawn();
}

// A column goes past the next one that is shown; the prompt stays first.
function move(name, step) {
  const seen = shown();
  const other = seen[seen.findIndex((column) => column.name === name) + step];
  if (!other || other === state.columns[0]) return;
  const order = state.columns.map((column) => column.name).filter((one) => one !== name);
  order.splice(order.indexOf(other.name) + (step > 0), 0, name);
  arrange(order);
  keep();
  say(`${name} stands ${step < 0 ? "before" : "after"} ${other.name} now.`);
}

function offerColumns() {
  one("[data-columns]").innerHTML = state.columns.map(({ name, title, unknown }, place) =>
    `<label class="with"><input type="checkbox" value="${escape(name)}"${state.hidden.has(name) ? "" : " checked"}${place ? "" : " disabled"}> ${escape(unknown ? title : name)}</label>`).join("");
}

function hide(name, hidden) {
  if (hidden) state.hidden.add(name);
  else state.hidden.delete(name);
  keep();
  say(`${name} is ${hidden ? "hidden; its values stay" : "shown"}.`);
}

export function everyColumn() {
  state.hidden.clear();
  arrange(ORDER);
  keep();
  offerColumns();
}

export function redrawn() {
  drawAll();
  picked.at = Math.min(picked.at, shown().length - 1);
  picked.anchor = null;
  if (picked.row) paint();
  else start();
  marks();
}
by("panel-columns").addEventListener("change", ({ target }) => hide(target.value, !target.checked));

const text = by("filter-text");
const within = by("filter-column");
for (const { name } of state.columns) within.add(new Option(name, name));
let waiting = null;
text.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => filter({ text: text.value, column: within.value }), 120);
});
within.addEventListener("change", () => filter({ column: within.value, text: text.value }));

const strands = by("filter-strand");
strands.addEventListener("change", () => filter({ strand: strands.value }));
function offerStrands() {
  const chosen = strands.value;
  strands.replaceChildren(new Option("any strand", ""), ...[...state.strands].map(([id, name]) => new Option(name, id)));
  strands.value = state.strands.has(chosen) ? chosen : "";
  strands.parentElement.hidden = !state.strands.size;
}
on("strands", offerStrands);
offerStrands();

export function everything() {
  text.value = "";
  within.value = "";
  strands.value = "";
  filter({ level: null, text: "", column: "", strand: "" });
  sort(null);
  say("All rows are shown, in the sheet's order.");
}

function marks() {
  by("shown").textContent = state.filtered ? `${count(state.view.length, "row")} of ${state.order.length.toLocaleString("en")}` : "";
  one("[data-do=everything]").hidden = !state.filtered && !state.sort;
  for (const th of table.querySelectorAll("th[data-column]")) {
    const sorted = state.sort?.column === th.dataset.column;
    th.ariaSort = sorted ? (state.sort.down ? "descending" : "ascending") : null;
  }
}
on("view", marks);

const menu = by("colmenu");
let about = null;
table.addEventListener("click", ({ target }) => {
  const button = target.closest(".colhead");
  if (!button) return;
  about = button.closest("th").dataset.column;
  const column = state.columns.find(({ name }) => name === about);
  menu.querySelector("[data-about]").textContent = `${column.title}: ${column.description}. ${column.note}`;
  for (const act of ["hide", "left", "right"]) menu.querySelector(`[data-col=${act}]`).hidden = column === state.columns[0];
  const at = button.getBoundingClientRect();
  menu.style.top = `${at.bottom + 4}px`;
  menu.showPopover();
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.querySelector("button").focus();
});
const COLUMN = {
  up: () => sort(about, false),
  down: () => sort(about, true),
  none: () => sort(null),
  filter: () => { within.value = about; text.focus(); },
  set: () => open("set", about),
  select: () => pickColumn(shown().findIndex(({ name }) => name === about)),
  left: () => move(about, -1),
  right: () => move(about, 1),
  hide: () => hide(about, true),
};
menu.addEventListener("click", ({ target }) => {
  const act = target.closest("[data-col]")?.dataset.col;
  if (!act) return;
  menu.hidePopover();
  COLUMN[act]();
  if (!["filter", "set"].includes(act)) take();
});
menu.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...menu.querySelectorAll("button:not([hidden])")];
  buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
  event.preventDefault();
});

// Find and replace, with what would be changed shown before it is.

const MOST = 50; // lines of the preview
const [sought, instead, where, exact, only] = ["find-text", "find-with", "find-column", "find-case", "find-picked"].map(by);
let found = [];

function offerFind() {
  while (where.options.length > 1) where.remove(1);
  for (const { name } of state.columns) where.add(new Option(name, name));
  search();
}

const pattern = () => new RegExp(sought.value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), exact.checked ? "gu" : "giu");

function search() {
  found = [];
  if (sought.value) {
    const wanted = pattern();
    const ids = only.checked ? rows() : state.view;
    const names = where.value ? [where.value] : shown().map(({ name }) => name);
    for (const id of ids) {
      for (const name of names) {
        const before = value(id, name);
        const after = before.replaceAll(wanted, () => instead.value);
        if (before.search(wanted) >= 0) found.push({ id, name, before, after });
      }
    }
  }
  show();
}

function show() {
  const table = by("find-preview");
  const changed = found.filter(({ before, after }) => before !== after);
  table.hidden = !found.length;
  table.tBodies[0].innerHTML = found.slice(0, MOST).map(({ id, name, before, after }) =>
    `<tr><th scope="row">${state.rows.get(id).number}</th><td>${escape(name)}</td><td><del>${escape(before)}</del></td><td><ins>${escape(after)}</ins></td></tr>`).join("");
  const more = found.length - MOST;
  by("find-said").textContent = !sought.value ? "" : !found.length ? "No cell that is shown has this text." : `${count(found.length, "cell")} with this text${more > 0 ? `; the first ${MOST} are shown` : ""}.`;
  const button = one("[data-do=replace]");
  button.textContent = changed.length ? `Replace in ${count(changed.length, "cell")}` : "Replace";
  button.ariaDisabled = !changed.length;
}

export function next() {
  search();
  if (!found.length) return;
  const place = ({ id, name }) => state.at.get(id) * 1000 + shown().findIndex((column) => column.name === name);
  const here = (state.at.get(picked.row) ?? -1) * 1000 + picked.at;
  const reached = found.find((one) => place(one) > here) ?? found[0];
  go(reached.id, place(reached) % 1000, { focus: false });
  say(`Row ${state.rows.get(reached.id).number}, ${reached.name}.`);
}

export function replace() {
  search();
  const real = found.filter(({ before, after }) => before !== after);
  change(real.map(({ id, name, before, after }) => set(id, name, before, after)), "edit");
  say(`Replaced in ${count(real.length, "cell")}. Undo takes it back.`);
  search();
}

for (const field of [sought, instead, where, exact, only]) field.addEventListener("input", search);
sought.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) next();
});
on("select", () => { if (only.checked) search(); });
