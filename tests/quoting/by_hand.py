"""A case small enough for paper: one operation in China, one bought input, one parcel to Britain."""

from __future__ import annotations

from dataclasses import replace

from tests.quoting.invented import RATES, operation, plain_estimate

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
    Place,
    PlaceId,
    PriceBreak,
    RateBracket,
    Routing,
    RoutingId,
    Shop,
    ShopId,
    exactly,
)
from manyworks.processes import Station
from manyworks.quoting.case import Case, DutyRates, Good, PartEstimate, Seat
from manyworks.quoting.chain import Buy, Chain

THING, BOLT = ItemId("thing"), ItemId("bolt")
TOWN = Place(id=PlaceId("town"), name="Town", country="CN", latitude=22.5, longitude=114.0)
HOME = Place(id=PlaceId("home"), name="Home", country="GB", latitude=51.5, longitude=-3.2)
MAKER = Shop(id=ShopId("maker"), name="Maker", place=TOWN.id, order_fee=3.0, queue_days=2.0)
SELLER = Shop(id=ShopId("seller"), name="Seller", place=TOWN.id, order_fee=2.0, minimum_charge=20.0)
STEP = replace(operation("thing/a", Input(item=BOLT, quantity=2.0)), hold_s=43_200.0)
MADE = Routing(id=RoutingId("thing/0"), item=THING, kind="by hand", operations=(STEP,))
AIR = Service(
    lane=LaneId("air"),
    mode="air",
    brackets=(
        RateBracket(min_kg=0.0, max_kg=6.0, fixed=3.0, per_kg=1.0),
        RateBracket(min_kg=6.0, max_kg=20.0, fixed=8.0, per_kg=0.5),
    ),
    kg_per_m3=167.0,
    transit_days=exactly(4.0),
    distance_km=9500.0,
    co2e_kg_per_kg=0.5,
    crosses_border=True,
    entry_fee=5.0,
    shared="",
    shared_sigma=0.0,
    own_sigma=0.0,
)


def seat(shop: Shop, *, unit: float = 2.0, setup: float = 5.0, good: float = 0.8, **limits: float) -> Seat:
    """A bench at a shop; ``good`` of what it starts comes out good."""
    machine = Machine(
        id=MachineId(f"{shop.id}-bench"),
        shop=shop.id,
        name="bench",
        capabilities=(),
        coefficients={"setup": setup, "unit": unit, "good": good, "carbon": 0.2},
    )
    station = Station(machine=machine, rates=RATES, coefficients=machine.coefficients)
    return Seat(shop=shop, machine=machine, station=station, place=TOWN, **limits)


def bolts(seller: Shop = SELLER, stock: float | None = None) -> Good:
    """Bags of ten, nine of ten bolts good, cheaper from 25 on."""
    offer = Offer(
        id=OfferId("bolts"),
        seller=seller.id,
        breaks=(
            PriceBreak(min_quantity=10.0, unit_price=1.0),
            PriceBreak(min_quantity=25.0, unit_price=0.5),
        ),
        multiple=10.0,
        stock=stock,
        lead_days=3.0,
    )
    return Good(offer=offer, seller=seller, place=TOWN, pieces_per_unit=0.9)


def case(**changes) -> Case:
    """The case on paper, with changes."""
    plain = Case(
        root=THING,
        items={name: Item(id=name, name=str(name)) for name in (THING, BOLT)},
        routings={THING: (MADE,)},
        seats={STEP.id: (seat(MAKER),)},
        goods={BOLT: (bolts(),)},
        estimates={BOLT: PartEstimate(unit_price=exactly(2.5), lead_days=9.0, basis="invented")},
        ship_to=HOME,
        estimate=plain_estimate,
        services=lambda origin, destination: (AIR,),
        duty=lambda item, origin, sent, to: DutyRates(goods=0.1, freight=0.1),
        packed=lambda item: (0.3, 0.004),
        embodied=lambda item, condition: 0.3,
    )
    return replace(plain, **changes)


def chain(**changes) -> Chain:
    """The only sensible chain for ten pieces, with changes."""
    plain = Chain(
        routings={THING: MADE.id},
        seats={STEP.id: 0},
        buys=(Buy(item=BOLT, operation=STEP.id, offer=OfferId("bolts"), units=30.0),),
        lanes={(TOWN.id, None): AIR.lane},
    )
    return replace(plain, **changes)
