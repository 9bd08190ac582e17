"""Goals as expressions of a model, and prices as whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from manyworks.scheduling.problem.data import GOAL_NAMES
from manyworks.scheduling.problem.tables import FOREVER, NONE
from manyworks.scheduling.solvers.modelling import Draft, Expression, Option, Task

_FINEST = 10**4
"""Largest denominator of a price that is taken as it is; sums of others are rounded down a little."""
_LARGEST = 2**58


class Term(NamedTuple):
    """A part of an objective: a price and an expression from 0 to ``most``, with its value in the base."""

    price: float
    expression: Expression
    most: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """An objective in whole numbers: ``expression`` is at most ``scale`` times the true one; exact or not.

    ``now`` is its value in the base, if there is one.
    """

    expression: Expression
    now: int
    scale: float
    is_exact: bool

    def bound(self, value: float) -> float:
        """Bound of the true objective that a bound of the expression means."""
        return value / self.scale


def _lateness(draft: Draft, task: Task, due: int, hint_end: int | None) -> Term | None:
    most = draft.frame.horizon - due
    if most <= 0:
        return None
    now = 0 if hint_end is None else max(0, hint_end - due)
    late = draft.number(0, most, now)
    draft.model.add(late >= task.end - due)
    return Term(1.0, late, most, now)


def _tardiness(draft: Draft) -> list[Term]:
    rows, base = draft.rows, draft.frame.base
    terms = []
    for o, task in draft.moving():
        if rows.due[o] != FOREVER and rows.weight[o] > 0:
            term = _lateness(draft, task, rows.due[o], base.end[o] if base else None)
            if term is not None:
                terms.append(term._replace(price=rows.weight[o]))
    return terms


def _makespan(draft: Draft) -> list[Term]:
    base, settled = draft.frame.base, draft.frame.settled
    now = max(base.end, default=0) if base else 0
    most = max(draft.frame.horizon, settled)
    latest = draft.number(settled, most, now)
    for o, task in draft.moving():
        if not any(arc.lag >= 0 and arc.operation in draft.tasks for arc in draft.rows.afters[o]):
            draft.model.add(latest >= task.end)
    return [Term(1.0, latest, most, now)]


def _flow(draft: Draft) -> list[Term]:
    rows, base = draft.rows, draft.frame.base
    return [
        Term(rows.flow_weight[o], task.end, draft.frame.horizon, base.end[o] if base else 0)
        for o, task in draft.moving()
        if rows.flow_weight[o] > 0
    ]


def _one(option: Option) -> Expression:
    return 1 if option.literal is True else option.literal


def _setup(draft: Draft) -> list[Term]:
    return [
        Term(float(option.setup), _one(option), 1, int(option.hinted))
        for _, task in draft.moving()
        for option in task.options
        if option.setup
    ]


def _moved(draft: Draft) -> list[Term]:
    rows = draft.rows
    return [
        Term(1.0, _one(option), 1, int(option.hinted))
        for o, task in draft.moving()
        for option in task.options
        if rows.reference_machine[o] not in (NONE, rows.machine[option.mode])
    ]


def _shift(draft: Draft) -> list[Term]:
    rows, base = draft.rows, draft.frame.base
    terms = []
    for o, task in draft.moving():
        if rows.reference_machine[o] != NONE:
            reference = rows.reference_start[o]
            most = max(reference, draft.frame.horizon)
            now = abs(base.start[o] - reference) if base else 0
            away = draft.number(0, most, now)
            draft.model.add(away >= task.start - reference)
            draft.model.add(away >= reference - task.start)
            terms.append(Term(1.0, away, most, now))
    return terms


_GOALS = {
    "tardiness": _tardiness,
    "makespan": _makespan,
    "flow": _flow,
    "setup": _setup,
    "moved": _moved,
    "shift": _shift,
}


def terms_of(draft: Draft, prices: Mapping[str, float]) -> list[Term]:
    """Write goals, other than deadlines (which the model keeps), as priced expressions of the model."""
    return [
        term._replace(price=term.price * price)
        for goal in GOAL_NAMES
        if goal in _GOALS and (price := prices.get(goal, 0.0)) > 0
        for term in _GOALS[goal](draft)
    ]


def _exact_scale(prices: Sequence[float]) -> int | None:
    """Least factor that makes all prices whole, if it is small."""
    fractions = [Fraction(price).limit_denominator(_FINEST) for price in prices]
    if any(abs(float(one) - price) > 1e-12 * price for one, price in zip(fractions, prices, strict=True)):
        return None
    scale = lcm(*(one.denominator for one in fractions))
    return scale if scale <= _FINEST else None


def pull_terms(draft: Draft) -> list[Term]:
    """What ends are worth to operations that stand still, and will move up afterwards."""
    base = draft.frame.base
    return [
        Term(worth, draft.tasks[o].end, draft.frame.horizon, base.end[o] if base else 0)
        for o, worth in sorted(draft.frame.pull.items())
        if worth > 0 and o in draft.tasks
    ]


def in_whole_numbers(terms: Sequence[Term], finest: float = 1e9) -> Price:
    """Add up priced expressions with whole factors.

    Parameters
    ----------
    terms
        Expressions that are never negative, so that prices rounded down give a lower bound.
    finest
        Greatest factor used where prices are no simple fractions.
    """
    prices = [term.price for term in terms]
    most = max(sum(term.price * term.most for term in terms), 1.0)
    exact = _exact_scale(prices)
    if exact is not None and most * exact < _LARGEST:
        return _in_units(terms, [round(price * exact) for price in prices], float(exact), is_exact=True)
    scale = min(finest, _LARGEST / most)
    return _in_units(terms, [int(price * scale) for price in prices], scale, is_exact=False)


def _in_units(terms: Sequence[Term], units: Sequence[int], scale: float, *, is_exact: bool) -> Price:
    pairs = list(zip(units, terms, strict=True))
    return Price(
        expression=sum(unit * term.expression for unit, term in pairs),
        now=sum(unit * term.now for unit, term in pairs),
        scale=scale,
        is_exact=is_exact,
    )
