"""Text files of one film a line."""

from collections.abc import Callable, Iterator

from cinefile.sources.base import BadRowError
from cinefile.sources.batches import Batches
from cinefile.sources.decoding import text_lines
from cinefile.sources.fields import Film
from cinefile.sources.files import DataFile
from cinefile.sources.rows import Rows


def read_films(parse: Callable[[int, str], Film], file: DataFile) -> Iterator[Rows]:
    """All films of a file; blank lines are no rows.

    Args:
        parse: (line number, text of the line) -> the film; raises BadRowError.
        file: the file.
    """
    with file.open() as opened, text_lines(opened.stream) as lines:
        out = Batches("film", file.name, opened.position)
        for line, raw in enumerate(lines, 1):
            text = raw.rstrip("\r\n")
            if not text.strip():
                continue
            try:
                out.add(parse(line, text), text)
            except BadRowError as error:
                out.reject(line, str(error), text)
            if out.full:
                yield from out.flush()
        yield from out.flush()
