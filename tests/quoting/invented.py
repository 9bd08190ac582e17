"""Small invented cases, and every chain there is for them, by going through all of them."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import replace

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
from manyworks.quoting.chain import Buy, Chain
from manyworks.quoting.columns import list_columns
from manyworks.quoting.evaluate import evaluate
from manyworks.quoting.explosion import ChainError, explode

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
        own_sigma=0.1,
        shared_sigma=0.1,
        assumptions=(),
    )


class Inventor:
    """Makes one case from a seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311
        self.places = [
            Place(id=PlaceId(f"p{n}"), name=f"p{n}", country="GB" if n % 2 else "CN", latitude=0.0, longitude=n)
            for n in range(self.dice.randint(2, 4))
        ]
        self.routes: dict[tuple[str, str], tuple[Service, ...]] = {}
        self.rates = {
            ItemId(name): self.dice.choice((0.0, 0.0, 0.12)) for name in ("root", "part", "bolt", "glue", "tool")
        }

    def pick(self, *values):
        return self.dice.choice(values)

    def shop(self, name: str) -> Shop:
        return Shop(
            id=ShopId(name),
            name=name,
            place=self.pick(*self.places).id,
            minimum_charge=self.pick(0.0, 0.0, 12.0),
            order_fee=self.pick(0.0, 3.0),
            queue_days=self.pick(0.0, 2.0),
            smallest_order=0.0,
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
            shop=shop, machine=machine, station=station, place=self.place_of(shop), min_lot=self.pick(0, 0, 2)
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
            self.routes[key] = tuple(self._service(origin, destination, n) for n in range(self.pick(1, 2)))
        return self.routes[key]

    def _service(self, origin: Place, destination: Place, number: int) -> Service:
        fixed, per_kg = self.pick(1.0, 4.0, 9.0), self.pick(0.2, 1.0)
        brackets = [RateBracket(min_kg=0.0, max_kg=6.0, fixed=fixed, per_kg=per_kg)]
        brackets.append(RateBracket(min_kg=6.0, max_kg=1e6, fixed=fixed + 3.0 * per_kg, per_kg=per_kg / 2))
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

    def operation(self, name: str, inputs: tuple[Input, ...], tools: tuple[ToolNeed, ...] = ()) -> Operation:
        return Operation(
            id=OperationId(name),
            name=name,
            process="x",
            requirement=Requirement(process="x"),
            inputs=inputs,
            tools=tools,
        )

    def case(self) -> Case:
        """A product made of a made part and bought ones, some ways needing a tool."""
        bolt, glue = ItemId("bolt"), ItemId("glue")
        shops = [self.shop(f"s{n}") for n in range(self.dice.randint(2, 3))]
        tools = (ToolNeed(item=ItemId("tool"), life=self.pick(2.0, 100.0)),) if self.pick(True, False) else ()
        root_inputs = [Input(item=ItemId("part"), quantity=1.0), Input(item=bolt, quantity=self.pick(1.0, 2.0))]
        if self.pick(True, False):
            root_inputs.append(Input(item=glue, quantity=1.0))
        operations = {
            "root": [[self.operation("root/a", tuple(root_inputs))]],
            "part": [[self.operation("part/a", (Input(item=glue, quantity=1.0),))]],
            "tool": [[self.operation("tool/a", ())]],
        }
        if self.pick(True, False):
            operations["part"].append([self.operation("part/b", (), tools)])
        if self.pick(True, False):
            operations["root"][0].append(self.operation("root/z", ()))
        routings = {
            ItemId(item): tuple(
                Routing(id=RoutingId(f"{item}/{n}"), item=ItemId(item), kind=f"way {n}", operations=tuple(ops))
                for n, ops in enumerate(ways)
            )
            for item, ways in operations.items()
        }
        seats = {
            op.id: tuple(
                self.seat(f"{op.id}-{n}", shop)
                for n, shop in enumerate(self.dice.sample(shops, self.dice.randint(1, 2)))
            )
            for ways in operations.values()
            for ops in ways
            for op in ops
        }
        sellers = [*shops[:1], self.shop("m1")]
        goods = {
            item: tuple(
                self.offer(item, n, self.pick(*sellers)) for n in range(self.dice.randint(1, 2))
            )
            for item in (bolt, glue)
        }
        names = ("root", "part", "bolt", "glue", "tool")
        weights = {ItemId(n): (self.pick(0.1, 3.0), self.pick(0.0001, 0.02)) for n in names}
        return Case(
            root=ItemId("root"),
            items={ItemId(n): Item(id=ItemId(n), name=n) for n in names},
            routings=routings,
            seats=seats,
            goods=goods,
            estimates={
                i: PartEstimate(unit_price=exactly(2.5), lead_days=9.0, basis="invented") for i in (bolt, glue)
            },
            ship_to=self.pick(*self.places),
            estimate=plain_estimate,
            services=self.services,
            duty=lambda item, origin, sent, to: DutyRates(
                goods=self.rates[item] if origin == "CN" else 0.0, freight=self.rates[item] if origin == "CN" else 0.0
            ),
            packed=lambda item: weights[item],
            embodied=lambda item, condition: 0.3,
        )


def invent(seed: int) -> Case:
    """A small case."""
    return Inventor(seed).case()


def all_chains(case: Case, quantity: int) -> Iterator[Chain]:
    """Every choice of routings, seats and purchases; carriers are chosen later, one by one."""
    ways = [[(item, routing) for routing in routings] for item, routings in case.routings.items()]
    for chosen in itertools.product(*ways):
        operations = [op for _, routing in chosen for op in routing.operations]
        for seats in itertools.product(*(range(len(case.seats[op.id])) for op in operations)):
            chain = Chain(
                routings={item: routing.id for item, routing in chosen},
                seats={op.id: seat for op, seat in zip(operations, seats, strict=True)},
            )
            yield from _with_buys(case, chain, quantity)


def _with_buys(case: Case, chain: Chain, quantity: int) -> Iterator[Chain]:
    demands = _demands(case, chain, quantity)
    if demands is None:
        return
    columns = list_columns(case, quantity, None)
    options = [list(_ways_to_cover(case, columns, *demand)) for demand in demands]
    for combination in itertools.product(*options):
        yield replace(chain, buys=tuple(buy for buys in combination for buy in buys))


def _demands(case: Case, chain: Chain, quantity: int):
    """What is to be bought, worked out here without the explosion under test."""
    demands = []

    def walk(item, pieces) -> bool:
        routing = chain.routing(case, item)
        if routing is None:
            return False
        for operation in reversed(routing.operations):
            seat = case.seats[operation.id][chain.seats[operation.id]]
            if pieces < seat.min_lot:
                return False
            starts = math.ceil(pieces / seat.machine.coefficients["good"] - 1e-9)
            for line in operation.inputs:
                need = math.ceil(starts * line.quantity)
                if line.item in case.routings:
                    if not walk(line.item, need):
                        return False
                else:
                    demands.append((line.item, operation.id, seat.place, need))
            for tool in operation.tools:
                if not walk(tool.item, math.ceil(starts / tool.life)):
                    return False
            pieces = starts
        return True

    return demands if walk(case.root, quantity) else None


def _ways_to_cover(case: Case, columns, item, operation, place, need):
    goods = case.goods[item]
    for units in itertools.product(*(_amounts(good, need) for good in goods)):
        pieces = sum(n * g.pieces_per_unit for n, g in zip(units, goods, strict=True))
        if any(0 < n < g.offer.breaks[0].min_quantity for n, g in zip(units, goods, strict=True)):
            continue
        bought = [
            Buy(item=item, operation=operation, offer=g.offer.id, units=float(n))
            for n, g in zip(units, goods, strict=True)
            if n
        ]
        if pieces >= need - 1e-9:
            yield bought
        elif columns.short(case, item, place):
            yield [*bought, Buy(item=item, operation=operation, offer=None, units=need - pieces)]


def _amounts(good: Good, need: float) -> list[float]:
    multiple = good.offer.multiple
    tops = [need / good.pieces_per_unit, *(step.min_quantity for step in good.offer.breaks)]
    top = min(max(math.ceil(amount / multiple) * multiple for amount in tops), good.most_units)
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
    lanes = {
        (flow.origin.id, flow.operation): [s.lane for s in case.services(flow.origin, flow.destination)]
        for flow in flows
        if flow.origin.id != flow.destination.id
    }
    current = {key: options[0] for key, options in lanes.items() if options}
    best = _price(case, chain, current, quantity)
    for key, options in lanes.items():
        for lane in options[1:]:
            price = _price(case, chain, {**current, key: lane}, quantity)
            if price < best:
                best, current = price, {**current, key: lane}
    return best


def _price(case: Case, chain: Chain, lanes, quantity: int) -> float:
    try:
        return evaluate(case, replace(chain, lanes=lanes), quantity).total
    except ChainError:
        return math.inf


def brute_force(case: Case, quantity: int) -> float:
    """Price of the cheapest chain there is; inf if there is none."""
    return min((best_lanes(case, chain, quantity) for chain in all_chains(case, quantity)), default=math.inf)
