// Toasts: each can be closed, and no more than three lie on the page.
const MOST = 3;
const toasts = document.getElementById("toasts");

function tend() {
  for (const button of toasts.querySelectorAll("[data-close][hidden]")) button.hidden = false;
  while (toasts.children.length > MOST) toasts.firstElementChild.remove();
  // A newer change takes the place of the one before: its undo would no longer say what it undoes.
  const changes = [...toasts.children].filter((toast) => !toast.dataset.notice);
  for (const older of changes.slice(0, -1)) older.remove();
}

toasts.addEventListener("click", (event) => {
  event.target.closest("[data-close]")?.closest(".toast").remove();
});
new MutationObserver(tend).observe(toasts, { childList: true });
tend();
