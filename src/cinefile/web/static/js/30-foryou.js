// "For you": the list of ratings, the people who watch, picks and what to rate next.
const page = document.getElementById("taste");
if (page) {
  const { store, stars } = window.cinefile;
  const words = page.dataset;
  const $ = (id) => document.getElementById(id);
  const wishes = $("wishes");
  const nameOf = (person, i) => person.name || (i ? words.person.replace("{n}", i + 1) : words.you);

  const starsOf = (person) => Object.fromEntries(Object.entries(person.ratings).map(([id, r]) => [id, r.stars]));
  const question = () => {
    const form = new FormData(wishes);
    const all = (key) => store.people.flatMap((p) => p[key]);
    const hide = [...(form.get("hide_watchlist") ? all("watchlist") : []), ...(form.get("hide_seen") ? all("seen") : [])];
    return {
      people: store.people
        .map((p, i) => ({ name: nameOf(p, i), ratings: starsOf(p) }))
        .filter((p) => Object.keys(p.ratings).length),
      genre: form.get("genre"), language: form.get("language"), decade: Number(form.get("decade")) || null,
      dial: Number(form.get("dial")), hide: hide.slice(0, 20000),
    };
  };
  const ask = async (path, body, signal) => {
    const answer = await fetch(path, { method: "POST", signal, headers: { "content-type": "application/json", "x-fragment": "1" }, body: JSON.stringify(body) });
    if (!answer.ok) throw Object.assign(new Error(path), { status: answer.status });
    return answer;
  };
  const put = (target, html) => { target.innerHTML = html; stars(target); };
  const fail = (target, error) => window.cinefile.fail(target, error.status);
  let fading = 0;
  const say = (text) => {
    clearTimeout(fading);
    $("toast").textContent = text;
    $("toast").hidden = false;
    fading = setTimeout(() => { $("toast").hidden = true; }, 5000);
  };
  window.cinefile.forYou = { put, fail, say };

  let timer = 0, running = null;
  const refresh = () => { clearTimeout(timer); timer = setTimeout(picks, 300); };
  const picks = async () => {
    running?.abort();
    const mine = (running = new AbortController());
    const body = question();
    if (words.unavailable) $("picks").replaceChildren(); // the note at the head of the page says why
    if (!body.people.length || words.unavailable) return;
    const busy = (on) => { for (const id of ["picks-title", "picks"]) $(id).classList.toggle("busy", on); };
    busy(true);
    try {
      put($("picks"), await (await ask("/for-you/picks", body, mine.signal)).text());
      // The list to rate next stays as it is while somebody moves in it by keyboard.
      if (!$("next").contains(document.activeElement)) {
        put($("next"), await (await ask("/for-you/next", { people: [{ ratings: starsOf(store.person) }] }, mine.signal)).text());
      }
    } catch (error) {
      if (error.name !== "AbortError") fail($("picks"), error);
    } finally {
      if (running === mine) busy(false);
    }
  };

  const chip = (text, press) => {
    const b = document.createElement("button");
    Object.assign(b, { type: "button", className: "chip", textContent: text });
    b.addEventListener("click", press);
    return b;
  };
  const tabs = () => {
    const buttons = store.people.map((person, i) => {
      const b = chip(nameOf(person, i), () => { store.active = i; everything(); });
      b.classList.add("person-tab");
      b.setAttribute("aria-pressed", String(i === store.active));
      return b;
    });
    if (store.people.length < 5) buttons.push(chip(words.add, () => { store.add(); $("find").focus(); }));
    $("people").replaceChildren(...buttons);
    $("member").hidden = store.people.length < 2;
    if (document.activeElement !== $("name")) $("name").value = store.person.name;
    $("name").placeholder = nameOf({}, store.active);
    for (const [key, field] of [["seen", "hide_seen"], ["watchlist", "hide_watchlist"]]) {
      const n = new Set(store.people.flatMap((p) => p[key])).size;
      const label = wishes.elements[field].closest("label");
      label.hidden = !n;
      label.querySelector("[data-n]").textContent = `(${n.toLocaleString(document.documentElement.lang)})`;
    }
  };
  $("name").addEventListener("input", () => { store.person.name = $("name").value.trim(); store.save(); });
  $("leave").addEventListener("click", () => store.remove(store.active));

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
  $("picks").addEventListener("click", (event) => {
    const button = event.target.closest("[data-seen]");
    if (!button) return;
    store.person.seen.push(Number(button.dataset.seen));
    store.save();
  });

  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const cell = (text) => `"${String(text).replaceAll('"', '""')}"`;
  $("export").addEventListener("click", () => {
    const all = [...Object.values(store.person.ratings), ...store.person.elsewhere];
    const lines = all.map((r) => [cell(r.title), r.year, r.stars].join(","));
    save(new Blob([["Title,Year,Rating", ...lines].join("\n") + "\n"], { type: "text/csv" }), "cinefile-ratings.csv");
  });
  $("erase").addEventListener("click", () => { if (confirm(words.erase)) store.erase(); });
  $("csv").addEventListener("click", async () => {
    try { save(await (await ask("/for-you/picks.csv", question())).blob(), "cinefile-picks.csv"); } catch (error) { fail($("picks"), error); }
  });

  // On a phone the picks come first for those who have rated; their list is one tap away.
  if (matchMedia("(max-width: 59.99rem)").matches && document.documentElement.classList.contains("has-ratings")) $("mine").open = false;
  everything();
}
