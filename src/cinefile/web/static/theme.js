// Runs before the first paint, so that a chosen theme never flashes. Everything else waits in site.js.
document.documentElement.classList.remove("no-js");
try {
  const theme = localStorage.getItem("cinefile.theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* storage may be blocked: the system's theme stays */ }
