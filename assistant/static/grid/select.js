// The active cell, which has the focus, and the cells that are selected with it.
import { state, table, box, shown, value, problemsOf, on, emit, count, by, one } from "./sheet.js";
import { cell, tds, trs } from "./draw.js";

// The active cell's row and place among the shown columns; the anchor from which a range is stretched; whole
// rows that were picked one by one.
export const picked = { row: null, at: 0, anchor: null, rows: null };

// It lies unseen in the active cell and has the focus: keys, input methods and the clipboard arrive as in any field.
const field = document.createElement("textarea");
field.className = "catch";
field.rows = 1;
field.inputMode = "none";
field.spellcheck = false;
field.autocomplete = "off";
export const catcher = field;

export const handle = document.createElement("span");
handle.className = "handle";
handle.ariaHidden = "true";

let lit = [];
let marked = null; // the td that looks active
let used = false; // on a phone a row that was gone to shows its defaults from then on

export const column = () => shown()[picked.at];
const narrow = () => matchMedia("(width < 40rem)").matches;

export function range() {
  const row = state.at.get(picked.row) ?? 0;
  const anchor = picked.anchor ?? { row: picked.row, at: picked.at };
  const other = state.at.get(anchor.row) ?? row;
  return {
    top: Math.min(row, other), bottom: Math.max(row, other),
    left: Math.min(picked.at, anchor.at), right: Math.max(picked.at, anchor.at),
  };
}

export function rows() {
  if (picked.rows) return state.view.filter((id) => picked.rows.has(id));
  const { top, bottom } = range();
  return state.view.slice(top, bottom + 1);
}

export function columns() {
  if (picked.rows) return shown();
  const { left, right } = range();
  return shown().slice(left, right + 1);
}

export const several = () => rows().length * columns().length > 1;

// Make a cell the active one. `stretch` keeps the anchor; `focus` false leaves the focus where it is.
export function go(id, at, { stretch = false, focus = true } = {}) {
  if (!state.at.has(id)) return;
  const last = shown().length - 1;
  picked.anchor = stretch ? picked.anchor ?? { row: picked.row, at: picked.at } : null;
  picked.rows = null;
  used = true;
  picked.row = id;
  picked.at = Math.max(0, Math.min(last, at));
  paint();
  const td = cell(id, picked.at);
  reveal(td);
  if (focus) take();
  emit("select");
}

// Move the field into a cell without a blur between, where the browser can.
function settle(td) {
  if (td.moveBefore && field.isConnected) {
    td.moveBefore(field, null);
    return;
  }
  const focused = document.activeElement === field;
  td.append(field);
  if (focused) take();
}

export const idle = () => [document.body, one("main")].includes(document.activeElement);

export function take() {
  if (document.activeElement !== field) field.focus({ preventScroll: true });
}

export function goBy(down, right, options) {
  const place = Math.max(0, Math.min(state.view.length - 1, (state.at.get(picked.row) ?? 0) + down));
  go(state.view[place], picked.at + right, options);
}

export function pickRow(id, { stretch, more }) {
  const from = picked.row;
  const rows = more && picked.rows ? picked.rows : new Set();
  if (stretch) {
    const [a, b] = [state.at.get(from), state.at.get(id)].sort((one, other) => one - other);
    state.view.slice(a, b + 1).forEach((one) => rows.add(one));
  } else if (more && rows.has(id) && rows.size > 1) rows.delete(id);
  else rows.add(id);
  go(stretch ? from : id, 0);
  picked.rows = rows;
  paint();
  emit("select");
}

export function all() {
  picked.rows = new Set(state.view);
  paint();
  emit("select");
}

export function pickColumn(at) {
  if (!state.view.length) return;
  picked.rows = null;
  go(state.view[0], at);
  picked.anchor = { row: state.view[state.view.length - 1], at };
  paint();
  emit("select");
}

export function paint() {
  for (const td of lit) td.ariaSelected = "false";
  marked?.classList.remove("active");
  handle.parentNode?.classList.remove("corner");
  lit = [];
  if (!state.at.has(picked.row)) return;
  const { left, right } = picked.rows ? { left: 0, right: shown().length - 1 } : range();
  for (const id of rows()) {
    const row = tds(id);
    for (let at = left; at <= right; at += 1) lit.push(row[at + 1]);
  }
  for (const td of lit) td.ariaSelected = "true";
  const td = cell(picked.row, picked.at);
  td.classList.add("active");
  if (used) td.parentNode.classList.add("here");
  marked = td;
  if (field.parentNode !== td) settle(td);
  const corner = cell(state.view[range().bottom], range().right);
  if (picked.rows || narrow()) handle.remove();
  else {
    corner.append(handle);
    corner.classList.add("corner");
  }
  name();
}

function name() {
  const { name: label, empty } = column();
  const text = value(picked.row, label);
  const said = problemsOf(picked.row, label).map((problem) => problem.message).join(" ");
  const number = state.rows.get(picked.row).number;
  field.ariaLabel = `${label}, row ${number}: ${text || `empty, ${empty || "nothing"}`}. ${said}`;
  field.ariaInvalid = said ? "true" : null;
}

function reveal(td) {
  if (narrow()) {
    td.scrollIntoView({ block: "nearest", behavior: "instant" });
    return;
  }
  const room = box.getBoundingClientRect();
  const at = td.getBoundingClientRect();
  const top = room.top + table.tHead.offsetHeight;
  const bottom = room.top + box.clientHeight;
  if (at.top < top) box.scrollTop -= top - at.top;
  else if (at.bottom > bottom) box.scrollTop += at.bottom - bottom;
  if (td.classList.contains("c-prompt")) return;
  const prompt = table.tHead.querySelector(".c-prompt");
  const left = room.left + 56 + (prompt?.offsetWidth ?? 0);
  const right = room.left + box.clientWidth;
  if (at.left < left) box.scrollLeft -= left - at.left;
  else if (at.right > right) box.scrollLeft += at.right - right;
}

export function placeOf(target) {
  const td = target.closest("td[role=gridcell], th[role=rowheader]");
  const id = td?.closest("tr").dataset.id;
  return id ? { id, at: td.cellIndex - 1, head: td.tagName === "TH" } : null;
}

let dragging = false;
table.addEventListener("pointerdown", (event) => {
  if (event.button || event.target.closest(".handle, .colhead")) return;
  const place = placeOf(event.target);
  if (!place) return;
  event.preventDefault();
  if (place.head) {
    pickRow(place.id, { stretch: event.shiftKey, more: event.ctrlKey || event.metaKey });
    return;
  }
  const again = picked.row === place.id && picked.at === place.at && document.activeElement === field;
  go(place.id, place.at, { stretch: event.shiftKey });
  dragging = event.pointerType === "mouse";
  if (again && event.pointerType !== "mouse") emit("open");
});
table.addEventListener("pointerover", (event) => {
  const place = dragging && event.buttons === 1 && placeOf(event.target);
  if (place && !place.head) go(place.id, place.at, { stretch: true });
});
addEventListener("pointerup", () => { dragging = false; });
table.addEventListener("dblclick", (event) => {
  if (placeOf(event.target)?.head === false) emit("open");
});

on("drawn", () => {
  if (picked.row && !state.at.has(picked.row)) {
    // Its row was deleted or filtered away: the one in its place becomes active, the focus stays in the grid.
    const focused = idle() || document.activeElement === field;
    const next = state.view[Math.min(state.view.length - 1, picked.place ?? 0)];
    field.remove();
    if (next) go(next, picked.at, { focus: focused });
    else picked.row = null;
  } else if (picked.row) paint();
  else if (state.view.length) start();
});
on("select", () => {
  picked.place = state.at.get(picked.row);
  const [down, across] = [rows().length, columns().length];
  by("picked").textContent = down * across > 1
    ? `${count(down, "row")}, ${count(across, "column")} selected` : "";
});

// At first the first cell can be reached by Tab; nothing has the focus yet.
export function start() {
  const [first] = state.view;
  if (!first || !trs.has(first)) return;
  picked.row = first;
  picked.at = 0;
  paint();
}

// What floats stays beside its cell: below where there is room, else above; never out of the window.
const open = new Map(); // the floating element -> whether it lies over the cell

export function float(element, over = false) {
  if (!element.matches(":popover-open")) element.showPopover();
  open.set(element, over);
  put(element, over);
}

export function sink(element) {
  open.delete(element);
  if (element.matches(":popover-open")) element.hidePopover();
}

function put(element, over) {
  const td = cell(picked.row, picked.at);
  if (!td) return;
  const at = td.getBoundingClientRect();
  const { style } = element;
  if (narrow()) {
    style.left = "0px";
    style.top = over ? "auto" : `${Math.min(at.bottom + 6, innerHeight - element.offsetHeight - 8)}px`;
    style.bottom = over ? "0px" : "auto";
    style.minWidth = "100%";
    return;
  }
  style.bottom = "auto";
  style.minWidth = over ? `${at.width}px` : "";
  const below = over ? at.top : at.bottom + 6;
  const above = over ? at.bottom - element.offsetHeight : at.top - element.offsetHeight - 6;
  const fits = below + element.offsetHeight <= innerHeight - 8 || above < 8;
  style.top = `${Math.max(8, Math.min(fits ? below : above, innerHeight - element.offsetHeight - 8))}px`;
  style.left = `${Math.max(8, Math.min(at.left, innerWidth - element.offsetWidth - 8))}px`;
}

export function again() {
  for (const [element, over] of open) put(element, over);
}
box.addEventListener("scroll", again, { passive: true });
addEventListener("scroll", again, { passive: true });
addEventListener("resize", again);
