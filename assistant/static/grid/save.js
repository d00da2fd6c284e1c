// Every edit is kept in the browser, sent at once, and sent again until the server has it.
import { state, table, say, on, emit, count, lay, take, by } from "./sheet.js";

const BASE = table.dataset.base;
const PREFIX = `promptsheet-grid-${table.dataset.sheet}-`;
const POLL = 2000;
const QUICK = 500; // between two attempts at first
const SLOWEST = 3000;
const ORPHAN = 8000; // a page that has not written for so long is gone: its edits are sent by this one
const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

function tabId() {
  const id = sessionStorage.getItem("promptsheet-tab") ?? crypto.getRandomValues(new Uint32Array(2)).join("");
  sessionStorage.setItem("promptsheet-tab", id);
  return id;
}
const KEY = PREFIX + tabId();

const queue = [];
state.clashes = new Map(); // "row\ncolumn" -> the conflict
let sending = false;
let wait = QUICK;
let timer = null;
let stale = false;
let savedAt = "";
let source = null;

function keep() {
  try {
    if (queue.length || state.clashes.size) {
      localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), queue, clashes: [...state.clashes] }));
    } else localStorage.removeItem(KEY);
  } catch {
    say("This browser has no room to keep unsent edits: do not close the page before they are saved.");
  }
}

// Edits that a page of before could not send, this tab's own or those of one that is gone.
function found() {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    const left = JSON.parse(localStorage.getItem(key));
    if (key !== KEY && Date.now() - left.at < ORPHAN) continue;
    queue.push(...left.queue);
    for (const [place, clash] of left.clashes) state.clashes.set(place, clash);
    if (key !== KEY) localStorage.removeItem(key);
  }
}

const touched = () => new Set(queue.flatMap(({ edits = [] }) => edits.map((edit) => edit.row_id)));

export function change(edits, origin = "edit") {
  const real = edits.filter((edit) => edit.op !== "set" || (edit.before ?? "") !== (edit.after ?? ""));
  if (!real.length) return;
  queue.push({ kind: "edits", edits: real, origin });
  lay(queue, touched(), false);
  told("saving");
  soon();
}

// Seen first, then kept and sent: a large paste is on the screen before it is written out.
function soon() {
  setTimeout(() => {
    keep();
    pump();
  });
}

export const set = (id, column, before, after) => ({ op: "set", row_id: id, column, before, after });

// Undo, redo, safe fixes: asked of the server, behind the edits that are on their way.
// What is asked many times in a row, as by a key that is held down, travels as one.
export function ask(kind) {
  const last = queue.length > 1 ? queue.at(-1) : null;
  if (last?.kind === kind) last.times += 1;
  else queue.push({ kind, times: 1 });
  told("saving");
  soon();
}

class Stale extends Error {}

async function call(path, body) {
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(`${BASE}/${path}`, {
    method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body),
  });
  const document = await answer.json();
  if (answer.ok) return document;
  if (document.code === "stale-page") throw new Stale(document.detail);
  const away = answer.status >= 500 || answer.status === 429;
  throw Object.assign(new Error(document.detail), { refused: !away });
}

async function pump() {
  if (sending || stale) return;
  sending = true;
  clearTimeout(timer);
  while (queue.length) {
    const [item] = queue;
    try {
      done(await call(item.kind, { ...item, base: state.cursor }));
    } catch (reason) {
      if (reason instanceof Stale) stale = true;
      else if (reason.refused) {
        refuse(item, reason.message);
        continue;
      }
      told(stale ? "stale" : "away", reason.message);
      if (!stale) timer = setTimeout(pump, wait = Math.min(SLOWEST, wait * 2));
      break;
    }
  }
  sending = false;
}

function done(answer) {
  const before = touched();
  const item = queue.shift();
  wait = QUICK;
  for (const clash of answer.conflicts) state.clashes.set(`${clash.row_id}\n${clash.column}`, clash);
  for (const edit of item.edits ?? []) {
    const place = `${edit.row_id}\n${edit.column}`;
    if (!answer.conflicts.some((clash) => `${clash.row_id}\n${clash.column}` === place)) state.clashes.delete(place);
  }
  keep();
  savedAt = clock();
  apply(answer, before);
  if (!queue.length) told("saved");
  emit("done", item, answer);
}

// The server will not take it: the cells are as they were, and what was typed is said.
function refuse(item, sentence) {
  const before = touched();
  queue.shift();
  keep();
  lay(queue, before, true);
  const texts = (item.edits ?? []).map((edit) => edit.after).filter(Boolean);
  say(`${item.kind === "edits" ? "Not saved: " : ""}${sentence}${texts.length === 1 ? ` You wrote: ${texts[0].slice(0, 200)}` : ""}`);
  if (!queue.length) told(savedAt ? "saved" : "back");
}

function apply(answer, also = []) {
  // An answer that was overtaken by a newer one has nothing that is not known.
  const overtaken = answer.cursor < state.cursor;
  const order = Boolean(answer.order) && !overtaken;
  const [drafting, expected] = [state.drafting, state.expected];
  const changed = overtaken ? new Set() : take(answer);
  for (const id of also) changed.add(id);
  const structural = order || expected !== state.expected || (changed.size && [...changed].some((id) => !state.rows.has(id)));
  lay(queue, changed, structural);
  if (drafting !== state.drafting) follow();
}

export function settle(place) {
  const clash = state.clashes.get(place);
  state.clashes.delete(place);
  keep();
  emit("draw", [clash.row_id], false);
  emit("facts");
  return clash;
}

async function poll() {
  if (sending || queue.length || document.hidden || source) return;
  try {
    apply(await call(`feed?after=${state.cursor}`));
    if (wait > QUICK) told(savedAt ? "saved" : "back");
    wait = QUICK;
  } catch (reason) {
    wait = POLL;
    told(reason instanceof Stale ? "stale" : "away", reason.message);
  }
}

// While rows are being written they come as a stream; after a break it goes on where it was.
function follow() {
  table.ariaBusy = state.drafting ? "true" : null;
  if (!state.drafting) {
    source?.close();
    source = null;
  } else if (!source) {
    source = new EventSource(`${BASE}/events?after=${state.cursor}`);
    source.onmessage = ({ data }) => apply(JSON.parse(data));
    source.onerror = () => {
      if (source?.readyState === EventSource.CLOSED) source = null;
    };
  }
}

const clock = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function told(how, reason = "") {
  const saved = by("saved");
  const waiting = queue.length;
  saved.className = how === "saved" ? "sig fixed" : how === "saving" || how === "back" ? "quiet" : "sig warn";
  saved.dataset.state = how;
  saved.textContent = {
    saved: `Saved ${savedAt}`,
    back: "",
    saving: "Saving …",
    away: `The server does not answer. ${waiting ? `${count(waiting, "change")} kept here and sent when it is back.` : "You can go on; edits are kept here."}`,
    stale: reason,
  }[how];
}

// Going on to another page waits until the server has everything.
export const unsent = () => queue.length > 0;

addEventListener("online", () => { wait = QUICK; pump(); });
document.addEventListener("visibilitychange", () => { poll(); pump(); });
addEventListener("beforeunload", (event) => {
  keep();
  if (queue.length && stale) event.preventDefault();
});
on("feed", poll);

export function begin() {
  found();
  take(state.first);
  lay(queue, new Set(state.baseOrder), true);
  delete state.first;
  follow();
  setInterval(() => { if (state.drafting && !source) follow(); poll(); if (queue.length) keep(); }, POLL);
  if (queue.length) {
    told("saving");
    pump();
  }
}
