from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks.logistics import LogisticsError, find_place
from manyworks.logistics.gazetteer import towns
from manyworks.model import Network, Place, PlaceId, Shop, ShopId

BENCH = Place(id=PlaceId("bench"), name="Our Bench", country="GB", latitude=51.7, longitude=-3.4, zone="GB")
NETWORK = Network(
    name="n",
    currency="GBP",
    as_of="2026-11-20",
    places={BENCH.id: BENCH},
    shops={ShopId("valley-smt"): Shop(id=ShopId("valley-smt"), name="Valley", place=BENCH.id)},
)


def refusal(text, network=None):
    with pytest.raises(LogisticsError) as caught:
        find_place(text, network)
    return caught.value.findings[0]


@pytest.mark.parametrize(
    "text",
    ["Cardiff, GB", "cardiff,gb", " Cardiff , United Kingdom ", "Cardiff, Wales", "CARDIFF", "cardiff-gb"],
)
def test_a_town_answers_to_many_spellings(text):
    place = find_place(text)
    assert (place.name, place.country) == ("Cardiff", "GB")
    assert (place.latitude, place.longitude) == pytest.approx((51.48, -3.18), abs=0.05)


@pytest.mark.parametrize(
    "text",
    [
        "Merthyr Tydfil, GB",
        "Ebbw Vale, GB",
        "Swansea, GB",
        "Newport, GB",
        "Shenzhen, CN",
        "Huaqiangbei, CN",
        "Bao'an, CN",
        "Baoan, China",
        "Longgang, CN",
        "Boston, US",
        "Taipei, TW",
        "Sao Paulo, BR",
        "Zurich, CH",
    ],
)
def test_towns_a_reader_would_expect_are_known(text):
    assert find_place(text)


def test_coordinates_take_the_country_of_the_nearest_town():
    place = find_place("51.48,-3.18")
    assert (place.latitude, place.longitude, place.country) == (51.48, -3.18, "GB")


def test_coordinates_with_a_country_keep_it():
    assert find_place("22.3,114.2,cn").country == "CN"


def test_coordinates_look_at_the_networks_places_too():
    lonely = Place(id=PlaceId("l"), name="l", country="GL", latitude=75.0, longitude=-40.0)
    network = Network(name="n", currency="GBP", as_of="2026-01-01", places={lonely.id: lonely})
    assert find_place("75.1,-40.1", network).country == "GL"


def test_the_networks_places_and_shops_come_first():
    assert find_place("bench", NETWORK) is BENCH
    assert find_place("valley-smt", NETWORK) is BENCH
    assert find_place("our bench", NETWORK) is BENCH


def test_a_misspelt_town_is_answered_with_the_nearest():
    finding = refusal("Cardif, GB")
    assert finding.code == "logistics.place.unknown"
    assert "Cardiff, GB" in finding.hint


def test_a_town_in_several_countries_must_say_which():
    finding = refusal("Cambridge")
    assert finding.code == "logistics.place.ambiguous"
    assert "Cambridge, GB" in finding.hint
    assert "Cambridge, US" in finding.hint
    assert find_place("Cambridge, GB").country == "GB"


@pytest.mark.parametrize("text", ["95,3", "-91,0", "10,181"])
def test_coordinates_off_the_earth_are_refused(text):
    assert refusal(text).code == "logistics.place.coordinates"


def test_a_country_that_is_none_is_refused():
    assert refusal("51.48,-3.18,QQ").code == "logistics.place.country"


@pytest.mark.parametrize("text", ["", "   ", "x" * 300])
def test_nothing_and_far_too_much_are_refused(text):
    assert refusal(text).code == "logistics.place.empty"


@given(st.text(max_size=40))
def test_any_text_gives_a_place_or_a_finding(text):
    with suppress(LogisticsError):
        assert find_place(text, NETWORK).country


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_the_id_of_a_place_finds_it_again(latitude, longitude):
    place = find_place(f"{latitude:.4f},{longitude:.4f}")
    assert find_place(place.id) == place


def test_the_id_of_every_town_finds_it_again():
    ids = [place.id for group in towns().values() for place in group]
    assert len(ids) == len(set(ids))
    assert all(find_place(id_).id == id_ for id_ in ids)
