"""Small invented cases, and every chain there is for them, by going through all of them."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from manyworks.logistics import Service
from manyworks.model import (
    Input,
    Item,
    ItemId,
    LaneId,
    Machine,
    MachineId,
    Offer,
    OfferId,
    Operation,
    OperationId,
    Place,
    PlaceId,
    PriceBreak,
    RateBracket,
    RateCard,
    Requirement,
    Routing,
    RoutingId,
    Shop,
    ShopId,
    ToolNeed,
    exactly,
)
from manyworks.processes import Estimate, Station
from manyworks.quoting.case import Case, DutyRates, Good, PartEstimate, Seat
from manyworks.quoting.chain import Buy, Chain, Consignment
from manyworks.quoting.columns import Columns, list_columns
from manyworks.quoting.evaluate import evaluate
from manyworks.quoting.explosion import ChainError, Flow, explode

RATES = RateCard(
    country="GB",
    wage_per_hour=20.0,
    rent_per_m2_year=80.0,
    energy_per_kwh=0.25,
    machine_hours_per_year=1800.0,
    interest=0.06,
    maintenance=0.05,
    administration=0.1,
    margin=0.1,
    grid_kg_co2e_per_kwh=0.2,
)


NAMES = ("root", "part", "tool", "bolt", "glue")
"""Items of an invented case, consumers before what they consume."""


def plain_estimate(operation, quantities, stations):
    """Set-up, money and yield straight from the machine's coefficients."""
    table = {
        name: np.array([[station.coefficients[name]] for station in stations])
        for name in ("setup", "unit", "good", "carbon")
    }
    starts = np.ceil(np.asarray(quantities)[None, :] / table["good"] - 1e-9)
    zero = np.zeros_like(starts)
    return Estimate(
        starts=starts,
        setup_s=zero + 600.0,
        run_s=starts * 60.0,
        attended_s=zero,
        energy_kwh=zero,
        co2e_kg=starts * table["carbon"],
        costs={"set-up": zero + table["setup"], "labour": starts * table["unit"]},
        water_l=zero,
        chemicals_kg=zero,
        input_kg=zero,
        product_kg=zero,
        own_sigma=np.full(len(starts), 0.1),
        shared_sigma=0.1,
        assumptions=(),
    )


class Inventor:
    """Makes one case from a seed. Whatever order it is asked in, the same seed answers the same.

    A ``wild`` case may also hold a made item with two consumers or with offers, sellers with a
    smallest order, and places nobody drives to.
    """

    def __init__(self, seed: int, wild: bool) -> None:
        self.seed, self.wild = seed, wild
        self.dice = random.Random(seed)
        self.places = [
            Place(
                id=PlaceId(f"p{n}"), name=f"p{n}", country="GB" if n % 2 else "CN", latitude=0.0, longitude=n
            )
            for n in range(self.dice.randint(2, 4))
        ]
        self.routes: dict[tuple[str, str], tuple[Service, ...]] = {}
        self.rates = {ItemId(name): self.dice.choice((0.0, 0.0, 0.12)) for name in NAMES}

    def pick(self, *values):
        return self.dice.choice(values)

    def wildly(self, value, otherwise):
        """A value for wild cases; both kinds throw the same dice."""
        return value if self.wild else otherwise

    def shop(self, name: str) -> Shop:
        return Shop(
            id=ShopId(name),
            name=name,
            place=self.pick(*self.places).id,
            minimum_charge=self.pick(0.0, 0.0, 12.0),
            order_fee=self.pick(0.0, 3.0),
            queue_days=self.pick(0.0, 2.0),
            smallest_order=self.wildly(self.pick(0.0, 0.0, 0.0, 4.0), 0.0),
        )

    def place_of(self, shop: Shop) -> Place:
        return next(place for place in self.places if place.id == shop.place)

    def seat(self, name: str, shop: Shop) -> Seat:
        machine = Machine(
            id=MachineId(name),
            shop=shop.id,
            name=name,
            capabilities=(),
            coefficients={
                "setup": self.pick(1.0, 5.0, 20.0),
                "unit": self.pick(0.5, 1.0, 4.0),
                "good": self.pick(1.0, 1.0, 0.7),
                "carbon": self.pick(0.1, 1.0),
            },
        )
        station = Station(machine=machine, rates=RATES, coefficients=machine.coefficients)
        return Seat(
            shop=shop,
            machine=machine,
            station=station,
            place=self.place_of(shop),
            min_lot=self.pick(0, 0, 0, 2),
            max_lot=self.pick(math.inf, math.inf, math.inf, 3),
        )

    def offer(self, item: str, number: int, shop: Shop) -> Good:
        price, second = self.pick(0.5, 1.0, 2.0), self.pick(None, 3.0, 5.0)
        breaks = [PriceBreak(min_quantity=self.pick(1.0, 1.0, 2.0), unit_price=price)]
        if second:
            breaks.append(PriceBreak(min_quantity=second, unit_price=price * 0.6))
        offer = Offer(
            id=OfferId(f"{item}-{number}"),
            seller=shop.id,
            breaks=tuple(breaks),
            multiple=self.pick(1.0, 1.0, 2.0),
            stock=self.pick(None, None, 2.0),
            lead_days=self.pick(0.0, 3.0),
            origin=self.pick("CN", "GB", ""),
        )
        return Good(offer=offer, seller=shop, place=self.place_of(shop), pieces_per_unit=self.pick(1.0, 0.9))

    def services(self, origin: Place, destination: Place) -> tuple[Service, ...]:
        key = (origin.id, destination.id)
        if key not in self.routes:
            self.dice = random.Random(f"{self.seed} {key}")
            self.routes[key] = tuple(
                self._service(origin, destination, n)
                for n in range(max(self.pick(0, 1, 1, 1, 2, 2, 2), self.wildly(0, 1)))
            )
        return self.routes[key]

    def _service(self, origin: Place, destination: Place, number: int) -> Service:
        fixed, per_kg = self.pick(1.0, 4.0, 9.0), self.pick(0.2, 1.0)
        brackets = [RateBracket(min_kg=0.0, max_kg=6.0, fixed=fixed, per_kg=per_kg)]
        if self.pick(True, True, True, False):
            brackets.append(
                RateBracket(min_kg=6.0, max_kg=1e6, fixed=fixed + 3.0 * per_kg, per_kg=per_kg / 2)
            )
        border = origin.country != destination.country
        return Service(
            lane=LaneId(f"{origin.id}-{destination.id}-{number}"),
            mode=self.pick("air", "road"),
            brackets=tuple(brackets),
            kg_per_m3=self.pick(167.0, 1000.0),
            transit_days=exactly(self.pick(1.0, 5.0)),
            distance_km=100.0,
            co2e_kg_per_kg=self.pick(0.1, 2.0),
            crosses_border=border,
            entry_fee=self.pick(0.0, 5.0) if border else 0.0,
            shared="",
            shared_sigma=0.0,
            own_sigma=0.0,
        )

    def operations(self) -> dict[str, list[list[Operation]]]:
        """Ways to make each item: one step or two, with a tool or without, a part shared or not."""
        bolt, glue, part = ItemId("bolt"), ItemId("glue"), ItemId("part")
        tools = (ToolNeed(item=ItemId("tool"), life=self.pick(2.0, 100.0)),) if self.pick(True, False) else ()
        inputs = [Input(item=part, quantity=1.0), Input(item=bolt, quantity=self.pick(1.0, 2.0))]
        if self.pick(True, False):
            inputs.append(Input(item=glue, quantity=1.0))
        root = [operation("root/a", *inputs)]
        if self.pick(True, False, False):
            late = [Input(item=part, quantity=1.0)] if self.wildly(self.pick(True, False), False) else []
            root.append(operation("root/b", *late))
        ways = {
            "root": [root],
            "part": [[operation("part/a", Input(item=glue, quantity=1.0))]],
            "tool": [[operation("tool/a")]],
        }
        if self.pick(True, False):
            ways["part"].append([operation("part/b", tools=tools)])
        if self.pick(True, False):
            ways["root"].append([operation("root/z")])
        return ways

    def routings(self, ways: dict[str, list[list[Operation]]]) -> dict[ItemId, tuple[Routing, ...]]:
        return {
            ItemId(item): tuple(
                Routing(
                    id=RoutingId(f"{item}/{n}"),
                    item=ItemId(item),
                    kind=f"way {n}",
                    operations=tuple(steps),
                    max_quantity=self.pick(math.inf, math.inf, math.inf, math.inf, 2.0),
                )
                for n, steps in enumerate(alternatives)
            )
            for item, alternatives in ways.items()
        }

    def seats(self, steps: Iterable[Operation], shops: list[Shop]) -> dict[OperationId, tuple[Seat, ...]]:
        return {
            step.id: tuple(
                self.seat(f"{step.id}-{n}", shop)
                for n, shop in enumerate(self.dice.sample(shops, self.dice.randint(1, 2)))
            )
            for step in steps
        }

    def goods(self, sellers: list[Shop]) -> dict[ItemId, tuple[Good, ...]]:
        sold = [
            "bolt",
            "glue",
            *(["part"] if self.wildly(self.pick(True, False, False, False), False) else []),
        ]
        return {
            ItemId(item): tuple(
                self.offer(item, n, self.pick(*sellers)) for n in range(self.dice.randint(1, 2))
            )
            for item in sold
        }

    def case(self) -> Case:
        """A product made of a made part and bought ones, some ways needing a tool."""
        ways = self.operations()
        shops = [self.shop(f"s{n}") for n in range(self.dice.randint(2, 3))]
        steps = [step for alternatives in ways.values() for way in alternatives for step in way]
        weights = {ItemId(n): (self.pick(0.1, 3.0), self.pick(0.0001, 0.02)) for n in NAMES}
        owner = self.pick("", "", "s0")
        return Case(
            root=ItemId("root"),
            items={ItemId(n): Item(id=ItemId(n), name=n) for n in NAMES},
            routings=self.routings(ways),
            seats=self.seats(steps, shops),
            goods=self.goods([*shops[:1], self.shop("m1")]),
            estimates={
                ItemId(n): PartEstimate(unit_price=exactly(2.5), lead_days=9.0, basis="invented")
                for n in ("bolt", "glue")
            },
            ship_to=self.pick(*self.places),
            estimate=plain_estimate,
            services=self.services,
            duty=self._duty,
            packed=lambda item: weights[item],
            embodied=lambda item, condition: 0.3,
            owned={(ShopId(owner), ItemId("tool")): 1.0} if owner else {},
        )

    def _duty(self, item: ItemId, origin: str, sent_from: str, to: str) -> DutyRates:
        rate = self.rates[item] if origin == "CN" else 0.0
        return DutyRates(goods=rate, freight=rate)


def operation(name: str, *inputs: Input, tools: tuple[ToolNeed, ...] = ()) -> Operation:
    return Operation(
        id=OperationId(name),
        name=name,
        process="x",
        requirement=Requirement(process="x"),
        inputs=inputs,
        tools=tools,
    )


def invent(seed: int, *, wild: bool = False) -> Case:
    """A small case."""
    return Inventor(seed, wild).case()


@dataclass(frozen=True)
class Want:
    """Pieces wanted somewhere; worked out here without the explosion under test."""

    operation: OperationId | None
    place: Place
    pieces: float


Wants = dict[ItemId, tuple[Want, ...]]


def all_chains(case: Case, quantity: int) -> Iterator[Chain]:
    """Every choice of routings, seats and purchases; carriers are chosen later, one by one."""
    columns = list_columns(case, quantity, None)
    wants: Wants = {case.root: (Want(None, case.ship_to, quantity),)}
    yield from _decide(case, columns, Chain(), wants, [ItemId(name) for name in NAMES])


def _decide(case: Case, columns: Columns, chain: Chain, wants: Wants, left: list[ItemId]) -> Iterator[Chain]:
    if not left:
        yield chain
        return
    item, rest = left[0], left[1:]
    if item not in wants:
        yield from _decide(case, columns, chain, wants, rest)
        return
    for routing in case.routings.get(item, ()):
        for made, more in _make(case, chain, wants, routing):
            yield from _decide(case, columns, made, more, rest)
    if item in case.goods or item not in case.routings:
        ways = [list(_ways_to_cover(case, columns, item, want)) for want in wants[item]]
        for combination in itertools.product(*ways):
            bought = replace(chain, buys=(*chain.buys, *itertools.chain(*combination)))
            yield from _decide(case, columns, bought, wants, rest)


def _make(case: Case, chain: Chain, wants: Wants, routing: Routing) -> Iterator[tuple[Chain, Wants]]:
    total = sum(want.pieces for want in wants[routing.item])
    if not routing.min_quantity <= total <= routing.max_quantity:
        return
    steps = routing.operations
    for chosen in itertools.product(*(range(len(case.seats[step.id])) for step in steps)):
        seats = {step.id: number for step, number in zip(steps, chosen, strict=True)}
        more, pieces = dict(wants), total
        for step in reversed(steps):
            seat = case.seats[step.id][seats[step.id]]
            pieces = math.ceil(pieces / seat.machine.coefficients["good"] - 1e-9)
            for taken, count in _taken(case, step, seat, pieces):
                more[taken] = (*more.get(taken, ()), Want(step.id, seat.place, count))
        routings = {**chain.routings, routing.item: routing.id}
        yield replace(chain, routings=routings, seats={**chain.seats, **seats}), more


def _taken(case: Case, step: Operation, seat: Seat, starts: int) -> Iterator[tuple[ItemId, int]]:
    for line in step.inputs:
        yield line.item, math.ceil(starts * line.quantity)
    for tool in step.tools:
        missing = math.ceil(starts / tool.life) - case.owned.get((seat.shop.id, tool.item), 0.0)
        if missing > 0:
            yield tool.item, missing


def _ways_to_cover(case: Case, columns: Columns, item: ItemId, want: Want) -> Iterator[list[Buy]]:
    goods, need = case.goods.get(item, ()), want.pieces
    for units in itertools.product(*(_amounts(good, need) for good in goods)):
        pieces = sum(n * g.pieces_per_unit for n, g in zip(units, goods, strict=True))
        if any(0 < n < g.offer.breaks[0].min_quantity for n, g in zip(units, goods, strict=True)):
            continue
        bought = [
            Buy(item=item, operation=want.operation, offer=g.offer.id, units=float(n))
            for n, g in zip(units, goods, strict=True)
            if n
        ]
        if pieces >= need - 1e-9:
            yield bought
        elif item in case.estimates and columns.short(case, item, want.place):
            yield [*bought, Buy(item=item, operation=want.operation, offer=None, units=need - pieces)]


def _amounts(good: Good, need: float) -> list[float]:
    """Units somebody may want: up to what is enough, to the last break or to the seller's smallest order."""
    multiple, breaks = good.offer.multiple, good.offer.breaks
    tops = [need / good.pieces_per_unit, *(step.min_quantity for step in breaks)]
    tops += [good.seller.smallest_order / step.unit_price for step in breaks]
    top = min(max(math.ceil(amount / multiple - 1e-9) * multiple for amount in tops), good.most_units)
    return [0.0, *np.arange(multiple, top + 1e-9, multiple)]


def best_lanes(case: Case, chain: Chain, quantity: int) -> float:
    """Price of a chain with the best carriers: each consignment's is independent of the others' choice.

    A consignment's cost raises what is due behind it and nothing else, so the cheapest carrier of
    one is the cheapest whatever carries the rest.
    """
    try:
        flows = explode(case, chain, quantity).flows
    except ChainError:
        return math.inf
    loads: dict[Consignment, list[Flow]] = {}
    for flow in flows:
        if flow.origin.id != flow.destination.id:
            loads.setdefault((flow.origin.id, flow.operation), []).append(flow)
    lanes = {key: _able(case, load) for key, load in loads.items()}
    current = {key: options[0] for key, options in lanes.items() if options}
    best = _price(case, chain, current, quantity)
    for key, options in lanes.items():
        for lane in options[1:]:
            price = _price(case, chain, {**current, key: lane}, quantity)
            if price < best:
                best, current = price, {**current, key: lane}
    return best


def _able(case: Case, load: list[Flow]) -> list[LaneId]:
    """Lanes whose heaviest bracket takes the load."""
    kg = sum(flow.pieces * case.size(flow.item)[0] for flow in load)
    m3 = sum(flow.pieces * case.size(flow.item)[1] for flow in load)
    return [
        service.lane
        for service in case.services(load[0].origin, load[0].destination)
        if max(kg, m3 * service.kg_per_m3) <= service.brackets[-1].max_kg
    ]


def _price(case: Case, chain: Chain, lanes, quantity: int) -> float:
    try:
        return evaluate(case, replace(chain, lanes=lanes), quantity).total
    except ChainError:
        return math.inf


def brute_force(case: Case, quantity: int) -> float:
    """Price of the cheapest chain there is; inf if there is none."""
    return min((best_lanes(case, chain, quantity) for chain in all_chains(case, quantity)), default=math.inf)
