"""A small catalogue of real films for the page's tests: facts written down by hand, tables from the schema."""
# ruff: noqa: E501 — tables of cases read better in whole lines

from datetime import date
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa

from cinefile.catalogue.schema import SCHEMA_VERSION, create_statements
from cinefile.titles import title_key

# title, date, minutes, language, genres, budget and revenue in million dollars, votes, average, director, cast
FILMS = [
    ("Metropolis", "1927-01-10", 153, "de", "Drama|Sci-Fi", 6, 1.3, 2100, 8.1, "Fritz Lang", "Brigitte Helm|Alfred Abel"),
    ("M", "1931-05-11", 117, "de", "Crime|Thriller", None, None, 1700, 8.2, "Fritz Lang", "Peter Lorre"),
    ("The Wizard of Oz", "1939-08-15", 102, "en", "Adventure|Family|Fantasy|Musical", 2.8, 33.8, 4600, 7.6, "Victor Fleming", "Judy Garland"),
    ("Casablanca", "1942-11-26", 102, "en", "Drama|Romance|War", 0.9, 10.5, 4700, 8.2, "Michael Curtiz", "Humphrey Bogart|Ingrid Bergman"),
    ("Double Indemnity", "1944-04-24", 108, "en", "Crime|Film-Noir|Thriller", 0.9, 2.5, 1400, 8.1, "Billy Wilder", "Fred MacMurray|Barbara Stanwyck"),
    ("Sunset Boulevard", "1950-08-10", 110, "en", "Drama|Film-Noir", 1.8, 5, 2100, 8.3, "Billy Wilder", "William Holden|Gloria Swanson"),
    ("Seven Samurai", "1954-04-26", 207, "ja", "Action|Drama", 0.5, 0.3, 3100, 8.5, "Akira Kurosawa", "Toshirô Mifune|Takashi Shimura"),
    ("Rear Window", "1954-08-01", 112, "en", "Mystery|Thriller", 1, 36.8, 5600, 8.3, "Alfred Hitchcock", "James Stewart|Grace Kelly"),
    ("The Searchers", "1956-05-16", 119, "en", "Western|Adventure", 3.8, None, 1100, 7.8, "John Ford", "John Wayne"),
    ("Vertigo", "1958-05-09", 128, "en", "Mystery|Romance|Thriller", 2.5, 28, 4700, 8.2, "Alfred Hitchcock", "James Stewart|Kim Novak"),
    ("Some Like It Hot", "1959-03-19", 122, "en", "Comedy|Romance", 2.8, 25, 2900, 8.0, "Billy Wilder", "Marilyn Monroe|Tony Curtis|Jack Lemmon"),
    ("Psycho", "1960-06-22", 109, "en", "Horror|Mystery|Thriller", 0.8, 50, 8600, 8.4, "Alfred Hitchcock", "Anthony Perkins|Janet Leigh"),
    ("The Apartment", "1960-06-21", 125, "en", "Comedy|Drama|Romance", 3, 24.6, 1900, 8.2, "Billy Wilder", "Jack Lemmon|Shirley MacLaine"),
    ("2001: A Space Odyssey", "1968-04-02", 149, "en", "Adventure|Sci-Fi", 10.5, 68.7, 9800, 8.1, "Stanley Kubrick", "Keir Dullea"),
    ("The Godfather", "1972-03-14", 175, "en", "Crime|Drama", 6, 245.1, 17600, 8.7, "Francis Ford Coppola", "Marlon Brando|Al Pacino|James Caan"),
    ("Annie Hall", "1977-04-19", 93, "en", "Comedy|Romance", 4, 38.3, 3500, 7.7, "Woody Allen", "Woody Allen|Diane Keaton"),
    ("Star Wars", "1977-05-25", 121, "en", "Action|Adventure|Sci-Fi", 11, 775.4, 18500, 8.2, "George Lucas", "Mark Hamill|Harrison Ford|Carrie Fisher"),
    ("Alien", "1979-05-25", 117, "en", "Horror|Sci-Fi", 11, 104.9, 12600, 8.1, "Ridley Scott", "Sigourney Weaver|Tom Skerritt"),
    ("Raging Bull", "1980-11-14", 129, "en", "Biography|Drama|Sport", 18, 23.4, 3700, 7.9, "Martin Scorsese", "Robert De Niro|Joe Pesci"),
    ("Blade Runner", "1982-06-25", 118, "en", "Drama|Sci-Fi|Thriller", 28, 41.7, 12300, 7.9, "Ridley Scott", "Harrison Ford|Sean Young|Rutger Hauer"),
    ("Die Hard", "1988-07-15", 131, "en", "Action|Thriller", 28, 140.8, 9800, 7.8, "John McTiernan", "Bruce Willis|Alan Rickman"),
    ("Goodfellas", "1990-09-12", 145, "en", "Biography|Crime|Drama", 25, 46.8, 11300, 8.5, "Martin Scorsese", "Robert De Niro|Ray Liotta|Joe Pesci"),
    ("Jurassic Park", "1993-06-11", 127, "en", "Adventure|Sci-Fi", 63, 920.1, 14500, 7.9, "Steven Spielberg", "Sam Neill|Laura Dern"),
    ("Schindler's List", "1993-12-15", 195, "en", "Drama|History|War", 22, 321.4, 14000, 8.6, "Steven Spielberg", "Liam Neeson|Ben Kingsley"),
    ("Pulp Fiction", "1994-09-10", 154, "en", "Crime|Thriller", 8, 213.9, 25100, 8.5, "Quentin Tarantino", "John Travolta|Samuel L. Jackson|Uma Thurman"),
    ("Heat", "1995-12-15", 170, "en", "Action|Crime|Drama", 60, 187.4, 6200, 7.9, "Michael Mann", "Al Pacino|Robert De Niro"),
    ("Toy Story", "1995-10-30", 81, "en", "Adventure|Animation|Comedy|Family", 30, 373.6, 16400, 8.0, "John Lasseter", "Tom Hanks|Tim Allen"),
    ("Trainspotting", "1996-02-23", 94, "en", "Crime|Drama", 4, 16.5, 8700, 8.0, "Danny Boyle", "Ewan McGregor"),
    ("Todo sobre mi madre", "1999-04-16", 101, "es", "Drama", 5, 67.9, 1200, 7.6, "Pedro Almodóvar", "Cecilia Roth|Penélope Cruz"),
    ("Amélie", "2001-04-25", 122, "fr", "Comedy|Romance", 10, 173.9, 10500, 7.9, "Jean-Pierre Jeunet", "Audrey Tautou"),
    ("The Lord of the Rings: The Fellowship of the Ring", "2001-12-18", 179, "en", "Action|Adventure|Fantasy", 93, 871.4, 22800, 8.4, "Peter Jackson", "Elijah Wood|Ian McKellen"),
    ("Spirited Away", "2001-07-20", 125, "ja", "Animation|Family|Fantasy", 19, 274.9, 14800, 8.5, "Hayao Miyazaki", "Rumi Hiiragi"),
    ("Hable con ella", "2002-03-15", 112, "es", "Drama|Romance", None, 51, 1000, 7.6, "Pedro Almodóvar", "Javier Cámara"),
    ("Eternal Sunshine of the Spotless Mind", "2004-03-19", 108, "en", "Drama|Romance|Sci-Fi", 20, 72.3, 13400, 8.1, "Michel Gondry", "Jim Carrey|Kate Winslet"),
    ("March of the Penguins", "2005-01-26", 80, "fr", "Documentary", 8, 127.4, 600, 7.0, "Luc Jacquet", "Morgan Freeman"),
    ("No Country for Old Men", "2007-06-13", 122, "en", "Crime|Thriller", 25, 171.6, 10700, 7.9, "Joel Coen", "Tommy Lee Jones|Javier Bardem"),
    ("Inception", "2010-07-15", 148, "en", "Action|Adventure|Sci-Fi", 160, 825.5, 33800, 8.4, "Christopher Nolan", "Leonardo DiCaprio|Elliot Page"),
    ("Mad Max: Fury Road", "2015-05-13", 120, "en", "Action|Adventure|Sci-Fi", 150, 378.9, 21000, 7.6, "George Miller", "Tom Hardy|Charlize Theron"),
    ("La La Land", "2016-11-29", 128, "en", "Comedy|Drama|Musical|Romance", 30, 447.4, 15500, 7.9, "Damien Chazelle", "Ryan Gosling|Emma Stone"),
    ("Roma", "2018-08-25", 135, "es", "Drama", 15, 5.1, 2700, 7.7, "Alfonso Cuarón", "Yalitza Aparicio"),
    ("Parasite", "2019-05-30", 132, "ko", "Comedy|Drama|Thriller", 11, 257.6, 15900, 8.5, "Bong Joon-ho", "Song Kang-ho"),
    ("<script>alert(1)</script>", "2020-04-01", 3, "en", "Comedy", None, None, 4, 5.0, "O'Malley & Sons <b>", "\"Quote\" Person"),
]  # fmt: skip


def build(path: Path) -> Path:
    """Write the catalogue: 42 films, their people, and some 280 people's ratings drawn with a fixed seed."""
    db = duckdb.connect(str(path))
    db.execute("BEGIN")
    for statement in create_statements():
        db.execute(statement)
    db.execute("INSERT INTO meta VALUES ('schema_version', ?), ('created', 'long ago')", [str(SCHEMA_VERSION)])
    people: dict[str, int] = {}
    chance = Random(7)
    ratings: list[dict[str, float]] = []
    mean = sum(f[8] for f in FILMS) / len(FILMS)
    for film_id, row in enumerate(FILMS, 1):
        title, day, minutes, language, genres, budget, revenue, votes, average, director, cast = row
        cost, took = (int(v * 1e6) if v else None for v in (budget, revenue))
        known = cost is not None and took is not None
        score = (votes * average + 500 * mean) / (votes + 500)
        db.execute(
            "INSERT INTO films (film_id, title, title_key, original_title, year, release_date, runtime, language, tagline,"
            'budget, revenue, profit, "return", popularity, vote_average, vote_count, vote_average_filled, weighted_rating)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [film_id, title, title_key(title), title, int(day[:4]), date.fromisoformat(day), minutes, language,
             "In space no one can hear you scream." if title == "Alien" else None, cost, took,
             took - cost if known else None, took / cost if known else None, votes / 100, average, votes, average, score],
        )  # fmt: skip
        for genre in genres.split("|"):
            db.execute("INSERT INTO genres VALUES (?, ?, 'tests', false, NULL)", [film_id, genre])
        if title == "Roma":
            db.execute("INSERT INTO genres VALUES (?, 'Family', 'tagger', true, 0.41)", [film_id])
        for place, name in enumerate([director, *cast.split("|")]):
            person = people.setdefault(name, len(people) + 1)
            part = ("Directing", "Director", None, None) if place == 0 else ("Acting", "Actor", None, place - 1)
            db.execute("INSERT INTO credits VALUES (?, ?, ?, ?, ?, ?, 'tests')", [film_id, person, *part])
        if votes > 1000:
            stars = [min(5.0, max(0.5, round(chance.gauss(average / 2, 0.8) * 2) / 2)) for _ in range(votes // 120)]
            ratings += [{"user_id": i, "film_id": film_id, "stars": value} for i, value in enumerate(stars, 1)]
    db.execute("INSERT INTO external_ids VALUES ('imdb', 'tt0078748', 18, 'tests'), ('tmdb', '348', 18, 'tests')")
    # Whole tables at once: row by row, DuckDB takes its time.
    db.register("rated", pa.Table.from_pylist(ratings))
    db.register("persons", pa.Table.from_pylist([{"id": i, "name": n, "key": title_key(n)} for n, i in people.items()]))
    db.execute("INSERT INTO ratings SELECT 'tests', user_id, film_id, stars, NULL FROM rated")
    db.execute("INSERT INTO people SELECT id, name, key, NULL, NULL FROM persons")
    db.execute("COMMIT")
    db.close()
    return path
