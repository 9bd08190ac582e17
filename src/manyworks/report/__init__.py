"""Pages for people: quote, plan, schedule, design or estimate as one HTML file that needs nothing else.

Style sheet, drawings and the few lines of script stand inside the file; no other host is asked for
anything. The pages read on a phone, on paper, in the dark and with a screen reader.
"""

from manyworks.report.difference_view import difference_page
from manyworks.report.estimate_view import EstimateRow, Measure, estimate_page
from manyworks.report.pages import plan_page, quote_page, read_page
from manyworks.report.schedule_view import schedule_page

__all__ = [
    "EstimateRow",
    "Measure",
    "difference_page",
    "estimate_page",
    "plan_page",
    "quote_page",
    "read_page",
    "schedule_page",
]
