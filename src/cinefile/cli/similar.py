"""`cinefile similar`, `cinefile search` and `cinefile train similar`."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cinefile.cli import output
from cinefile.cli.output import Db, Json


def similar(
    film: Annotated[str, typer.Argument(help='Title with the year, or id: "Toy Story (1995)".')],
    k: Annotated[int, typer.Option("-k", help="Number of films.")] = 5,
    franchise: Annotated[
        Literal["any", "out", "only"],
        typer.Option(help="Films of the same series: include them, leave them out, or show only them."),
    ] = "any",
    year_from: output.YearFrom = None,
    year_to: output.YearTo = None,
    decade: output.Decade = None,
    genre: output.Genre = None,
    language: output.Language = None,
    min_votes: output.MinVotes = None,
    fame: Annotated[
        float, typer.Option(help="Preference for fame, from -1 (obscure films) to 1 (famous films).")
    ] = 0.0,
    diversity: Annotated[
        float, typer.Option(help="Diversity of the answers, from 0 (most similar) to 1 (most varied).")
    ] = 0.0,
    part: Annotated[
        list[str] | None,
        typer.Option(help="Use only these parts of the similarity: plot, genres, keywords, people, taste, …"),
    ] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Show the films most similar to one film, with the reasons.

    Examples: `cinefile similar "Toy Story (1995)"`

    `cinefile similar "Alien (1979)" --franchise out --decade 1990 -k 10`
    """
    from cinefile.library import Library

    with Library(db) as lib:
        answer = lib.similar(
            film,
            k,
            franchise=franchise,
            fame=fame,
            diversity=diversity,
            weights=dict.fromkeys(part, 1.0) if part else None,
            decade=decade,
            year_from=year_from,
            year_to=year_to,
            genre=genre,
            language=language,
            min_votes=min_votes,
        )
    if as_json:
        output.emit_json(answer.document())
        return
    output.table(
        ("film_id", "title", "year", "score", "because"),
        [(f.film_id, f.title, f.year, f.score, f.because) for f in answer],
    )


def train_similar(
    db: Db = None,
    texts: Annotated[
        Path | None,
        typer.Option(help="Another catalogue whose plots, keywords and people to use; matched by external ids."),
    ] = None,
    encoder: Annotated[
        Literal["shipped", "all-MiniLM-L6-v2"] | None,
        typer.Option(
            help="Text encoder of plots and queries; the second needs the extra [train] [default: as before]."
        ),
    ] = None,
    neighbours: Annotated[
        Path | None, typer.Option(help="Also write the neighbours of every film to this Parquet file.")
    ] = None,
    k: Annotated[int, typer.Option("-k", help="Number of neighbours per film in that file.")] = 10,
    as_json: Json = False,
) -> None:
    """Make the vectors behind `cinefile similar` and keep them beside the catalogue; known plots are not encoded again.

    Example: `cinefile train similar --db films.duckdb --neighbours neighbours.parquet`
    """
    import time

    from cinefile.library import Library
    from cinefile.similar.models.blended import BlendedSimilarity
    from cinefile.similar.train import CARD, load_if_there, train, vectors_folder, write_parquet
    from cinefile.text.plot_encoders import CachingEncoder, MiniLmEncoder
    from cinefile.text.static_encoder import shipped_encoder

    started = time.perf_counter()
    with Library(db) as lib:
        folder = vectors_folder(lib.path)
        chosen = shipped_encoder() if encoder == "shipped" else CachingEncoder(MiniLmEncoder()) if encoder else None
        built = train(lib.catalogue, load_if_there(folder), texts=texts, encoder=chosen)
        built.vectors.save(folder, CARD)
    facts: dict[str, Any] = {
        "films": len(built.vectors),
        "plots": int((built.vectors.plot_hash != 0).sum()),
        "encoded": built.encoded,
        "encoder": built.vectors.encoder,
        "folder": str(folder),
        "seconds": round(time.perf_counter() - started, 1),
    }
    if neighbours is not None:
        facts["neighbours"] = write_parquet(neighbours, BlendedSimilarity(built.vectors, threads=1), k)
    if as_json:
        output.emit_json(facts)
        return
    output.table(("what", "value"), list(facts.items()))


def search(
    words: Annotated[str, typer.Argument(help="A title or name (typos allowed), or what the film is about.")],
    k: Annotated[int, typer.Option("-k", help="Number of films.")] = 10,
    year_from: output.YearFrom = None,
    year_to: output.YearTo = None,
    genre: output.Genre = None,
    language: output.Language = None,
    min_votes: output.MinVotes = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Find films by words.

    Examples: `cinefile search "blade runer"`

    `cinefile search "a heist in space with a robot" --from 1980`
    """
    from cinefile.library import Library

    with Library(db) as lib:
        answer = lib.search(
            words, k, year_from=year_from, year_to=year_to, genre=genre, language=language, min_votes=min_votes
        ).document()
    if as_json:
        output.emit_json(answer)
        return
    output.table(("film_id", "title", "year", "score", "found by"), [list(f.values()) for f in answer["films"]])
