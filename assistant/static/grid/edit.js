// Editing one cell: the editor of its column's kind, made from what the schema says.
import { state, value, on, emit, say, table, shown, by } from "./sheet.js";
import { escape, drawn, colors, swatches } from "./draw.js";
import { picked, column, catcher, go, goBy, take, float, sink, again, all, rows, columns, pickRow } from "./select.js";
import { change, set, ask } from "./save.js";

const editor = by("editor");
let now = null; // { row, column, before, field }

export const editing = () => Boolean(now);

// Open the editor on the active cell; with `typed` in place of what the cell holds.
export function open(typed = null) {
  if (!picked.row || now) return;
  const chosen = column();
  const before = value(picked.row, chosen.name);
  now = { row: picked.row, column: chosen, before };
  const number = state.rows.get(picked.row).number;
  editor.ariaLabel = `${chosen.name}, row ${number}`;
  editor.className = `editor ${chosen.editor}`;
  editor.innerHTML = `${FORMS[chosen.editor](chosen)}<p class="hint" id="editor-hint">${hint(chosen)}</p>`;
  now.field = editor.querySelector("[data-field]");
  now.field.value = typed ?? before;
  float(editor, true);
  now.field.focus({ preventScroll: true });
  if (chosen.editor === "text") now.field.setSelectionRange(now.field.value.length, now.field.value.length);
  else if (typed === null) now.field.select();
  shape();
  again();
  emit("editing", true);
}

const label = (chosen) => `aria-label="${escape(chosen.name)}" aria-describedby="editor-hint"`;
const FORMS = {
  text: (chosen) => `<textarea class="in" data-field rows="4" dir="auto" ${label(chosen)}></textarea>`,
  number: (chosen) => `<input class="in n" data-field inputmode="numeric" autocomplete="off" ${label(chosen)}>`,
  choice: (chosen) => `<input class="in" data-field role="combobox" aria-expanded="true" aria-controls="choices" aria-autocomplete="list" autocomplete="off" spellcheck="false" ${label(chosen)}><ul class="choices" id="choices" role="listbox" aria-label="Values"></ul>`,
  palette: (chosen) => `<input class="in" data-field autocomplete="off" spellcheck="false" ${label(chosen)}><div class="row" data-colors></div><div class="presets" role="group" aria-label="Presets, colours approximate">${chosen.choices.map((name) => `<button type="button" class="btn sm" data-preset="${escape(name)}"><span class="pal">${swatches(chosen.colors[name])}</span>${escape(name)}</button>`).join("")}</div>`,
};

function hint(chosen) {
  const keys = { text: "Enter keeps it, Shift+Enter a new line, Esc leaves it.", choice: "Type to search." }[chosen.editor];
  const said = [chosen.description, chosen.empty ? `empty: ${chosen.empty}` : "", chosen.editor === "palette" ? "preset colours are approximate" : ""];
  return `${escape(said.filter(Boolean).join("; "))}. ${chosen.note ? `${escape(chosen.note)} ` : ""}${keys ?? ""}${chosen.editor === "text" ? ' <span class="nowrap" data-count></span>' : ""}`;
}

function shape() {
  const { field, column: chosen } = now;
  if (chosen.editor === "text") editor.querySelector("[data-count]").textContent = `${field.value.length.toLocaleString("en")} characters`;
  if (chosen.editor === "choice") list();
  if (chosen.editor === "palette") palette();
}

let lit = 0;
function list() {
  const { field, column: chosen, before } = now;
  const typed = field.value.trim().toLowerCase();
  const searched = typed && field.value !== before;
  const found = chosen.choices.filter((choice) => !searched || choice.toLowerCase().includes(typed));
  now.options = [...(chosen.required || searched ? [] : [""]), ...found];
  lit = now.options.indexOf(searched ? found[0] : before);
  if (!now.options.length) {
    editor.querySelector("#choices").innerHTML = `<li role="option" aria-selected="false" class="quiet">No value has “${escape(field.value)}” in it. Enter writes it all the same.</li>`;
    field.removeAttribute("aria-activedescendant");
    return;
  }
  editor.querySelector("#choices").innerHTML = now.options.map((option, place) =>
    `<li role="option" id="choice-${place}" data-place="${place}" aria-selected="${place === lit}">${option ? drawn(chosen, option) : `<span class="is-default">${escape(chosen.empty)}, the default</span>`}</li>`).join("");
  if (lit >= 0) light(lit);
}

// Nothing is lit while the cell holds a value that is none of these: Enter keeps it then.
function light(place) {
  const options = editor.querySelectorAll("[data-place]");
  for (const option of options) option.ariaSelected = "false";
  lit = (place + options.length) % options.length;
  options[lit].ariaSelected = "true";
  options[lit].scrollIntoView({ block: "nearest", behavior: "instant" });
  now.field.setAttribute("aria-activedescendant", options[lit].id);
}

function palette() {
  const { field, column: chosen } = now;
  const found = colors(chosen, field.value);
  const own = !chosen.colors[field.value];
  editor.querySelector("[data-colors]").innerHTML = own
    ? `${found.map((color, place) => `<input type="color" value="${color}" data-color="${place}" aria-label="Colour ${place + 1}">`).join("")}${found.length < 5 ? '<button type="button" class="btn sm" data-add>Add a colour</button>' : ""}${found.length ? '<button type="button" class="btn sm bare" data-drop>Remove the last</button>' : ""}`
    : `<span class="pal">${swatches(found)}</span><span class="quiet">approximate</span>`;
}

function recolor(act) {
  const found = [...colors(now.column, now.field.value)];
  act(found);
  now.field.value = found.map((color) => color.toUpperCase()).join(" ");
}

function commit(text = written()) {
  if (!now) return;
  const { row, column: chosen, before } = now;
  close();
  change([set(row, chosen.name, before, text)]);
}

function written() {
  const { field, column: chosen, options } = now;
  return chosen.editor === "choice" && options[lit] !== undefined ? options[lit] : field.value;
}

export function close() {
  if (!now) return;
  now = null;
  catcher.value = "";
  sink(editor);
  editor.innerHTML = "";
  take();
  emit("editing", false);
}

editor.addEventListener("input", (event) => {
  const place = event.target.dataset.color;
  if (place !== undefined) {
    recolor((found) => { found[place] = event.target.value; });
    return;
  }
  shape();
  again();
});
editor.addEventListener("click", (event) => {
  const option = event.target.closest("[data-place]");
  if (option) {
    commit(now.options[option.dataset.place]);
    return;
  }
  const { preset, add, drop } = event.target.closest("button")?.dataset ?? {};
  if (preset) now.field.value = preset;
  else if (add !== undefined) recolor((found) => found.push("#888888"));
  else if (drop !== undefined) recolor((found) => found.pop());
  else return;
  palette();
  now.field.focus();
});
editor.addEventListener("keydown", (event) => {
  event.stopPropagation();
  if (event.isComposing || !now) return; // the keys belong to the input method
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const inField = event.target === now.field;
  if (step && inField && now.column.editor === "choice" && now.options.length) light(lit + step);
  else if (step && inField && now.column.editor === "number") count(step);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && (event.shiftKey || event.altKey) && now.column.editor === "text") newline();
  else if (event.key === "Enter" && (inField || event.ctrlKey)) leave(event.shiftKey ? -1 : 1, 0);
  else if (event.key === "Tab" && (inField && now.column.editor !== "palette")) leave(0, event.shiftKey ? -1 : 1);
  else return;
  event.preventDefault();
});

function newline() {
  now.field.setRangeText("\n", now.field.selectionStart, now.field.selectionEnd, "end");
  now.field.dispatchEvent(new Event("input", { bubbles: true }));
}

function count(step) {
  const { minimum, maximum } = now.column;
  const number = Number.parseInt(now.field.value || now.column.empty, 10);
  now.field.value = Number.isNaN(number) ? minimum ?? 0 : Math.min(maximum ?? number - step, Math.max(minimum ?? number - step, number - step));
}

function leave(down, right) {
  commit();
  take();
  goBy(down, right);
}

// A press elsewhere keeps what was typed.
addEventListener("pointerdown", (event) => {
  if (now && !editor.contains(event.target)) commit();
}, true);
on("open", () => open());
on("drawn", () => {
  if (!now || state.rows.has(now.row)) return;
  say(`Its row was deleted elsewhere. You were writing: ${now.field.value.slice(0, 500)}`);
  close();
});

// What is typed into the catcher opens the editor; an input method finishes its word first, in sight.
catcher.addEventListener("input", (event) => {
  if (!event.isComposing) hand();
});
catcher.addEventListener("compositionstart", () => catcher.classList.add("seen"));
catcher.addEventListener("compositionend", () => {
  catcher.classList.remove("seen");
  hand();
});
function hand() {
  const typed = catcher.value;
  catcher.value = "";
  if (typed) open(typed);
}

// The keyboard in the grid, while no editor is open.

let leaving = false; // after Escape, Tab leaves the grid

const edge = (place) => Math.max(0, Math.min(state.view.length - 1, place));
const page = () => Math.max(1, Math.floor(table.parentElement.clientHeight / 52) - 1);

function jump(down, right) {
  const last = { row: state.view.length - 1, at: shown().length - 1 };
  let row = state.at.get(picked.row);
  let { at } = picked;
  const inside = () => row + down >= 0 && row + down <= last.row && at + right >= 0 && at + right <= last.at;
  const filled = (r, c) => Boolean(value(state.view[r], shown()[c].name));
  const start = inside() && filled(row, at) && filled(row + down, at + right);
  while (inside()) {
    row += down;
    at += right;
    if (start ? !inside() || !filled(row + down, at + right) : filled(row, at)) break;
  }
  return [state.view[row], at];
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function move(event, control) {
  const stretch = event.shiftKey;
  const last = shown().length - 1;
  const [down, right] = MOVES[event.key] ?? [];
  if (down !== undefined && control) go(...jump(down, right), { stretch });
  else if (down !== undefined) goBy(down, right, { stretch });
  else if (event.key === "PageDown") goBy(page(), 0, { stretch });
  else if (event.key === "PageUp") goBy(-page(), 0, { stretch });
  else if (event.key === "Home") go(control ? state.view[0] : picked.row, 0, { stretch });
  else if (event.key === "End") go(control ? state.view[edge(Infinity)] : picked.row, last, { stretch });
  else return false;
  return true;
}

function tab(event) {
  const step = event.shiftKey ? -1 : 1;
  const last = shown().length - 1;
  const place = state.at.get(picked.row);
  const at = picked.at + step;
  const next = place + (at < 0 ? -1 : at > last ? 1 : 0);
  if (leaving || next < 0 || next >= state.view.length) return false;
  go(state.view[next], at < 0 ? last : at > last ? 0 : at);
  return true;
}

export function clear() {
  change(rows().flatMap((id) => columns().map((column) => set(id, column.name, value(id, column.name), ""))), "edit");
}

const CONTROL = {
  a: all,
  z: () => ask("undo"),
  y: () => ask("redo"),
  d: () => emit("fill"),
  f: () => emit("find"),
  h: () => emit("find"),
};

function plain(event) {
  switch (event.key) {
    case "Tab": return tab(event);
    case "Enter": open(); return true;
    case "F2": open(); return true;
    case "Escape": leaving = true; go(picked.row, picked.at); emit("escape"); return true;
    case "Delete": case "Backspace": clear(); return true;
    case "F8": emit("problem", event.shiftKey ? -1 : 1); return true;
    case "?": emit("keys"); return true;
    case " ": if (event.shiftKey) pickRow(picked.row, {}); return event.shiftKey;
    default: return false;
  }
}

table.addEventListener("keydown", (event) => {
  if (event.target !== catcher || event.isComposing || catcher.classList.contains("seen")) return;
  const control = (event.ctrlKey || event.metaKey) && !event.altKey;
  const letter = event.key.toLowerCase();
  let taken = false;
  if (event.altKey) taken = emit.alt(event);
  else if (move(event, control)) taken = true;
  else if (control && letter === "z" && event.shiftKey) { ask("redo"); taken = true; }
  else if (control && CONTROL[letter]) { CONTROL[letter](); taken = true; }
  else if (!control) taken = plain(event);
  if (event.key !== "Escape" && event.key !== "Tab" && event.key !== "Shift") leaving = false;
  if (taken) event.preventDefault();
});
table.addEventListener("focusin", ({ target }) => {
  if (target === catcher) leaving = false;
});
