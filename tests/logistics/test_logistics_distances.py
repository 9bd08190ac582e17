import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.logistics import (
    Logistics,
    emission_factor,
    find_place,
    great_circle_km,
    road_km,
    sea_km,
)
from manyworks.logistics import distances as under_test
from manyworks.model import Network, Place, PlaceId

NETWORK = Network(name="n", currency="USD", as_of="2026-11-20")
SHENZHEN, CARDIFF = find_place("Huaqiangbei, CN"), find_place("Cardiff, GB")
points = st.builds(
    lambda lat, lon: Place(id=PlaceId("p"), name="p", country="GB", latitude=lat, longitude=lon),
    st.floats(-90, 90),
    st.floats(-180, 180),
)


def hub(kind, code):
    return next(h for h in under_test.hubs(kind) if h.code == code)


@given(points, points)
def test_great_circle_agrees_with_the_angle_between_two_vectors(a, b):
    def vector(place):
        lat, lon = math.radians(place.latitude), math.radians(place.longitude)
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    u, v = vector(a), vector(b)
    cross = math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
    angle = math.atan2(cross, sum(x * y for x, y in zip(u, v, strict=True)))
    assert great_circle_km(a, b) == pytest.approx(6371.0088 * angle, abs=1e-2)


@given(points, points, points)
def test_great_circle_is_a_distance(a, b, c):
    assert great_circle_km(a, b) == pytest.approx(great_circle_km(b, a))
    assert great_circle_km(a, c) <= great_circle_km(a, b) + great_circle_km(b, c) + 1e-6


def test_roads_are_longer_than_the_crow_flies():
    assert road_km(CARDIFF, find_place("London, GB")) == pytest.approx(240, rel=0.15)


def test_shenzhen_to_felixstowe_is_eighteen_thousand_kilometres_by_sea():
    assert under_test.port_km(hub("port", "CNYTN"), hub("port", "GBFXT")) == pytest.approx(18000, rel=0.01)


def test_shenzhen_to_los_angeles_by_sea():
    assert sea_km(SHENZHEN, find_place("Los Angeles, US")) == pytest.approx(11700, rel=0.03)


def test_hong_kong_to_heathrow_by_air():
    here, there = hub("airport", "HKG").place, hub("airport", "LHR").place
    assert great_circle_km(here, there) == pytest.approx(9650, rel=0.01)


def test_every_pair_of_ports_is_in_the_table_and_no_shorter_than_the_great_circle():
    ports = under_test.hubs("port")
    for first, a in enumerate(ports):
        for b in ports[first + 1 :]:
            assert frozenset((a.code, b.code)) in under_test._sea_table()
            assert under_test.port_km(a, b) >= great_circle_km(a.place, b.place)


def test_sea_between_two_places_of_one_port_is_nothing():
    assert sea_km(SHENZHEN, find_place("Longgang, CN")) == 0


def test_a_pair_outside_the_table_is_routed():
    new = under_test.Hub(
        code="XXNEW",
        kind="port",
        place=Place(id=PlaceId("XXNEW"), name="n", country="GB", latitude=51.95, longitude=1.31),
    )
    assert under_test.port_km(hub("port", "NLRTM"), new) == pytest.approx(
        under_test.port_km(hub("port", "NLRTM"), hub("port", "GBFXT")), rel=0.02
    )


def test_freight_leaves_by_its_own_countrys_port():
    assert under_test.nearest_hub(SHENZHEN, "port").code == "CNYTN"
    assert under_test.nearest_hub(CARDIFF, "port").code == "GBSOU"
    assert under_test.nearest_hub(find_place("Zurich, CH"), "port").place.country != "CH"


def test_a_tonne_by_sea_from_shenzhen_to_felixstowe_emits_356_kg():
    assert 18000 * emission_factor("sea", 18000) == pytest.approx(356, abs=0.5)


def test_a_tonne_by_air_from_hong_kong_to_heathrow_emits_9980_kg():
    assert 9650 * emission_factor("air", 9650) == pytest.approx(9980, rel=0.002)


def test_short_flights_emit_more_on_a_kilometre():
    assert emission_factor("air", 1000) > emission_factor("air", 5000)
    assert emission_factor("air", 0) > 0


def test_air_emits_more_than_twenty_times_the_sea_from_door_to_door():
    by = {s.mode: s.co2e_kg_per_kg for s in Logistics(NETWORK).services(SHENZHEN, CARDIFF)}
    assert 20 < by["air"] / by["sea"] < 32
    assert by["sea"] < by["rail"] < by["air"]


def test_sea_freight_counts_the_lorries_at_both_ends():
    sea = next(s for s in Logistics(NETWORK).services(SHENZHEN, CARDIFF) if s.lane == "cn-gb-lcl")
    land = sea.distance_km - sea_km(SHENZHEN, CARDIFF)
    expected = sea_km(SHENZHEN, CARDIFF) / 1000 * 0.01977 + land / 1000 * (0.10163 + 0.02359)
    assert sea.co2e_kg_per_kg == pytest.approx(expected)
    assert 150 < land < 300
