"""Who can do or supply each step.

`Market` indexes a network and answers three questions: which machines can do an operation, who
sells a part, and what a part may cost that nobody sells. Beside it stand the vocabulary it
judges by (`canonical`, `is_kind_of`), and what is assumed of bought parts that do not state
their mass and size (`part_mass_kg`, `part_size_mm`).
"""

from manyworks.market.answers import Candidate, Match, OfferCandidate, OfferMatch, PriceEstimate, Refusal
from manyworks.market.market import Market, declines
from manyworks.market.packages import Package, find_package
from manyworks.market.parts import part_mass_kg, part_size_mm
from manyworks.market.taxonomy import canonical, is_kind_of, known_processes, nearest_process
from manyworks.market.tolerances import grade_tolerance_mm
from manyworks.market.understanding import Understanding, understand_parts

__all__ = [
    "Candidate",
    "Market",
    "Match",
    "OfferCandidate",
    "OfferMatch",
    "Package",
    "PriceEstimate",
    "Refusal",
    "Understanding",
    "canonical",
    "declines",
    "find_package",
    "grade_tolerance_mm",
    "is_kind_of",
    "known_processes",
    "nearest_process",
    "part_mass_kg",
    "part_size_mm",
    "understand_parts",
]
