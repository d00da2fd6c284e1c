// The clipboard as spreadsheet programs use it: text with tabs, line ends and quoted fields.
import { state, shown, value, say, count, newId, on, emit, by, one } from "./sheet.js";
import { picked, catcher, rows, columns, range, go, several, paint, handle, placeOf, column } from "./select.js";
import { change, set } from "./save.js";
import { escape } from "./draw.js";
import { clear } from "./edit.js";

// Fields that begin with a quotation mark may hold tabs and line ends; one that is not closed is text as it is.
export function parse(text) {
  const lines = [[]];
  let at = 0;
  while (at < text.length) {
    const found = quoted(text, at) ?? bare(text, at);
    lines[lines.length - 1].push(found.text);
    at = found.end;
    if (text[at] === "\t") {
      at += 1;
      if (at === text.length) lines[lines.length - 1].push("");
    } else if (at < text.length) {
      at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
      if (at < text.length) lines.push([]);
    }
  }
  return lines.map((line) => (line.length ? line : [""]));
}

function quoted(text, start) {
  if (text[start] !== '"') return null;
  let end = start + 1;
  while (end < text.length) {
    if (text[end] !== '"') end += 1;
    else if (text[end + 1] === '"') end += 2;
    else break;
  }
  const after = text[end + 1];
  if (end >= text.length || !(after === undefined || "\t\r\n".includes(after))) return null;
  return { text: text.slice(start + 1, end).replaceAll('""', '"').replaceAll("\r\n", "\n"), end: end + 1 };
}

function bare(text, start) {
  const found = text.slice(start).search(/[\t\r\n]/);
  const end = found < 0 ? text.length : start + found;
  return { text: text.slice(start, end), end };
}

const field = (text) => (/[\t\r\n]/.test(text) || text.startsWith('"') ? `"${text.replaceAll('"', '""')}"` : text);
export const written = (lines) => lines.map((line) => line.map(field).join("\t")).join("\n");

// A header row names columns, by their names or titles, and nothing else that is filled.
const plain = (text) => text.trim().toLowerCase().replaceAll(/[\s-]+/g, "_");
function headed(lines) {
  if (lines.length < 2) return null;
  const named = lines[0].map((text) => state.columns.find((column) => [column.name, column.title].some((name) => plain(name) === plain(text))) ?? null);
  const hits = named.filter(Boolean).length;
  return hits && (hits > 1 || lines[0].length === 1) && hits * 2 >= lines[0].filter(Boolean).length ? named : null;
}

function targets(lines) {
  const named = headed(lines);
  if (named) {
    const head = lines.shift();
    const left = head.filter((text, place) => text && !named[place]);
    return [named, `The first line was read as the header.${left.length ? ` Not pasted: ${left.join(", ")}.` : ""}`];
  }
  const left = range().left;
  const width = Math.max(...lines.map((line) => line.length));
  const found = shown().slice(left, left + width);
  const over = width - found.length;
  return [found, over > 0 ? `${count(over, "column")} did not fit on the right and ${over === 1 ? "was" : "were"} not pasted.` : ""];
}

export function paste(text) {
  const lines = parse(text.replace(/\r?\n$/, ""));
  const alone = lines.length === 1 && lines[0].length === 1;
  if (alone && several()) {
    put(rows(), columns(), () => lines[0][0], "");
    return;
  }
  const [into, said] = targets(lines);
  const ids = tiled(lines, into);
  put(ids, into, (line, place) => lines[line % lines.length][place] ?? null, said, lines);
}

// The rows that are pasted into: as many as there are lines, or the selection where it is a multiple of them.
function tiled(lines, into) {
  const { top } = range();
  const chosen = rows();
  const wide = columns().length % into.length === 0;
  const many = chosen.length > lines.length && chosen.length % lines.length === 0 && wide;
  return many ? chosen : state.view.slice(top, top + lines.length);
}

function put(ids, into, text, said, lines = []) {
  const edits = [];
  const pairs = into.map((column, place) => [column, place]).filter(([column]) => column);
  ids.forEach((id, line) => {
    for (const [column, place] of pairs) {
      const now = text(line, place);
      if (now !== null) edits.push(set(id, column.name, value(id, column.name), now));
    }
  });
  const fresh = lines.slice(ids.length).map((line) => ({
    op: "add", row_id: newId(), cells: Object.fromEntries(pairs.map(([column, place]) => [column.name, line[place] ?? ""]).filter(([, cell]) => cell)),
  }));
  fresh.forEach((edit, place) => { edit.after = place ? fresh[place - 1].row_id : state.order.at(-1) ?? null; });
  change([...edits, ...fresh], "paste");
  select(ids, fresh, pairs);
  say([`Pasted into ${count(ids.length + fresh.length, "row")}.`, fresh.length ? `${count(fresh.length, "row")} ${fresh.length === 1 ? "was" : "were"} added.` : "", said].filter(Boolean).join(" "));
}

function select(ids, fresh, pairs) {
  const last = fresh.at(-1)?.row_id ?? ids.at(-1);
  const places = pairs.map(([column]) => shown().indexOf(column)).filter((place) => place >= 0);
  if (!last || !places.length || !state.at.has(last)) return;
  go(ids[0] ?? fresh[0].row_id, Math.min(...places));
  picked.anchor = { row: last, at: Math.max(...places) };
  paint();
  emit("select");
}

function copied() {
  return rows().map((id) => columns().map((column) => value(id, column.name)));
}

function copy(event) {
  if (event.target !== catcher) return false;
  const lines = copied();
  event.clipboardData.setData("text/plain", written(lines));
  event.clipboardData.setData("text/html", `<table>${lines.map((line) => `<tr>${line.map((text) => `<td>${escape(text).replaceAll("\n", "<br>")}</td>`).join("")}</tr>`).join("")}</table>`);
  event.preventDefault();
  say(`Copied ${count(lines.length, "row")}.`);
  return true;
}

document.addEventListener("copy", copy);
document.addEventListener("cut", (event) => {
  if (copy(event)) clear();
});
document.addEventListener("paste", (event) => {
  if (event.target !== catcher) return;
  event.preventDefault();
  const text = event.clipboardData.getData("text/plain");
  if (text) paste(text);
  else say("The clipboard holds no text.");
});
on("paste", paste);

function fill() {
  const { top, bottom, left, right } = range();
  if (top === bottom) {
    say("Select the cells below first: the first row is filled into the others.");
    return;
  }
  const [first, ...others] = state.view.slice(top, bottom + 1);
  const columns = shown().slice(left, right + 1);
  change(others.flatMap((id) => columns.map(({ name }) => set(id, name, value(id, name), value(first, name)))), "fill");
  say(`Filled into ${count(others.length, "row")}.`);
}
on("fill", fill);

// Dragging the handle stretches the selection downwards; what was selected is repeated there.
let from = null;
handle.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  event.stopPropagation();
  from = range();
});
// The handle moves with the selection and cannot hold the pointer itself.
addEventListener("pointermove", (event) => {
  if (!from) return;
  const under = document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest?.("#grid tbody td")).find(Boolean);
  const place = under && placeOf(under);
  if (!place) return;
  const bottom = Math.max(from.bottom, state.at.get(place.id));
  const columns = shown().length;
  picked.row = state.view[from.top];
  picked.at = Math.min(from.left, columns);
  picked.anchor = { row: state.view[bottom], at: from.right };
  paint();
});
addEventListener("pointerup", () => {
  if (!from) return;
  const { top, bottom, left, right } = from;
  from = null;
  const last = range().bottom;
  const edits = [];
  for (let place = bottom + 1; place <= last; place += 1) {
    const source = state.view[top + ((place - bottom - 1) % (bottom - top + 1))];
    for (const { name } of shown().slice(left, right + 1)) {
      edits.push(set(state.view[place], name, value(state.view[place], name), value(source, name)));
    }
  }
  change(edits, "fill");
  if (last > bottom) say(`Filled into ${count(last - bottom, "row")}.`);
});

const chosen = by("set-column");
const text = by("set-value");
const scope = by("set-scope");

const SCOPES = {
  all: () => state.order,
  shown: () => state.view,
  picked: rows,
};

export function offer(name = column()?.name) {
  chosen.innerHTML = "";
  for (const one of state.columns) chosen.add(new Option(one.unknown ? one.title : one.name, one.name));
  if (name) chosen.value = name;
  scopes();
  values();
}

function scopes() {
  const before = scope.value;
  scope.innerHTML = "";
  scope.add(new Option(`all ${count(state.order.length, "row")}`, "all"));
  if (state.filtered) scope.add(new Option(`the ${count(state.view.length, "row")} shown`, "shown"));
  scope.add(new Option(`the ${count(rows().length, "selected row")}`, "picked"));
  scope.value = before || (rows().length > 1 ? "picked" : state.filtered ? "shown" : "all");
  if (!scope.value) scope.selectedIndex = 0;
}

function values() {
  const found = state.columns.find((one) => one.name === chosen.value);
  by("set-values").replaceChildren(...found.choices.map((choice) => new Option(choice, choice)));
  one("[data-set-hint]").textContent = `${found.description}${found.required ? "" : `; leave it empty for ${found.empty || "nothing"}`}`;
}

export function setColumn() {
  const ids = SCOPES[scope.value]();
  const edits = ids.map((id) => set(id, chosen.value, value(id, chosen.value), text.value));
  const real = edits.filter((edit) => edit.before !== edit.after).length;
  change(edits, "fill");
  say(`${chosen.value} ${text.value ? `set to ${text.value}` : "emptied"} in ${count(real, "row")}.`);
}
chosen.addEventListener("change", values);
on("select", () => { if (chosen.options.length) scopes(); });
on("view", () => { if (chosen.options.length) scopes(); });

const last = (ids) => ids[ids.length - 1] ?? null;

export function add() {
  const id = newId();
  const after = last(rows()) ?? last(state.order);
  change([{ op: "add", row_id: id, after, cells: {} }], "add");
  go(id, 0);
  say("A row was added.");
}

export function duplicate() {
  const ids = rows();
  let after = last(ids);
  const edits = ids.map((id) => {
    const edit = { op: "add", row_id: newId(), after, cells: { ...state.rows.get(id).cells } };
    after = edit.row_id;
    return edit;
  });
  change(edits, "add");
  if (edits.length) go(edits[0].row_id, picked.at);
  say(`${count(edits.length, "row")} duplicated.`);
}

export function remove() {
  const ids = rows();
  picked.place = state.at.get(ids[0]);
  change(ids.map((id) => ({ op: "delete", row_id: id })), "delete");
  say(`${count(ids.length, "row")} deleted. Undo brings ${ids.length === 1 ? "it" : "them"} back.`);
}

// Move the selected rows by one, together; in the sheet's own order only.
export function move(step) {
  if (state.sort || state.filtered) {
    say("Show all rows in the sheet's order first: then rows can be moved.");
    return;
  }
  const ids = rows();
  const places = ids.map((id) => state.at.get(id));
  const beside = step < 0 ? places[0] - 2 : last(places) + 1;
  if (!ids.length || (step < 0 ? places[0] === 0 : beside >= state.order.length)) return;
  let after = beside < 0 ? null : state.order[beside];
  change(ids.map((id) => {
    const edit = { op: "move", row_id: id, after };
    after = id;
    return edit;
  }), "move");
  go(picked.row, picked.at);
}

export function release() {
  const edits = rows().flatMap((id) => columns().filter(({ name }) => state.rows.get(id).locked.includes(name))
    .map(({ name }) => ({ op: "release", row_id: id, column: name })));
  change(edits, "release");
  say(edits.length ? `${count(edits.length, "cell")} released.` : "No cell of the selection is locked.");
}

on("select", () => {
  const ids = rows();
  const numbers = ids.map((id) => state.rows.get(id).number);
  const few = numbers.length > 4 ? count(ids.length, "row") : `Row${numbers.length === 1 ? "" : "s"} ${numbers.join(", ")}`;
  one("[data-rows]").textContent = ids.length ? `${few}:` : "";
});
