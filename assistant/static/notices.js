// Notices in the browser: each tab shows a new one once, and all tabs together send one browser notification.
const SEEN = "promptsheet-seen"; // in sessionStorage: the newest notice this tab has shown
const SENT = "promptsheet-sent"; // in localStorage: the newest notice sent as a browser notification
const WANTED = "promptsheet-notify"; // in localStorage: whether the person asked for them
const supported = "Notification" in window;

function wanted() {
  return supported && Notification.permission === "granted" && localStorage.getItem(WANTED) === "on";
}

// A page that was left took its polling with it: what came in between is asked for at once.
const bell = document.getElementById("bell");
const latest = Number(bell.dataset.latest);
const seen = Number(sessionStorage.getItem(SEEN) ?? latest);
sessionStorage.setItem(SEEN, Math.min(seen, latest));
if (Number(localStorage.getItem(SENT)) > latest) localStorage.setItem(SENT, latest);
if (seen < latest) document.body.addEventListener("htmx:load", () => htmx.trigger(bell, "news"), { once: true });

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id === "bell") event.detail.parameters.after = sessionStorage.getItem(SEEN);
});

document.addEventListener("htmx:oobAfterSwap", () => {
  for (const toast of document.querySelectorAll("#toasts [data-notice]")) {
    const id = Number(toast.dataset.notice);
    if (id <= Number(sessionStorage.getItem(SEEN))) continue;
    sessionStorage.setItem(SEEN, id);
    const { href, pathname } = toast.querySelector("a");
    if (wanted()) send(id, toast.querySelector("span").textContent, href);
    if (pathname === location.pathname && document.getElementById("draft-bar")) toast.remove(); // the bar says it
  }
});

function send(id, text, href) {
  return navigator.locks.request(SENT, () => {
    if (id <= Number(localStorage.getItem(SENT))) return;
    localStorage.setItem(SENT, id);
    const shown = new Notification("Promptsheet", { body: text, tag: `promptsheet-${id}` });
    shown.addEventListener("click", () => {
      window.focus();
      location.assign(href);
    });
  });
}

// The check box “also by browser notice”, where a page has one.
function tend() {
  for (const box of document.querySelectorAll("[data-notify]")) {
    box.closest("[hidden]")?.removeAttribute("hidden");
    box.checked = wanted();
    box.disabled = !supported || Notification.permission === "denied";
    const note = document.getElementById(box.getAttribute("aria-describedby"));
    if (note) note.hidden = !box.disabled;
  }
}

document.addEventListener("change", async (event) => {
  if (!event.target.matches?.("[data-notify]")) return;
  localStorage.setItem(WANTED, event.target.checked ? "on" : "off");
  if (event.target.checked && supported) await Notification.requestPermission();
  tend();
});
document.addEventListener("htmx:afterSettle", tend);
if (supported) tend();
