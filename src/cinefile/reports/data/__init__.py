"""The data report: one section per file, its numbers computed in DuckDB."""

from cinefile.reports.data.report import SECTIONS, data_report

__all__ = ["SECTIONS", "data_report"]
