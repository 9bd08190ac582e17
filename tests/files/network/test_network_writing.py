"""A network written as tables and read again is the same network."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manyworks.files.network import read_network
from manyworks.files.network.writing import write_network
from manyworks.model import (
    Capability,
    Certificate,
    Finding,
    ItemId,
    Lane,
    LaneId,
    Machine,
    MachineId,
    Network,
    Offer,
    OfferId,
    Place,
    PlaceId,
    PriceBreak,
    RateBracket,
    Severity,
    Shift,
    Shop,
    ShopId,
    Spread,
    Tool,
    ToolId,
    Worker,
    WorkerId,
    errors,
)

EXAMPLE = Path(__file__).parents[3] / "examples" / "network"

WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters=";"),
    min_size=1,
    max_size=12,
).filter(lambda text: not text.startswith("#"))
TITLES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
NUMBERS = st.floats(0.001, 1e9, allow_nan=False)
MAYBE = st.none() | NUMBERS


def through_disk(network: Network) -> tuple[Network | None, tuple[Finding, ...]]:
    texts, findings = write_network(network)
    assert not errors(findings), findings
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / name).write_text(text, encoding="utf-8", newline="\n")
        return read_network(folder)


def without_where(network: Network) -> Network:
    """Where an offer stands is told by the reader."""
    return replace(network, offers={one: replace(offer, where="") for one, offer in network.offers.items()})


shifts = st.builds(
    lambda days, start, length, pause: Shift(
        weekdays=tuple(sorted(days)),
        start_min=start,
        end_min=start + length,
        breaks=((start + 30, start + 60),) if pause else (),
    ),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
    st.integers(120, 1439),
    st.booleans(),
)
capabilities = st.builds(
    Capability,
    process=st.sampled_from(["laser-cutting", "3 axis milling", "smt-assembly"]).filter(
        lambda p: p[0].isalpha()
    ),
    materials=st.lists(WORDS, max_size=3).map(tuple),
    envelope_mm=st.none() | st.tuples(NUMBERS, NUMBERS) | st.tuples(NUMBERS, NUMBERS, NUMBERS),
    tolerance_mm=MAYBE,
    finish_ra_um=MAYBE,
    iso_class=st.none() | st.integers(1, 9),
    max_layers=st.none() | st.integers(1, 200),
    clamp_force_t=MAYBE,
    min_lot=MAYBE,
    it_grade=st.none() | st.integers(-1, 18),
    axes=st.none() | st.integers(1, 9),
    max_diameter_mm=MAYBE,
    max_bend_length_mm=MAYBE,
    max_copper_um=MAYBE,
    smallest_package=st.sampled_from(["", "0402"]),
)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    places, shops, machines, offers = {}, {}, {}, {}
    for number in range(draw(st.integers(1, 3))):
        place = Place(
            id=PlaceId(f"p{number}"),
            name=draw(TITLES),
            country=draw(st.sampled_from(["GB", "CN", "US"])),
            latitude=draw(st.floats(-89, 89).filter(lambda x: abs(x) > 1e-6)),
            longitude=draw(st.floats(-179, 179)),
            zone=draw(st.sampled_from(["", "north"])),
            kind=draw(st.sampled_from(["site", "hub"])),
        )
        places[place.id] = place
        shop = Shop(
            id=ShopId(f"s{number}"),
            name=draw(TITLES),
            place=place.id,
            status=draw(st.sampled_from(["open", "planned"])),
            timezone=draw(st.sampled_from(["UTC", "Asia/Shanghai"])),
            shifts=tuple(draw(st.lists(shifts, max_size=2))),
            holidays=draw(st.sampled_from(["", "GB-WLS"])),
            certificates=tuple(
                Certificate(name=f"ISO {n}", scope=scope, valid_to=day)
                for n, (scope, day) in enumerate(
                    draw(st.lists(st.sampled_from([("", ""), ("assembly", "2030-01-31")]), max_size=2))
                )
            ),
            certificates_complete=draw(st.booleans()),
            smallest_order=draw(NUMBERS),
            queue_days=draw(st.floats(0, 3650)),
            rate_overrides=draw(st.sampled_from([{}, {"wage_per_hour": 12.5, "margin": 0.1}])),
            coefficients=draw(st.dictionaries(st.sampled_from(["a", "b.c"]), NUMBERS)),
            description=draw(st.sampled_from(["", 'two\nlines, "quoted"'])),
        )
        shops[shop.id] = shop
        machine = Machine(
            id=MachineId(f"m{number}"),
            shop=shop.id,
            name=draw(TITLES),
            capabilities=tuple(draw(st.lists(capabilities, max_size=2))),
            make=draw(st.sampled_from(["", "Acme"])),
            capital=draw(MAYBE),
            life_years=draw(MAYBE),
            count=draw(st.integers(1, 100_000)),
        )
        machines[machine.id] = machine
        offer = Offer(
            id=OfferId(f"o{number}"),
            seller=shop.id,
            breaks=(
                PriceBreak(min_quantity=1.0, unit_price=draw(NUMBERS)),
                PriceBreak(min_quantity=10.0, unit_price=draw(NUMBERS)),
            ),
            name=draw(TITLES),
            stock=draw(MAYBE),
            expected_yield=draw(st.floats(0.01, 1.0)),
            origin=draw(st.sampled_from(["", "CN"])),
        )
        offers[offer.id] = offer
    days = Spread(mean=0.3 * 2 + 0.4 * 3 + 0.3 * 5, p10=2.0, p50=3.0, p90=5.0, own_sigma=0.0)
    lane = Lane(
        id=LaneId("l"),
        mode="road",
        from_zone="*",
        to_zone="GB",
        brackets=(RateBracket(min_kg=0.0, max_kg=draw(st.floats(1, 9)), fixed=draw(NUMBERS), per_kg=0.5),),
        kg_per_m3=250.0,
        transit_days=days,
        co2e_kg_per_tkm=draw(NUMBERS),
        source=draw(st.sampled_from(["", "a tariff"])),
    )
    worker = Worker(id=WorkerId("w"), shop=ShopId("s0"), name="crew", processes=("packing",), count=2)
    life = draw(st.sampled_from([float("inf"), 1000.0]))
    tool = Tool(id=ToolId("t"), item=ItemId("mould"), shop=ShopId("s0"), owner="us", life_left=life)
    return Network(
        name=draw(TITLES),
        currency="GBP",
        as_of="2026-11-22",
        places=places,
        shops=shops,
        machines=machines,
        workers={worker.id: worker},
        tools={tool.id: tool},
        offers=offers,
        lanes=(lane,),
        exchange={"GBP": 1.0, "USD": draw(st.floats(0.01, 100))},
    )


@given(networks())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_is_read_back(network: Network) -> None:
    read, findings = through_disk(network)
    assert read is not None, errors(findings)
    # The reader makes the spread of a transit time of its three quantiles.
    expected = replace(network, lanes=tuple(_with_sigma(lane, read) for lane in network.lanes))
    assert without_where(read) == without_where(expected)
    assert without_where(read).hash == without_where(expected).hash


def _with_sigma(lane: Lane, read: Network) -> Lane:
    (other,) = read.lanes
    assert other.transit_days.mean == pytest.approx(lane.transit_days.mean)
    return replace(lane, transit_days=other.transit_days)


def test_the_example_network_stays_the_same() -> None:
    network, _ = read_network(EXAMPLE)
    assert network is not None
    read, findings = through_disk(network)
    assert read is not None
    assert findings == ()
    assert without_where(read) == without_where(network)


BASE = Network(
    name="n",
    currency="USD",
    as_of="2026-11-22",
    places={PlaceId("p"): Place(id=PlaceId("p"), name="P", country="GB", latitude=51.5, longitude=-3.2)},
    shops={ShopId("s"): Shop(id=ShopId("s"), name="S", place=PlaceId("p"))},
    exchange={"USD": 1.0},
)


def with_shop(**fields: object) -> Network:
    return replace(BASE, shops={ShopId("s"): replace(BASE.shops[ShopId("s")], **fields)})  # type: ignore[arg-type]


def with_machine(machine: str = "m", capability: Capability | None = None, **fields: object) -> Network:
    own = Machine(
        id=MachineId(machine),
        shop=ShopId("s"),
        name="M",
        capabilities=(capability,) if capability else (),
        **fields,  # type: ignore[arg-type]
    )
    return replace(BASE, machines={own.id: own})


@pytest.mark.parametrize(
    ("network", "told"),
    [
        (with_shop(certificates=(Certificate(name="ISO; 9001"),)), "certificates"),
        (with_shop(name="bell\a"), "name"),
        (with_shop(name=" padded "), "name"),
        (with_shop(name=""), "name"),
        (with_shop(coefficients={"two words": 1.0}), "coefficients"),
        (with_shop(timezone="Mars/Olympus"), "timezone"),
        (with_shop(shifts=(Shift(weekdays=(0,), start_min=600, end_min=600 + 1500),)), "shifts"),
        (with_machine("#m"), "remark"),
        (with_machine(capital=float("nan")), "capital"),
        (with_machine(capability=Capability(process="p", envelope_mm=(1.0, -2.0))), "envelope_mm"),
        (with_machine(capability=Capability(process="p", materials=("a;b",))), "materials"),
        (replace(BASE, currency="Pound"), "currency"),
        (replace(BASE, currency="GBP", exchange={"GBP": 1.0}), "USD"),
    ],
)
def test_what_would_be_read_otherwise_is_an_error_and_not_written_silently(
    network: Network, told: str
) -> None:
    _, findings = write_network(network)
    wrong = errors(findings)
    assert wrong
    assert {one.code for one in wrong} == {"files.network.unwritable"}
    assert any(told in one.message for one in wrong)


def test_a_place_without_a_position_cannot_be_written() -> None:
    nowhere = replace(BASE.places[PlaceId("p")], latitude=float("nan"))
    _, findings = write_network(replace(BASE, places={PlaceId("p"): nowhere}))
    assert any("latitude" in one.message for one in errors(findings))


def test_a_transit_time_whose_spread_three_quantiles_do_not_tell_is_noticed() -> None:
    days = Spread(mean=9.0, p10=2.0, p50=3.0, p90=5.0, shared_sigma=0.1)
    bracket = RateBracket(min_kg=0.0, max_kg=1.0, fixed=1.0, per_kg=0.0)
    lane = Lane(
        id=LaneId("l"),
        mode="road",
        from_zone="*",
        to_zone="*",
        brackets=(bracket,),
        kg_per_m3=200.0,
        transit_days=days,
        co2e_kg_per_tkm=0.1,
    )
    _, findings = write_network(replace(BASE, lanes=(lane,)))
    assert [one.code for one in findings] == ["files.network.lost"]
    assert findings[0].severity is Severity.INFO


def test_every_filled_field_is_in_a_column_or_told_as_lost() -> None:
    filled = Capability(process="cnc-milling", axes=5, it_grade=7, max_diameter_mm=10.0, max_colours=2)
    network = with_machine(capability=filled)
    texts, findings = write_network(network)
    lost = " ".join(one.message for one in findings if one.code == "files.network.lost")
    for name in ("axes", "it_grade", "max_diameter_mm", "max_colours"):
        assert name in texts["capabilities.csv"].splitlines()[0] or name in lost


def test_a_text_that_is_none_is_read_as_empty() -> None:
    both = (Capability(process="p"), Capability(process="p", smallest_package="0402"))
    machine = Machine(id=MachineId("m"), shop=ShopId("s"), name="M", capabilities=both)
    read, findings = through_disk(replace(BASE, machines={machine.id: machine}))
    assert read is not None, findings
    assert [one.smallest_package for one in read.machines[machine.id].capabilities] == ["", "0402"]


def test_working_days_in_a_row_are_drawn_together() -> None:
    shifts = (
        Shift(weekdays=(0, 1, 2, 3, 4), start_min=540, end_min=1020),
        Shift(weekdays=(5, 6), start_min=0, end_min=1440),
    )
    texts, _ = write_network(with_shop(shifts=shifts))
    assert "Mon-Fri 09:00-17:00; Sat, Sun 00:00-24:00" in texts["shops.csv"]
