"""A sound network folder becomes the nouns it describes."""

import math

import pytest

from manyworks.files import FilesError
from manyworks.files.network import read_network
from manyworks.model import Certificate, PriceBreak, RateBracket, Shift


@pytest.fixture
def sound(network_folder):
    network, findings = read_network(network_folder())
    assert findings == ()
    return network


def test_head(sound):
    assert (sound.name, sound.currency, sound.as_of) == ("Two shops", "GBP", "2026-11-20")


def test_own_currency_is_worth_one(sound):
    assert sound.exchange == {"CNY": 0.1, "USD": 0.75, "GBP": 1.0}


def test_shop_with_its_own_position_gets_a_place_of_its_name(sound):
    place = sound.place_of("bench")
    assert (place.id, place.country, place.latitude, place.longitude) == ("bench", "CN", 22.54, 114.08)


def test_shop_may_stand_in_a_place(sound):
    assert sound.place_of("stall").name == "The dock"


def test_shop_money_is_in_the_networks_currency(sound):
    assert sound.shops["bench"].minimum_charge == pytest.approx(5.0)


def test_only_the_money_among_rates_is_converted(sound):
    assert sound.shops["bench"].rate_overrides == pytest.approx({"wage_per_hour": 3.0, "margin": 0.05})


def test_named_shift_pattern(sound):
    assert sound.shops["bench"].shifts == (
        Shift(weekdays=(0, 1, 2, 3, 4), start_min=540, end_min=1020, breaks=((720, 780),)),
    )


def test_shifts_written_in_the_cell(sound):
    assert sound.shops["stall"].shifts == (Shift(weekdays=(5,), start_min=540, end_min=720),)


def test_certificates_with_scope_and_end(sound):
    assert sound.shops["bench"].certificates == (
        Certificate(name="ISO 9001", scope="boards", valid_to="2027-03-31"),
        Certificate(name="CE"),
    )


def test_one_machine_several_processes(sound):
    hand, printing = sound.machines["table"].capabilities
    assert (hand.process, hand.envelope_mm, hand.min_pitch_mm, hand.max_lot) == (
        "hand-assembly",
        (300, 200),
        0.5,
        300,
    )
    assert (printing.materials, printing.envelope_mm, printing.min_lot) == (
        ("ABS", "PLA"),
        (200, 200, 180),
        None,
    )


def test_machine(sound):
    machine = sound.machines["table"]
    assert (machine.count, machine.capital, machine.power_kw) == (2, pytest.approx(100.0), None)
    assert machine.coefficients == {"place_seconds": 8.0}


def test_workers(sound):
    assert sound.workers["crew"].processes == ("hand-assembly", "fdm-printing")
    assert sound.workers["crew"].count == 3


def test_tool_without_known_end(sound):
    assert sound.tools["old-mould"].life_left == math.inf


def test_offer_prices_are_in_the_networks_currency(sound):
    assert sound.offers["o1"].breaks == (
        PriceBreak(min_quantity=1, unit_price=3.0),
        PriceBreak(min_quantity=5, unit_price=2.5),
    )


def test_offer_remembers_its_row(sound):
    assert [offer.where for offer in sound.offers.values()] == ["offers.csv:row 2", "offers.csv:row 3"]


def test_offer_defaults(sound):
    offer = sound.offers["o2"]
    assert (offer.unit, offer.units_per, offer.multiple, offer.stock) == ("piece", 1.0, 1.0, None)
    assert (offer.condition, offer.expected_yield, offer.origin, offer.valid_to) == ("new", 1.0, "", "")


def test_lane_tariff_is_in_the_networks_currency(sound):
    assert sound.lanes[0].brackets == (
        RateBracket(min_kg=0, max_kg=5, fixed=3.0, per_kg=0.0),
        RateBracket(min_kg=5, max_kg=100, fixed=1.5, per_kg=pytest.approx(0.3)),
    )


def test_lane_transit_spread(sound):
    days = sound.lanes[0].transit_days
    assert (days.p10, days.p50, days.p90, days.mean) == (1, 2, 4, pytest.approx(2.3))
    assert math.exp(days.own_sigma * 2 * 1.2815515655446004) == pytest.approx(4.0)


def test_same_tables_same_hash(network_folder):
    folder = network_folder()
    assert read_network(folder)[0].hash == read_network(folder)[0].hash


def test_network_toml_names_its_folder(network_folder):
    network, _ = read_network(network_folder() / "network.toml")
    assert network.name == "Two shops"


def test_optional_tables_may_be_absent(network_folder):
    folder = network_folder()
    for name in ("workers.csv", "tools.csv", "lanes.csv"):
        (folder / name).unlink()
    network, findings = read_network(folder)
    assert findings == ()
    assert network.lanes == ()


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("id,shop", " ID , Shop ").encode(),
        lambda text: f"# our tables\n\n{text}\n,,,,\n".encode(),
        lambda text: text.replace("count", "count,note").replace("3\n", "3,old hands\n").encode(),
    ],
    ids=[
        "semicolon",
        "tab",
        "utf8-mark",
        "utf16",
        "crlf",
        "untidy-header",
        "remarks-and-blanks",
        "note-column",
    ],
)
def test_spreadsheet_dialects_read_alike(network_folder, rewrite):
    plain = "id,shop,name,processes,count\ncrew,bench,Crew,hand-assembly,3\nnew,bench,New,fdm-printing,3\n"
    network, findings = read_network(network_folder({"workers.csv": rewrite(plain)}))
    assert findings == ()
    assert [(worker.id, worker.count) for worker in network.workers.values()] == [("crew", 3), ("new", 3)]


def test_shop_without_shifts_is_told(spoil):
    network, findings = read_network(spoil("shops.csv", "Sat 09:00-12:00", ""))
    assert network.shops["stall"].shifts == ()
    assert [(f.code, f.where) for f in findings] == [("files.network.always_open", "shops.csv:row 3")]


def test_strict_gives_a_sound_network(network_folder):
    assert read_network(network_folder(), strict=True)[0] is not None


def test_strict_raises_every_finding(spoil):
    folder = spoil("offers.csv", "1:0.5,", "dear,")
    with pytest.raises(FilesError) as caught:
        read_network(folder, strict=True)
    assert caught.value.findings == read_network(folder)[1]
