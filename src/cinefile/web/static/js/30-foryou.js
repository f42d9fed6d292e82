// "For you": the list of ratings, imports with their match report, picks and what to rate next.
const page = document.getElementById("taste");
if (page) {
  const { store, stars } = window.cinefile;
  const words = page.dataset;
  const $ = (id) => document.getElementById(id);
  const wishes = $("wishes");
  const busy = $("picks-title");

  const question = () => {
    const form = new FormData(wishes);
    const hide = form.get("hide_watchlist") ? store.people.flatMap((p) => p.watchlist) : [];
    return {
      people: store.people
        .map((p, i) => ({ name: p.name || (i ? words.person.replace("{n}", i + 1) : words.you), ratings: Object.fromEntries(Object.entries(p.ratings).map(([id, r]) => [id, r.stars])) }))
        .filter((p) => Object.keys(p.ratings).length),
      genre: form.get("genre"), language: form.get("language"), decade: Number(form.get("decade")) || null,
      dial: Number(form.get("dial")), hide: hide.slice(0, 5000),
    };
  };
  const ask = async (path, body, signal) => {
    const answer = await fetch(path, { method: "POST", signal, headers: { "content-type": "application/json", "x-fragment": "1" }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer;
  };
  const put = (target, html) => { target.innerHTML = html; stars(target); };
  const fail = (target) => {
    const note = document.createElement("p");
    note.className = "notice";
    note.textContent = words.failed;
    target.replaceChildren(note);
  };

  let timer = 0, running = null;
  const refresh = () => { clearTimeout(timer); timer = setTimeout(picks, 350); };
  const picks = async () => {
    running?.abort();
    const mine = (running = new AbortController());
    const body = question();
    if (!body.people.length || words.unavailable) return;
    busy.classList.add("busy");
    $("picks").classList.add("busy");
    try {
      put($("picks"), await (await ask("/for-you/picks", body, mine.signal)).text());
      // The list to rate next stays as it is while somebody moves in it by keyboard.
      if (!$("next").contains(document.activeElement)) put($("next"), await (await ask("/for-you/next", body, mine.signal)).text());
    } catch (error) {
      if (error.name !== "AbortError") fail($("picks"));
    } finally {
      if (running === mine) { busy.classList.remove("busy"); $("picks").classList.remove("busy"); }
    }
  };

  const tabs = () => {
    const buttons = store.people.map((person, i) => {
      const b = document.createElement("button");
      Object.assign(b, { type: "button", className: "chip person-tab", textContent: person.name || (i ? words.person.replace("{n}", i + 1) : words.you) });
      b.setAttribute("aria-pressed", String(i === store.active));
      b.addEventListener("click", () => { store.active = i; store.save(); });
      return b;
    });
    if (store.people.length < 5) {
      const add = document.createElement("button");
      Object.assign(add, { type: "button", className: "chip", textContent: "+" });
      add.setAttribute("aria-label", words.person.replace("{n}", store.people.length + 1));
      add.addEventListener("click", () => { store.people.push({ name: "", ratings: {}, watchlist: [] }); store.active = store.people.length - 1; store.save(); });
      buttons.push(add);
    }
    $("people").replaceChildren(...buttons);
  };
  const list = () => {
    const rated = Object.entries(store.person.ratings);
    $("count").textContent = rated.length ? words.count.replace("{n}", rated.length) : words.none;
    $("rated").replaceChildren(...rated.reverse().map(([id, { stars: value, title, year }]) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      Object.assign(link, { href: `/film/${id}`, textContent: year ? `${title} (${year})` : title });
      const right = document.createElement("span");
      right.className = "muted";
      right.textContent = `${value} ★`;
      const remove = document.createElement("button");
      Object.assign(remove, { type: "button", className: "icon-button", textContent: "×" });
      remove.setAttribute("aria-label", `${$("rated").dataset.remove}: ${title}`);
      remove.addEventListener("click", () => store.rate(id, 0));
      row.append(link, right, remove);
      return row;
    }));
  };
  const everything = () => { tabs(); list(); refresh(); };
  document.addEventListener("ratings", everything);
  wishes.addEventListener("input", refresh);
  wishes.addEventListener("submit", (event) => event.preventDefault());

  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const cell = (text) => `"${String(text).replaceAll('"', '""')}"`;
  $("export").addEventListener("click", () => {
    const lines = Object.entries(store.person.ratings).map(([id, r]) => [id, cell(r.title), r.year, r.stars].join(","));
    save(new Blob([["film_id,Title,Year,Rating", ...lines].join("\n") + "\n"], { type: "text/csv" }), "cinefile-ratings.csv");
  });
  $("erase").addEventListener("click", () => { if (confirm(words.erase)) { store.erase(); $("picks").textContent = ""; } });
  $("csv").addEventListener("click", async () => {
    try { save(await (await ask("/for-you/picks.csv", question())).blob(), "cinefile-picks.csv"); } catch { fail($("picks")); }
  });

  // Import: pressed, chosen or dropped. Nothing is kept before the person has seen the report and accepted it.
  const form = $("import");
  const send = async (file) => {
    const body = new FormData();
    body.append("file", file);
    form.classList.add("busy");
    try {
      const answer = await fetch("/for-you/import", { method: "POST", headers: { "x-fragment": "1" }, body });
      put($("report"), await answer.text());
      $("report").scrollIntoView({ block: "start" });
    } catch { fail($("report")); }
    form.classList.remove("busy");
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); const [file] = $("file").files; if (file) send(file); });
  $("file").addEventListener("change", () => { const [file] = $("file").files; if (file) send(file); });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files[0]) send(event.dataTransfer.files[0]);
    });
  }
  $("report").addEventListener("click", (event) => {
    const report = event.target.closest("[data-report]");
    const row = event.target.closest("[data-match]");
    if (event.target.closest("[data-accept]")) {
      for (const each of report.querySelectorAll("[data-match][data-film]:not(.dropped)")) {
        const { film, stars: value, title, year } = each.dataset;
        store.person.ratings[film] = { stars: Number(value), title, year };
      }
      store.person.watchlist = report.dataset.watchlist.split(",").filter(Boolean).map(Number);
      report.remove();
      store.save();
    } else if (event.target.closest("[data-dismiss]")) report.remove();
    else if (event.target.closest("[data-drop]")) {
      const dropped = row.classList.toggle("dropped");
      event.target.closest("[data-drop]").setAttribute("aria-pressed", String(dropped));
    } else if (event.target.closest("[data-change]")) {
      const fix = row.querySelector("[data-fix]");
      fix.hidden = !fix.hidden;
      if (!fix.hidden) { fix.querySelector("input").focus(); look(fix); }
    } else if (event.target.closest("[data-choose]")) {
      const { film, title, year } = event.target.closest("[data-choose]").dataset;
      Object.assign(row.dataset, { film, title, year });
      row.querySelector("[data-name]").textContent = year ? `${title} (${year})` : title;
      row.classList.remove("match-low", "dropped");
      row.querySelector("[data-fix]").hidden = true;
    }
  });
  let typing = 0;
  const look = async (fix) => {
    const q = fix.querySelector("input").value.trim();
    if (!q) return;
    const answer = await fetch(`/for-you/choose?q=${encodeURIComponent(q)}`);
    if (answer.ok) fix.querySelector(".suggestions").innerHTML = await answer.text();
  };
  $("report").addEventListener("input", (event) => {
    const fix = event.target.closest("[data-fix]");
    clearTimeout(typing);
    if (fix) typing = setTimeout(() => look(fix), 200);
  });

  everything();
}
