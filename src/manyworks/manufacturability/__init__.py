"""Can it be made as it is drawn? Forty-eight checks of boards, assemblies, bodies, sheets and garments.

Each check compares a measure of the part with a threshold and says what was measured, where on the
part, how much it matters, and which shops of a network can take the part as it is. Every threshold is
data, and a shop or a user may override any of them.
"""

from manyworks.manufacturability.checking import check, to_findings
from manyworks.manufacturability.rules import Limit, limits
from manyworks.manufacturability.subjects import Subject, subjects_of
from manyworks.manufacturability.verdicts import Check, Place

__all__ = ["Check", "Limit", "Place", "Subject", "check", "limits", "subjects_of", "to_findings"]
