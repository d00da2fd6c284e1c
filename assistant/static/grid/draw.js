// Rows and cells as markup. Everything that comes from the sheet is escaped.
import { state, table, shown, problemsOf, on, emit, one } from "./sheet.js";

const LEVELS = ["error", "warning", "fixed", "near"];
const CLASSES = { error: "bad", warning: "iffy", fixed: "mended", near: "near" };
export const SIGNS = { error: "error", warning: "warn", fixed: "fixed", near: "copy" };
const SPOKEN = { error: "Error", warning: "Warning", fixed: "Repaired", near: "Alike" };
export const ORIGINS = {
  model: ["model", "written by the model"],
  combined: ["copy", "combined from the examples"],
  you: ["pen", "written by you"],
  repaired: ["wrench", "repaired"],
  pasted: ["clip", "pasted"],
  settings: ["sheet", "set in the brief"],
};
const GHOSTS = 500; // places that are reserved for rows to come, at most

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const escape = (text) => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign]);
export const icon = (name, label) =>
  `<svg class="i ${label ? "from" : ""}" ${label ? `role="img" aria-label="${label}"` : 'aria-hidden="true"'}><use href="${table.dataset.icons}#i-${name}"/></svg>`;

export const trs = new Map(); // row id -> its tr
let columns = []; // those that are drawn now
export function tds(id) {
  if (!trs.has(id) && state.at.has(id)) rest(Infinity);
  return trs.get(id)?.cells ?? [];
}
export const cell = (id, place) => tds(id)[place + 1];

function worst(problems) {
  return LEVELS.find((level) => problems.some((problem) => problem.level === level));
}

function ratio(text) {
  const [w, h] = text.split(":").map(Number);
  const k = 13 / Math.max(w, h);
  const rect = [9 - (w * k) / 2, 9 - (h * k) / 2, w * k, h * k].map((n) => n.toFixed(1));
  return `<svg class="ar" viewBox="0 0 18 18" aria-hidden="true"><rect x="${rect[0]}" y="${rect[1]}" width="${rect[2]}" height="${rect[3]}"/></svg>`;
}

export const colors = (column, text) => column.colors?.[text] ?? text.split(" ").filter((color) => /^#[0-9a-f]{6}$/i.test(color)).slice(0, 12);

export const swatches = (found) =>
  found.map((color) => `<svg viewBox="0 0 16 16" aria-hidden="true"><rect x=".5" y=".5" width="15" height="15" fill="${color}"/></svg>`).join("");

export function drawn(column, text) {
  const safe = escape(text);
  if (column.editor === "palette" && colors(column, text).length) {
    const named = column.colors[text] ? `<span>${safe}</span>` : `<span class="vh">${safe}</span>`;
    return `<span class="with"><span class="pal">${swatches(colors(column, text))}</span>${named}</span>`;
  }
  if (column.ratio && column.choices.includes(text)) return `<span class="with">${ratio(text)}${safe}</span>`;
  if (column.editor === "text") return `<span class="clamp" dir="auto">${safe}</span>`;
  return safe;
}

function flag(problems) {
  const level = worst(problems);
  if (!level) return "";
  const spoken = problems.map((problem) => `${SPOKEN[problem.level]}: ${problem.message}`).join(" ");
  return `<span class="flag">${icon(SIGNS[level])}<span class="vh"> ${escape(spoken)}</span></span>`;
}

const clashOf = (row, column) => state.clashes?.has(`${row.id}\n${column.name}`);

function inner(row, column) {
  const text = row.cells[column.name] ?? "";
  const problems = problemsOf(row.id, column.name);
  const origin = state.origins && ORIGINS[row.from[column.name]];
  const lock = state.origins && row.locked.includes(column.name) ? ", locked" : "";
  return `${text ? drawn(column, text) : escape(column.empty)}${
    clashOf(row, column) ? `<span class="flag">${icon("change")}<span class="vh"> changed elsewhere too</span></span>` : flag(problems)
  }${origin && !worst(problems) ? icon(origin[0], origin[1] + lock) : ""}`;
}

const kind = (column) => (column === state.columns[0] ? "c-prompt" : column.editor === "number" ? "num" : "");

function classes(row, column) {
  const level = worst(problemsOf(row.id, column.name));
  const flagged = level || clashOf(row, column);
  return [
    kind(column),
    row.cells[column.name] ? "" : "is-default",
    level ? CLASSES[level] : "",
    clashOf(row, column) ? "clash" : "",
    state.proposal[row.id]?.columns.includes(column.name) ? "chg" : "",
    flagged ? "flagged" : state.origins && ORIGINS[row.from[column.name]] ? "sourced" : "",
  ].filter(Boolean).join(" ");
}

function head(row) {
  const locked = state.origins && row.locked.length;
  const gone = state.proposal[row.id]?.op === "delete";
  return `${gone ? icon("minus", "to be deleted") : ""}${locked ? icon("lock", "locked: you wrote in it") : ""}${row.number}${flag(problemsOf(row.id, ""))}`;
}

const drawnAs = new Map(); // row id -> the markup of its cells
const MANY = 40; // rows from which on it is faster to build them anew

const td = (column, names, content, more = "") =>
  `<td role="gridcell" aria-colindex="${column.at}" class="${names}" data-label="${escape(column.name)}"${more}>${content}</td>`;

const wrong = (id, column) => worst(problemsOf(id, column.name)) === "error";

function markup(id) {
  const row = state.rows.get(id);
  const cells = columns.map((column) => {
    return td(column, classes(row, column), inner(row, column), ` aria-selected="false"${wrong(id, column) ? ' aria-invalid="true"' : ""}`);
  }).join("");
  drawnAs.set(id, cells);
  return cells;
}

function redraw(id) {
  const row = state.rows.get(id);
  const cells = trs.get(id).cells;
  columns.forEach((column, place) => fill(cells[place + 1], row, column));
}

function fill(td, row, column) {
  const kept = [...td.children].filter((one) => one.matches(".catch, .handle"));
  const now = ["active", "corner"].filter((name) => td.classList.contains(name));
  td.className = [classes(row, column), ...now].join(" ");
  td.ariaInvalid = wrong(row.id, column) ? "true" : null;
  for (const node of [...td.childNodes]) if (!kept.includes(node)) node.remove();
  td.insertAdjacentHTML("afterbegin", inner(row, column));
}

function build(ids) {
  const holder = document.createElement("tbody");
  holder.innerHTML = ids.map((id) => `<tr role="row" class="later${state.proposal[id]?.op === "delete" ? " gone" : ""}" data-id="${id}"><th role="rowheader" scope="row" aria-colindex="1" class="${leading(id)}">${head(state.rows.get(id))}</th>${drawnAs.get(id) ?? markup(id)}</tr>`).join("");
  for (const tr of [...holder.rows]) {
    const { id } = tr.dataset;
    const old = trs.get(id);
    trs.set(id, tr);
    old?.replaceWith(tr);
  }
  idle(layOut);
}

// New rows out of sight are laid out after the first frame, some at a time; of thousands only those in sight.
const AT_ONCE = 40;
const LARGE = 1000;
const idle = window.requestIdleCallback ?? setTimeout;
function layOut() {
  if (state.view.length > LARGE) return;
  const later = table.querySelectorAll(".later");
  for (const tr of [...later].slice(0, AT_ONCE)) tr.classList.remove("later");
  if (later.length > AT_ONCE) idle(layOut);
}

const leading = (id) => `c-n ${CLASSES[worst(problemsOf(id, ""))] ?? ""}`;
function lead(id) {
  const [th] = trs.get(id).cells;
  trs.get(id).classList.toggle("gone", state.proposal[id]?.op === "delete");
  th.className = leading(id);
  const now = head(state.rows.get(id));
  if (th.innerHTML !== now) th.innerHTML = now;
}

export function drawAll() {
  columns = shown();
  state.columns.forEach((column, place) => { column.at = place + 2; });
  table.ariaColCount = state.columns.length + 1;
  trs.clear();
  drawnAs.clear();
  const heads = columns.map((column) =>
    `<th role="columnheader" scope="col" aria-colindex="${column.at}" class="${kind(column)}" data-column="${escape(column.name)}"><button type="button" class="colhead" aria-haspopup="true" title="${escape(column.description)}">${escape(column.unknown ? column.title : column.name)}</button></th>`);
  table.innerHTML = `<thead role="rowgroup"><tr role="row" aria-rowindex="1"><th role="columnheader" scope="col" aria-colindex="1" class="c-n"><span aria-hidden="true">#</span><span class="vh">Row</span></th>${heads.join("")}</tr></thead><tbody role="rowgroup"></tbody>`;
  measure();
  arrange();
  if (most === SIGHT) requestAnimationFrame(() => idle(() => rest(SLICE), SOON));
}

// At first those in sight; the others after that frame, a slice at a time, so that thousands do not hold up a key.
const SIGHT = 40;
const SLICE = 250;
const SOON = { timeout: 200 };
let most = SIGHT;
function rest(more) {
  if (most === Infinity) return;
  most += more;
  arrange();
  if (most < state.view.length) idle(() => rest(SLICE), SOON);
  else {
    most = Infinity;
    performance.mark("grid-drawn");
  }
}

// The widths that the schema asks for; the prompt takes what is left. Nothing is laid out before there are rows.
const widths = new CSSStyleSheet();
document.adoptedStyleSheets.push(widths);
const ink = document.createElement("canvas").getContext("2d");

function measure() {
  ink.font = `600 12px ${getComputedStyle(table).fontFamily}`;
  let rest = 56;
  const rules = columns.slice(1).map((column) => {
    const wide = Math.round(Math.max(column.width * 6.9, ink.measureText(column.name).width) + 26);
    rest += wide;
    return `.g [aria-colindex="${column.at}"] { inline-size: ${wide}px; }`;
  });
  widths.replaceSync(`@layer grid { .g { --rest: ${rest}px; } ${rules.join(" ")} }`);
}

// The rows of the view, in its order, and the places of those still to come.
function arrange() {
  const body = table.tBodies[0];
  for (const tr of [...body.rows]) if (!state.at.has(tr.dataset.id)) tr.remove();
  const missing = state.view.slice(0, most).filter((id) => !trs.has(id));
  if (missing.length) build(missing);
  let at = body.firstChild;
  state.view.forEach((id, place) => {
    const tr = trs.get(id);
    if (!tr) return;
    if (at === tr) at = at.nextSibling;
    else body.insertBefore(tr, at);
    tr.ariaRowIndex = state.sort ? place + 2 : state.rows.get(id).number;
  });
  for (const id of [...trs.keys()]) if (!state.rows.has(id)) {
    trs.delete(id);
    drawnAs.delete(id);
  }
  proposed(body);
  if (most >= state.view.length) ghosts(body);
  table.ariaRowCount = state.order.length + 1 + state.expected;
}

function proposed(body) {
  body.querySelectorAll(".new").forEach((tr) => tr.remove());
  for (const { op, after, cells } of Object.values(state.proposal)) {
    if (op !== "add" || state.filtered) continue;
    const markup = `<tr role="row" class="new"><th role="rowheader" scope="row" aria-colindex="1" class="c-n">${icon("plus", "to be added")}</th>${columns.map((column) => {
      const text = cells[column.name];
      return td(column, `${kind(column)} ${text ? "" : "is-default"}`, text ? drawn(column, text) : escape(column.empty));
    }).join("")}</tr>`;
    (trs.get(after) ?? trs.get(state.order.at(-1)))?.insertAdjacentHTML("afterend", markup);
  }
}

function ghosts(body) {
  if (!state.expected || state.filtered) return;
  const first = state.order.length + 2;
  const places = Array.from({ length: Math.min(GHOSTS, state.expected) }, (_, place) =>
    `<tr role="row" class="ghost" aria-rowindex="${first + place}"><th role="rowheader" scope="row" class="c-n">${first + place}</th>${columns.map((column, at) =>
      td(column, `ghostcell ${kind(column)}`, at ? "" : '<i></i><i></i><span class="vh">not drafted yet</span>')).join("")}</tr>`);
  body.insertAdjacentHTML("beforeend", places.join(""));
}

// Rows changed: their cells are drawn anew where they differ; where the order changed, rows come, go and move.
on("draw", (changed, order) => {
  if (!table.tBodies.length) {
    drawAll();
    emit("drawn");
    return;
  }
  const differ = [...changed].filter((id) => {
    if (!trs.has(id) || !state.rows.has(id)) return false;
    const before = drawnAs.get(id);
    return markup(id) !== before;
  });
  const held = one(".catch")?.closest("tr")?.dataset.id;
  if (differ.length > MANY) build(differ.filter((id) => id !== held));
  for (const id of differ.length > MANY ? differ.filter((one) => one === held) : differ) redraw(id);
  if (order) arrange();
  for (const id of order ? state.view : changed) if (trs.has(id) && state.rows.has(id)) lead(id);
  emit("drawn");
});
