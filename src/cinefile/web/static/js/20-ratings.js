// The ratings live here and nowhere else: in this browser's storage, per person (the first is "you").
const KEY = "cinefile.people";
const blank = () => [{ name: "", ratings: {}, watchlist: [] }];

const read = () => {
  try {
    const people = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(people) && people.length ? people : blank();
  } catch { return blank(); }
};
const store = {
  people: read(),
  active: 0,
  get person() { return this.people[this.active]; },
  save() {
    try { localStorage.setItem(KEY, JSON.stringify(this.people)); } catch { /* private mode: kept until the page closes */ }
    document.dispatchEvent(new CustomEvent("ratings"));
  },
  rate(id, stars, title, year) {
    if (stars) this.person.ratings[id] = { stars, title, year };
    else delete this.person.ratings[id];
    this.save();
  },
  erase() { this.people = blank(); this.active = 0; this.save(); },
};
window.cinefile = { store };

// Half-star radio buttons, made here so that a page of films stays light.
const STAR = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2l3.1 6.5 7 .9-5.1 4.9 1.3 7L12 17.9 5.7 21.3l1.3-7L1.9 9.4l7-.9z"/></svg>';
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
  remove.addEventListener("click", () => store.rate(id, 0));
  box.refresh = refresh;
  refresh();
};
const buildAll = (within) => within.querySelectorAll?.("[data-rate]").forEach(build);
window.cinefile.stars = buildAll;
buildAll(document);
document.addEventListener("ratings", () => { for (const box of document.querySelectorAll("[data-rate]")) box.refresh?.(); });
document.addEventListener("htmx:afterSwap", (event) => buildAll(event.target));
