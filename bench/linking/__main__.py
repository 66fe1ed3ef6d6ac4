"""python -m bench.linking: the table on the screen."""

from bench import report

from . import rows

report.show(rows())
