// What is wrong: the active cell's note with its fixes, the next problem, the counts.
import { state, table, value, problemsOf, say, newId, on, count, filter, by, one, every } from "./sheet.js";
import { escape, icon, ORIGINS, SIGNS } from "./draw.js";
import { picked, column, go, take, float, sink } from "./select.js";
import { change, set, settle, ask } from "./save.js";
import { open, editing } from "./edit.js";
import { close } from "./panels.js";

const note = by("cellnote");
let fixes = [];

// The note of the active cell: that of its row where it stands in the first column.
function show() {
  if (!picked.row || editing() || !state.rows.has(picked.row)) {
    sink(note);
    return;
  }
  const { name } = column();
  const problems = [...problemsOf(picked.row, name), ...(picked.at ? [] : problemsOf(picked.row, ""))];
  const row = state.rows.get(picked.row);
  const origin = state.origins ? ORIGINS[row.from[name]] : null;
  const locked = state.origins && row.locked.includes(name);
  if (!problems.length && !locked) {
    sink(note);
    return;
  }
  fixes = problems.flatMap((problem) => problem.fixes);
  note.innerHTML = [
    ...problems.map((problem) => `<span class="sig ${SIGNS[problem.level]}">${icon(SIGNS[problem.level])} <span>${escape(problem.message)}</span></span>`),
    `<div class="row">${fixes.map((fix, at) => `<button class="btn sm fix" type="button" data-fix="${at}">${escape(fix.label)}</button>`).join("")}${problems.some((problem) => problem.level === "error") && column().choices.length ? `<button class="btn sm bare" type="button" data-all>All ${column().choices.length} values</button>` : ""}${fixes.length ? '<span class="push nowrap"><kbd>Alt</kbd> <kbd>F</kbd></span>' : ""}</div>`,
    locked ? `<div class="row"><span class="with">${icon("lock")}${escape(origin?.[1] ?? "written by you")}: a model leaves it as it is.</span><button class="btn sm" type="button" data-release>Release</button></div>` : "",
  ].join("");
  float(note);
}

function takeFix(fix) {
  const id = picked.row;
  if (fix.op === "delete-row") change([{ op: "delete", row_id: id }], "delete");
  else if (fix.op === "set") change([set(id, fix.column, value(id, fix.column), fix.value ?? "")], "fix");
  else change(state.order.map((row) => set(row, fix.column, value(row, fix.column), fix.value ?? "")), "fix");
  say(fix.label);
}

export function firstFix() {
  if (!note.matches(":popover-open") || !fixes.length) return false;
  takeFix(fixes[0]);
  return true;
}

export function enter() {
  note.querySelector("button")?.focus();
}

note.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  const { fix, all, release } = button.dataset;
  if (fix !== undefined) takeFix(fixes[fix]);
  else if (all !== undefined) open();
  else if (release !== undefined) change([{ op: "release", row_id: picked.row, column: column().name }], "release");
  if (all === undefined) take();
});

// A cell that was written on two pages: mine over theirs, or theirs as it is.
function decide(place, mine) {
  const clash = settle(place);
  if (!mine) return;
  if (clash.gone) {
    change([{ op: "add", row_id: newId(), after: state.order.at(-1) ?? null, cells: { [clash.column]: clash.yours ?? "" } }], "add");
  } else change([set(clash.row_id, clash.column, clash.theirs ?? "", clash.yours ?? "")]);
}
note.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { take(); event.preventDefault(); }
});

// The next cell with a problem in the order of reading; errors before warnings where both are there.
function next(step) {
  const names = state.columns.map(({ name }) => name).filter((name) => !state.hidden.has(name));
  const level = state.counts.error ? "error" : "warning";
  const width = names.length;
  const places = state.view.flatMap((id, row) =>
    (state.problems.get(id) ?? []).filter((problem) => problem.level === level)
      .map((problem) => row * width + Math.max(0, names.indexOf(problem.column))));
  const sorted = [...new Set(places)].sort((one, other) => one - other);
  if (!sorted.length) {
    say(state.whole.length ? state.whole[0].message : "No problem is left in the rows that are shown.");
    return;
  }
  const here = (state.at.get(picked.row) ?? 0) * width + picked.at;
  const found = step > 0 ? sorted.find((place) => place > here) ?? sorted[0] : sorted.findLast((place) => place < here) ?? sorted.at(-1);
  go(state.view[Math.floor(found / width)], found % width);
}

const WORDS = { error: ["error", "errors"], warning: ["warning", "warnings"], fixed: ["fixed", "fixed"], near: ["alike", "alike"] };

function facts() {
  for (const chip of every("[data-level]")) {
    const { level } = chip.dataset;
    const number = level === "near" ? state.near?.length ?? 0 : state.counts[level] ?? 0;
    chip.hidden = !number && state.filter.level !== level;
    chip.querySelector("b").textContent = number.toLocaleString("en");
    chip.querySelector("i").textContent = WORDS[level][number === 1 ? 0 : 1];
    chip.ariaPressed = state.filter.level === level;
  }
  one("[data-do=next-problem]").hidden = !(state.counts.error || state.counts.warning);
  const { rows, images } = state.sheet;
  by("size").textContent = `${count(rows, "row")} · ${count(images, "image")}`;
  for (const step of ["undo", "redo"]) {
    const button = one(`[data-do=${step}]`);
    button.ariaDisabled = !state[step];
    button.title = state[step] ? `${step === "undo" ? "Undo" : "Redo"}: ${state[step]}` : "";
  }
  by("details").classList.toggle("go", !state.counts.error && rows > 0);
  const faulty = [...state.problems.values()].filter((problems) => problems.some(({ level }) => level === "error")).length;
  const good = by("good");
  good.hidden = !faulty || faulty >= rows || state.whole.some(({ level }) => level === "error");
  good.querySelector("button").textContent = `Run the ${count(rows - faulty, "good row")} now`;
  good.title = `${count(faulty, "row")} with errors ${faulty === 1 ? "is" : "are"} kept as a new sheet.`;
  whole();
}

function whole() {
  const list = by("whole");
  const said = state.whole.filter((problem) => problem.level !== "fixed");
  list.hidden = !said.length;
  list.innerHTML = said.map((problem, at) => `<li class="sig ${SIGNS[problem.level]}">${icon(SIGNS[problem.level])} <span>${escape(problem.message)} ${problem.fixes.map((fix, place) => `<button class="btn sm fix" type="button" data-whole="${at},${place}">${escape(fix.label)}</button>`).join("")}</span></li>`).join("");
  list.onclick = ({ target }) => {
    const at = target.closest("[data-whole]")?.dataset.whole.split(",");
    if (at) takeFix(said[at[0]].fixes[at[1]]);
  };
}

for (const chip of every("[data-level]")) {
  chip.addEventListener("click", () => {
    filter({ level: state.filter.level === chip.dataset.level ? null : chip.dataset.level });
    say(state.filter.level ? `${count(state.view.length, "row")} shown.` : "All rows are shown.");
  });
}
on("select", show);
on("drawn", show);
on("editing", show);
on("escape", () => sink(note));
on("facts", facts);
on("view", facts);
on("problem", next);
table.addEventListener("focusout", ({ relatedTarget }) => {
  if (!note.contains(relatedTarget) && !table.contains(relatedTarget)) sink(note);
});
table.addEventListener("focusin", show);

// Fixes that need no question, before and after; and cells that were changed elsewhere too.

const opener = one("[data-panel=safe]");
const cells = () => state.safe.reduce((sum, kind) => sum + kind.rows.length, 0);

function offer() {
  const number = cells();
  opener.hidden = !number;
  opener.querySelector("[data-safe]").textContent = count(number, "safe fix", "safe fixes");
  one("[data-do=safe]").textContent = `Apply ${number === 1 ? "it" : `all ${number.toLocaleString("en")}`}`;
  one("#safe-list tbody").innerHTML = state.safe.map((kind) =>
    `<tr><th scope="row">${escape(kind.column)}</th><td class="num">${kind.rows.length}</td><td><del>${escape(kind.before)}</del></td><td><ins>${escape(kind.after)}</ins></td><td class="quiet">${escape(kind.why)}</td></tr>`).join("");
}

export function apply() {
  const number = cells();
  ask("safe-fixes");
  close(true);
  say(`${count(number, "cell")} put right. Undo takes it back.`);
}

const clashList = by("clashes");
function clashes() {
  clashList.hidden = !state.clashes.size;
  clashList.innerHTML = state.clashes.size ? `<p class="sig warn"><b>${count(state.clashes.size, "cell")} changed elsewhere while you wrote.</b></p><ul>${[...state.clashes].map(([place, clash]) => {
    const row = state.rows.get(clash.row_id);
    return `<li data-place="${escape(place)}"><b>${row ? `Row ${row.number}` : "A row that was deleted"}, ${escape(clash.column)}</b> <span>yours: <ins>${escape(clash.yours || "(empty)")}</ins></span> <span>now: <del>${escape(clash.theirs || "(empty)")}</del></span> <button class="btn sm fix" type="button" data-mine>${clash.gone ? "Add mine as a new row" : "Write mine"}</button> <button class="btn sm" type="button" data-theirs>Keep ${clash.gone ? "it deleted" : "theirs"}</button></li>`;
  }).join("")}</ul>` : "";
}
clashList.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button) decide(button.closest("li").dataset.place, button.dataset.mine !== undefined);
});
on("facts", offer);
on("facts", clashes);
