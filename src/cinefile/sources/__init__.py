"""One reader per raw format: bytes in, Arrow batches of our row types out, bad rows kept with their reason.

for dataset in recognise("ml-25m.zip"):
    for rows in dataset.read():
        rows.kind, rows.batch
"""

from cinefile.sources.contract import SCHEMAS, Dataset, Kind, Rows, Source
from cinefile.sources.registry import SOURCES, read_table, recognise

__all__ = ["SCHEMAS", "SOURCES", "Dataset", "Kind", "Rows", "Source", "read_table", "recognise"]
