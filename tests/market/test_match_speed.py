"""Thousands of shops are answered at once."""

from __future__ import annotations

from random import Random
from time import perf_counter

from tests.market.market_cases import machine, market, shop

from manyworks.market import Market
from manyworks.model import Capability, Certificate, Requirement

PROCESSES = (
    "CNC milling",
    "laser cutting",
    "SMT assembly",
    "注塑",
    "powder coating",
    "fdm",
    "TIG welding",
    "packing",
)
SHOPS = 10_000
MOST_SECONDS = 0.2


def _many() -> Market:
    random = Random(7)
    shops = tuple(shop(f"s{at}", *([Certificate(name="ISO 9001")] if at % 2 else [])) for at in range(SHOPS))
    machines = (
        machine(
            f"m{at}-{turn}",
            Capability(
                process=PROCESSES[(at + turn) % len(PROCESSES)],
                materials=random.choice((("ABS", "PP"), ("aluminium",), ())),
                envelope_mm=(random.uniform(50, 800),) * 3,
                tolerance_mm=random.choice((0.01, 0.1, None)),
                min_lot=random.choice((1, 100, 1000)),
            ),
            at=f"s{at}",
        )
        for at in range(SHOPS)
        for turn in range(2)
    )
    return market(*machines, shops=shops)


def test_five_processes_over_ten_thousand_shops_are_answered_at_once() -> None:
    here = _many()
    asked = [
        Requirement(process=process, size_mm=(300, 200, 100), materials=("ABS",), certificates=("ISO 9001",))
        for process in PROCESSES[:5]
    ]
    found = [len(here.match(requirement, quantity=500).candidates) for requirement in asked]
    start = perf_counter()
    again = [len(here.match(requirement, quantity=500).candidates) for requirement in asked]
    seconds = perf_counter() - start
    print(f"five processes over {SHOPS} shops: {seconds * 1000:.1f} ms, {sum(again)} candidates")
    assert again == found
    assert sum(found) > 0
    assert seconds < MOST_SECONDS
