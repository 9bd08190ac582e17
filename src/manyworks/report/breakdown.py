"""Where the money goes: the lines of a quote summed by kind, and by whoever gets it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from manyworks.model import CostLine, Option
from manyworks.report.formats import capitalise, humanise, money_decimals, round_to_sum
from manyworks.report.tables import index_table, read_table

UNEXPLAINED = "not explained"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSum:
    """What one shop, seller or lane gets of one kind of cost."""

    where: str
    amount: float
    lines: tuple[CostLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSum:
    """One kind of cost: its sum, the sum as shown (shown sums add up exactly) and what is in it."""

    kind: str
    words: str
    meaning: str
    group: str
    amount: float
    shown: float
    share: float
    places: tuple[PlaceSum, ...]


def sum_by_kind(option: Option, currency: str) -> tuple[KindSum, ...]:
    """Sums by kind in a fixed order, unknown kinds last.

    Where the lines do not add up to the option's total, the difference is a kind of its own: a
    page never shows a sum that its parts do not make.
    """
    kinds = _group(option.lines, lambda line: line.kind)
    sums = {kind: _sum(lines) for kind, lines in sorted(kinds.items(), key=lambda entry: _rank(entry[0]))}
    gap = option.total - math.fsum(sums.values())
    if abs(gap) >= 0.5 * 10.0 ** -money_decimals(currency):
        sums[UNEXPLAINED] = gap
    shown = round_to_sum(list(sums.values()), option.total, money_decimals(currency))
    return tuple(
        _describe(kind, sums[kind], as_shown, option.total, kinds.get(kind, ()))
        for kind, as_shown in zip(sums, shown, strict=True)
    )


def _describe(kind: str, amount: float, shown: float, total: float, lines: Sequence[CostLine]) -> KindSum:
    row = index_table("cost_kinds", "kind").get(kind, {})
    return KindSum(
        kind=kind,
        words=row.get("words") or capitalise(humanise(kind)),
        meaning=row.get("meaning", ""),
        group=row.get("group", "other"),
        amount=amount,
        shown=shown,
        share=amount / total if total else 0.0,
        places=_sum_by_place(lines),
    )


def _sum_by_place(lines: Sequence[CostLine]) -> tuple[PlaceSum, ...]:
    places = _group(lines, lambda line: line.where)
    sums = [PlaceSum(where=where, amount=_sum(own), lines=own) for where, own in places.items()]
    return tuple(sorted(sums, key=lambda place: (-place.amount, place.where)))


def _group(lines: Iterable[CostLine], key: Callable[[CostLine], str]) -> dict[str, tuple[CostLine, ...]]:
    groups: dict[str, list[CostLine]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return {name: tuple(own) for name, own in groups.items()}


def _sum(lines: Iterable[CostLine]) -> float:
    return math.fsum(line.amount for line in lines)


def _rank(kind: str) -> tuple[int, str]:
    known = [row["kind"] for row in read_table("cost_kinds")]
    return (known.index(kind) if kind in known else len(known), kind)
