// Pages that follow a batch hear every two seconds how far it is. What did not change is left as it stands, with its
// focus and its pictures; new rows come only while the list is at its top; a server that is away makes no noise.
const arrived = () => document.getElementById("arrived");
const atTop = (list) => list.parentElement.getBoundingClientRect().top >= 0;

document.addEventListener("htmx:configRequest", ({ target, detail }) => {
  const list = arrived();
  if (target.id !== "pulse" || !list || !atTop(list)) return;
  detail.parameters.after = list.firstElementChild?.dataset.newest ?? 0;
  detail.parameters.shown = list.childElementCount;
});

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target === arrived()) {
    // A row that was tried again comes anew: the one shown before makes room.
    for (const row of fragment.querySelectorAll("figure[id]")) document.getElementById(row.id)?.remove();
    return;
  }
  const fresh = fragment.firstElementChild;
  const same = fresh?.dataset.key ? fresh.dataset.key === target.dataset.key : fresh?.isEqualNode(target);
  const held = target.id === "listed" && !atTop(target);
  if (same || held) event.preventDefault();
});

document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, xhr } }) => {
  const silence = document.getElementById("silence");
  if (silence && requestConfig.elt.id === "pulse") silence.hidden = xhr.status === 200;
});

// Rows that were held back come when the list's head is seen again, and all that changed when the tab is.
const look = () => htmx.trigger(document.body, "look");
document.addEventListener("visibilitychange", () => document.hidden || look());
const head = arrived()?.parentElement.previousElementSibling;
let gone = false;
const seen = new IntersectionObserver(([{ isIntersecting }]) => {
  if (isIntersecting && gone) look();
  gone = !isIntersecting;
});
if (head) seen.observe(head);
