// What the page knows of the sheet: the server's rows, the edits on their way, and what is shown.
export const by = (id) => document.getElementById(id);
export const one = (selector) => document.querySelector(selector);
export const every = (selector) => document.querySelectorAll(selector);

const data = JSON.parse(by("sheet-data").textContent);

export const table = by("grid");
export const box = by("gridbox");
const FIRST = 2; // the number of the first row on screen

export const state = {
  columns: data.columns,
  hidden: new Set(),
  base: new Map(), // the server's rows by id
  baseOrder: [],
  rows: new Map(), // the same with the edits on their way
  order: [],
  view: [], // ids of the rows that are shown, in the order they are shown
  at: new Map(), // id -> place in view
  problems: new Map(), // row id -> problems
  whole: [], // problems of the whole sheet
  counts: {}, safe: [], undo: null, redo: null, sheet: null,
  cursor: 0, drafting: false, expected: 0,
  origins: false,
  strands: new Map(), // id -> name
  proposal: {}, // row id -> what a change set that is not decided would do
  first: data,
};

export const shown = () => state.columns.filter((column) => !state.hidden.has(column.name));
export const row = (id) => state.rows.get(id);
export const value = (id, column) => state.rows.get(id)?.cells[column] ?? "";
const NONE = [];
export const problemsOf = (id, column) =>
  state.problems.get(id)?.filter((problem) => (problem.column ?? "") === column) ?? NONE;

// A new row's id, in the letters that the server's ids have.
const LETTERS = "23456789abcdefghjkmnpqrstuvwxyz";
export function newId() {
  let id = "";
  while (id.length < 12) {
    for (const byte of crypto.getRandomValues(new Uint8Array(16))) {
      if (byte < 248 && id.length < 12) id += LETTERS[byte % 31];
    }
  }
  return id;
}

// Who wants to know: "rows" (ids that changed, whether the order did), "facts", "select", "view".
const heard = {};
export const on = (name, act) => (heard[name] ??= []).push(act);
export const emit = (name, ...what) => heard[name]?.forEach((act) => act(...what));

export function say(text) {
  by("say").textContent = text;
}

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

// The server's rows with the edits on their way laid over them: what is typed is seen at once.

export function lay(queue, changed, order) {
  const cells = new Map();
  let structural = order;
  for (const { edits = [] } of queue) {
    for (const edit of edits) {
      if (edit.op === "set") {
        if (!cells.has(edit.row_id)) cells.set(edit.row_id, {});
        cells.get(edit.row_id)[edit.column] = edit.after ?? "";
      } else if (edit.op !== "release") structural = true;
      if (edit.op === "add") changed.add(edit.row_id);
    }
  }
  for (const id of cells.keys()) changed.add(id);
  if (structural) arrange(queue);
  for (const id of changed) {
    const row = state.rows.get(id);
    if (!row) continue;
    const base = state.base.get(id);
    row.from = base?.from ?? {};
    row.locked = base?.locked ?? [];
    row.cells = { ...(base?.cells ?? row.added), ...cells.get(id) };
  }
  emit("rows", changed, structural);
}

function arrange(queue) {
  const order = [...state.baseOrder];
  const below = (id) => (id === null ? 0 : order.indexOf(id) + 1 || order.length);
  for (const { edits = [] } of queue) {
    for (const edit of edits) {
      const place = edit.op === "delete" || edit.op === "move" ? order.indexOf(edit.row_id) : -1;
      if (place >= 0) order.splice(place, 1);
      if (edit.op === "add" && !state.base.has(edit.row_id)) {
        const row = state.rows.get(edit.row_id) ?? { id: edit.row_id };
        row.added = edit.cells;
        state.rows.set(edit.row_id, row);
      }
      if ((edit.op === "add" && !state.base.has(edit.row_id)) || (edit.op === "move" && place >= 0)) {
        if (order[order.length - 1] === edit.after) order.push(edit.row_id);
        else order.splice(below(edit.after), 0, edit.row_id);
      }
    }
  }
  const rows = new Map();
  order.forEach((id, place) => {
    const row = state.rows.get(id) ?? { id, cells: state.base.get(id).cells, from: {}, locked: [] };
    row.number = place + FIRST;
    rows.set(id, row);
  });
  state.rows = rows;
  state.order = order;
}

export function take(answer) {
  const changed = new Set();
  for (const row of answer.rows ?? []) {
    state.base.set(row.id, row);
    if (!state.rows.has(row.id) && !answer.order) continue;
    changed.add(row.id);
  }
  if (answer.order) {
    state.baseOrder = answer.order;
    const kept = new Set(answer.order);
    for (const id of state.base.keys()) if (!kept.has(id)) state.base.delete(id);
  }
  // A prompt that is nearly another's is marked as a problem is, and as one that may be left as it is.
  const near = (answer.near ?? []).map(({ row_id, like }) => ({
    row_id, column: state.columns[0].name, level: "near", message: `Nearly the same as row ${like}.`, fixes: [],
  }));
  if (answer.problems) takeProblems([...answer.problems, ...near], changed);
  for (const name of ["counts", "safe", "sheet", "undo", "redo", "near"]) {
    if (name in answer) state[name] = answer[name];
  }
  takeStrands(answer.strands ?? {});
  state.cursor = answer.cursor;
  state.drafting = answer.drafting;
  state.expected = answer.expected;
  return changed;
}

// The strands that rows were written for: those of the plan, and those that rows have of their own.
function takeStrands(planned) {
  const found = new Map(Object.entries(planned));
  for (const { strand } of state.base.values()) if (strand && !found.has(strand)) found.set(strand, strand);
  if (same([...found], [...state.strands])) return;
  state.strands = found;
  emit("strands");
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function takeProblems(problems, changed) {
  const before = state.problems;
  state.problems = new Map();
  state.whole = problems.filter((problem) => !problem.row_id);
  for (const problem of problems) {
    if (!problem.row_id) continue;
    if (!state.problems.has(problem.row_id)) state.problems.set(problem.row_id, []);
    state.problems.get(problem.row_id).push(problem);
  }
  for (const id of new Set([...before.keys(), ...state.problems.keys()])) {
    if (!same(before.get(id), state.problems.get(id))) changed.add(id);
  }
}

// Which rows are shown, and in which order. A row keeps its id, its number and its place in the sheet.

state.filter = { level: null, text: "", column: "", strand: "" };
state.sort = null; // { column, down }
let kept = null; // rows that matched once: a row that is being mended does not leave under one's hands

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function matches(id) {
  const { level, text, column, strand } = state.filter;
  if (strand && state.base.get(id)?.strand !== strand) return false;
  if (level && !(state.problems.get(id) ?? []).some((problem) => problem.level === level)) return false;
  if (!text) return true;
  const { cells } = row(id);
  const texts = column ? [cells[column] ?? ""] : Object.values(cells);
  return texts.some((cell) => cell.toLowerCase().includes(text.toLowerCase()));
}

function compared() {
  const { column, down } = state.sort;
  const found = state.columns.find((one) => one.name === column);
  const text = (id) => row(id).cells[column] || found.empty;
  // Choices stand in the order of the schema, which is that of the list one chooses from.
  const rank = new Map(found.choices.map((choice, place) => [choice, place]));
  const of = (id) => rank.get(text(id)) ?? rank.size;
  const order = [...state.order].sort((one, other) =>
    (rank.size ? of(one) - of(other) : 0) || collator.compare(text(one), text(other)));
  return down ? order.reverse() : order;
}

let sorted = null; // the order as it was when it was asked for; rows that come later follow

function look() {
  state.filtered = Boolean(state.filter.level || state.filter.text || state.filter.strand);
  let order = state.order;
  if (state.sort) {
    if (!sorted) sorted = compared();
    const known = new Set(sorted);
    order = [...sorted.filter((id) => state.rows.has(id)), ...state.order.filter((id) => !known.has(id))];
  }
  if (state.filtered) {
    kept = new Set([...(kept ?? []), ...order.filter(matches)]);
    order = order.filter((id) => kept.has(id));
  }
  state.view = order;
  state.at = new Map(order.map((id, place) => [id, place]));
}

export function filter(change) {
  Object.assign(state.filter, change);
  kept = null;
  look();
  emit("draw", [], true);
  emit("view");
}

export function sort(column, down) {
  state.sort = column ? { column, down } : null;
  sorted = null;
  look();
  emit("draw", [], true);
  emit("view");
}

on("rows", (changed, order) => {
  const before = state.view.length;
  if (order || state.filtered) look();
  emit("draw", changed, order || state.view.length !== before);
  emit("facts");
});
