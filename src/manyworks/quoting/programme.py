"""The label programme: from the leaves of the bill of materials to the buyer's door.

A state is an item after some stage of a routing, at one shop, in one number of pieces; its labels
are ways to get there that no other way beats in price, lead time and footprint at once. Cost and
footprint add, the lead time is the maximum over what a stage waits for plus its own. Numbers of
pieces come from the buyer down, so that a state knows how many it must hand on. What several
states share (a parcel, a minimum charge) each label bears alone: labels are true chains, never too
cheap; the fixed-charge model finds what sharing saves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from manyworks.model import ItemId, OperationId, Place, PlaceId, Routing, RoutingId
from manyworks.quoting.baskets import Basket, Stalls
from manyworks.quoting.case import Case, Leg
from manyworks.quoting.chain import Buy, Chain, Consignment
from manyworks.quoting.columns import Column, Columns, list_columns
from manyworks.quoting.shelves import Line

MOST_LABELS = 6
"""Labels kept in one state."""

MOST_AMOUNTS = 6
"""Different numbers of pieces kept of one operation when shops' yields differ."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Label:
    """One way to reach a state. ``value`` is what customs would call the goods' worth.

    ``parts`` are the labels it was made of; the other fields what this step itself decided.
    """

    cost: float
    days: float
    co2e_kg: float
    value: float
    parts: tuple[Label, ...] = ()
    column: Column | None = None
    lane: tuple[Consignment, Leg] | None = None
    basket: Basket | None = None
    operation: OperationId | None = None


NOTHING = Label(cost=0.0, days=0.0, co2e_kg=0.0, value=0.0)


@dataclass(slots=True, kw_only=True)
class Programme:
    """Labels of one case at one quantity; states are worked out when first asked for.

    ``only_cost`` keeps just the cheapest label of every state.
    """

    case: Case
    quantity: float
    only_cost: bool = False
    columns: Columns = field(init=False)
    _stages: dict[tuple[OperationId, float, int], list[Label]] = field(default_factory=dict)
    _stalls: dict[tuple[OperationId | None, PlaceId, tuple[Line, ...]], Stalls] = field(default_factory=dict)
    _sent: dict[tuple[OperationId, float, PlaceId, OperationId | None], list[Label]] = field(
        default_factory=dict
    )
    _rivals: dict[Label, list[Label]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """List the columns the labels walk over."""
        self.columns = list_columns(self.case, self.quantity, MOST_AMOUNTS)

    def labels(self) -> list[Label]:
        """Ways to have the whole quantity at the buyer's door, cheapest first; [] if there is none."""
        root = self.supply(self.case.root, self.quantity, self.case.ship_to, None)
        return sorted(root, key=lambda label: label.cost)

    def supply(self, item: ItemId, pieces: float, place: Place, consumer: OperationId | None) -> list[Label]:
        """Ways to have ``pieces`` of a made or bought item at ``place`` for an operation."""
        made = [
            label
            for routing in self.case.routings.get(item, ())
            if routing.min_quantity <= pieces <= routing.max_quantity
            for label in self._made(routing, pieces, place, consumer)
        ]
        if item in self.case.goods or item not in self.case.routings:
            made.extend(self._bought([Line(item=item, pieces=pieces)], place, consumer))
        return self._kept(made)

    def _kept(self, labels: list[Label]) -> list[Label]:
        """Prune, but remember the cheapest label of every other maker for the runner-up."""
        if self.only_cost:
            return sorted(labels, key=lambda label: label.cost)[:1]
        kept = prune(labels)
        best: dict[Column | None, Label] = {}
        for label in labels:
            maker = maker_of(label)
            if maker not in best or label.cost < best[maker].cost:
                best[maker] = label
        for label in kept:
            rivals = [rival for maker, rival in best.items() if maker is not maker_of(label)]
            self._rivals.setdefault(label, []).extend(rivals)
        return kept

    def runner_up(self, label: Label) -> tuple[Label, Label] | None:
        """The label that changes one maker at least extra cost, and the changed part."""
        choices: list[tuple[float, Label, Label]] = []
        waiting = [label]
        while waiting:
            one = waiting.pop()
            waiting.extend(one.parts)
            choices.extend((rival.cost - one.cost, one, rival) for rival in self._rivals.get(one, ()))
        if not choices:
            return None
        _, old, new = min(choices, key=lambda choice: choice[0])
        return substitute(label, old, new), new

    def _made(
        self, routing: Routing, pieces: float, place: Place, consumer: OperationId | None
    ) -> list[Label]:
        return self._delivered(routing, len(routing.operations) - 1, pieces, place, consumer)

    def _delivered(
        self, routing: Routing, stage: int, pieces: float, place: Place, consumer: OperationId | None
    ) -> list[Label]:
        """Output of a stage, brought to a place."""
        operation = routing.operations[stage]
        good = self.columns.listed(operation.id, pieces)
        key = (operation.id, good, place.id, consumer)
        if key not in self._sent:
            columns = self.columns.by_stage.get((operation.id, good), ())
            self._sent[key] = self._kept(
                [
                    moved
                    for column in columns
                    for label in self._stage(column)
                    for moved in self._move(label, column, pieces, place, consumer)
                ]
            )
        return self._sent[key]

    def _move(
        self, label: Label, column: Column, pieces: float, place: Place, consumer: OperationId | None
    ) -> Iterator[Label]:
        origin = self.case.seats[column.operation.id][column.seat].place
        if origin.id == place.id:
            yield label
            return
        item = column.routing.item
        kg, m3 = self.case.size(item)
        kg, m3 = kg * pieces, m3 * pieces
        for leg in best_legs(self.case.legs(origin, place), kg, m3):
            rates = self.case.duty_rates(item, origin.country, origin.country, place.country)
            own = max(kg, m3 * leg.service.kg_per_m3)
            duty = rates.goods * label.value + rates.freight * (leg.fixed + leg.per_kg * own)
            cost = leg.freight(kg, m3) + leg.flat - leg.fixed + duty
            yield Label(
                cost=label.cost + cost,
                days=label.days + leg.days,
                co2e_kg=label.co2e_kg + leg.service.co2e_kg_per_kg * kg,
                value=label.value + cost,
                parts=(label,),
                lane=((origin.id, consumer), leg),
            )

    def _stage(self, column: Column) -> list[Label]:
        """Labels after an operation at its seat, with everything it takes."""
        key = (column.operation.id, column.good, column.seat)
        if key not in self._stages:
            self._stages[key] = self._worked(column)
        return self._stages[key]

    def _worked(self, column: Column) -> list[Label]:
        labels = [NOTHING]
        seat = self.case.seats[column.operation.id][column.seat]
        for incoming in self._incoming(column, seat.place):
            labels = prune(join(a, b) for a in labels for b in incoming)
            if not labels:
                return []
        effort, shop = column.effort, seat.shop
        extra = shop.order_fee + max(0.0, shop.minimum_charge - effort.price)
        days = effort.days + column.operation.hold_s / 86400
        return [
            Label(
                cost=label.cost + effort.price + extra,
                days=max(label.days, shop.queue_days) + days,
                co2e_kg=label.co2e_kg + effort.co2e_kg,
                value=label.value + effort.price,
                parts=(label,),
                column=column,
            )
            for label in labels
        ]

    def _incoming(self, column: Column, place: Place) -> Iterator[list[Label]]:
        """What an operation waits for: the stage before, made items, and one basket of bought lines."""
        if column.stage:
            yield self._delivered(
                column.routing, column.stage - 1, column.effort.starts, place, column.operation.id
            )
        bought: list[Line] = []
        for item, pieces in column.needs:
            if self.case.routings.get(item):
                yield self.supply(item, pieces, place, column.operation.id)
            else:
                bought.append(Line(item=item, pieces=pieces))
        if bought:
            yield self._bought(bought, place, column.operation.id)

    def _bought(self, lines: list[Line], place: Place, consumer: OperationId | None) -> list[Label]:
        """A few baskets: the cheapest, the cleanest, and cheap ones that are there sooner."""
        key = (consumer, place.id, tuple(lines))
        if key not in self._stalls:
            short = frozenset(
                line.item
                for line in lines
                if line.item in self.case.estimates and self.columns.short(self.case, line.item, place)
            )
            self._stalls[key] = Stalls(self.case, consumer, place, lines, short)
        stalls = self._stalls[key]
        cheapest = stalls.buy()
        if cheapest is None:
            return []
        if self.only_cost:
            return [_bought_label(cheapest, consumer)]
        baskets = [cheapest, stalls.buy("co2e_kg")]
        soonest = max(stalls.arrivals(), default=0.0)
        limits = (soonest, (soonest + cheapest.days) / 2)
        baskets.extend(stalls.buy(max_days=limit) for limit in limits if limit < cheapest.days - 1e-9)
        return prune(_bought_label(basket, consumer) for basket in baskets if basket is not None)


def _bought_label(basket: Basket, consumer: OperationId | None) -> Label:
    return Label(
        cost=basket.cost,
        days=basket.days,
        co2e_kg=basket.co2e_kg,
        value=basket.cost,
        basket=basket,
        operation=consumer,
    )


def maker_of(label: Label) -> Column | None:
    """The last operation behind a delivered label; None for bought goods."""
    if label.column is not None or not label.parts:
        return label.column
    return label.parts[0].column


def substitute(label: Label, old: Label, new: Label) -> Label:
    """Put ``new`` in the place of ``old`` among the parts of a label; only its decisions are meant."""
    if label is old:
        return new
    parts = tuple(substitute(part, old, new) for part in label.parts)
    if all(a is b for a, b in zip(parts, label.parts, strict=True)):
        return label
    return replace(label, parts=parts)


def join(one: Label, other: Label) -> Label:
    """Two things an operation waits for, together."""
    return Label(
        cost=one.cost + other.cost,
        days=max(one.days, other.days),
        co2e_kg=one.co2e_kg + other.co2e_kg,
        value=one.value + other.value,
        parts=(one, other),
    )


def best_legs(legs: Sequence[Leg], kg: float, m3: float) -> list[Leg]:
    """Legs that take a load, each quicker or cleaner than all cheaper ones."""
    able = [leg for leg in legs if math.isfinite(leg.freight(kg, m3))]
    if not able:
        return []
    by_cost = sorted(able, key=lambda leg: leg.freight(kg, m3) + leg.flat - leg.fixed)
    chosen = [by_cost[0]]
    for leg in by_cost[1:]:
        faster = leg.days < min(other.days for other in chosen) - 1e-9
        cleaner = leg.service.co2e_kg_per_kg < min(o.service.co2e_kg_per_kg for o in chosen) - 1e-12
        if faster or cleaner:
            chosen.append(leg)
    return chosen


def prune(labels: Iterable[Label]) -> list[Label]:
    """Labels no other beats in all three; at most `MOST_LABELS`, the extremes among them."""
    kept: list[Label] = []
    for label in sorted(labels, key=lambda one: (one.cost, one.days, one.co2e_kg)):
        if not any(o.days <= label.days + 1e-9 and o.co2e_kg <= label.co2e_kg * (1 + 1e-9) for o in kept):
            kept.append(label)
    if len(kept) <= MOST_LABELS:
        return kept
    extremes = {0, _argmin([k.days for k in kept]), _argmin([k.co2e_kg for k in kept])}
    rest = sorted((i for i in range(len(kept)) if i not in extremes), key=lambda i: _mix(kept, i))
    return [kept[i] for i in sorted(extremes | set(rest[: MOST_LABELS - len(extremes)]))]


def _argmin(values: Sequence[float]) -> int:
    return min(range(len(values)), key=values.__getitem__)


def _mix(labels: Sequence[Label], index: int) -> float:
    """How good a label is on all three, each measured from its best to its worst."""
    total = 0.0
    for name in ("cost", "days", "co2e_kg"):
        values = [getattr(label, name) for label in labels]
        low, high = min(values), max(values)
        total += (values[index] - low) / (high - low) if high > low else 0.0
    return total


def read_chain(label: Label) -> Chain:
    """The decisions a label stands for."""
    routings: dict[ItemId, RoutingId] = {}
    seats: dict[OperationId, int] = {}
    buys: list[Buy] = []
    legs: dict[Consignment, Leg] = {}
    waiting = [label]
    while waiting:
        one = waiting.pop()
        waiting.extend(one.parts)
        if one.column is not None:
            routings[one.column.routing.item] = one.column.routing.id
            seats[one.column.operation.id] = one.column.seat
        if one.lane is not None:
            _take_quicker(legs, *one.lane)
        if one.basket is not None:
            buys.extend(one.basket.buys)
            for place, leg in one.basket.lanes:
                _take_quicker(legs, (place.id, one.operation), leg)
    lanes = {key: leg.lane for key, leg in legs.items()}
    return Chain(routings=routings, seats=seats, buys=tuple(buys), lanes=lanes)


def _take_quicker(legs: dict[Consignment, Leg], key: Consignment, leg: Leg) -> None:
    """Two labels may send by different carriers what travels together: the quicker keeps the promise."""
    if key not in legs or leg.days < legs[key].days:
        legs[key] = leg
