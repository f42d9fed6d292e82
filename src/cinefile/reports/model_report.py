"""The models report: what was measured, with which command, and the cards of the models that ship."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from cinefile.evaluation import PROTOCOLS
from cinefile.modelfiles import ModelFolder
from cinefile.reports.report import Part, Report, Section, made
from cinefile.reports.results import Measured, evaluate_command, log_sections, parts, read_results
from cinefile.reports.tables import ReportTable, heading

# Kind of model -> what the results call it.
_ROWS = {"tagger": "shipped", "factor": "factor", "similar": "blend"}
OWN = tuple(_ROWS.values())
_STARTER = Path(__file__).resolve().parents[1] / "starter"


def model_folders(more: Iterable[Path] = ()) -> list[Path]:
    """Model folders that ship with cinefile, and those at or in other folders."""
    found = []
    for place in (_STARTER, *more):
        found += (
            [place] if (place / "manifest.json").is_file() else sorted(f.parent for f in place.rglob("manifest.json"))
        )
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class ModelCard:
    """A model's card: its first heading, and the rest as HTML."""

    title: str
    html: Markup


def model_cards(catalogue: Path) -> tuple[ModelCard, ...]:
    """Cards of what answers for a catalogue: its own models, the shipped taggers, the starter catalogue if it is that.

    Args:
        catalogue: the catalogue's file.
    """
    near = [catalogue.resolve().with_suffix(f".{kind}") for kind in ("taste", "similar", "genres")]
    own = [_STARTER / "CARD.md"] if catalogue.resolve().parent == _STARTER else []
    found = []
    for card in (*own, *(card for place in (*near, _STARTER / "taggers") for card in sorted(place.rglob("CARD.md")))):
        heading, _, text = card.read_text(encoding="utf-8").lstrip().partition("\n")
        found.append(ModelCard(heading.lstrip("# "), render(text)))
    return tuple(found)


def card_sections(folders: Iterable[Path], measured: Sequence[Measured] = ()) -> list[Section]:
    """A section per model, with what the results say of it.

    Raises:
        ModelError: a folder is damaged or of a newer version.
    """
    return [_card_section(ModelFolder(folder), number, measured) for number, folder in enumerate(folders, start=1)]


def _card_section(model: ModelFolder, number: int, measured: Sequence[Measured]) -> Section:
    files = tuple((f.name, f.stat().st_size) for f in sorted(model.path.iterdir()))
    facts: list[tuple[str, object]] = [("size in bytes", sum(size for _, size in files))]
    facts += [(heading(k), v) for k, v in model.facts.items() if isinstance(v, int | float | str)]
    card = model.card()
    return Section(
        f"model-{number}-{model.path.name.replace('.', '-')}",
        f"Model: {model.path.name}",
        f"A model of kind {model.kind}; its files were compared with their checksums when this page was made.",
        (
            Part("facts", "Facts", ReportTable(("figure", "value"), tuple(facts))),
            Part("files", "Files", ReportTable(("file", "bytes"), files)),
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
        "measured", "Measured", ReportTable(("protocol", "figure", "value", "date"), tuple(rows)), note=note, wide=True
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


def models_report(results: Path | None = None, models: Iterable[Path] = ()) -> Report:
    """Every figure that was measured, with its command; the cards of the models; what is not measured yet.

    Args:
        results: folder of results JSON; None shows the models alone.
        models: further model folders, or folders of such; training logs in them are drawn.

    Raises:
        InputError: the results cannot be read.
        ModelError: a model folder is damaged.
    """
    measured = read_results(results) if results is not None else []
    places = list(models)
    folders = model_folders(places)
    facts = made("cinefile report models" + (f" --results {results.name}" if results is not None else ""))
    sections = [_overview(measured, folders), *(_result_section(m) for m in measured), *log_sections(places)]
    sections += card_sections(folders, measured)
    subtitle = (
        "What was measured, on which data and split, and the command that gives it again. Nothing here is computed by "
        "the report: it shows results files and model folders as they are."
    )
    return Report("models", "How good the models are", subtitle, facts, sections)


def _overview(measured: list[Measured], folders: list[Path]) -> Section:
    done = {m.protocol for m in measured}
    rows = tuple((m.name, m.date or "not recorded", m.command or "not recorded") for m in measured)
    missing = tuple((name, evaluate_command(name)) for name in PROTOCOLS if name not in done)
    return Section(
        "measured",
        "What was measured",
        f"{len(measured)} results files; {len(missing)} of {len(PROTOCOLS)} protocols are not measured yet; "
        f"{len(folders)} model folders.",
        (
            *_headlines(measured),
            Part(
                "results",
                "Results",
                ReportTable(("name", "date", "command"), rows),
                wide=True,
                empty="No results were given: use --results FOLDER.",
            ),
            Part(
                "not_yet_measured",
                "Not yet measured",
                ReportTable(("protocol", "command"), missing),
                wide=True,
                empty="Every protocol has been measured.",
            ),
        ),
    )


def _headlines(measured: list[Measured]) -> list[Part]:
    """Each protocol's first figure: cinefile's own model beside the least and the most of the others."""
    rows = []
    for m in measured:
        table = m.figures.get("models")
        if not m.protocol or not isinstance(table, list) or not table:
            continue
        name, figure = list(table[0])[:2]
        values = {row[name]: row[figure] for row in table if row[figure] is not None}
        own = next((row for row in OWN if row in values), "")
        others = [value for row, value in values.items() if row not in OWN and not row.startswith("blend-")]
        if own:
            rows.append((m.name, figure, own, values[own], *((min(others), max(others)) if others else (None, None))))
    columns = ("protocol", "figure", "our model", "its figure", "least of the others", "most of the others")
    note = "Of RMSE less is better, of an interval's share what its name says, of all others more."
    return [Part("at_a_glance", "At a glance", ReportTable(columns, tuple(rows)), note=note, wide=True)] if rows else []


def _result_section(measured: Measured) -> Section:
    when = f"Measured {measured.date}" if measured.date else "The file does not say when"
    machine = f", on {measured.machine}" if measured.machine else ""
    return Section(
        measured.name.replace("_", "-"),
        measured.name.replace("_", " "),
        f"{measured.description} {when}{machine}.".strip(),
        parts(measured.figures),
        command=measured.command,
        facts={"command": measured.command, "date": measured.date},
    )
