"""Puts the sections of the models report together."""

from collections.abc import Iterable
from pathlib import Path

from cinefile.evaluation.protocols import PROTOCOLS
from cinefile.reports.facts import made
from cinefile.reports.models.cards import OWN, card_sections, model_folders
from cinefile.reports.models.curves import log_sections
from cinefile.reports.models.figures import parts
from cinefile.reports.models.results import Measured, evaluate_command, read_results
from cinefile.reports.report import Part, Report, Section
from cinefile.reports.tables import Table


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
    sections = [_overview(measured, folders), *(_section(m) for m in measured), *log_sections(places)]
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
                Table(("name", "date", "command"), rows),
                wide=True,
                empty="No results were given: use --results FOLDER.",
            ),
            Part(
                "not_yet_measured",
                "Not yet measured",
                Table(("protocol", "command"), missing),
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
    return [Part("at_a_glance", "At a glance", Table(columns, tuple(rows)), note=note, wide=True)] if rows else []


def _section(measured: Measured) -> Section:
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
