// Runs before the first paint, so that neither a chosen theme nor the place of one's ratings jumps into sight.
// Everything else waits in site.js.
const root = document.documentElement;
root.classList.remove("no-js");
try {
  const theme = localStorage.getItem("cinefile.theme");
  if (theme) root.dataset.theme = theme;
  const people = JSON.parse(localStorage.getItem("cinefile.people") ?? "[]");
  root.classList.toggle("has-ratings", people.some((p) => Object.keys(p.ratings ?? {}).length));
} catch { /* storage may be blocked, or hold anything: the page shows as for a newcomer */ }
