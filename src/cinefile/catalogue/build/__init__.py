"""The build (ETL): data sets in, a catalogue file out."""

from cinefile.catalogue.build.builder import IngestResult, ingest
from cinefile.catalogue.build.progress import Progress
from cinefile.catalogue.build.staging import FileCount

__all__ = ["FileCount", "IngestResult", "Progress", "ingest"]
