"""Tagging plots in bulk on a cluster, with a tagger loaded once per worker."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cinefile.engines.spark.files import Folder
from cinefile.genres import load_tagger
from cinefile.genres.files import Summary, tag_rows
from cinefile.genres.plot_tagger import PlotTagger
from cinefile.genres.rows import BATCH, rows

if TYPE_CHECKING:
    from pyspark import SparkContext

# A chunk's number, how many of its rows are done already, and the others with theirs.
_Chunk = tuple[int, int, list[tuple[int, Mapping[str, Any]]]]
_RULE = "run.json"


def tag_file(
    context: "SparkContext",
    model: str | None,
    source: Path,
    out: Folder,
    *,
    threshold: float | str = 0.1,
    plot_column: str | None = None,
    resume: bool = True,
    chunk: int = BATCH,
) -> Summary:
    """Write one JSON line per row of ``source`` into a folder of files, as ``genres.files.tag_file`` into one.

    The file is read by one task, row by row, in chunks, which are then spread over the cluster: inference takes a
    thousand times as long as reading. Rows that cannot be tagged go into files that end in ``.rejected.jsonl``.

    Args:
        context: the cluster; a tagger's own folder must be on a path that all machines share.
        model: as for ``genres.load_tagger``.
        source: file on a path that all machines share.
        out: folder to write.
        threshold: as in `ShippedTagger.predict`.
        plot_column: name of the column with the plot; None looks for the usual ones.
        resume: keep the chunks that an earlier run finished with the same arguments; False starts over.
        chunk: rows that a task takes at a time.

    Raises:
        InputError: the source cannot be read at all.
        ModelError: no such tagger.
    """
    load_tagger(model)
    next(iter(rows(source)), None)
    status = source.stat()
    said = {"source": [str(source), status.st_size, int(status.st_mtime)], "model": model, "threshold": threshold}
    said |= {"column": plot_column, "chunk": chunk}
    if not resume or out.read_json(_RULE) != said:
        out.renew()
        out.write_json(_RULE, said)
    done = frozenset(name for name in out.names() if name.endswith(".tags.jsonl"))
    chunks = context.parallelize([str(source)], 1).flatMap(_Read(chunk, done))
    counts = chunks.repartition(4 * context.defaultParallelism).map(_Tag(model, threshold, plot_column, out)).collect()
    tagged, rejected, skipped = (sum(c[n] for c in counts) for n in range(3))
    return Summary(skipped + tagged + rejected, tagged, rejected, skipped)


def chunk_name(number: int) -> str:
    """File of one chunk's tags."""
    return f"chunk-{number:07d}.tags.jsonl"


class _Read:
    def __init__(self, chunk: int, done: frozenset[str]) -> None:
        self._chunk, self._done = chunk, done

    def __call__(self, source: str) -> Iterator[_Chunk]:
        numbered = enumerate(rows(Path(source)))
        number = 0
        while some := list(islice(numbered, self._chunk)):
            if chunk_name(number) in self._done:
                yield number, len(some), []
            else:
                yield number, 0, [(n, dict(row)) for n, row in some]
            number += 1


@lru_cache(maxsize=1)
def _tagger(model: str | None) -> PlotTagger:
    """The tagger, kept by the worker; a task has one core."""
    return load_tagger(model, threads=1)


class _Tag:
    def __init__(self, model: str | None, threshold: float | str, plot_column: str | None, out: Folder) -> None:
        self._model, self._threshold, self._column, self._out = model, threshold, plot_column, out

    def __call__(self, chunk: _Chunk) -> tuple[int, int, int]:
        number, done, numbered = chunk
        if done:
            return 0, 0, done
        tags, refused = tag_rows(_tagger(self._model), numbered, self._threshold, self._column)
        name = chunk_name(number)
        if refused:
            self._write(name.replace(".tags.", ".rejected."), refused)
        self._write(name, tags)
        return len(tags), len(refused), 0

    def _write(self, name: str, lines: Iterable[str]) -> None:
        content = "".join(line + "\n" for line in lines).encode()
        self._out.write(name, lambda stream: stream.write(content))
