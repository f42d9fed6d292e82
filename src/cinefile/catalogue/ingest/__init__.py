"""The build (ETL): data sets in, a catalogue file out."""

from cinefile.catalogue.ingest.ingest import IngestResult, ingest
from cinefile.catalogue.ingest.workspace import FileCount
from cinefile.progress import Progress

__all__ = ["FileCount", "IngestResult", "Progress", "ingest"]
