"""Buying the parts of one operation: which sellers, when every seller adds a parcel and a fee.

An uncapacitated facility location problem: a facility is a seller with one bracket of one
carrier, a customer is a bill line. Greedy opening, then closing and exchanging as long as it pays.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from manyworks.model import ItemId, OfferId, OperationId, Place
from manyworks.quoting.case import Case, Good, Leg
from manyworks.quoting.chain import Buy

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``pieces`` of an item to be bought; from the one offer ``only`` where that is settled."""

    item: ItemId
    pieces: float
    only: OfferId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A seller with the leg its parcel takes; None: it sells at the very place."""

    seller: str
    fee: float
    place: Place
    leg: Leg | None

    @property
    def flat(self) -> float:
        """What using the source costs before any goods."""
        return self.fee + (self.leg.flat + self.leg.per_kg * self.leg.min_kg if self.leg else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """Bought lines with their carriers. Money, days until all is there, kg CO2e."""

    buys: tuple[Buy, ...]
    lanes: tuple[tuple[Place, Leg], ...]
    cost: float
    days: float
    co2e_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """The best way to buy one line from one source."""

    good: Good
    units: float
    cost: float
    days: float
    co2e_kg: float


class Stalls:
    """All ways to buy the lines of one operation at one destination."""

    def __init__(
        self,
        case: Case,
        operation: OperationId | None,
        place: Place,
        lines: Sequence[Line],
        short: frozenset[ItemId] = frozenset(),
    ) -> None:
        self.case, self.operation, self.place = case, operation, place
        self.assumed = tuple(line for line in lines if line.item in short)
        unknown = {line.item for line in self.assumed}
        wanted = [line for line in lines if line.item not in unknown]
        self.lines = tuple(part for line in wanted for part in self._parted(line))
        self.sources = self._sources()
        self.choices = [[self._choice(line, source) for source in self.sources] for line in self.lines]

    def _parted(self, line: Line) -> Iterator[Line]:
        """The line itself; where no one offer holds enough, a part for each of the cheapest that do."""
        goods = [
            good for good in self.case.goods.get(line.item, ()) if self.case.reaches(good.place, self.place)
        ]
        if any(math.isfinite(good.least_units(line.pieces)) for good in goods):
            yield line
            return
        missing = line.pieces
        for good in sorted(goods, key=lambda one: one.price(one.most_units) / one.pieces_per_unit):
            part = min(missing, good.most_units * good.pieces_per_unit)
            if part > 1e-9 and math.isfinite(good.least_units(part)):
                yield Line(item=line.item, pieces=part, only=good.offer.id)
                missing -= part

    def _sources(self) -> tuple[Source, ...]:
        found: dict[tuple[str, str, int], Source] = {}
        for line in self.lines:
            for good in self.case.goods.get(line.item, ()):
                legs: tuple[Leg | None, ...] = (
                    (None,) if good.place.id == self.place.id else self.case.legs(good.place, self.place)
                )
                for number, leg in enumerate(legs):
                    key = (good.seller.id, good.place.id, number)
                    fee = good.seller.order_fee
                    found[key] = Source(seller=good.seller.id, fee=fee, place=good.place, leg=leg)
        return tuple(found.values())

    def _choice(self, line: Line, source: Source) -> _Choice | None:
        best: _Choice | None = None
        for good in self.case.goods[line.item]:
            if good.seller.id != source.seller or line.only not in (None, good.offer.id):
                continue
            for units in _amounts(good, line.pieces):
                choice = self._priced(line, source, good, units)
                if best is None or choice.cost < best.cost:
                    best = choice
        return best

    def _priced(self, line: Line, source: Source, good: Good, units: float) -> _Choice:
        value = good.price(units) * units
        pieces = units * good.offer.units_per
        kg, m3 = self.case.size(line.item)
        co2e = pieces * self.case.embodied(line.item, good.offer.condition)
        days = good.offer.lead_days
        if source.leg is None:
            return _Choice(good=good, units=units, cost=value, days=days, co2e_kg=co2e)
        service = source.leg.service
        own = max(kg, m3 * service.kg_per_m3) * pieces
        origin = good.offer.origin or good.place.country
        rates = self.case.duty_rates(line.item, origin, good.place.country, self.place.country)
        freight = source.leg.per_kg * own
        return _Choice(
            good=good,
            units=units,
            cost=value * (1 + rates.goods) + freight * (1 + rates.freight),
            days=days + source.leg.days,
            co2e_kg=co2e + service.co2e_kg_per_kg * kg * pieces,
        )

    def buy(self, by: str = "cost", max_days: float = math.inf) -> Basket | None:
        """Choose sources with least ``by`` (``cost`` or ``co2e_kg``); None if a line cannot come in time."""
        if not self.lines:
            return self._basket({})
        matrix, fixed = self._matrices(by, max_days)
        closed: set[str] = set()
        while True:
            allowed = np.array([source.seller not in closed for source in self.sources])
            assignment = locate(np.where(allowed, matrix, np.inf), fixed)
            if assignment is None:
                return None
            chosen = {line: int(source) for line, source in enumerate(assignment)}
            small = self._too_small(chosen)
            if not small:
                return self._basket(chosen)
            closed |= small

    def _matrices(self, by: str, max_days: float) -> tuple[Matrix, Matrix]:
        matrix = np.full((len(self.lines), len(self.sources)), np.inf)
        for i, row in enumerate(self.choices):
            for j, choice in enumerate(row):
                if choice is not None and choice.days <= max_days + 1e-9:
                    # a trace of cost keeps the cleanest basket from being a needlessly dear one
                    matrix[i, j] = choice.cost if by == "cost" else choice.co2e_kg + 1e-6 * choice.cost
        flat = np.array([source.flat for source in self.sources])
        return matrix, flat if by == "cost" else flat * 1e-6

    def _too_small(self, chosen: dict[int, int]) -> set[str]:
        """Sellers whose smallest order the basket does not reach."""
        spent: dict[str, tuple[float, float]] = {}
        for line, source in chosen.items():
            choice = self.choices[line][source]
            assert choice is not None  # noqa: S101 - locate() only picks finite entries
            seller = choice.good.seller
            amount = spent.get(seller.id, (0.0, 0.0))[0] + choice.good.price(choice.units) * choice.units
            spent[seller.id] = (amount, seller.smallest_order)
        return {seller for seller, (amount, smallest) in spent.items() if amount < smallest}

    def _basket(self, chosen: dict[int, int]) -> Basket | None:
        picks = [(self.lines[i], self.sources[j], self.choices[i][j]) for i, j in chosen.items()]
        cost, days, co2e = self._assumed()
        buys = [
            Buy(item=line.item, operation=self.operation, offer=None, units=line.pieces)
            for line in self.assumed
        ]
        loads: dict[str, list[tuple[Source, float, float]]] = {}
        owed: dict[str, tuple[float, Good]] = {}
        for line, source, choice in picks:
            assert choice is not None  # noqa: S101 - locate() only picks finite entries
            good, units = choice.good, choice.units
            buys.append(Buy(item=line.item, operation=self.operation, offer=good.offer.id, units=units))
            kg, m3 = self.case.size(line.item)
            pieces = units * good.offer.units_per
            loads.setdefault(good.place.id, []).append((source, kg * pieces, m3 * pieces))
            owed[good.seller.id] = (
                owed.get(good.seller.id, (0.0, good))[0] + good.price(units) * units,
                good,
            )
            cost += choice.cost - (
                source.leg.per_kg * _own(source.leg, kg, m3, pieces) if source.leg else 0.0
            )
            days, co2e = max(days, choice.days), co2e + choice.co2e_kg
        lanes, freight = self._carriers(loads)
        if not math.isfinite(freight):
            return None
        cost += freight + sum(good.seller.order_fee + max(0.0, good.seller.minimum_charge - amount)
                              for amount, good in owed.values())  # fmt: skip
        return Basket(buys=tuple(buys), lanes=lanes, cost=cost, days=days, co2e_kg=co2e)

    def _assumed(self) -> tuple[float, float, float]:
        cost = days = co2e = 0.0
        for line in self.assumed:
            part = self.case.estimates[line.item]
            cost += part.unit_price.mean * line.pieces
            days = max(days, part.lead_days)
            co2e += self.case.embodied(line.item, "new") * line.pieces
        return cost, days, co2e

    def _carriers(
        self, loads: dict[str, list[tuple[Source, float, float]]]
    ) -> tuple[tuple[tuple[Place, Leg], ...], float]:
        """One carrier for everything from one place: the cheapest that is none slower than those planned."""
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
        earliest = [min((c.days for c in row if c is not None), default=math.inf) for row in self.choices]
        return sorted({*earliest, *(self.case.estimates[line.item].lead_days for line in self.assumed)})


def _own(leg: Leg, kg: float, m3: float, pieces: float) -> float:
    return max(kg, m3 * leg.service.kg_per_m3) * pieces


def _amounts(good: Good, pieces: float) -> list[float]:
    """The fewest units that are enough, and the starts of higher price breaks."""
    least = good.least_units(pieces)
    if not math.isfinite(least):
        return []
    multiple = good.offer.multiple
    starts = [math.ceil(step.min_quantity / multiple - 1e-9) * multiple for step in good.offer.breaks]
    return [least, *(units for units in starts if least < units <= good.most_units)]


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
    return np.array(opened)[np.argmin(penalty[:, opened], axis=1)]


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
