"""The words that tell a genre apart."""

import duckdb
from markupsafe import Markup

from cinefile.reports.report import Part, Section
from cinefile.reports.tables import Table

_GENRES, _WORDS, _LEAST_FILMS = 24, 14, 30
_PLOTS = """
    -- An encyclopaedia's extract speaks of the film, not of its story: taken only where nothing else is there.
    SELECT film_id, plot AS words FROM plots
    WHERE source != 'wikipedia' OR NOT EXISTS (FROM plots WHERE source != 'wikipedia')
    QUALIFY row_number() OVER (PARTITION BY film_id ORDER BY length(plot) DESC, source) = 1
"""
_TITLES = "SELECT film_id, title AS words FROM films"
_TOKENS = """
    CREATE OR REPLACE TEMP TABLE report_words AS
    WITH tokens AS (
        SELECT film_id, unnest(regexp_extract_all(words, '[\\p{{L}}]{{3,}}')) AS token FROM ({texts})
    ),
    kept AS (
        SELECT lower(token) AS word FROM tokens GROUP BY 1
        HAVING count(DISTINCT film_id) >= {least}
           AND ({any_case} OR count(*) FILTER (token = lower(token)) > 0.5 * count(*))
    )
    SELECT DISTINCT film_id, lower(token) AS word FROM tokens WHERE lower(token) IN (FROM kept)
"""
# Monroe, Colaresi and Quinn 2008, "Fightin' Words", Political Analysis 16(4), equations 15, 19, 20 and 22, with the
# prior of section 3.4.1: alpha_w is the word's count over all films, scaled to _PRIOR words in all,
# fewer where the texts are few.
_LOG_ODDS = """
    WITH g AS (SELECT DISTINCT film_id, genre FROM genres WHERE NOT predicted),
    w AS MATERIALIZED (SELECT film_id, word FROM report_words WHERE film_id IN (SELECT film_id FROM g)),
    total AS (SELECT word, count(*) AS n FROM w GROUP BY word),
    within AS (SELECT genre, word, count(*) AS y FROM w JOIN g USING (film_id) GROUP BY ALL),
    sizes AS (SELECT genre, sum(y) AS n_i, (SELECT sum(n) FROM total) AS n_all FROM within GROUP BY genre),
    largest AS (SELECT genre FROM g GROUP BY genre ORDER BY count(*) DESC, genre LIMIT {genres}),
    odds AS (
        SELECT genre, word, y, n - y AS y_j, n_i, n_all - n_i AS n_j, {prior} AS a0, a0 * n / n_all AS a
        FROM within JOIN total USING (word) JOIN sizes USING (genre) WHERE genre IN (FROM largest)
    ),
    scored AS (
        SELECT genre, word, y AS films,
               ln((y + a) / (n_i + a0 - y - a)) - ln((y_j + a) / (n_j + a0 - y_j - a)) AS log_odds,
               log_odds / sqrt(1 / (y + a) + 1 / (y_j + a)) AS z
        FROM odds WHERE y >= 3 AND n_j > 0
    )
    SELECT genre, row_number() OVER (PARTITION BY genre ORDER BY z DESC, word) AS rank, word, films, log_odds, z
    FROM scored WHERE z > 1.96 QUALIFY rank <= {words} ORDER BY genre, rank
"""
_PRIOR = "least(10000, n_all / 20)"


def section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """For each of the largest genres, the words with the highest weighted log-odds."""
    plots = bool(cursor.execute("SELECT 1 FROM plots LIMIT 1").fetchall())
    least = _LEAST_FILMS if plots else 5
    films = cursor.execute("SELECT count(*) FROM films").fetchall()[0][0]
    tokens = _TOKENS.format(texts=_PLOTS if plots else _TITLES, least=min(least, 1 + films // 100), any_case=not plots)
    cursor.execute(tokens)
    table = Table.query(cursor, _LOG_ODDS.format(genres=_GENRES, words=_WORDS, prior=_PRIOR))
    cursor.execute("DROP TABLE report_words")
    what = "plots" if plots else "titles, as there are no plots"
    return Section(
        "words",
        "Words that tell a genre apart",
        f"From {what}: not the most frequent words, but those that a genre uses more than all other films do.",
        (
            Part(
                "log_odds",
                "",
                table,
                body=_cloud(table),
                wide=True,
                note="Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, Fightin' "
                "Words, Political Analysis 16(4)), a word counted once per film; larger letters mean a higher z. Words "
                "mostly written with a capital (names) are left out where plots are read.",
                empty="There are no words that stand out: too few films with genres and texts.",
            ),
        ),
    )


def _cloud(table: Table) -> Markup:
    """Words by genre, sized by z within the genre."""
    groups: dict[str, list[tuple[str, int, float]]] = {}
    for genre, _, word, films, _, z in table.rows:
        groups.setdefault(genre, []).append((word, films, z))
    blocks = []
    shape = Markup('<span style="font-size:{}rem" title="in {} films, z = {}">{}</span>')
    for genre, words in groups.items():
        most = words[0][2]
        spans = Markup(" ").join(
            shape.format(f"{0.85 + 0.75 * z / most:.2f}", f"{films:,}", f"{z:.1f}", word) for word, films, z in words
        )
        blocks.append(Markup("<div><h4>{}</h4><p>{}</p></div>").format(genre, spans))
    return Markup('<div class="words">{}</div>').format(Markup("").join(blocks)) if blocks else Markup()
