// Import: pressed, chosen or dropped. Nothing is kept before the person has seen the report and accepted it.
const form = document.getElementById("import");
const report = document.getElementById("report");
if (form && report && window.cinefile.forYou) {
  const { store, forYou: { put, fail, say } } = window.cinefile;
  const words = document.getElementById("taste").dataset;
  const file = document.getElementById("file");
  const send = async (chosen) => {
    const body = new FormData();
    body.append("file", chosen);
    form.classList.add("busy");
    try {
      const answer = await fetch("/for-you/import", { method: "POST", headers: { "x-fragment": "1" }, body });
      if (answer.status === 429) throw Object.assign(new Error(), { status: 429 });
      put(report, await answer.text());
    } catch (error) { fail(report, error); }
    form.classList.remove("busy");
    file.value = "";
    report.scrollIntoView({ block: "start" });
    report.querySelector("h2")?.focus({ preventScroll: true });
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); if (file.files[0]) send(file.files[0]); });
  file.addEventListener("change", () => { if (file.files[0]) send(file.files[0]); });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files[0]) send(event.dataTransfer.files[0]);
    });
  }

  const numbers = (text) => text.split(",").filter(Boolean).map(Number);
  const accept = (box) => {
    const rows = box.querySelectorAll("[data-match][data-film]:not(.dropped)");
    for (const { dataset: { film, stars, title, year } } of rows) store.person.ratings[film] = { stars: Number(stars), title, year };
    store.person.watchlist = numbers(box.dataset.watchlist);
    store.person.seen = [...new Set([...store.person.seen, ...numbers(box.dataset.seen)])];
    box.remove();
    store.save();
    say(words.taken.replace("{n}", rows.length));
  };
  const fold = (row, open) => {
    row.querySelector("[data-fix]").hidden = !open;
    row.querySelector("[data-change]").setAttribute("aria-expanded", String(open));
  };
  const drop = (row, dropped) => {
    row.classList.toggle("dropped", dropped);
    row.querySelector("[data-drop]").setAttribute("aria-pressed", String(dropped));
  };
  report.addEventListener("click", (event) => {
    const pressed = (what) => event.target.closest(`[data-${what}]`);
    const box = pressed("report"), row = pressed("match");
    if (pressed("accept")) accept(box);
    else if (pressed("dismiss")) box.remove();
    else if (pressed("drop")) drop(row, !row.classList.contains("dropped"));
    else if (pressed("change")) {
      const fix = row.querySelector("[data-fix]");
      fold(row, fix.hidden);
      if (!fix.hidden) { fix.querySelector("input").focus(); look(fix); }
    } else if (pressed("choose")) {
      const { film, title, year } = pressed("choose").dataset;
      Object.assign(row.dataset, { film, title, year });
      row.querySelector("[data-name]").textContent = year ? `${title} (${year})` : title;
      (row.querySelector(":scope > .cover") ?? row.querySelector(".no-cover")).replaceWith(pressed("choose").querySelector(".cover").cloneNode(true));
      row.classList.remove("lost");
      row.querySelector("[data-drop]").hidden = false;
      drop(row, false);
      fold(row, false);
      row.querySelector("[data-change]").focus();
    }
  });
  report.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-match]");
    if (event.key === "Escape" && row) { fold(row, false); row.querySelector("[data-change]").focus(); }
  });
  let typing = 0;
  const look = async (fix) => {
    const q = fix.querySelector("input").value.trim();
    if (!q) return;
    const answer = await fetch(`/for-you/choose?q=${encodeURIComponent(q)}`);
    if (answer.ok) fix.querySelector(".choices").innerHTML = await answer.text();
  };
  report.addEventListener("input", (event) => {
    const fix = event.target.closest("[data-fix]");
    clearTimeout(typing);
    if (fix) typing = setTimeout(() => look(fix), 200);
  });
}
