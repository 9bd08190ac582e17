"""What may be chosen: every operation at every seat, for every number of pieces it may be asked for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from manyworks.model import ItemId, Operation, OperationId, Place, Routing
from manyworks.quoting.case import Case, Effort
from manyworks.quoting.chain import items_in_order


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """Operation number ``stage`` of ``routing`` at one seat for ``good`` pieces.

    ``needs`` are the items and tools it takes, beside ``effort.starts`` of the stage before.
    """

    routing: Routing
    stage: int
    seat: int
    good: float
    effort: Effort
    needs: tuple[tuple[ItemId, float], ...]

    @property
    def operation(self) -> Operation:
        """The operation."""
        return self.routing.operations[self.stage]


@dataclass(slots=True, kw_only=True)
class Columns:
    """All columns of a case at one quantity.

    ``by_stage`` groups them by (operation, good pieces); ``goods`` are the numbers of good pieces
    each operation may be asked for, ``totals`` those each item may be, ``largest`` the most of each.
    """

    by_stage: dict[tuple[OperationId, float], tuple[Column, ...]] = field(default_factory=dict)
    goods: dict[OperationId, tuple[float, ...]] = field(default_factory=dict)
    totals: dict[ItemId, tuple[float, ...]] = field(default_factory=dict)
    largest: dict[ItemId, float] = field(default_factory=dict)
    down: bool = False

    def short(self, case: Case, item: ItemId, place: Place) -> bool:
        """Whether offers that reach ``place`` may not cover the most of an item the product can take.

        Only then may a part be assumed instead of bought.
        """
        return case.supply(item, place) + 1e-9 < self.largest.get(item, 0.0)

    def of(self, operation: OperationId) -> Iterable[Column]:
        """Every column of an operation."""
        for good in self.goods.get(operation, ()):
            yield from self.by_stage[operation, good]

    def listed(self, operation: OperationId, good: float) -> float:
        """The number of pieces that stands for ``good``: the next one up, or down in columns for bounds.

        One of several consumers may want less than is ever made at once: then the least stands for it.
        """
        values = self.goods[operation]
        if self.down:
            return next(
                (value for value in reversed(values) if value <= good + 1e-9), min(values, default=good)
            )
        return next((value for value in values if value >= good - 1e-9), good)


def list_columns(case: Case, quantity: float, most: int | None, *, down: bool = False) -> Columns:
    """List all columns from the buyer down.

    Parameters
    ----------
    most
        At most so many different numbers of pieces an operation; where shops' yields make more,
        numbers are raised to the next one kept. None: all are kept.
    down
        Lower them instead, for bounds that must never be too dear.
    """
    result = Columns(down=down)
    wanted: dict[ItemId, list[Mapping[int, frozenset[float]]]] = {case.root: [{0: frozenset({quantity})}]}
    for item in items_in_order(case):
        sums = _sums(wanted.get(item, []))
        result.largest[item] = max(sums, default=0.0)
        totals = _thin(sums, most, down=down)
        result.totals[item] = totals
        uses: dict[ItemId, dict[int, frozenset[float]]] = {}
        for number, routing in enumerate(case.routings.get(item, ())):
            fitting = tuple(t for t in totals if routing.min_quantity <= t <= routing.max_quantity)
            for used, amounts in _list_routing(case, routing, fitting, most, result).items():
                uses.setdefault(used, {})[number] = amounts
        alternatives = len(case.routings.get(item, ()))
        for used, by_routing in uses.items():
            spare = {} if len(by_routing) == alternatives else {-1: frozenset({0.0})}
            wanted.setdefault(used, []).append({**by_routing, **spare})
    return result


def _sums(parents: list[Mapping[int, frozenset[float]]]) -> frozenset[float]:
    """Every total that one choice of routing in each parent item may ask for."""
    sums = frozenset({0.0})
    for alternatives in parents:
        amounts = frozenset().union(*alternatives.values())
        sums = frozenset(a + b for a in sums for b in amounts)
    return frozenset(total for total in sums if total > 0)


def _thin(values: Iterable[float], most: int | None, *, down: bool) -> tuple[float, ...]:
    """At most ``most`` of the values: the highest of each bunch of neighbours, or the lowest."""
    ordered = sorted(values)
    if most is None or len(ordered) <= most:
        return tuple(ordered)
    step = len(ordered) / most
    firsts = [math.ceil(step * i) for i in range(most)]
    lasts = [following - 1 for following in (*firsts[1:], len(ordered))]
    return tuple(ordered[i] for i in (firsts if down else lasts))


def _list_routing(
    case: Case, routing: Routing, totals: tuple[float, ...], most: int | None, result: Columns
) -> dict[ItemId, frozenset[float]]:
    """List the columns of one routing; how much of each other item it may take in all."""
    per_item: dict[ItemId, list[frozenset[float]]] = {}
    goods = totals
    for stage in reversed(range(len(routing.operations))):
        operation = routing.operations[stage]
        result.goods[operation.id] = goods
        columns = [column for good in goods for column in _seats(case, routing, stage, good, result)]
        amounts: dict[ItemId, set[float]] = {}
        for column in columns:
            for item, pieces in column.needs:
                amounts.setdefault(item, set()).add(pieces)
        for item, pieces_set in amounts.items():
            spare = {0.0} if any(item not in dict(column.needs) for column in columns) else set()
            per_item.setdefault(item, []).append(frozenset(pieces_set | spare))
        goods = _thin({column.effort.starts for column in columns}, most, down=result.down)
    return {
        item: frozenset(sum(combination) for combination in itertools.product(*parts))
        for item, parts in per_item.items()
    }


def _seats(case: Case, routing: Routing, stage: int, good: float, result: Columns) -> tuple[Column, ...]:
    operation = routing.operations[stage]
    seats = case.seats[operation.id]
    columns = tuple(
        Column(
            routing=routing,
            stage=stage,
            seat=number,
            good=good,
            effort=effort,
            needs=tuple(case.needs(operation, effort.starts, seats[number].shop.id)),
        )
        for number, effort in enumerate(case.efforts(operation, good) if seats else ())
        if effort is not None
    )
    result.by_stage[operation.id, good] = columns
    return columns
