// The bar of a draft: what did not change is left as it stands, and a focus that was inside stays inside.
let inside = false;

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (!target.id?.startsWith("draft-")) return;
  const fresh = fragment.firstElementChild;
  // htmx leaves an empty class on what it swapped in before.
  if (fresh?.outerHTML === target.outerHTML.replace(' class=""', "")) event.preventDefault();
  else if (target.id === "draft-bar") inside = target.contains(document.activeElement);
});

document.addEventListener("htmx:oobAfterSwap", () => {
  if (!inside) return;
  inside = false;
  document.getElementById("draft-bar").focus({ preventScroll: true });
});

// All that changed while the tab lay behind others.
document.addEventListener("visibilitychange", () => document.hidden || htmx.trigger(document.body, "look"));
