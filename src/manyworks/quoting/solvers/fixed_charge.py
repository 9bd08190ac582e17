"""The fixed-charge model: what the labels bear alone is shared here.

Every column, every way to buy, every carrier is a yes-or-no choice; what one place sends for one
operation shares a carrier, an order's fee and minimum are paid once for a shop. Minimises the
landed price exactly as the evaluator counts it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from manyworks.model import (
    ItemId,
    OfferId,
    Operation,
    OperationId,
    Place,
    PlaceId,
    RoutingId,
    Shop,
    ShopId,
)
from manyworks.quoting.amounts import amounts
from manyworks.quoting.bounds import Bounds
from manyworks.quoting.case import Case, Good, Leg
from manyworks.quoting.chain import Buy, Chain, Consignment, items_in_order
from manyworks.quoting.columns import Column, Columns
from manyworks.quoting.solvers.highs import Model, Terms

SeatKey = tuple[OperationId, int]


@dataclass(slots=True, kw_only=True)
class _Parcel:
    """Everything one place may send to one destination for one operation, and by what."""

    origin: Place
    destination: Place
    operation: OperationId | None
    legs: tuple[Leg, ...]
    opened: list[int]
    kilograms: list[Terms]
    volumes: list[Terms]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bought:
    """Units of a good on one leg: ``chosen`` yes or no, ``lots`` beyond the smallest amount."""

    good: Good
    item: ItemId
    operation: OperationId | None
    chosen: int
    lots: int | None
    least: float

    def units(self) -> Terms:
        """Sold units as an expression."""
        more = [] if self.lots is None else [(self.lots, self.good.offer.multiple)]
        return [(self.chosen, self.least), *more]


@dataclass(slots=True, kw_only=True)
class FixedCharge:
    """Variables and rows for one case, quantity and list of columns.

    ``worth`` bounds any goods' value. With ``bounds``, what no chain below ``limit`` can use is
    left out.
    """

    case: Case
    quantity: float
    columns: Columns
    worth: float
    bounds: Bounds | None = None
    limit: float = math.inf
    model: Model = field(default_factory=Model)
    column: dict[Column, int] = field(default_factory=dict)
    way: dict[RoutingId, int] = field(default_factory=dict)
    at_seat: dict[SeatKey, Terms] = field(default_factory=dict)
    parcels: dict[OperationId | None, dict[tuple[PlaceId, PlaceId], _Parcel]] = field(default_factory=dict)
    bought: list[_Bought] = field(default_factory=list)
    assumed: list[tuple[ItemId, OperationId | None, float, int]] = field(default_factory=list)
    value: dict[OperationId | None, Terms] = field(default_factory=dict)
    handed: dict[ItemId, Terms] = field(default_factory=dict)
    spent: dict[ShopId, Terms] = field(default_factory=dict)
    users: dict[ShopId, list[int]] = field(default_factory=dict)
    buyers: dict[ShopId, list[int]] = field(default_factory=dict)
    shops: dict[ShopId, Shop] = field(default_factory=dict)
    below: dict[OperationId, list[OperationId]] = field(default_factory=dict)
    lane_of: list[tuple[int, Consignment, Leg]] = field(default_factory=list)
    highest: dict[tuple[int, int], int] = field(default_factory=dict)

    def build(self) -> Model:
        """Fill the model, children before parents so that every goods' value is known when needed."""
        order = [item for item in items_in_order(self.case) if self.columns.totals.get(item)]
        for item in order:
            self._choose_ways(item)
        for item in reversed(order):
            for routing in self.case.routings.get(item, ()):
                if routing.id in self.way:
                    self._add_operations(routing.operations)
        self._deliver()
        self._orders()
        return self.model

    # who makes it ---------------------------------------------------------------------------

    def _choose_ways(self, item: ItemId) -> None:
        """One variable for every routing and every column; one column for each operation of the way taken."""
        for routing in self.case.routings.get(item, ()):
            if not all(any(True for _ in self._columns(op.id)) for op in routing.operations):
                continue
            way = self.way[routing.id] = self.model.binary()
            for operation in routing.operations:
                self._choose_seats(operation, way)
        ways = [(self.way[r.id], 1.0) for r in self.case.routings.get(item, ()) if r.id in self.way]
        if len(ways) > 1:
            self.model.at_most(ways, 1.0)

    def _choose_seats(self, operation: Operation, way: int) -> None:
        terms: Terms = []
        for column in self._columns(operation.id):
            variable = self.column[column] = self.model.binary(column.effort.price)
            shop = self.case.seats[operation.id][column.seat].shop
            self._use(shop, variable, [(variable, column.effort.price)])
            self.at_seat.setdefault((operation.id, column.seat), []).append((variable, 1.0))
            terms.append((variable, 1.0))
        self.model.equal([*terms, (way, -1.0)])

    def _columns(self, operation: OperationId) -> Iterable[Column]:
        """Columns of an operation that something below the limit may use."""
        columns = self.columns.of(operation)
        if self.bounds is None:
            return columns
        return (column for column in columns if self.bounds.through(column) <= self.limit)

    def _use(self, shop: Shop, variable: int, spent: Terms) -> None:
        self.shops[shop.id] = shop
        self.users.setdefault(shop.id, []).append(variable)
        self.spent.setdefault(shop.id, []).extend(spent)

    # what it takes --------------------------------------------------------------------------

    def _add_operations(self, operations: Sequence[Operation]) -> None:
        for stage, operation in enumerate(operations):
            value: Terms = self.value.setdefault(operation.id, [])
            columns = tuple(self._columns(operation.id))
            value.extend((self.column[c], c.effort.price) for c in columns)
            if stage:
                earlier = operations[stage - 1]
                pulled = [(c, c.effort.starts) for c in columns]
                self._pull_stage(earlier, pulled, operation)
                self.below.setdefault(operation.id, []).append(earlier.id)
            for item in dict.fromkeys(item for c in columns for item, _ in c.needs):
                wanted = [(c, dict(c.needs)[item]) for c in columns if item in dict(c.needs)]
                self._pull_item(item, wanted, operation.id)
                self.below.setdefault(operation.id, []).extend(last.id for last in self._lasts(item))
            self._close_parcels(operation.id)

    def _pull_stage(self, earlier: Operation, pulled: list[tuple[Column, float]], later: Operation) -> None:
        item = pulled[0][0].routing.item if pulled else None
        if item is None:
            return
        self._balance([earlier], [(self.column[c], n) for c, n in pulled])
        for column, pieces in pulled:
            place = self.case.seats[later.id][column.seat].place
            arcs = self._arcs(item, [earlier], place, later.id, pieces)
            self.model.equal([*((v, 1.0) for v, _ in arcs), (self.column[column], -1.0)])
            self._tie(arcs)

    def _pull_item(self, item: ItemId, wanted: list[tuple[Column, float]], consumer: OperationId) -> None:
        lasts = self._lasts(item)
        goods = self.case.goods.get(item, ())
        supplies: dict[PlaceId, tuple[Place, Terms, float]] = {}
        for column, pieces in wanted:
            place = self.case.seats[consumer][column.seat].place
            presence: Terms = [(self.column[column], 1.0)]
            if lasts:
                presence = self._pull_made(item, lasts, column, pieces, consumer, bool(goods))
            if goods or not lasts:
                _, terms, most = supplies.get(place.id, (place, [], 0.0))
                terms.extend((variable, sign * pieces) for variable, sign in presence)
                supplies[place.id] = (place, terms, max(most, pieces))
        for place, terms, most in supplies.values():
            self._buy(item, place, consumer, terms, most)

    def _lasts(self, item: ItemId) -> list[Operation]:
        return [r.operations[-1] for r in self.case.routings.get(item, ()) if r.id in self.way]

    def _pull_made(
        self, item: ItemId, lasts: list[Operation], column: Column | None, pieces: float,
        consumer: OperationId | None, buyable: bool,
    ) -> Terms:  # fmt: skip
        """Arcs from wherever the item may be made; what is left to be bought, as an expression."""
        place = self.case.ship_to
        wanted: Terms = []
        if column is not None and consumer is not None:
            place = self.case.seats[consumer][column.seat].place
            wanted = [(self.column[column], 1.0)]
        arcs = self._arcs(item, lasts, place, consumer, pieces)
        self._tie(arcs)
        self.handed.setdefault(item, []).extend((v, pieces) for v, _ in arcs)
        made = [(v, 1.0) for v, _ in arcs]
        goal = 0.0 if wanted else 1.0
        if not buyable:
            self.model.equal([*made, *((v, -c) for v, c in wanted)], goal)
            return []
        rest = self.model.binary()
        self.model.equal([*made, (rest, 1.0), *((v, -c) for v, c in wanted)], goal)
        for last in lasts:
            for routing in self.case.routings[item]:
                if routing.operations[-1] is last:
                    self.model.at_most([(self.way[routing.id], 1.0), (rest, 1.0)], 1.0)
        return [(rest, 1.0)]

    def _arcs(
        self, item: ItemId, lasts: list[Operation], place: Place, consumer: OperationId | None, pieces: float
    ) -> list[tuple[int, SeatKey]]:
        """Ways from each seat of the operations before to a place: (variable, seat it starts from)."""
        arcs: list[tuple[int, SeatKey]] = []
        for last in lasts:
            for number, seat in enumerate(self.case.seats[last.id]):
                if (last.id, number) not in self.at_seat:
                    continue
                if seat.place.id == place.id:
                    arcs.append((self.model.variable(upper=1.0), (last.id, number)))
                    continue
                parcel = self._parcel(seat.place, place, consumer)
                for position, leg in enumerate(parcel.legs):
                    variable = self.model.binary()
                    self._load(parcel, position, item, variable, pieces)
                    self._made_duty(item, last.id, parcel, leg, position, variable, pieces)
                    arcs.append((variable, (last.id, number)))
        return arcs

    def _tie(self, arcs: list[tuple[int, SeatKey]]) -> None:
        """Nothing leaves a seat that does not work."""
        by_seat: dict[SeatKey, Terms] = {}
        for variable, seat in arcs:
            by_seat.setdefault(seat, []).append((variable, 1.0))
        for seat, terms in by_seat.items():
            self.model.at_most([*terms, *((v, -1.0) for v, _ in self.at_seat[seat])])

    def _balance(self, makers: list[Operation], taken: Terms) -> None:
        """Exactly what is taken is made: shops are not asked for more to reach their smallest lot."""
        made = [(self.column[c], c.good) for op in makers for c in self._columns(op.id)]
        self.model.equal([*made, *((v, -n) for v, n in taken)])

    # what is carried ------------------------------------------------------------------------

    def _parcel(self, origin: Place, destination: Place, operation: OperationId | None) -> _Parcel:
        key, parcels = (origin.id, destination.id), self.parcels.setdefault(operation, {})
        if key not in parcels:
            legs = self.case.sensible_legs(origin, destination)
            parcels[key] = _Parcel(
                origin=origin,
                destination=destination,
                operation=operation,
                legs=legs,
                opened=[self.model.binary(leg.flat) for leg in legs],
                kilograms=[[] for _ in legs],
                volumes=[[] for _ in legs],
            )
        return parcels[key]

    def _load(self, parcel: _Parcel, position: int, item: ItemId, variable: int, pieces: float) -> None:
        kg, m3 = self.case.size(item)
        parcel.kilograms[position].append((variable, kg * pieces))
        parcel.volumes[position].append((variable, m3 * pieces))

    def _close_parcels(self, operation: OperationId | None) -> None:
        """Weight, bracket and one carrier only for every consignment of an operation."""
        value = self.value.setdefault(operation, [])
        for (origin, _), parcel in self.parcels.get(operation, {}).items():
            if not parcel.opened:
                continue
            self.model.at_most([(v, 1.0) for v in parcel.opened], 1.0)
            for position, leg in enumerate(parcel.legs):
                opened = parcel.opened[position]
                value.append((opened, leg.flat))
                self.lane_of.append((opened, (origin, operation), leg))
                self._weigh(parcel, position, leg, value)

    def _weigh(self, parcel: _Parcel, position: int, leg: Leg, value: Terms) -> None:
        opened = parcel.opened[position]
        kilograms, volumes = parcel.kilograms[position], parcel.volumes[position]
        for loaded in {variable for variable, _ in kilograms}:
            if self.model.whole[loaded] and self.model.upper[loaded] == 1.0:
                self.model.at_most([(loaded, 1.0), (opened, -1.0)])
        weight = self.model.variable(leg.per_kg)
        value.append((weight, leg.per_kg))
        factor = leg.service.kg_per_m3
        self.model.at_least([(weight, 1.0), *((v, -kg) for v, kg in kilograms)])
        self.model.at_least([(weight, 1.0), *((v, -m3 * factor) for v, m3 in volumes)])
        self.model.at_least([(weight, 1.0), (opened, -leg.min_kg)])
        if math.isfinite(leg.max_kg):
            self.model.at_most([(weight, 1.0), (opened, -leg.max_kg)])

    def _made_duty(
        self, item: ItemId, last: OperationId, parcel: _Parcel, leg: Leg, position: int,
        variable: int, pieces: float,
    ) -> None:  # fmt: skip
        """Duty on goods made at an origin across a border, whose value the model itself decides."""
        if not leg.service.crosses_border:
            return
        origin = parcel.origin.country
        rates = self.case.duty_rates(item, origin, origin, parcel.destination.country)
        kg, m3 = self.case.size(item)
        own = max(kg, m3 * leg.service.kg_per_m3) * pieces
        value = self.value.setdefault(parcel.operation, [])
        if rates.goods > 0:
            duty = self.model.variable(1.0)
            most = rates.goods * self.worth
            goods = [(v, -rates.goods * amount) for v, amount in self._worth(last)]
            self.model.at_least([(duty, 1.0), *goods, (variable, -most)], -most)
            value.append((duty, 1.0))
        self._freight_duty(parcel, position, leg, rates.freight, [(variable, own)], variable)

    def _worth(self, operation: OperationId) -> Iterable[tuple[int, float]]:
        """What customs would call the worth of an operation's output, as an expression."""
        yield from self.value[operation]
        for earlier in self.below.get(operation, ()):
            yield from self._worth(earlier)

    def _freight_duty(
        self, parcel: _Parcel, position: int, leg: Leg, rate: float, own: Terms, variable: int
    ) -> None:
        """Duty on the freight of a line's own weight, and the highest rate on the fixed part."""
        if rate <= 0:
            return
        value = self.value.setdefault(parcel.operation, [])
        for term, weight in own:
            self.model.costs[term] += rate * leg.per_kg * weight
            value.append((term, rate * leg.per_kg * weight))
        if leg.fixed > 0:
            self._fixed_duty(parcel, position, variable, rate * leg.fixed, value)

    def _fixed_duty(self, parcel: _Parcel, position: int, variable: int, amount: float, value: Terms) -> None:
        shared = self.highest.get((id(parcel), position))
        if shared is None:
            shared = self.highest[id(parcel), position] = self.model.variable(1.0)
            value.append((shared, 1.0))
        self.model.at_least([(shared, 1.0), (variable, -amount)])

    # what is bought -------------------------------------------------------------------------

    def _buy(
        self, item: ItemId, place: Place, consumer: OperationId | None, wanted: Terms, most: float
    ) -> None:
        """Units of every good that reaches a place, enough for what is wanted there."""
        covered: Terms = []
        for good in self.case.goods.get(item, ()):
            ways = list(self._ways_to_buy(item, good, place, consumer, most))
            self.model.at_most([(bought.chosen, 1.0) for bought in ways], 1.0)
            for bought in ways:
                covered.extend((v, n * good.pieces_per_unit) for v, n in bought.units())
                # nothing goes where nobody works, not even to fill up a seller's minimum
                self.model.at_most([(bought.chosen, 1.0), *((v, -1.0) for v in {v for v, _ in wanted})])
        if item in self.case.estimates and self.columns.short(self.case, item, place):
            price = self.case.estimates[item].unit_price.mean
            pieces = self.model.variable(price)
            self.value.setdefault(consumer, []).append((pieces, price))
            self.assumed.append((item, consumer, 1.0, pieces))
            covered.append((pieces, 1.0))
        self.model.at_least([*covered, *((v, -n) for v, n in wanted)])

    def _ways_to_buy(
        self, item: ItemId, good: Good, place: Place, consumer: OperationId | None, most: float
    ) -> Iterable[_Bought]:
        if good.place.id == place.id:
            if self._affordable(consumer, place, item, good, None):
                for least, upmost in amounts(good, most):
                    yield self._bought_on(item, good, consumer, least, upmost, None, -1)
            return
        parcel = self._parcel(good.place, place, consumer)
        for position, leg in enumerate(parcel.legs):
            if not self._affordable(consumer, place, item, good, leg):
                continue
            for least, upmost in amounts(good, most):
                yield self._bought_on(item, good, consumer, least, upmost, parcel, position)

    def _affordable(
        self, consumer: OperationId | None, place: Place, item: ItemId, good: Good, leg: Leg | None
    ) -> bool:
        if self.bounds is None:
            return True
        return self.bounds.purchase(consumer, place.id, item, good, leg) <= self.limit

    def _bought_on(
        self, item: ItemId, good: Good, consumer: OperationId | None, least: float, upmost: float,
        parcel: _Parcel | None, position: int,
    ) -> _Bought:  # fmt: skip
        price, multiple = good.price(least), good.offer.multiple
        chosen = self.model.binary(price * least)
        lots = None
        if upmost > least + 1e-9:
            span = round((upmost - least) / multiple)
            lots = self.model.variable(price * multiple, span, whole=True)
            self.model.at_most([(lots, 1.0), (chosen, -float(span))])
        bought = _Bought(good=good, item=item, operation=consumer, chosen=chosen, lots=lots, least=least)
        self.bought.append(bought)
        spent = [(v, price * n) for v, n in bought.units()]
        self._use(good.seller, chosen, spent)
        self.buyers.setdefault(good.seller.id, []).append(chosen)
        self.value.setdefault(consumer, []).extend(spent)
        if parcel is not None:
            self._carry_bought(bought, parcel, position, price)
        return bought

    def _carry_bought(self, bought: _Bought, parcel: _Parcel, position: int, price: float) -> None:
        good, leg = bought.good, parcel.legs[position]
        kg, m3 = self.case.size(bought.item)
        per_unit = good.offer.units_per
        for variable, units in bought.units():
            self._load(parcel, position, bought.item, variable, units * per_unit)
        if not leg.service.crosses_border:
            return
        origin = good.offer.origin or good.place.country
        rates = self.case.duty_rates(bought.item, origin, good.place.country, parcel.destination.country)
        value = self.value.setdefault(bought.operation, [])
        if rates.goods > 0:
            for variable, units in bought.units():
                self.model.costs[variable] += rates.goods * price * units
                value.append((variable, rates.goods * price * units))
        own = max(kg, m3 * leg.service.kg_per_m3) * per_unit
        weights = [(variable, units * own) for variable, units in bought.units()]
        self._freight_duty(parcel, position, leg, rates.freight, weights, bought.chosen)

    # the buyer, the orders ------------------------------------------------------------------

    def _deliver(self) -> None:
        """Bring the product itself to the buyer, and hand on no more of anything than is made."""
        root = self.case.root
        lasts, goods = self._lasts(root), self.case.goods.get(root, ())
        if lasts:
            rest = self._pull_made(root, lasts, None, self.quantity, None, bool(goods))
            if goods:
                self._buy(
                    root, self.case.ship_to, None, [(v, s * self.quantity) for v, s in rest], self.quantity
                )
        else:
            one = self.model.variable(upper=1.0)
            self.model.equal([(one, 1.0)], 1.0)
            self._buy(root, self.case.ship_to, None, [(one, self.quantity)], self.quantity)
        self._close_parcels(None)
        for item, taken in self.handed.items():
            self._balance(self._lasts(item), taken)
        for good, terms in self._stock().values():
            self.model.at_most(terms, good.most_units)

    def _stock(self) -> dict[OfferId, tuple[Good, Terms]]:
        stock: dict[OfferId, tuple[Good, Terms]] = {}
        for bought in self.bought:
            if math.isfinite(bought.good.most_units):
                offer = bought.good.offer.id
                stock.setdefault(offer, (bought.good, []))[1].extend(bought.units())
        return stock

    def _orders(self) -> None:
        """Fee and minimum charge once for every shop used; no order below a seller's smallest."""
        for shop_id, users in self.users.items():
            shop = self.shops[shop_id]
            if not (shop.order_fee or shop.minimum_charge or shop.smallest_order):
                continue
            used = self.model.variable(shop.order_fee, 1.0)
            for user in users:
                self.model.at_least([(used, 1.0), (user, -1.0)])
            if shop.minimum_charge:
                extra = self.model.variable(1.0)
                self.model.at_least([(extra, 1.0), (used, -shop.minimum_charge), *self.spent[shop_id]])
            if shop.smallest_order:
                for buyer in self.buyers.get(shop_id, ()):
                    self.model.at_least([*self.spent[shop_id], (buyer, -shop.smallest_order)])

    # there and back -------------------------------------------------------------------------

    def read(self, values: Sequence[float]) -> Chain:
        """The chain a solution stands for."""
        routings: dict[ItemId, RoutingId] = {}
        seats: dict[OperationId, int] = {}
        for column, variable in self.column.items():
            if values[variable] > 0.5:
                routings[column.routing.item] = column.routing.id
                seats[column.operation.id] = column.seat
        lanes = {key: leg.lane for opened, key, leg in self.lane_of if values[opened] > 0.5}
        return Chain(routings=routings, seats=seats, buys=tuple(self._read_buys(values)), lanes=lanes)

    def _read_buys(self, values: Sequence[float]) -> Iterable[Buy]:
        for bought in self.bought:
            if values[bought.chosen] > 0.5:
                lots = round(values[bought.lots]) if bought.lots is not None else 0
                units = bought.least + lots * bought.good.offer.multiple
                yield Buy(
                    item=bought.item, operation=bought.operation, offer=bought.good.offer.id, units=units
                )
        for item, operation, scale, variable in self.assumed:
            if values[variable] > 1e-6:
                yield Buy(item=item, operation=operation, offer=None, units=values[variable] * scale)
