"""Charts as SVG text, coloured by the page's style sheet: bars, histogram, line, heatmap.

Each has a title, axis labels with units, a description for those who cannot see it, and takes plain numbers.
"""

from cinefile.reports.charts.bars import bars
from cinefile.reports.charts.heatmap import heatmap
from cinefile.reports.charts.histogram import histogram
from cinefile.reports.charts.line import line
from cinefile.reports.charts.svg import HALF, WHOLE, twice

__all__ = ["HALF", "WHOLE", "bars", "heatmap", "histogram", "line", "twice"]
