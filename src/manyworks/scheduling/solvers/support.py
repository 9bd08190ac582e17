"""What the model can carry, and what it is of any use for. Without OR-Tools."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np

from manyworks.model import Finding, info
from manyworks.scheduling.problem.data import ProblemData
from manyworks.scheduling.problem.tables import CARRIES, Tables

MOST_MODES_WHOLE = 3000
"""Modes beyond which CP-SAT finds next to nothing on a whole problem."""
MOST_OPERATIONS = 20_000
"""Operations beyond which even cutting windows out takes longer than a window is worth."""
SHORTEST_SECONDS = 2.0
"""Budget below which starting a process with OR-Tools does not pay."""


def is_installed() -> bool:
    """Whether OR-Tools is there."""
    return find_spec("ortools") is not None


def not_installed() -> Finding:
    """Say that OR-Tools is not there."""
    return info(
        "scheduling.solver.not-installed",
        "CP-SAT",
        "OR-Tools is not installed; the search goes on without it",
        "pip install manyworks[optimal] for proofs and stronger bounds",
    )


def supports(data: ProblemData) -> str | None:
    """Say why the model cannot carry a problem; None where it can."""
    p = data.tables
    if _mixes_vehicles(p):
        return "a vehicle also does work that is no transport"
    if _mixes_roles(p):
        return "a resource with set-ups is a machine in one mode and a helper in another"
    return None


def _mixes_roles(p: Tables) -> bool:
    """Whether some machine with set-ups is also held beside another machine."""
    if not np.any(p.modes["setup"]) and not len(p.changes):
        return False
    helpers = np.delete(p.holds, p.modes["first_hold"][:-1])
    return bool(np.isin(helpers, p.modes["machine"][:-1]).any())


def _mixes_vehicles(p: Tables) -> bool:
    carries = np.repeat(p.operations["flags"][:-1] & CARRIES != 0, np.diff(p.operations["first_mode"]))
    by_hold = np.repeat(carries, np.diff(p.modes["first_hold"]))
    return bool(np.isin(p.holds[~by_hold], p.holds[by_hold]).any())


def suits_whole(data: ProblemData) -> bool:
    """Whether the whole of a problem is small enough for one model."""
    return len(data.tables.modes) - 1 <= MOST_MODES_WHOLE and supports(data) is None


def is_worth_it(data: ProblemData, seconds: float) -> bool:
    """Whether CP-SAT may help at all within a budget."""
    fits = 1 < data.tables.total <= MOST_OPERATIONS and seconds >= SHORTEST_SECONDS
    return fits and supports(data) is None
