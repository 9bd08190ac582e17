"""What no chain can cost less than, for the whole and through every choice.

The label programme once more, but never too dear instead of never too cheap: what several states
may share (a parcel, an order's fee) each bears only its part of, and baskets take their dual bound.
Choices whose bound is above a known price cannot be part of anything cheaper and are left out of
the fixed-charge model.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from manyworks.model import ItemId, OperationId, Place, PlaceId, Routing, ShopId
from manyworks.quoting.amounts import amounts
from manyworks.quoting.case import Case, Good, Leg
from manyworks.quoting.chain import items_in_order, operations_of
from manyworks.quoting.columns import Column, Columns
from manyworks.quoting.duality import Array, Ascent, ascend


@dataclass(frozen=True, slots=True, kw_only=True)
class Low:
    """Lower bounds of what something costs and of what customs would call its worth."""

    cost: float
    worth: float


IMPOSSIBLE = Low(cost=math.inf, worth=math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A seller by one leg, as the bound of a basket sees it."""

    seller: ShopId
    origin: PlaceId
    leg: Leg | None
    flat: float


@dataclass(slots=True, kw_only=True)
class Wanted:
    """Bought lines of one operation at one place, with their dual; ``floor`` a bound found otherwise."""

    consumer: OperationId | None
    place: Place
    items: tuple[ItemId, ...]
    lines: tuple[tuple[ItemId, float], ...]
    facilities: tuple[Facility, ...]
    matrix: Array
    bulk: float
    ascent: Ascent
    floor: float = 0.0
    solved: bool = False

    @property
    def bound(self) -> float:
        """No basket is cheaper."""
        return max(self.ascent.bound, self.floor)


@dataclass(slots=True, kw_only=True)
class _Choice:
    """Something that is supplied in one of several ways: (extra cost, column or basket or nothing)."""

    ways: list[tuple[float, Column | Wanted]] = field(default_factory=list)
    low: Low = IMPOSSIBLE
    outside: float = math.inf


class Bounds:
    """Lower bounds over all columns of a case at one quantity."""

    def __init__(self, case: Case, quantity: float, columns: Columns) -> None:
        self.case, self.columns = case, columns
        self._consumers = _count_consumers(case)
        self._shared = _below_shared(case, self._consumers)
        self._users = _count_users(case)
        self._origins = _count_origins(case)
        self.quantity = quantity
        self._duals: dict[tuple[OperationId | None, PlaceId, tuple[tuple[ItemId, float], ...]], Wanted] = {}
        self._work_out()

    def _work_out(self) -> None:
        self._choices: dict[object, _Choice] = {}
        self._lows: dict[Column, Low] = {}
        self._parts: dict[Column, list[tuple[_Choice, float]]] = {}
        self._through: dict[Column, float] = {}
        self._baskets: dict[tuple[OperationId | None, PlaceId], list[tuple[Wanted, _Choice]]] = {}
        self._root = self._supply(self.case.root, self.quantity, self.case.ship_to, None)
        self._descend()

    def tighten(self, limit: float, solve: Callable[[Wanted, Bounds, float], float]) -> bool:
        """Bound anew every basket that something below ``limit`` may use; whether any was left."""
        waiting = [
            (wanted, limit - choice.outside - wanted.bound)
            for rows in self._baskets.values()
            for wanted, choice in rows
            if not wanted.solved
            and wanted.consumer not in self._shared
            and choice.outside + wanted.bound <= limit
        ]
        for wanted, spare in waiting:
            wanted.floor, wanted.solved = solve(wanted, self, spare), True
        if waiting:
            self._work_out()
        return bool(waiting)

    def fee(self, good: Good) -> float:
        """The part of an order's fee that one operation bears at least."""
        return good.seller.order_fee / self._users[good.seller.id]

    @property
    def bound(self) -> float:
        """No chain is cheaper."""
        return self._root.low.cost

    def through(self, column: Column) -> float:
        """No chain that uses the column is cheaper; 0 where nothing can be said."""
        if column.operation.id in self._shared:
            return 0.0
        return self._through.get(column, math.inf)

    def purchase(
        self, consumer: OperationId | None, place: PlaceId, item: ItemId, good: Good, leg: Leg | None
    ) -> float:
        """No chain is cheaper that buys the item there from that seller by that leg."""
        if consumer in self._shared:
            return 0.0
        best = math.inf
        for wanted, choice in self._baskets.get((consumer, place), ()):
            if item in wanted.items and math.isfinite(choice.outside):
                forced = max(wanted.floor, _forced(wanted, item, good, leg))
                best = min(best, choice.outside + forced)
        return best

    # bottom up ------------------------------------------------------------------------------

    def _supply(self, item: ItemId, pieces: float, place: Place, consumer: OperationId | None) -> _Choice:
        key = (item, pieces, place.id, consumer)
        if key in self._choices:
            return self._choices[key]
        choice = _Choice()
        for routing in self.case.routings.get(item, ()):
            if routing.min_quantity <= pieces <= routing.max_quantity:
                self._add_ways(choice, routing, len(routing.operations) - 1, pieces, place, consumer)
        if item in self.case.goods or item not in self.case.routings:
            self._add_basket(choice, ((item, pieces),), place, consumer)
        self._choices[key] = self._settle(choice)
        return choice

    def _stage_before(self, column: Column, place: Place) -> _Choice:
        key = (column.operation.id, "before", column.effort.starts, place.id)
        if key not in self._choices:
            choice = _Choice()
            self._add_ways(
                choice, column.routing, column.stage - 1, column.effort.starts, place, column.operation.id
            )
            self._choices[key] = self._settle(choice)
        return self._choices[key]

    def _basket(self, column: Column, lines: tuple[tuple[ItemId, float], ...], place: Place) -> _Choice:
        key = (column.operation.id, place.id, lines)
        if key not in self._choices:
            choice = _Choice()
            self._add_basket(choice, lines, place, column.operation.id)
            self._choices[key] = self._settle(choice)
        return self._choices[key]

    def _settle(self, choice: _Choice) -> _Choice:
        for extra, way in choice.ways:
            low = self._low(way)
            choice.low = Low(
                cost=min(choice.low.cost, extra + low.cost), worth=min(choice.low.worth, extra + low.worth)
            )
        return choice

    def _low(self, way: Column | Wanted) -> Low:
        if isinstance(way, Column):
            return self._lows[way]
        return Low(cost=way.bound, worth=0.0)

    def _add_ways(
        self,
        choice: _Choice,
        routing: Routing,
        stage: int,
        pieces: float,
        place: Place,
        consumer: OperationId | None,
    ) -> None:
        operation = routing.operations[stage]
        good = self.columns.listed(operation.id, pieces)
        for column in self.columns.by_stage.get((operation.id, good), ()):
            low = self._column(column)
            if not math.isfinite(low.cost):
                continue
            origin = self.case.seats[operation.id][column.seat].place
            extra = self._journey(routing.item, pieces, origin, place, consumer, low)
            if math.isfinite(extra):
                choice.ways.append((extra, column))

    def _column(self, column: Column) -> Low:
        if column not in self._lows:
            seat = self.case.seats[column.operation.id][column.seat]
            parts = list(self._inputs(column, seat.place))
            cost = sum(part.low.cost / share for part, share in parts)
            worth = sum(part.low.worth / share for part, share in parts)
            fee = seat.shop.order_fee / self._users[seat.shop.id]
            price = column.effort.price
            self._lows[column] = Low(cost=cost + price + fee, worth=worth + price)
            self._parts[column] = parts
        return self._lows[column]

    def _inputs(self, column: Column, place: Place) -> Iterator[tuple[_Choice, float]]:
        """What a column waits for, each with the number of consumers that may share it."""
        if column.stage:
            yield self._stage_before(column, place), 1.0
        bought: list[tuple[ItemId, float]] = []
        for item, pieces in column.needs:
            if self.case.routings.get(item):
                yield self._supply(item, pieces, place, column.operation.id), float(self._consumers[item])
            else:
                bought.append((item, pieces))
        if bought:
            yield self._basket(column, tuple(bought), place), 1.0

    def _journey(
        self, item: ItemId, pieces: float, origin: Place, place: Place, consumer: OperationId | None, low: Low
    ) -> float:
        """Least extra cost of a journey, bearing only a share of what others on it may share."""
        if origin.id == place.id:
            return 0.0
        sharing = self.sharing(origin.id, consumer)
        kg, m3 = self.case.size(item)
        best = math.inf
        for leg in self.case.sensible_legs(origin, place):
            weight = kg if sharing > 1 else max(kg, m3 * leg.service.kg_per_m3)
            if weight * pieces > leg.max_kg * (1 + 1e-9):
                continue
            rates = self.case.duty_rates(item, origin.country, origin.country, place.country)
            freight = leg.per_kg * weight * pieces * (1 + rates.freight)
            if sharing == 1:
                freight += leg.per_kg * max(0.0, leg.min_kg - weight * pieces) + rates.freight * leg.fixed
            best = min(best, leg.flat / sharing + freight + rates.goods * low.worth)
        return best

    def sharing(self, origin: PlaceId, consumer: OperationId | None) -> int:
        """How many flows may share one consignment."""
        return max(1, self._origins.get((origin, consumer), 1))

    # baskets --------------------------------------------------------------------------------

    def _add_basket(
        self,
        choice: _Choice,
        lines: tuple[tuple[ItemId, float], ...],
        place: Place,
        consumer: OperationId | None,
    ) -> None:
        key = (consumer, place.id, lines)
        if key not in self._duals:
            self._duals[key] = self._dual(lines, place, consumer)
        wanted = self._duals[key]
        if math.isfinite(wanted.ascent.bound):
            choice.ways.append((0.0, wanted))
            self._baskets.setdefault((consumer, place.id), []).append((wanted, choice))

    def _dual(
        self, lines: Sequence[tuple[ItemId, float]], place: Place, consumer: OperationId | None
    ) -> Wanted:
        facilities = tuple(self._facilities(lines, place, consumer))
        shops = {key: n for n, key in enumerate(dict.fromkeys((f.seller, f.origin) for f in facilities))}
        group = np.array([*(shops[f.seller, f.origin] for f in facilities), len(shops)])
        bulky = self._bulk(lines)
        matrix = np.full((len(lines), len(facilities) + 1), np.inf)
        most = np.zeros((len(lines), len(shops) + 1))
        for i, (item, pieces) in enumerate(lines):
            for good in self.case.goods.get(item, ()):
                if (good.seller.id, good.place.id) not in shops:
                    continue
                number = shops[good.seller.id, good.place.id]
                most[i, number] += good.most_units * good.pieces_per_unit / pieces
                least = least_per_piece(good, pieces)
                for j in np.flatnonzero(group == number):
                    leg = facilities[j].leg
                    cost = pieces * self._per_piece(item, good, leg, place, least, bulky)
                    matrix[i, j] = min(matrix[i, j], cost)
            if item in self.case.estimates and self.columns.short(self.case, item, place):
                matrix[i, -1] = self.case.estimates[item].unit_price.mean * pieces
                most[i, -1] = 1.0
        fixed = np.array([*(facility.flat for facility in facilities), 0.0])
        return Wanted(
            consumer=consumer,
            place=place,
            items=tuple(item for item, _ in lines),
            lines=tuple(lines),
            facilities=facilities,
            matrix=matrix,
            bulk=bulky,
            ascent=ascend(matrix, fixed, np.minimum(most, 1.0), group),
        )

    def _facilities(
        self, lines: Sequence[tuple[ItemId, float]], place: Place, consumer: OperationId | None
    ) -> Iterator[Facility]:
        sellers = {
            (good.seller.id, good.place.id): good
            for item, _ in lines
            for good in self.case.goods.get(item, ())
        }
        for (seller, origin), good in sellers.items():
            fee = self.fee(good)
            if origin == place.id:
                yield Facility(seller=seller, origin=origin, leg=None, flat=fee)
                continue
            sharing = self.sharing(origin, consumer)
            for leg in self.case.sensible_legs(good.place, place):
                yield Facility(seller=seller, origin=origin, leg=leg, flat=fee + leg.flat / sharing)

    def _bulk(self, lines: Sequence[tuple[ItemId, float]]) -> float:
        """Chargeable weight counts kg or volume for all lines alike: litres a kg of the whole basket."""
        kg = sum(self.case.size(item)[0] * pieces for item, pieces in lines)
        m3 = sum(self.case.size(item)[1] * pieces for item, pieces in lines)
        return m3 / kg if kg > 0 else math.inf

    def _per_piece(
        self, item: ItemId, good: Good, leg: Leg | None, place: Place, least: float, bulky: float
    ) -> float:
        """Least landed cost of one good piece, parcels and fees apart."""
        duty, freight = self.landed(item, good, leg, place, bulky)
        return least * (1 + duty) + freight / good.pieces_per_unit

    def landed(
        self, item: ItemId, good: Good, leg: Leg | None, place: Place, bulky: float
    ) -> tuple[float, float]:
        """Duty as a share of the price, and least freight with its duty of one sold unit."""
        if leg is None:
            return 0.0, 0.0
        kg, m3 = self.case.size(item)
        factor = leg.service.kg_per_m3
        weight = m3 * factor if bulky * factor > 1 else kg
        origin = good.offer.origin or good.place.country
        rates = self.case.duty_rates(item, origin, good.place.country, place.country)
        own = max(kg, m3 * factor)
        return rates.goods, leg.per_kg * good.offer.units_per * (weight + rates.freight * own)

    # top down -------------------------------------------------------------------------------

    def _descend(self) -> None:
        """From the whole down: what everything outside a choice costs at least."""
        self._root.outside = 0.0
        for choice in reversed(self._in_order()):
            if not math.isfinite(choice.outside):
                continue
            for extra, way in choice.ways:
                if isinstance(way, Column):
                    self._pass_down(choice.outside + extra, way)

    def _pass_down(self, outside: float, column: Column) -> None:
        total = outside + self._lows[column].cost
        if total >= self._through.get(column, math.inf):
            return
        self._through[column] = total
        for part, share in self._parts[column]:
            part.outside = min(part.outside, total - part.low.cost / share)

    def _in_order(self) -> list[_Choice]:
        """Choices, those below before those above (the order in which they were settled)."""
        return list({id(choice): choice for choice in self._choices.values()}.values())


def least_per_piece(good: Good, pieces: float) -> float:
    """Least price of a piece that is of use when ``pieces`` are wanted, whatever amount is bought."""
    best = math.inf
    enough = pieces / good.pieces_per_unit
    for least, _ in amounts(good, pieces):
        price = good.price(least)
        best = min(
            best, price * max(least, 1e-12) / pieces if least >= enough else price / good.pieces_per_unit
        )
    return best


def _forced(wanted: Wanted, item: ItemId, good: Good, leg: Leg | None) -> float:
    """Bound of a basket in which some of one line is bought from one seller by one leg."""
    i = wanted.items.index(item)
    best = math.inf
    for j, facility in enumerate(wanted.facilities):
        same = facility.leg is leg or (facility.leg is not None and leg is not None and facility.leg == leg)
        if facility.seller == good.seller.id and facility.origin == good.place.id and same:
            best = min(best, wanted.ascent.bound + extra_cost(wanted, i, j, good))
    return best


def extra_cost(wanted: Wanted, i: int, j: int, good: Good) -> float:
    """By how much the least amount of a good from a facility lifts the dual bound of a basket."""
    ascent, pieces = wanted.ascent, wanted.lines[i][1]
    least = max(good.offer.multiple, good.offer.breaks[0].min_quantity) * good.pieces_per_unit
    more = max(0.0, float(wanted.matrix[i, j] - ascent.row[i]))
    return float(ascent.slack[j]) + min(1.0, least / pieces) * more


def _count_consumers(case: Case) -> dict[ItemId, int]:
    """How many operations of one chain may take an item at once; at least 1."""
    counts: dict[ItemId, int] = {}
    for routings in case.routings.values():
        most: dict[ItemId, int] = {}
        for routing in routings:
            here: dict[ItemId, int] = {}
            for operation in routing.operations:
                for taken in {line.item for line in operation.inputs} | {t.item for t in operation.tools}:
                    here[taken] = here.get(taken, 0) + 1
            for taken, count in here.items():
                most[taken] = max(most.get(taken, 0), count)
        for taken, count in most.items():
            counts[taken] = counts.get(taken, 0) + count
    return {item: max(1, counts.get(item, 1)) for item in case.items}


def _below_shared(case: Case, consumers: Mapping[ItemId, int]) -> set[OperationId | None]:
    """Operations whose number of pieces is the sum of several consumers', with all below them.

    The walk sees each consumer's part alone, so of their columns nothing can be said.
    """
    found: set[OperationId | None] = set()
    below: set[ItemId] = set()
    for item in items_in_order(case):
        if item in below or consumers[item] > 1:
            for operation in operations_of(case, item):
                found.add(operation.id)
                below |= {line.item for line in operation.inputs} | {tool.item for tool in operation.tools}
    return found


def _count_users(case: Case) -> dict[ShopId, int]:
    """How many may share one order's fee at a shop: operations done there and baskets bought there."""
    counts: dict[ShopId, int] = {}
    rows = [{good.seller.id for good in case.goods.get(case.root, ())}]
    for item in case.routings:
        for operation in operations_of(case, item):
            rows.append({seat.shop.id for seat in case.seats[operation.id]})
            taken = {line.item for line in operation.inputs} | {tool.item for tool in operation.tools}
            made = {one for one in taken if case.routings.get(one)}
            rows.append(_sellers(case, taken - made))
            rows.extend(_sellers(case, {one}) for one in made)
    for shops in rows:
        for shop in shops:
            counts[shop] = counts.get(shop, 0) + 1
    return counts


def _sellers(case: Case, items: Iterable[ItemId]) -> set[ShopId]:
    return {good.seller.id for item in items for good in case.goods.get(item, ())}


def _count_origins(case: Case) -> dict[tuple[PlaceId, OperationId | None], int]:
    """How many flows may share a parcel from a place for an operation."""
    counts: dict[tuple[PlaceId, OperationId | None], int] = {}
    for item in case.routings:
        for routing in case.routings[item]:
            for stage, operation in enumerate(routing.operations):
                before = routing.operations[stage - 1] if stage else None
                taken = {line.item for line in operation.inputs} | {tool.item for tool in operation.tools}
                made = {one for one in taken if case.routings.get(one)}
                rows = [_seat_places(case, before.id)] if before else []
                rows += [_made_places(case, one) for one in made]
                for basket in (taken - made, *({one} for one in made)):
                    rows += _seller_places(case, basket)
                for places in rows:
                    for place in places:
                        counts[place, operation.id] = counts.get((place, operation.id), 0) + 1
    return counts


def _seat_places(case: Case, operation: OperationId) -> set[PlaceId]:
    return {seat.place.id for seat in case.seats[operation]}


def _made_places(case: Case, item: ItemId) -> set[PlaceId]:
    return {
        place
        for routing in case.routings.get(item, ())
        for place in _seat_places(case, routing.operations[-1].id)
    }


def _seller_places(case: Case, items: Iterable[ItemId]) -> Iterator[set[PlaceId]]:
    sellers = {good.seller.id: good.place.id for item in items for good in case.goods.get(item, ())}
    yield from ({place} for place in sellers.values())
