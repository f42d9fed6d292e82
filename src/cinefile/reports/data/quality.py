"""What is wrong, or might be: repeats, impossible values, rejected rows, merges."""

import duckdb

from cinefile.catalogue.quality import CHECKS
from cinefile.reports.charts import bars, heatmap
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import Table, matrix

_DOUBTS = """
    WITH twins AS (SELECT title_key, year FROM films WHERE year IS NOT NULL GROUP BY ALL HAVING count(*) > 1),
    repeated AS (SELECT count(DISTINCT film_id) AS n FROM plots GROUP BY plot HAVING count(DISTINCT film_id) > 1)
    SELECT * FROM (VALUES
        ('films that share title and year with another',
            (SELECT count(*) FROM films JOIN twins USING (title_key, year))),
        ('years before 1874 or more than ten years ahead',
            (SELECT count(*) FROM films WHERE year < 1874 OR year > date_part('year', current_date) + 10)),
        ('release date and year that differ',
            (SELECT count(*) FROM films WHERE date_part('year', release_date) != year)),
        ('films longer than six hours', (SELECT count(*) FROM films WHERE runtime > 360)),
        ('budgets below 1,000 US dollars', (SELECT count(*) FROM films WHERE budget < 1000)),
        ('revenues below 1,000 US dollars', (SELECT count(*) FROM films WHERE revenue < 1000)),
        ('titles without a letter or digit', (SELECT count(*) FROM films WHERE title_key = '')),
        ('plots shorter than 40 characters', (SELECT count(*) FROM plots WHERE length(plot) < 40)),
        ('plots that stand at several films', (SELECT count(*) FROM repeated)),
        ('films with such a plot', (SELECT coalesce(sum(n), 0)::BIGINT FROM repeated)),
        ('people of one name', (
            SELECT coalesce(sum(n), 0)::BIGINT
            FROM (SELECT count(*) AS n FROM people GROUP BY name_key HAVING count(*) > 1)
        ))
    ) AS t(doubt, rows)
"""
_TWINS = """
    SELECT any_value(title) AS title, year, count(*) AS films FROM films WHERE year IS NOT NULL
    GROUP BY title_key, year HAVING count(*) > 1 ORDER BY films DESC, year, title LIMIT 25
"""
_PLOTS = """
    SELECT left(plot, 120) AS plot, count(DISTINCT film_id) AS films, list(DISTINCT source ORDER BY source) AS sources
    FROM plots GROUP BY plots.plot HAVING count(DISTINCT film_id) > 1 ORDER BY films DESC, 1 LIMIT 25
"""
# Numbers in a reason are the row's own: without them, reasons come together.
_REJECTS = """
    SELECT source, regexp_replace(reason, '[0-9]+', '…', 'g') AS reason, count(*) AS rows FROM rejects
    GROUP BY ALL ORDER BY rows DESC, source, 2
"""
_MERGES = """
    SELECT rule, count(*) AS records, min(confidence) AS least_confidence, avg(confidence) AS mean_confidence,
           count(DISTINCT source) AS sources
    FROM merges GROUP BY rule ORDER BY records DESC, rule
"""
_MERGED_BY = "SELECT source, rule, count(*) FROM merges GROUP BY ALL"


def section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Counts with examples."""
    merges, rejects = Table.query(cursor, _MERGES), Table.query(cursor, _REJECTS)
    found = tuple((c.name, cursor.execute(c.query).fetchall()[0][0]) for c in CHECKS)
    rules = merges.column("rule")
    pairs = {(rule, source): n for source, rule, n in cursor.execute(_MERGED_BY).fetchall()}
    sources = sorted({source for _, source in pairs})
    counts = [[pairs.get((rule, source)) for source in sources] for rule in rules]
    return Section(
        "quality",
        "Quality",
        "What must never be there, what may be right but deserves a look, what was rejected, and why records were "
        "taken to be one film.",
        (
            Part(
                "checks",
                "What must hold",
                Table(("check", "rows that break it"), found),
                note="Checked when this report was made; 0 is good.",
            ),
            Part(
                "doubts",
                "What deserves a look",
                Table.query(cursor, _DOUBTS),
                note="Not all are errors: two films may share title and year, and some budgets are given in millions.",
            ),
            Part(
                "rejects",
                "Rejected rows by reason",
                rejects,
                wide=True,
                empty="No row was rejected.",
                note="The row itself, its file and line are in the table rejects.",
            ),
            Part(
                "merges",
                "Why records are one film",
                merges,
                bars("Records by rule", rules, merges.column("records"), "records of sources"),
                empty="No merges are recorded.",
                note="“new” made a film of its own. The confidence of each rule was measured on films whose "
                "ids were hidden.",
            ),
            Part(
                "same_title_and_year",
                "Same title and year",
                Table.query(cursor, _TWINS),
                empty="No two films share title and year.",
                note="The 25 largest groups.",
            ),
            Part(
                "merges_by_source",
                "Rules by source",
                matrix(rules, "rule", sources, counts) if rules else Table((), ()),
                heatmap("Records by rule and source", rules, sources, counts, "records of sources", share=False),
                wide=True,
                empty="No merges are recorded.",
            ),
            Part(
                "repeated_plots",
                "Plots that repeat",
                Table.query(cursor, _PLOTS),
                wide=True,
                empty="No plot stands at two films.",
                note="The 25 most frequent, cut after 120 characters.",
            ),
        ),
    )
