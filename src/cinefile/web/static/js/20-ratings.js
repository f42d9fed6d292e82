// The ratings live here and nowhere else: in this browser's storage, per person (the first is "you").
const root = document.documentElement;
const KEY = "cinefile.people", HOME = "cinefile.catalogue";
const nobody = () => ({ name: "", ratings: {}, watchlist: [], seen: [], elsewhere: [] });
// Whatever stands in the storage, what comes out has this shape.
const read = () => {
  try {
    const people = JSON.parse(localStorage.getItem(KEY)).slice(0, 5).map((p) => {
      const given = Object.entries(p).filter(([key, value]) => value && typeof value === typeof nobody()[key]);
      return { ...nobody(), ...Object.fromEntries(given) };
    });
    return people.length ? people : [nobody()];
  } catch { return [nobody()]; }
};
const tell = () => {
  root.classList.toggle("has-ratings", store.people.some((p) => Object.keys(p.ratings).length));
  document.dispatchEvent(new CustomEvent("ratings"));
};
const store = {
  people: read(),
  active: 0,
  get person() { return this.people[this.active]; },
  save() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.people));
      localStorage.setItem(HOME, root.dataset.catalogue);
    } catch { /* private mode: kept until the page closes */ }
    tell();
  },
  rate(id, stars, title, year) {
    if (stars) this.person.ratings[id] = { stars, title, year };
    else delete this.person.ratings[id];
    this.save();
  },
  add() { this.people.push(nobody()); this.active = this.people.length - 1; this.save(); },
  remove(at) { this.people.splice(at, 1); this.active = 0; this.save(); },
  erase() { this.people = [nobody()]; this.active = 0; this.save(); },
};
window.cinefile.store = store;

// Another tab, or this page come back from the browser's memory: what is stored counts, or one would undo the other.
const again = () => { store.people = read(); store.active = Math.min(store.active, store.people.length - 1); tell(); };
addEventListener("storage", (event) => { if (event.key === KEY) again(); });
addEventListener("pageshow", (event) => { if (event.persisted) again(); });

// Film ids mean something in one catalogue only. In another, films are found again by title and year, and those that
// are not there wait until a catalogue has them.
const move = async () => {
  const films = store.people.flatMap((p) => [...Object.values(p.ratings), ...p.elsewhere]).map(({ title, year }) => ({ title, year: Number(year) || null }));
  const answer = await fetch("/for-you/same", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ films }) });
  if (!answer.ok) return;
  const found = (await answer.json()).films;
  let at = 0;
  for (const person of store.people) {
    const all = [...Object.values(person.ratings), ...person.elsewhere];
    Object.assign(person, { ratings: {}, elsewhere: [], watchlist: [], seen: [] });
    for (const rating of all) {
      const id = found[at++];
      if (id === null) person.elsewhere.push(rating); else person.ratings[id] = rating;
    }
  }
  store.save();
};
try {
  const home = localStorage.getItem(HOME);
  if (home && home !== root.dataset.catalogue) move().catch(() => { /* no answer: tried again on the next page */ });
} catch { /* storage is blocked: there is nothing to move */ }

// Half-star radio buttons, made here so that a page of films stays light.
const STAR = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2.6l2.9 6.1 6.6.8-4.8 4.6 1.2 6.6-5.9-3.3-5.9 3.3 1.2-6.6-4.8-4.6 6.6-.8z"/></svg>';
let made = 0;
const build = (box) => {
  if (box.dataset.ready) return;
  box.dataset.ready = "1";
  const { rate: id, title, year, label, star, stars, clear } = box.dataset;
  const name = `stars-${made++}`;
  const group = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.className = "visually-hidden";
  legend.textContent = label;
  group.append(legend);
  for (let half = 1; half <= 10; half++) {
    const value = half / 2;
    const each = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name, value: String(value) });
    input.setAttribute("aria-label", value === 1 ? star : stars.replace("{n}", value));
    each.innerHTML = STAR;
    each.prepend(input);
    group.append(each);
  }
  const shown = document.createElement("output");
  const remove = document.createElement("button");
  Object.assign(remove, { type: "button", className: "icon-button clear", textContent: "×", title: clear });
  remove.setAttribute("aria-label", `${clear}: ${title}`);
  box.append(group, shown, remove);
  const paint = (value) => {
    [...group.querySelectorAll("label")].forEach((l, i) => l.classList.toggle("lit", (i + 1) / 2 <= value));
  };
  const refresh = () => {
    const value = store.person.ratings[id]?.stars ?? 0;
    for (const input of group.querySelectorAll("input")) input.checked = Number(input.value) === value;
    paint(value);
    shown.textContent = value ? `${value} ★` : "";
    box.classList.toggle("rated", value > 0);
  };
  group.addEventListener("change", (event) => store.rate(id, Number(event.target.value), title, year));
  group.addEventListener("pointermove", (event) => {
    const over = event.target.closest("label");
    if (over && event.pointerType === "mouse") paint(Number(over.querySelector("input").value));
  });
  group.addEventListener("pointerleave", refresh);
  remove.addEventListener("click", () => { store.rate(id, 0); group.querySelector("input").focus(); });
  box.refresh = refresh;
  refresh();
};
const buildAll = (within) => within.querySelectorAll?.("[data-rate]").forEach(build);
window.cinefile.stars = buildAll;
buildAll(document);
document.addEventListener("ratings", () => { for (const box of document.querySelectorAll("[data-rate]")) box.refresh?.(); });
document.addEventListener("htmx:afterSwap", (event) => buildAll(event.target));
