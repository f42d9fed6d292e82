// Tag a plot: examples fill the text area, clear empties it; htmx sends what is typed.
const tagger = document.querySelector("[data-tagger]");
if (tagger) {
  const plot = tagger.elements.plot;
  const typed = (text) => { plot.value = text; plot.dispatchEvent(new Event("input", { bubbles: true })); };
  tagger.addEventListener("click", (event) => {
    const example = event.target.closest("[data-example]");
    const clear = event.target.closest("[data-clear]");
    if (!example && !clear) return;
    event.preventDefault();
    tagger.elements.title.value = tagger.elements.year.value = "";
    typed(example ? example.dataset.example : "");
    plot.focus();
  });
}
