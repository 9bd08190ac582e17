"""The weighted-tardiness set: 22 classical job shops, each with three ways to set due dates.

Due date of a job: its release plus f times its work, rounded down, f = 1.3, 1.5 and 1.6; weight 4 for the
first fifth of the jobs, 2 for the next three fifths, 1 for the others (Singer and Pinedo 1998, IIE
Transactions 30). Whole files are taken, la21 to la24 with all their 15 jobs. Several optima are 0, so sums
over the set are compared, not percentages of single instances.
"""

from __future__ import annotations

from pathlib import Path

from manyworks.scheduling.instances import read_instance
from manyworks.scheduling.instances.goals import set_due_dates, set_objective
from manyworks.scheduling.problem.data import Objective, ProblemData

SHOPS = (
    "abz/abz5",
    "abz/abz6",
    *(f"la/la{number}" for number in range(16, 25)),
    "ft/ft10",
    *(f"orb/orb{number:02d}" for number in range(1, 11)),
)
FACTORS = ("1.3", "1.5", "1.6")
TARDINESS_ONLY = Objective(levels=({"tardiness": 1.0},))


def load_weighted(path: Path, factor: str) -> ProblemData:
    """Read a job shop and give it due dates and weights."""
    return set_objective(set_due_dates(read_instance(path), factor), TARDINESS_ONLY)
