from dataclasses import replace

import pytest

from manyworks.logistics import Logistics, find_place
from manyworks.logistics.geography import zones_of
from manyworks.model import (
    Lane,
    LaneId,
    Network,
    Place,
    PlaceId,
    RateBracket,
    exactly,
)

NETWORK = Network(
    name="n", currency="GBP", as_of="2026-11-20", exchange={"USD": 0.76, "GBP": 1.0, "EUR": 0.86}
)
SHENZHEN, CARDIFF = find_place("Huaqiangbei, CN"), find_place("Cardiff, GB")
MERTHYR, BOSTON = find_place("Merthyr Tydfil, GB"), find_place("Boston, US")
ACROSS_THE_STREET = find_place("22.5470,114.0870,CN")


def lanes(network, origin, destination):
    return {service.lane: service for service in Logistics(network).services(origin, destination)}


def modes(origin, destination):
    return {service.mode for service in Logistics(NETWORK).services(origin, destination)}


def lane(**changes):
    plain = Lane(
        id=LaneId("ours"),
        mode="air",
        from_zone="CN",
        to_zone="GB",
        brackets=(RateBracket(min_kg=0, max_kg=100, fixed=5, per_kg=1),),
        kg_per_m3=167,
        transit_days=exactly(6),
        co2e_kg_per_tkm=1.0,
    )
    return replace(plain, **changes)


def test_shenzhen_to_cardiff_goes_by_express_air_sea_and_rail():
    assert modes(SHENZHEN, CARDIFF) == {"express", "air", "sea", "rail"}


def test_cardiff_to_merthyr_goes_by_parcel_and_road():
    assert modes(CARDIFF, MERTHYR) == {"parcel", "road"}


def test_across_the_street_goes_by_hand_for_little_within_the_day():
    by = lanes(NETWORK, SHENZHEN, ACROSS_THE_STREET)
    hand = by["cn-hand"]
    assert hand.freight(5, 0.02) < 2
    assert hand.transit_days.p90 < 0.5


def test_nobody_walks_from_one_end_of_shenzhen_to_the_other():
    assert "hand" not in modes(SHENZHEN, find_place("Bao'an, CN"))


def test_nobody_walks_over_a_customs_border():
    here = Place(id=PlaceId("a"), name="a", country="CN", latitude=22.53, longitude=114.11)
    there = Place(id=PlaceId("b"), name="b", country="HK", latitude=22.52, longitude=114.11)
    assert "hand" not in modes(here, there)


@pytest.mark.parametrize(
    ("origin", "destination"), [(SHENZHEN, BOSTON), (BOSTON, CARDIFF), (CARDIFF, SHENZHEN)]
)
def test_other_continents_are_reached_by_express_air_and_sea(origin, destination):
    assert modes(origin, destination) >= {"express", "air", "sea"}


def test_every_town_reaches_every_continent():
    towns = [
        find_place(t) for t in ("Nairobi", "Lagos", "Mumbai", "Sydney", "Lima", "Tokyo", "Berlin", "Chicago")
    ]
    logistics = Logistics(NETWORK)
    assert all(logistics.services(a, b) for a in towns for b in towns)


def test_only_consignments_over_a_customs_border_pay_an_entry_fee():
    for service in Logistics(NETWORK).services(SHENZHEN, CARDIFF):
        assert service.crosses_border
        assert service.entry_fee > 0
    for service in Logistics(NETWORK).services(find_place("Berlin"), find_place("Paris")):
        assert not service.crosses_border
        assert service.entry_fee == 0


def test_the_narrowest_lane_of_a_product_is_offered():
    by = lanes(NETWORK, SHENZHEN, find_place("Los Angeles, US"))
    assert "cn-us-w-lcl" in by
    assert not {"cn-us-lcl", "any-lcl", "east-asia-north-america-lcl"} & set(by)


def test_a_wide_zone_written_on_a_place_does_not_hide_its_narrow_one():
    written = replace(find_place("Los Angeles, US"), zone="US")
    assert zones_of(written) == ("US-W", "US", "NORTH-AMERICA", "*")


def test_a_zone_of_the_network_comes_before_all_others():
    assert zones_of(replace(CARDIFF, zone="valleys")) == ("valleys", "GB", "EUROPE", "*")


def test_prices_are_in_the_networks_currency():
    dollars = replace(NETWORK, currency="USD", exchange={"USD": 1.0, "GBP": 1.3})
    pounds, other = lanes(NETWORK, SHENZHEN, CARDIFF), lanes(dollars, SHENZHEN, CARDIFF)
    for name, service in pounds.items():
        assert service.freight(2, 0.01) == pytest.approx(0.76 * other[name].freight(2, 0.01))
        assert service.entry_fee == pytest.approx(0.76 * other[name].entry_fee)


def test_distance_raises_the_price_of_a_lorry():
    near, far = (lanes(NETWORK, CARDIFF, place)["gb-truck"] for place in (MERTHYR, find_place("Glasgow, GB")))
    assert far.freight(5000, 20) > 1.5 * near.freight(5000, 20)


def test_a_networks_lane_silences_the_planning_figures_of_its_mode():
    by = lanes(replace(NETWORK, lanes=(lane(),)), SHENZHEN, CARDIFF)
    assert [service.lane for service in by.values() if service.mode == "air"] == ["ours"]
    assert by["ours"].freight(10, 0.01) == 15
    assert "cn-gb-express" in by


def test_a_networks_lane_leaves_other_places_alone():
    assert "cn-us-air" in lanes(replace(NETWORK, lanes=(lane(),)), SHENZHEN, BOSTON)


def test_a_networks_lane_of_the_same_id_replaces_the_planning_figure_everywhere():
    network = replace(NETWORK, lanes=(lane(id=LaneId("cn-us-air"), mode="road", from_zone="x"),))
    assert "cn-us-air" not in lanes(network, SHENZHEN, BOSTON)


def test_a_lane_out_of_its_validity_is_not_offered():
    over = replace(NETWORK, lanes=(lane(valid_to="2026-11-19"),))
    soon = replace(NETWORK, lanes=(lane(valid_from="2026-11-21"),))
    now = replace(NETWORK, lanes=(lane(valid_from="2026-11-20", valid_to="2026-11-20"),))
    offered = ["ours" in lanes(network, SHENZHEN, CARDIFF) for network in (over, soon, now)]
    assert offered == [False, False, True]


def test_a_networks_lane_emits_by_its_own_factor_on_the_main_leg():
    one, two = (
        lanes(replace(NETWORK, lanes=(lane(co2e_kg_per_tkm=f),)), SHENZHEN, CARDIFF)["ours"]
        for f in (0.0, 1.0)
    )
    assert two.co2e_kg_per_kg - one.co2e_kg_per_kg == pytest.approx(9.6, abs=0.2)


def test_without_a_rate_for_the_dollar_only_the_networks_lanes_are_offered():
    poor = replace(NETWORK, exchange={"GBP": 1.0}, lanes=(lane(),))
    assert set(lanes(poor, SHENZHEN, CARDIFF)) == {"ours"}
    assert Logistics(poor).findings[0].code == "logistics.exchange.missing"


def test_nobody_carrying_is_explained():
    poor = Logistics(replace(NETWORK, exchange={"GBP": 1.0}))
    assert poor.services(SHENZHEN, CARDIFF) == ()
    assert "exchange rate" in poor.why_not(SHENZHEN, CARDIFF).message
    finding = Logistics(NETWORK).why_not(SHENZHEN, CARDIFF)
    assert finding.code == "logistics.lane.none"
    assert "CN-SZ" in finding.message


def test_an_unknown_country_is_named():
    nowhere = Place(id=PlaceId("x"), name="x", country="QQ", latitude=0, longitude=0)
    assert "'QQ'" in Logistics(NETWORK).why_not(nowhere, CARDIFF).message


def test_answers_are_remembered_and_alike():
    logistics = Logistics(NETWORK)
    first = logistics.services(SHENZHEN, CARDIFF)
    assert logistics.services(SHENZHEN, CARDIFF) is first
    assert Logistics(NETWORK).services(SHENZHEN, CARDIFF) == first


def test_every_service_says_what_its_figures_rest_on():
    for service in Logistics(NETWORK).services(SHENZHEN, CARDIFF):
        text = " ".join(service.assumptions)
        assert all(word in text for word in (service.lane, "customs entry", "CO2e", "confidence"))
        assert service.shared == f"lane:{service.lane}"
        assert service.shared_sigma > 0
