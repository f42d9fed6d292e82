"""Sections of the data report on films: distributions, genres, places and words."""

from functools import partial

import duckdb
from markupsafe import Markup

from cinefile.reports.charts import HALF, WHOLE, bars, heatmap, histogram, line, twice
from cinefile.reports.report import Part, Section
from cinefile.reports.tables import ReportTable, heading, matrix


def spread(
    cursor: duckdb.DuckDBPyConnection,
    name: str,
    title: str,
    expression: str,
    source: str,
    *,
    width: float | None = None,
    per_decade: int = 5,
    counted: str = "films",
    plain: bool = False,
    note: str = "",
    wide: bool = False,
) -> Part:
    """A histogram with median and 95th percentile.

    Args:
        cursor: of the catalogue.
        name: the part's key; its ending says the unit (see `Table`).
        title: the part's heading.
        expression: SQL of the value; NULL is left out.
        source: what stands after FROM.
        width: of an interval; None takes logarithmic intervals, and values above 0 only.
        per_decade: logarithmic intervals per factor ten.
        counted: what is counted.
        plain: values are years.
        note: how to read it.
        wide: give it the full width.
    """
    if width is None:
        low = f"pow(10, floor(log10({expression}) * {per_decade}) / {per_decade})"
        high = f"pow(10, (floor(log10({expression}) * {per_decade}) + 1) / {per_decade})"
        where = f"{expression} > 0"
    else:
        low = f"floor({expression} / {width}) * {width}"
        high = f"{low} + {width}"
        where = f"{expression} IS NOT NULL"
    table = ReportTable.query(
        cursor,
        f'SELECT {low}::DOUBLE AS "from", any_value({high})::DOUBLE AS "to", count(*) AS {counted} FROM {source} '
        f"WHERE {where} GROUP BY 1 ORDER BY 1",
    )
    middle, high_end = cursor.execute(
        f"SELECT median({expression})::DOUBLE, quantile_cont({expression}::DOUBLE, 0.95) FROM {source} WHERE {where}"
    ).fetchall()[0]
    marks = {} if middle is None else {"median": middle, "95th percentile": high_end}
    picture = histogram(
        title,
        table.column("from"),
        table.column("to"),
        table.column(counted),
        heading(name),
        counted=counted,
        log=width is None,
        plain=plain,
        marks=marks,
        width=WHOLE if wide else HALF,
    )
    return Part(name, title, table, picture, note, wide=wide)


# column -> (name with unit, heading, width of an interval or None for logarithmic ones, is a year)
_FIGURES: dict[str, tuple[str, str, float | None, bool]] = {
    "popularity": ("popularity", "Popularity (TMDB's figure)", None, False),
    "vote_count": ("votes", "Number of votes", None, False),
    "vote_average": ("vote_average_0_to_10", "Vote average, 0 to 10", 0.5, False),
    "budget": ("budget_usd", "Budget", None, False),
    "revenue": ("revenue_usd", "Revenue", None, False),
    "runtime": ("runtime_minutes", "Runtime (up to 240 minutes)", 10, False),
    "year": ("year", "Year of release", 5, True),
}


def _summary(column: str, name: str) -> str:
    return f"""
        SELECT '{name}' AS figure, count({column}) AS known, min({column})::DOUBLE AS least,
               quantile_cont({column}::DOUBLE, 0.05) AS "5th percentile", median({column})::DOUBLE AS median,
               avg({column})::DOUBLE AS mean, quantile_cont({column}::DOUBLE, 0.95) AS "95th percentile",
               max({column})::DOUBLE AS most, if(count({column}) > 2 AND stddev_pop({column}) > 0,
               skewness({column}::DOUBLE), NULL) AS skew
        FROM films
    """


def distributions_section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """One table of figures, and a histogram each."""
    statements = [
        _summary(column, name.removesuffix("_usd").removesuffix("_minutes").replace("_", " "))
        for column, (name, *_) in _FIGURES.items()
    ]
    summary = ReportTable.query(cursor, " UNION ALL ".join(statements))
    parts = [
        Part(
            "figures",
            "Figures of the known values",
            summary,
            wide=True,
            note="Skew is the third standardised moment, corrected for bias: 0 for a symmetric spread, far above 0 "
            "where a few films have nearly all. Money in US dollars of the day, runtime in minutes.",
        )
    ]
    for column, (name, title, width, plain) in _FIGURES.items():
        source = "films" if column != "runtime" else "(SELECT runtime FROM films WHERE runtime <= 240)"
        parts.append(spread(cursor, name, title, column, source, width=width, plain=plain, wide=plain))
    return Section(
        "distributions",
        "How figures are spread",
        "Money, votes and popularity go over so many sizes that only a logarithmic scale shows them; the mean of such "
        "figures says little, the median and the 95th percentile say more.",
        parts,
    )


_MOST = 18
_OF = "(SELECT DISTINCT film_id, genre FROM genres WHERE NOT predicted)"
_COUNTS = f"""
    SELECT genre, count(*) AS films, count(*) / (SELECT nullif(count(DISTINCT film_id), 0) FROM {_OF}) AS films_share
    FROM {_OF} GROUP BY genre ORDER BY films DESC, genre
"""
_PER_FILM = f"""
    SELECT genres, count(*) AS films FROM (SELECT count(*) AS genres FROM {_OF} GROUP BY film_id) GROUP BY 1 ORDER BY 1
"""
_TOGETHER = f"""
    WITH g AS MATERIALIZED {_OF}
    SELECT a.genre, b.genre, count(*) FROM g AS a JOIN g AS b USING (film_id)
    WHERE a.genre IN $top AND b.genre IN $top GROUP BY ALL
"""
_DECADES = f"""
    SELECT genre, year // 10 * 10 AS decade, count(*) FROM {_OF} JOIN films USING (film_id)
    WHERE genre IN $top AND year IS NOT NULL GROUP BY ALL
"""
_FILMS = f"""
    SELECT year // 10 * 10 AS decade, count(*) FROM films
    WHERE year IS NOT NULL AND film_id IN (SELECT film_id FROM {_OF}) GROUP BY 1 HAVING count(*) >= 20 ORDER BY 1
"""


def genres_section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Counts, pairs, decades."""
    counts = ReportTable.query(cursor, _COUNTS)
    top = counts.column("genre")[:_MOST]
    films = dict(zip(counts.column("genre"), counts.column("films"), strict=True))
    pairs = {(a, b): n for a, b, n in cursor.execute(_TOGETHER, {"top": top}).fetchall()} if top else {}
    together = [[None if a == b else pairs.get((a, b), 0) / films[a] for b in top] for a in top]
    totals: dict[int, int] = dict(cursor.execute(_FILMS).fetchall())
    seen = {(g, d): n for g, d, n in cursor.execute(_DECADES, {"top": top}).fetchall()} if top and totals else {}
    by_decade = [[seen.get((g, d), 0) / n for d, n in totals.items()] for g in top]
    names = [f"{d}s" for d in totals]
    per_film = ReportTable.query(cursor, _PER_FILM)
    return Section(
        "genres",
        "Genres",
        "As given by the sources, in one vocabulary; genres predicted by a model are not counted.",
        (
            Part(
                "counts",
                "Films by genre",
                counts,
                bars("Films by genre", counts.column("genre")[:30], counts.column("films")[:30], "films"),
            ),
            Part(
                "per_film",
                "Genres per film",
                per_film,
                bars(
                    "Genres per film", per_film.column("genres"), per_film.column("films"), "films by number of genres"
                ),
            ),
            Part(
                "together",
                "Which go together",
                matrix(top, "of the films of", [f"{t}_share" for t in top], together) if top else ReportTable((), ()),
                heatmap(
                    "Genres that go together",
                    top,
                    top,
                    together,
                    "per cent of the row's films that are also of the column's genre",
                ),
                wide=True,
                note="Read along a row: of the row's films, how many also are of the column's genre.",
            ),
            Part(
                "by_decade",
                "By decade",
                matrix(top, "genre", [f"{n}_share" for n in names], by_decade) if names else ReportTable((), ()),
                heatmap("Genres by decade", top, names, by_decade, "per cent of the decade's films with genres"),
                wide=True,
                note="Decades with at least 20 films that have genres.",
            ),
        ),
    )


_LANGUAGES = """
    SELECT language AS code, count(*) AS films, count(*) / sum(count(*)) OVER () AS films_share
    FROM films WHERE language IS NOT NULL GROUP BY 1 ORDER BY films DESC, code
"""
_COUNTRIES = """
    SELECT code, coalesce(max(country), code) AS country, count(DISTINCT film_id) AS films,
           count(DISTINCT film_id) / (SELECT count(DISTINCT film_id) FROM countries) AS films_share
    FROM countries GROUP BY code ORDER BY films DESC, code
"""
_NOT_ENGLISH = """
    SELECT year // 10 * 10 AS decade, count(*) FILTER (language != 'en') / count(*) AS other_than_english_share,
           count(*) AS films
    FROM films WHERE language IS NOT NULL AND year IS NOT NULL GROUP BY 1 HAVING count(*) >= 20 ORDER BY 1
"""


def places_section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """Original languages, countries of production, and how the share of English changes."""
    languages, countries = ReportTable.query(cursor, _LANGUAGES), ReportTable.query(cursor, _COUNTRIES)
    decades = ReportTable.query(cursor, _NOT_ENGLISH)
    points = [(d, 100 * share) for d, share, _ in decades.rows]
    return Section(
        "places",
        "Languages and countries",
        "Original language (ISO 639-1) and countries of production (ISO 3166-1), where a source says them.",
        (
            Part(
                "languages",
                "Original language",
                languages,
                bars(
                    "Films by original language",
                    languages.column("code")[:20],
                    languages.column("films_share")[:20],
                    "share of films whose language is known",
                    unit="_share",
                ),
            ),
            Part(
                "countries",
                "Country of production",
                countries,
                bars(
                    "Films by country",
                    countries.column("country")[:20],
                    countries.column("films")[:20],
                    "films; a film of two countries counts for both",
                ),
            ),
            Part(
                "not_english",
                "Other than English, by decade",
                decades,
                twice(
                    partial(
                        line,
                        "Share of films in other languages than English",
                        {"other than English": points},
                        "decade",
                        "films in other languages (%)",
                        plain=True,
                    )
                ),
                wide=True,
                note="Decades with at least 20 films.",
            ),
        ),
    )


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


def words_section(cursor: duckdb.DuckDBPyConnection) -> Section:
    """For each of the largest genres, the words with the highest weighted log-odds."""
    plots = bool(cursor.execute("SELECT 1 FROM plots LIMIT 1").fetchall())
    least = _LEAST_FILMS if plots else 5
    films = cursor.execute("SELECT count(*) FROM films").fetchall()[0][0]
    tokens = _TOKENS.format(texts=_PLOTS if plots else _TITLES, least=min(least, 1 + films // 100), any_case=not plots)
    cursor.execute(tokens)
    table = ReportTable.query(cursor, _LOG_ODDS.format(genres=_GENRES, words=_WORDS, prior=_PRIOR))
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


def _cloud(table: ReportTable) -> Markup:
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
