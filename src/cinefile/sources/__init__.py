"""One reader per raw format: bytes in, Arrow batches of our row types out, bad rows kept with their reason.

for dataset in recognise("ml-25m.zip"):
    for rows in dataset.read():
        rows.kind, rows.batch
"""

from cinefile.sources.base import Dataset, Source
from cinefile.sources.registry import SOURCES, recognise
from cinefile.sources.rows import SCHEMAS, Kind, Rows

__all__ = ["SCHEMAS", "SOURCES", "Dataset", "Kind", "Rows", "Source", "recognise"]
