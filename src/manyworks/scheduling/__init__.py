"""When, on which machine, by whom: work in, a schedule that an independent checker accepted out.

For a network's work: `validate` says what is wrong with a workload, `schedule` makes a schedule of it,
`check` re-checks any schedule with code of its own; `replan` repairs one after something went otherwise,
`Promiser` tells when one more order could be done, `explain_late`, `explain_work` and
`compare_schedules` say why it is as it is.

For any scheduling problem: `ProblemBuilder` or `read_instance` make a `ProblemData`, `solve` gives a
`Result`, `check_solution` re-checks it. Everything but the first three is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from manyworks.scheduling.checking import check
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.schedules import schedule
from manyworks.scheduling.validation import validate

if TYPE_CHECKING:
    from manyworks.scheduling.bounds import lower_bound
    from manyworks.scheduling.explaining import compare_schedules, explain_late, explain_work
    from manyworks.scheduling.instances import read_instance
    from manyworks.scheduling.problem.builder import ProblemBuilder
    from manyworks.scheduling.problem.checking import check_solution
    from manyworks.scheduling.problem.data import Bound, Objective, ProblemData, Result, Solution, Stop
    from manyworks.scheduling.promising import Promiser
    from manyworks.scheduling.replanning import replan
    from manyworks.scheduling.solving import solve

__all__ = [
    "Bound",
    "Objective",
    "ProblemBuilder",
    "ProblemData",
    "Promiser",
    "Result",
    "SchedulingError",
    "Solution",
    "Stop",
    "check",
    "check_solution",
    "compare_schedules",
    "explain_late",
    "explain_work",
    "lower_bound",
    "read_instance",
    "replan",
    "schedule",
    "solve",
    "validate",
]

_HOMES = {
    "bounds": ("lower_bound",),
    "explaining": ("compare_schedules", "explain_late", "explain_work"),
    "instances": ("read_instance",),
    "problem.builder": ("ProblemBuilder",),
    "problem.checking": ("check_solution",),
    "problem.data": ("Bound", "Objective", "ProblemData", "Result", "Solution", "Stop"),
    "promising": ("Promiser",),
    "replanning": ("replan",),
    "solving": ("solve",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load what is not needed by every command when it is first asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
