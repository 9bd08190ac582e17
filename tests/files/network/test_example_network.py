"""The example network is sound, and offers what the story needs."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from manyworks.files.network import read_network

ROOT = Path(__file__).resolve().parents[3]
PROCESSES = ROOT / "src" / "manyworks" / "processes" / "data"


@pytest.fixture(scope="module")
def example():
    return read_network(ROOT / "examples" / "network")


@pytest.fixture(scope="module")
def network(example):
    return example[0]


def test_nothing_to_complain_about(example):
    assert example[1] == ()


BOTH = {
    *("pcb-fabrication", "smt-assembly", "hand-assembly", "board-test", "stencil-cutting"),
    *("fdm-printing", "injection-moulding", "mould-making", "final-assembly", "packing"),
    *("cnc-milling", "cnc-turning", "laser-cutting", "sheet-metal-bending", "mig-welding", "powder-coating"),
}


def test_every_usual_process_can_be_had_in_both_places(network):
    places = Counter()
    for machine in network.machines.values():
        country = network.place_of(machine.shop).country
        places.update({(capability.process, country) for capability in machine.capabilities})
    assert [(p, c) for p in sorted(BOTH) for c in ("CN", "GB") if not places[p, c]] == []
    modelled = {path.stem.replace("_", "-") for path in (PROCESSES.parent / "models").glob("*.py")}
    assert {process for process, _ in places} - modelled <= {"cnc-milling-5-axis"}


def test_somebody_attends_every_process(network):
    for machine in network.machines.values():
        skills = {p for w in network.workers.values() if w.shop == machine.shop for p in w.processes}
        assert {capability.process for capability in machine.capabilities} <= skills


@pytest.mark.parametrize(
    ("shop", "least"),
    [
        ("sz-crane-smt", 10_000),
        ("sz-jade-moulding", 5_000),
        ("sz-ten-thousand", 100_000),
        ("sz-granite-boards", 1_000),
    ],
)
def test_large_shops_decline_small_lots(network, shop, least):
    lots = [c.min_lot for m in network.machines.values() if m.shop == shop for c in m.capabilities]
    assert min(lots) == least


def test_the_clean_room_says_its_class_and_certificate(network):
    shop = network.shops["us-lakeside-cleanroom"]
    assert {c.iso_class for m in network.machines.values() if m.shop == shop.id for c in m.capabilities} == {
        7
    }
    assert "ISO 13485" in {certificate.name for certificate in shop.certificates}


def test_parts_are_sold_new_surplus_and_reclaimed_by_weight(network):
    conditions = Counter(offer.condition for offer in network.offers.values())
    assert conditions["new"] > 200
    assert conditions["surplus"] >= 10
    reclaimed = [offer for offer in network.offers.values() if offer.condition == "reclaimed"]
    assert len(reclaimed) >= 10
    assert all(offer.unit == "kg" and 0.85 <= offer.expected_yield <= 0.95 for offer in reclaimed)


def test_every_coefficient_is_one_its_process_knows(network):
    for machine in network.machines.values():
        for capability in machine.capabilities:
            model = capability.process.removesuffix("-5-axis").replace("-", "_")
            known = tomllib.loads((PROCESSES / f"{model}.toml").read_text(encoding="utf-8"))["coefficients"]
            assert set(machine.coefficients) <= set(known), machine.id


def test_every_bought_part_of_the_badge_has_two_sellers(network):
    wanted = [
        "ATTINY1616-SN",
        "LTST-C170KGKT",
        "LTST-C170KSKT",
        "RC0603FR-07220RL",
        "CR2032",
        "3034",
        "PCM12SMTR",
    ]
    wanted += ["CL10B104KB8NNNC", "CL21A106KAYNNNE", "RC0603FR-07470RL", "TL3342F160QG"]
    sellers = {(offer.mpn, offer.seller) for offer in network.offers.values()}
    for mpn in wanted:
        assert len([seller for sold, seller in sellers if sold == mpn]) >= 2, mpn
