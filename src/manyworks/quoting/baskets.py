"""Buying the parts of one operation: which sellers, when every seller adds a parcel and a fee.

An uncapacitated facility location problem: a facility is a seller with one bracket of one
carrier, a customer is a bill line. Greedy opening, then closing and exchanging as long as it pays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manyworks.model import ItemId, OperationId, Place, PlaceId
from manyworks.quoting.amounts import enough
from manyworks.quoting.case import Case, Good, Leg
from manyworks.quoting.chain import Buy
from manyworks.quoting.shelves import (
    Line,
    Pick,
    Shelf,
    Source,
    assumed_good,
    cover,
    nearest,
    put_on_shelf,
    weigh,
)

Matrix = npt.NDArray[np.float64]


TRACE = 1e-6
"""Weight of cost where footprint is kept small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """Bought lines with their carriers. Money, days until all is there, kg CO2e."""

    buys: tuple[Buy, ...]
    lanes: tuple[tuple[Place, Leg], ...]
    cost: float
    days: float
    co2e_kg: float


class Stalls:
    """All ways to buy the lines of one operation at one destination.

    Of items in ``short`` offers may not hold enough: what they lack is assumed.
    """

    def __init__(
        self,
        case: Case,
        operation: OperationId | None,
        place: Place,
        lines: Sequence[Line],
        short: frozenset[ItemId] = frozenset(),
    ) -> None:
        self.case, self.operation, self.place = case, operation, place
        self.lines, self.short = tuple(lines), short
        sizes = [(line.pieces, *case.size(line.item)) for line in lines]
        self._load = (sum(n * kg for n, kg, _ in sizes), sum(n * m3 for n, _, m3 in sizes))
        self.sources: dict[tuple[str, PlaceId, int], Source] = {}
        self.shelves = [self._stock(line) for line in self.lines]
        self._number = {source: n for n, source in enumerate(self.sources.values())}
        self._flat = np.array([source.flat for source in self.sources.values()])
        self._tables: dict[str, _Table] = {}

    def _stock(self, line: Line) -> list[Shelf]:
        """Every offer of a line with every carrier worth a thought."""
        shelves = [
            put_on_shelf(self.case, line, good, source, self.place)
            for good in self.case.goods.get(line.item, ())
            for source in self._sources(good)
        ]
        if line.item in self.short:
            shelves.append(self._assumed(line.item))
        return shelves

    def _assumed(self, item: ItemId) -> Shelf:
        """A shelf that never empties, of nobody, at the price that is assumed."""
        good = assumed_good(self.case.estimates[item], self.place)
        source = self.sources.setdefault(
            ("", self.place.id, 0), Source(seller=good.seller.id, fee=0.0, place=self.place, leg=None)
        )
        carbon = self.case.embodied(item, "new")
        days = good.offer.lead_days
        return Shelf(good=good, source=source, duty=0.0, freight=0.0, co2e_kg=carbon, days=days)

    def _sources(self, good: Good) -> list[Source]:
        legs: Sequence[Leg | None] = (None,)
        if good.place.id != self.place.id:
            every = self.case.worthwhile_legs(good.place, self.place)
            # brackets that begin above all lines together only charge for weight that is not there
            legs = [leg for leg in every if leg.min_kg <= leg.weight(*self._load)] or every
        found = []
        for number, leg in enumerate(legs):
            key = (good.seller.id, good.place.id, number)
            if key not in self.sources:
                fee = good.seller.order_fee
                self.sources[key] = Source(seller=good.seller.id, fee=fee, place=good.place, leg=leg)
            found.append(self.sources[key])
        return found

    def buy(self, by: str = "cost", max_days: float = math.inf) -> Basket | None:
        """Choose sources with least ``by`` (``cost`` or ``co2e_kg``); None if a line cannot come in time."""
        closed: set[str] = set()
        while True:
            picks = self._pick(by, max_days, closed)
            if picks is None:
                return None
            small = _too_small(picks)
            if not small:
                return self._basket(picks)
            closed |= small

    def _pick(self, by: str, max_days: float, closed: set[str]) -> list[tuple[Line, Pick]] | None:
        """Open sources, then cover every line from what is open; from anywhere if that does not do."""
        if not self.lines:
            return []
        if not self.sources:
            return None
        matrix = self._matrix(by, max_days, closed)
        assignment = locate(matrix, self._flat if by == "cost" else self._flat * TRACE)
        if assignment is None:
            return None
        opened = {int(number) for number in assignment}
        chosen: list[tuple[Line, Pick]] = []
        for i, line in enumerate(self.lines):
            row = self._allowed(i, max_days, closed)
            at_hand = nearest((s for s in row if self._number[s.source] in opened), by)
            cost, picks = cover(at_hand, line.pieces, by)
            if not math.isfinite(cost):
                cost, picks = cover(nearest(row, by), line.pieces, by)
                opened |= {self._number[pick.shelf.source] for pick in picks}
            chosen.extend((line, pick) for pick in picks)
        return chosen

    def _allowed(self, i: int, max_days: float, closed: set[str]) -> list[Shelf]:
        return [s for s in self.shelves[i] if s.days <= max_days + 1e-9 and s.source.seller not in closed]

    def _matrix(self, by: str, max_days: float, closed: set[str]) -> Matrix:
        """What each line costs with each source: whole, or its part and the rest as cheap as elsewhere."""
        table = self._table(by)
        open_sources = np.array([s.seller not in closed for s in self.sources.values()], dtype=bool)
        able = (table.days <= max_days + 1e-9) & open_sources
        whole_cost = np.where(able, table.whole, np.inf)
        elsewhere = whole_cost.min(axis=1)
        for i in np.flatnonzero(~np.isfinite(elsewhere)):
            row = nearest(self._allowed(int(i), max_days, closed), by)
            elsewhere[i], _ = cover(row, self.lines[i].pieces, by)
        in_parts = np.where(able, table.part + elsewhere[:, None] * (1 - table.share), np.inf)
        in_parts[~np.isfinite(elsewhere)] = np.inf
        return np.where(np.isfinite(whole_cost), whole_cost, in_parts)

    def _table(self, by: str) -> _Table:
        if by not in self._tables:
            shape = (len(self.lines), len(self.sources))
            table = _Table(
                whole=np.full(shape, np.inf),
                part=np.full(shape, np.inf),
                share=np.zeros(shape),
                days=np.full(shape, np.inf),
            )
            for i, line in enumerate(self.lines):
                goods = {id(shelf.good): shelf.good for shelf in self.shelves[i]}
                units = {key: enough(good, line.pieces) for key, good in goods.items()}
                for shelf in self.shelves[i]:
                    at = (i, self._number[shelf.source])
                    _enter(table, at, shelf, line.pieces, units[id(shelf.good)], by)
            self._tables[by] = table
        return self._tables[by]

    def _basket(self, picks: list[tuple[Line, Pick]]) -> Basket | None:
        cost = days = co2e = 0.0
        buys: list[Buy] = []
        for line, pick in picks:
            shelf, units = pick.shelf, pick.units
            good, leg = shelf.good, shelf.source.leg
            offer = good.offer.id if good.seller.id else None
            buys.append(Buy(item=line.item, operation=self.operation, offer=offer, units=units))
            kg, m3 = self.case.size(line.item)
            own = max(kg, m3 * leg.service.kg_per_m3) * good.offer.units_per if leg else 0.0
            cost += shelf.cost(units) - (leg.per_kg * own * units if leg else 0.0)
            days, co2e = max(days, shelf.days), co2e + shelf.co2e_kg * units
        lanes, freight = self._carriers(picks)
        if not math.isfinite(freight):
            return None
        return Basket(
            buys=tuple(buys), lanes=lanes, cost=cost + freight + _order_costs(picks), days=days, co2e_kg=co2e
        )

    def _carriers(self, picks: list[tuple[Line, Pick]]) -> tuple[tuple[tuple[Place, Leg], ...], float]:
        """One carrier for everything from one place: the cheapest that is none slower than those planned."""
        loads: dict[PlaceId, list[tuple[Source, float, float]]] = {}
        for line, pick in picks:
            kg, m3 = self.case.size(line.item)
            pieces = pick.units * pick.shelf.good.offer.units_per
            source = pick.shelf.source
            loads.setdefault(source.place.id, []).append((source, kg * pieces, m3 * pieces))
        lanes: list[tuple[Place, Leg]] = []
        freight = 0.0
        for load in loads.values():
            source = load[0][0]
            if source.leg is None:
                continue
            kg, m3 = sum(row[1] for row in load), sum(row[2] for row in load)
            slowest = min(row[0].leg.days for row in load if row[0].leg is not None)
            legs = [leg for leg in self.case.legs(source.place, self.place) if leg.days <= slowest + 1e-9]
            best = min(legs, key=lambda leg: leg.freight(kg, m3) + leg.flat - leg.fixed, default=None)
            if best is None:
                return (), math.inf
            lanes.append((source.place, best))
            freight += best.freight(kg, m3) + best.flat - best.fixed
        return tuple(lanes), freight

    def arrivals(self) -> list[float]:
        """Days by which each line can be there at the earliest, ascending and distinct."""
        return sorted({min((shelf.days for shelf in row), default=math.inf) for row in self.shelves})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """By line and source: cost of the whole line, or of the ``share`` there is, and when it is there."""

    whole: Matrix
    part: Matrix
    share: Matrix
    days: Matrix


def _enter(
    table: _Table, at: tuple[int, int], shelf: Shelf, pieces: float, units: Sequence[float], by: str
) -> None:
    table.days[at] = min(table.days[at], shelf.days)
    if units:
        table.whole[at] = min(table.whole[at], *(weigh(shelf, amount, by) for amount in units))
        return
    good = shelf.good
    share = good.most_units * good.pieces_per_unit / pieces
    if good.most_units >= good.offer.breaks[0].min_quantity and share > table.share[at]:
        table.part[at], table.share[at] = weigh(shelf, good.most_units, by), share


def _too_small(picks: list[tuple[Line, Pick]]) -> set[str]:
    """Sellers whose smallest order the basket does not reach."""
    return {good.seller.id for good, amount in _spent(picks) if amount < good.seller.smallest_order - 1e-9}


def _order_costs(picks: list[tuple[Line, Pick]]) -> float:
    """Fees, and what lifts orders to their sellers' minimum charge."""
    return sum(
        good.seller.order_fee + max(0.0, good.seller.minimum_charge - amount)
        for good, amount in _spent(picks)
    )


def _spent(picks: list[tuple[Line, Pick]]) -> list[tuple[Good, float]]:
    spent: dict[str, tuple[Good, float]] = {}
    for _, pick in picks:
        good, units = pick.shelf.good, pick.units
        amount = spent.get(good.seller.id, (good, 0.0))[1] + good.price(units) * units
        spent[good.seller.id] = (good, amount)
    return list(spent.values())


def locate(matrix: Matrix, fixed: Matrix) -> npt.NDArray[np.intp] | None:
    """Assign every row to a column at least cost of entries plus fixed costs of the columns used.

    Greedy opening from the best single column, then closing and exchanging columns while it pays.

    Parameters
    ----------
    matrix
        (rows, columns), inf where a column cannot serve a row.
    fixed
        (columns,).

    Returns
    -------
    The column of each row, or None if a row has no finite entry.
    """
    if not np.isfinite(matrix).any(axis=1).all():
        return None
    penalty = np.where(np.isfinite(matrix), matrix, 1e12)
    opened = [int(np.argmin(penalty.sum(axis=0) + fixed))]
    improved = True
    while improved:
        improved = (
            _open(penalty, fixed, opened) or _close(penalty, fixed, opened) or _swap(penalty, fixed, opened)
        )
    nearest_open: npt.NDArray[np.intp] = np.array(opened)[np.argmin(penalty[:, opened], axis=1)]
    return nearest_open


def _open(matrix: Matrix, fixed: Matrix, opened: list[int]) -> bool:
    current = matrix[:, opened].min(axis=1)
    gains = np.maximum(current[:, None] - matrix, 0.0).sum(axis=0) - fixed
    gains[opened] = -np.inf
    best = int(np.argmax(gains))
    if gains[best] <= 1e-9:
        return False
    opened.append(best)
    return True


def _close(matrix: Matrix, fixed: Matrix, opened: list[int]) -> bool:
    now = matrix[:, opened].min(axis=1).sum()
    for column in list(opened) if len(opened) > 1 else ():
        rest = [other for other in opened if other != column]
        if matrix[:, rest].min(axis=1).sum() - now < fixed[column] - 1e-9:
            opened.remove(column)
            return True
    return False


def _swap(matrix: Matrix, fixed: Matrix, opened: list[int]) -> bool:
    now = matrix[:, opened].min(axis=1).sum()
    for column in list(opened):
        rest = [other for other in opened if other != column]
        base = matrix[:, rest].min(axis=1) if rest else np.full(len(matrix), np.inf)
        totals = np.minimum(base[:, None], matrix).sum(axis=0) + fixed
        best = int(np.argmin(totals))
        if totals[best] < now + fixed[column] - 1e-9 and best not in opened:
            opened[opened.index(column)] = best
            return True
    return False
