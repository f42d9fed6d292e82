// What every page has: theme, search suggestions by keyboard, forms that submit themselves.
const root = document.documentElement;

// What could not be had is said where it was to appear.
window.cinefile = {};
window.cinefile.fail = (target, status) => {
  const note = document.createElement("p");
  note.className = "notice";
  note.textContent = status === 429 ? root.dataset.many : root.dataset.failed;
  target.replaceChildren(note);
};
for (const kind of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(kind, (event) => window.cinefile.fail(event.detail.target, event.detail.xhr?.status));
}

document.querySelector("[data-theme-toggle]")?.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("cinefile.theme", root.dataset.theme); } catch { /* not kept, still shown */ }
});

for (const box of document.querySelectorAll("[data-search]")) {
  const input = box.querySelector("input");
  const list = box.querySelector(".suggestions");
  if (!list) continue;
  const close = () => { list.textContent = ""; };
  box.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll("a, button")];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape") { close(); input.focus(); }
    if (event.key === "ArrowDown" && items.length) { event.preventDefault(); items[Math.min(at + 1, items.length - 1)].focus(); }
    if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (items[at - 1] ?? input).focus(); }
  });
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) setTimeout(close, 150); });
  input.addEventListener("input", () => { if (!input.value.trim()) close(); });
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey) return;
  const input = [...document.querySelectorAll("[data-search] input")].find((i) => i.offsetParent);
  if (input) { event.preventDefault(); input.focus(); }
});

for (const form of document.querySelectorAll("[data-autosubmit]")) {
  form.addEventListener("change", () => form.requestSubmit());
  // Empty fields would make long addresses that nobody wants to share.
  form.addEventListener("submit", () => { for (const field of form.elements) if (field.name && !field.value) field.disabled = true; });
}
const facets = document.querySelector("[data-facets]");
if (facets && matchMedia("(max-width: 59.99rem)").matches) facets.open = false;
