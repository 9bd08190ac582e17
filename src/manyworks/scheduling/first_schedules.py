"""Schedules to begin with: dispatching rules that suit the objective."""

from __future__ import annotations

import time
from collections.abc import Iterator

from manyworks.scheduling.problem.data import ProblemData, Solution, Stop

SHARE = 0.1
"""Share of a time budget after which no further rule is begun."""
FEWEST_FOR_QUEUES = 2000
"""Operations beyond which plain shops begin with a schedule made by queues, a million of them in a second."""
FOR_DUE_DATES = (
    "operation due date, serial",
    "ATCS 2 2, parallel",
    "ATC 2, serial",
    "ATCS 8 2, parallel",
    "slack, serial",
    "ATCS 2 0.5, serial",
    "ATC 4, parallel",
    "most work remaining, serial",
)
FOR_THROUGHPUT = (
    "most work remaining, serial",
    "most work remaining, parallel",
    "least set-up, serial",
    "longest, parallel",
    "slack, serial",
)
"""Names of `dispatch.rules`, the most promising first: a small budget may not reach the rest."""


def is_queued(data: ProblemData) -> bool:
    """Whether a problem is a large plain shop, whose first schedule is best made by queues alone."""
    from manyworks.scheduling.engine.wide_shops import is_plain

    return data.tables.total > FEWEST_FOR_QUEUES and is_plain(data.tables)


def first_solutions(data: ProblemData, stop: Stop, seed: int) -> Iterator[Solution]:
    """Give the schedules of a few rules one after the other, the first one always.

    Plain shops of thousands of operations and what tabu search takes have ways of their own, which need not
    compile the rules.

    Where a problem `is_queued`, ``engine.wide.first_schedule`` does better than any of them.

    Parameters
    ----------
    data
        The problem.
    stop
        With a time budget, rules are only tried in the first part of it; otherwise all of them.
    seed
        Of random choices, where there are any.

    Raises
    ------
    SchedulingError
        ``scheduling.horizon.ends``: operations find no room before the calendars end.
    """
    from manyworks.scheduling.dispatch.dispatching import dispatch
    from manyworks.scheduling.dispatch.rules import rules

    ends = None if stop.seconds is None else time.monotonic() + SHARE * stop.seconds
    dated = "tardiness" in data.objective.levels[0]
    known = {rule.name: rule for rule in rules()}
    for name in FOR_DUE_DATES if dated else FOR_THROUGHPUT:
        yield dispatch(data, known[name])
        if ends is not None and time.monotonic() >= ends:
            return
