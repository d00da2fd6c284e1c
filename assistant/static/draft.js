// The bar of a draft: what did not change is left as it stands, and a focus that was inside stays inside.
let inside = false;

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id === "draft-pulse") event.detail.parameters.plan = document.getElementById("draft-plan").dataset.key;
});

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (!target.id?.startsWith("draft-")) return;
  const fresh = fragment.firstElementChild;
  // htmx leaves an empty class on what it swapped in before.
  if (fresh?.outerHTML === target.outerHTML.replace(' class=""', "")) event.preventDefault();
  else if (target.id === "draft-plan") {
    // Another tab's change takes nothing away that is typed in this one and not yet sent.
    fresh.open = target.open;
    for (const field of target.querySelectorAll("input")) {
      const same = field.value !== field.defaultValue && fragment.getElementById(field.id);
      if (same) same.value = field.value;
    }
  } else if (target.id === "draft-bar") inside = target.contains(document.activeElement);
});

// What was taken is no longer being typed.
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (detail.successful && target.matches("#draft-plan form")) for (const field of target.querySelectorAll("input")) field.defaultValue = field.value;
});

document.addEventListener("htmx:oobAfterSwap", () => {
  if (!inside) return;
  inside = false;
  document.getElementById("draft-bar").focus({ preventScroll: true });
});

// All that changed while the tab lay behind others.
document.addEventListener("visibilitychange", () => document.hidden || htmx.trigger(document.body, "look"));
