"""The tables of a catalogue file.

One film is one row of `films`, whatever sources it came from. Everything a source said is kept beside it with the
source's name: ids in `external_ids`, texts in `plots`, labels in `genres`, single values in `provenance`, and in
`merges` why a source's film was taken to be this film.
"""

SCHEMA_VERSION = 1

TABLES: dict[str, str] = {
    "meta": """
        key VARCHAR PRIMARY KEY,           -- 'schema_version', 'created', 'mean_vote', 'minimum_votes', …
        value VARCHAR NOT NULL
    """,
    "films": """
        film_id INTEGER PRIMARY KEY,       -- ours; never reused, stable when more data is ingested
        title VARCHAR NOT NULL,            -- article in front, without year
        title_key VARCHAR NOT NULL,        -- cinefile.titles.title_key(title)
        original_title VARCHAR,
        year SMALLINT,
        release_date DATE,
        runtime DOUBLE,                    -- minutes
        language VARCHAR,                  -- ISO 639-1
        status VARCHAR,
        tagline VARCHAR,
        adult BOOLEAN,
        budget BIGINT,                     -- US dollars; NULL means unknown, never 0
        revenue BIGINT,                    -- US dollars; NULL means unknown, never 0
        profit BIGINT,                     -- revenue - budget
        "return" DOUBLE,                   -- revenue / budget
        popularity DOUBLE,                 -- TMDB's figure
        vote_average DOUBLE,               -- 0 to 10; NULL when nobody voted
        vote_count INTEGER,
        vote_average_filled DOUBLE,        -- vote_average, or the mean over all films where it is NULL
        weighted_rating DOUBLE,            -- IMDb's formula, see docs/catalogue.md
        collection_id INTEGER,
        first_run INTEGER                  -- the run that added it
    """,
    "aliases": """
        film_id INTEGER NOT NULL,
        title VARCHAR NOT NULL,
        title_key VARCHAR NOT NULL,
        source VARCHAR NOT NULL
    """,
    "external_ids": """
        kind VARCHAR NOT NULL,             -- 'imdb', 'tmdb', 'movielens', 'wikipedia', 'miad', 'imdb27'
        value VARCHAR NOT NULL,            -- 'tt0114709', '862', '1', …
        film_id INTEGER NOT NULL,
        source VARCHAR NOT NULL,
        PRIMARY KEY (kind, value)
    """,
    "plots": """
        film_id INTEGER NOT NULL,
        source VARCHAR NOT NULL,
        plot VARCHAR NOT NULL,
        PRIMARY KEY (film_id, source)
    """,
    "genres": """
        film_id INTEGER NOT NULL,
        genre VARCHAR NOT NULL,            -- one vocabulary, see catalogue/genre_names.py
        source VARCHAR NOT NULL,
        predicted BOOLEAN NOT NULL DEFAULT FALSE,
        probability DOUBLE                 -- of a predicted genre
    """,
    "people": """
        person_id INTEGER PRIMARY KEY,
        name VARCHAR NOT NULL,
        name_key VARCHAR NOT NULL,         -- cinefile.titles.title_key(name)
        tmdb_id INTEGER,
        gender TINYINT                     -- TMDB: 1 female, 2 male, 3 non-binary; NULL unknown
    """,
    "credits": """
        film_id INTEGER NOT NULL,
        person_id INTEGER NOT NULL,
        department VARCHAR NOT NULL,       -- 'Acting', 'Directing', …
        job VARCHAR NOT NULL,              -- 'Actor', 'Director', …
        "character" VARCHAR,
        position INTEGER,                  -- billing order of the cast, 0 first
        source VARCHAR NOT NULL
    """,
    "keywords": """
        film_id INTEGER NOT NULL,
        keyword VARCHAR NOT NULL,
        source VARCHAR NOT NULL
    """,
    "companies": """
        film_id INTEGER NOT NULL,
        company VARCHAR NOT NULL,
        tmdb_id INTEGER,
        source VARCHAR NOT NULL
    """,
    "countries": """
        film_id INTEGER NOT NULL,
        code VARCHAR NOT NULL,             -- ISO 3166-1 alpha-2
        country VARCHAR,
        source VARCHAR NOT NULL
    """,
    "collections": """
        collection_id INTEGER PRIMARY KEY,
        name VARCHAR NOT NULL,
        tmdb_id INTEGER
    """,
    "ratings": """
        source VARCHAR NOT NULL,           -- the data set: user ids mean something only inside it
        user_id INTEGER NOT NULL,
        film_id INTEGER NOT NULL,
        stars FLOAT NOT NULL,              -- 0.5 to 5
        rated_at TIMESTAMP
    """,
    "links": """
        movielens_id BIGINT PRIMARY KEY,   -- which ids belong together, said by a links file; the film may come later
        imdb_id VARCHAR,
        tmdb_id BIGINT,
        source VARCHAR NOT NULL
    """,
    "provenance": """
        film_id INTEGER NOT NULL,
        field VARCHAR NOT NULL,            -- column of films
        source VARCHAR NOT NULL            -- who said the value that stands in films; one row per film and field
    """,
    "merges": """
        film_id INTEGER NOT NULL,
        source VARCHAR NOT NULL,
        key VARCHAR NOT NULL,              -- the film's key inside the source
        title VARCHAR NOT NULL,            -- as the source gave it
        year SMALLINT,
        rule VARCHAR NOT NULL,             -- 'new', 'imdb id', 'tmdb id', 'movielens id', 'title and year', …
        confidence DOUBLE NOT NULL,        -- 0 to 1, measured on films that carry ids
        run_id INTEGER NOT NULL
    """,
    "rejects": """
        run_id INTEGER NOT NULL,
        source VARCHAR NOT NULL,
        file VARCHAR NOT NULL,
        line BIGINT,
        reason VARCHAR NOT NULL,
        raw VARCHAR
    """,
    "runs": """
        run_id INTEGER PRIMARY KEY,
        source VARCHAR NOT NULL,
        path VARCHAR NOT NULL,
        checksum VARCHAR NOT NULL,         -- SHA-256 over the files' names, sizes and contents
        started TIMESTAMP NOT NULL,
        seconds DOUBLE NOT NULL,
        rows_read BIGINT NOT NULL,
        stored BIGINT NOT NULL,
        merged BIGINT NOT NULL,
        rejected BIGINT NOT NULL
    """,
    "run_files": """
        run_id INTEGER NOT NULL,
        file VARCHAR NOT NULL,
        rows_read BIGINT NOT NULL,         -- = stored + merged + rejected
        stored BIGINT NOT NULL,
        merged BIGINT NOT NULL,
        rejected BIGINT NOT NULL
    """,
}


def create_statements() -> list[str]:
    """One CREATE TABLE statement per table."""
    return [f"CREATE TABLE {name} ({columns})" for name, columns in TABLES.items()]
