import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.logistics import Logistics, find_place
from manyworks.logistics.tariffs import (
    brackets_through,
    days_spread,
    never_cheaper_when_heavier,
    own_tariffs,
)
from manyworks.model import Network, RateBracket

NETWORK = Network(name="n", currency="GBP", as_of="2026-11-20", exchange={"USD": 0.76, "GBP": 1.0})
SHENZHEN, CARDIFF = find_place("Huaqiangbei, CN"), find_place("Cardiff, GB")
PAIRS = [
    (SHENZHEN, CARDIFF),
    (CARDIFF, find_place("Merthyr Tydfil, GB")),
    (SHENZHEN, find_place("22.5470,114.0870,CN")),
    (SHENZHEN, find_place("Boston, US")),
    (find_place("Berlin, DE"), find_place("Paris, FR")),
]
SERVICES = [service for a, b in PAIRS for service in Logistics(NETWORK).services(a, b)]


def price(brackets, kg):
    return min((b.fixed + b.per_kg * kg for b in brackets if b.min_kg <= kg <= b.max_kg), default=None)


@pytest.mark.parametrize("tariff", own_tariffs(), ids=lambda t: t.lane.id)
def test_own_brackets_join_up_from_nothing_to_the_heaviest(tariff):
    brackets = tariff.lane.brackets
    assert brackets[0].min_kg == 0
    assert all(a.max_kg == b.min_kg for a, b in pairwise(brackets))


@pytest.mark.parametrize("tariff", own_tariffs(), ids=lambda t: t.lane.id)
def test_own_prices_are_positive_and_never_step_down(tariff):
    brackets = tariff.lane.brackets
    assert all(b.fixed + b.per_kg * b.min_kg > 0 and b.per_kg >= 0 for b in brackets)
    for a, b in pairwise(brackets):
        assert a.fixed + a.per_kg * a.max_kg <= b.fixed + b.per_kg * b.min_kg + 1e-9


@pytest.mark.parametrize("tariff", own_tariffs(), ids=lambda t: t.lane.id)
def test_own_transit_times_are_in_order(tariff):
    days = tariff.lane.transit_days
    assert 0 < days.p10 <= days.p50 <= days.p90
    assert days.p10 <= days.mean <= days.p90


@given(
    service=st.sampled_from(SERVICES),
    kg=st.floats(0, 30000),
    m3=st.floats(0, 80),
    more_kg=st.floats(0, 5000),
    more_m3=st.floats(0, 20),
)
def test_freight_never_falls_with_weight_or_volume(service, kg, m3, more_kg, more_m3):
    less, more = service.freight(kg, m3), service.freight(kg + more_kg, m3 + more_m3)
    if less is None:
        assert more is None
    elif more is not None:
        assert more >= less - 1e-9 * less


@given(service=st.sampled_from(SERVICES), kg=st.floats(0, 30000), m3=st.floats(0, 80))
def test_freight_is_the_lowest_of_the_brackets_that_hold_the_weight(service, kg, m3):
    weight = max(kg, m3 * service.kg_per_m3)
    assert service.freight(kg, m3) == price(service.brackets, weight)


def test_chargeable_weight_of_light_goods_is_their_volume():
    express = next(s for s in SERVICES if s.lane == "cn-gb-express")
    assert express.chargeable_kg(1.0, 0.4 * 0.3 * 0.25) == pytest.approx(40 * 30 * 25 / 5000)


def test_chargeable_weight_of_dense_goods_is_their_weight():
    express = next(s for s in SERVICES if s.lane == "cn-gb-express")
    assert express.chargeable_kg(9.0, 0.01) == 9.0


def test_sea_charges_a_cubic_metre_as_a_tonne_and_at_least_one():
    sea = next(s for s in SERVICES if s.lane == "cn-gb-lcl")
    assert sea.chargeable_kg(300, 2.0) == 2000
    assert sea.freight(1, 0.001) == pytest.approx(sea.freight(1000, 1.0))
    assert sea.freight(1000, 2.0) > sea.freight(1000, 1.0)


@pytest.mark.parametrize("kg", [1000, 2000, 5000, 9000])
def test_air_costs_four_to_eight_times_the_sea_from_a_tonne_on(kg):
    m3 = kg / 300
    by = {s.lane: s.freight(kg, m3) for s in Logistics(NETWORK).services(SHENZHEN, CARDIFF)}
    sea = min(by[lane] for lane in ("cn-gb-lcl", "cn-gb-fcl20", "cn-gb-fcl40") if by[lane] is not None)
    assert 4 <= by["cn-gb-air"] / sea <= 8


def test_a_container_beats_a_share_of_one_between_thirteen_and_sixteen_cubic_metres():
    by = {s.lane: s for s in Logistics(NETWORK).services(SHENZHEN, CARDIFF)}
    lcl, fcl = by["cn-gb-lcl"], by["cn-gb-fcl20"]
    assert lcl.freight(3000, 13) < fcl.freight(3000, 13)
    assert lcl.freight(3000, 15) > fcl.freight(3000, 15)


def test_rail_costs_two_to_three_times_a_share_of_a_container():
    by = {s.lane: s.freight(1500, 5) for s in Logistics(NETWORK).services(SHENZHEN, CARDIFF)}
    assert 1.9 <= by["cn-gb-rail"] / by["cn-gb-lcl"] <= 3


def test_express_from_shenzhen_costs_seven_to_twelve_dollars_a_kilogram_at_twenty():
    express = next(s for s in SERVICES if s.lane == "cn-gb-express")
    assert 7 <= express.freight(20, 0.05) / 0.76 / 20 <= 12


brackets = st.lists(
    st.tuples(st.floats(0, 500), st.floats(1, 200), st.floats(0, 100), st.floats(0, 9)),
    min_size=1,
    max_size=6,
).map(lambda rows: [RateBracket(min_kg=a, max_kg=a + width, fixed=f, per_kg=p) for a, width, f, p in rows])


@given(given_=brackets, kg=st.floats(0, 700), more=st.floats(0, 200))
def test_a_carriers_break_weights_are_rated_up(given_, kg, more):
    closed = never_cheaper_when_heavier(given_)
    less, heavier = price(closed, kg), price(closed, kg + more)
    if less is not None and heavier is not None:
        assert less <= heavier + 1e-6


@given(given_=brackets, kg=st.floats(0, 700))
def test_rating_up_serves_the_same_weights_at_the_best_price_of_any_heavier_one(given_, kg):
    own = price(given_, kg)
    starts = [b.fixed + b.per_kg * b.min_kg for b in given_ if b.min_kg > kg]
    expected = None if own is None else min([own, *starts])
    found = price(never_cheaper_when_heavier(given_), kg)
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-6, abs=1e-6))


def test_points_at_one_weight_are_a_step():
    stepped = brackets_through([(0, 10), (5, 10), (5, 20), (10, 30)])
    assert [(b.min_kg, b.max_kg) for b in stepped] == [(0, 5), (5, 10)]
    assert price(stepped, 7.5) == pytest.approx(25)


def test_days_keep_their_quantiles_and_share_half_the_variance():
    days = days_spread(5, 7, 11)
    assert (days.p10, days.p50, days.p90) == (5, 7, 11)
    assert days.shared_sigma == days.own_sigma
    assert math.exp(2 * 1.28155 * math.hypot(days.shared_sigma, days.own_sigma)) == pytest.approx(
        11 / 5, rel=1e-3
    )
