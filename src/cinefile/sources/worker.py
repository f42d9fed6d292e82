"""The process that `ahead` starts: reads some files of a data set and writes their rows to standard output.

Written are pickles of tuples: ("rows", kind, file, bytes read, Arrow batch), ("end",) behind each file, and
("error", message, hint) in place of what follows a damaged file.
"""

import pickle
import sys
from typing import BinaryIO

from cinefile.errors import InputError
from cinefile.sources.base import Part
from cinefile.sources.registry import recognise


def main(source: str, path: str, files: list[str]) -> None:
    """Read the named files of a source under a path."""
    parts = {str(p.file): p for d in recognise(path) if d.source.name == source for p in d.parts}
    for file in files:
        _write(parts[file], sys.stdout.buffer)


def _write(part: Part, out: BinaryIO) -> None:
    try:
        for rows in part.read(part.file):
            pickle.dump(("rows", rows.kind, rows.file, rows.bytes_read, rows.batch.serialize().to_pybytes()), out)
            out.flush()
        pickle.dump(("end",), out)
    except InputError as error:
        pickle.dump(("error", error.message, error.hint), out)
    out.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
