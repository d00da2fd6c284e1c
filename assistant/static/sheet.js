// The sheet's page: when what was solved leaves the list, the focus goes to what took its place.
let place = null;

function lines() {
  return [...document.querySelectorAll(".problem")];
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "main") return;
  const line = document.activeElement?.closest(".problem");
  place = line ? lines().indexOf(line) : null;
});

document.addEventListener("htmx:afterSettle", () => {
  if (place === null || document.activeElement !== document.body) return;
  const left = lines();
  const next = left[Math.min(place, left.length - 1)];
  (next?.querySelector("button, summary") ?? document.getElementById("main")).focus({ preventScroll: true });
  place = null;
});
