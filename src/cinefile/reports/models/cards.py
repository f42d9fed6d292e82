"""The models that ship, or that were trained: their facts and their cards."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from cinefile.modelfiles import ModelFolder
from cinefile.reports.models.results import Measured
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import Table, heading

# Kind of model -> what the results call it.
_ROWS = {"tagger": "shipped", "factor": "factor", "similar": "blend"}
OWN = tuple(_ROWS.values())
_STARTER = Path(__file__).resolve().parents[2] / "starter"


def model_folders(more: Iterable[Path] = ()) -> list[Path]:
    """Model folders that ship with cinefile, and those at or in other folders."""
    found = []
    for place in (_STARTER, *more):
        found += (
            [place] if (place / "manifest.json").is_file() else sorted(f.parent for f in place.rglob("manifest.json"))
        )
    return list(dict.fromkeys(found))


def card_sections(folders: Iterable[Path], measured: Sequence[Measured] = ()) -> list[Section]:
    """A section per model, with what the results say of it.

    Raises:
        ModelError: a folder is damaged or of a newer version.
    """
    return [_section(ModelFolder(folder), number, measured) for number, folder in enumerate(folders, start=1)]


def _section(model: ModelFolder, number: int, measured: Sequence[Measured]) -> Section:
    files = tuple((f.name, f.stat().st_size) for f in sorted(model.path.iterdir()))
    facts: list[tuple[str, object]] = [("size in bytes", sum(size for _, size in files))]
    facts += [(heading(k), v) for k, v in model.facts.items() if isinstance(v, int | float | str)]
    card = model.card()
    return Section(
        f"model-{number}-{model.path.name.replace('.', '-')}",
        f"Model: {model.path.name}",
        f"A model of kind {model.kind}; its files were compared with their checksums when this page was made.",
        (
            Part("facts", "Facts", Table(("figure", "value"), tuple(facts))),
            Part("files", "Files", Table(("file", "bytes"), files)),
            *([_measured(model.kind, measured)] if measured and model.kind in _ROWS else ()),
        ),
        html=Markup('<div class="card">{}</div>').format(render(card) if card else "It has no card."),
    )


def _measured(kind: str, measured: Sequence[Measured]) -> Part:
    """The rows of this kind of model in the results, figure by figure."""
    rows = [
        (m.name.replace("_", " "), heading(column), value, m.date or "not recorded")
        for m in measured
        if isinstance(m.figures.get("models"), list)
        for row in m.figures["models"]
        if next(iter(row.values())) == _ROWS[kind]
        for column, value in list(row.items())[1:]
        if value is not None
    ]
    note = f"Rows called “{_ROWS[kind]}” of the results above."
    if _ROWS[kind] != "shipped":
        note += " A protocol trains its own, with the same settings, on its own training part."
    return Part(
        "measured", "Measured", Table(("protocol", "figure", "value", "date"), tuple(rows)), note=note, wide=True
    )


def render(markdown: str) -> Markup:
    """Markdown as HTML: raw HTML in it is shown, not used; links become their words, pictures their alt text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    for rule in ("link_open", "link_close"):
        reader.add_render_rule(rule, lambda *_: "")
    reader.add_render_rule("image", lambda _, tokens, at, *__: str(escape(tokens[at].content)))
    html = reader.render(markdown)
    # Under the page's h1, the section's h2 and a part's h3, a card's headings come fourth.
    for level in range(1, 4):
        html = html.replace(f"<h{level}>", "<h4>").replace(f"</h{level}>", "</h4>")
    return Markup(html)
