"""The models report: what was measured, with which command, and the cards of the models that ship."""

from cinefile.reports.models.report import models_report

__all__ = ["models_report"]
