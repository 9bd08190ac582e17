"""Pages for people: a quote, a plan, a design or an estimate as one HTML file that needs nothing else.

Style sheet, drawings and the few lines of script stand inside the file; no other host is asked for
anything. The pages read on a phone, on paper, in the dark and with a screen reader.
"""

from manyworks.report.estimate_view import EstimateRow, Measure, estimate_page
from manyworks.report.pages import plan_page, quote_page, read_page

__all__ = ["EstimateRow", "Measure", "estimate_page", "plan_page", "quote_page", "read_page"]
