"""Five questions put to a market of 10,000 invented shops."""

from __future__ import annotations

from random import Random
from time import perf_counter

from manyworks.market import Market
from manyworks.model import (
    Capability,
    Certificate,
    Machine,
    MachineId,
    Network,
    PlaceId,
    Requirement,
    Shop,
    ShopId,
)
from table import Row, median_seconds, show

RUNS = 7
SHOPS = 10_000
MACHINES_PER_SHOP = 3
# Names as shops write them: in three languages and several spellings.
PROCESSES = (
    "CNC milling",
    "laser cutting",
    "SMT assembly",
    "注塑",
    "powder coating",
    "fdm",
    "weldio TIG",
    "packing",
)
MATERIALS = (("ABS", "PP"), ("aluminium", "steel"), ("PLA", "PETG", "ABS"), ("FR-4",), ())


def measure() -> list[Row]:
    """Measure the first answer, which builds the index, and the later ones."""
    market = Market(invent_network(Random(7)))
    start = perf_counter()
    found = _ask(market, 100.0)
    first = perf_counter() - start
    # A new size each time, so that no answer is an old one.
    sizes = iter(float(150 + at) for at in range(RUNS))
    later = median_seconds(lambda: _ask(market, next(sizes)), RUNS)
    note = f"{SHOPS * MACHINES_PER_SHOP:,} machines, {found:,} candidates the first time"
    return [
        Row(benchmark="match", what="five processes, first time", value=first, unit="s", note=note),
        Row(benchmark="match", what="five processes, then", value=later, unit="s", target="0.2 s", runs=RUNS),
    ]


def _ask(market: Market, size: float) -> int:
    asked = (
        Requirement(process=name, size_mm=(size, size, 60.0), materials=("ABS",), certificates=("ISO 9001",))
        for name in PROCESSES[:5]
    )
    return sum(len(market.match(one, quantity=500).candidates) for one in asked)


def invent_network(random: Random) -> Network:
    """Invent shops with a few machines each; half of them hold a certificate."""
    shops = [_shop(at) for at in range(SHOPS)]
    machines = [_machine(random, at, turn) for at in range(SHOPS) for turn in range(MACHINES_PER_SHOP)]
    return Network(
        name="invented",
        currency="GBP",
        as_of="2026-06-01",
        shops={shop.id: shop for shop in shops},
        machines={machine.id: machine for machine in machines},
    )


def _shop(at: int) -> Shop:
    held = (Certificate(name="ISO 9001"),) if at % 2 else ()
    return Shop(id=ShopId(f"s{at}"), name=f"Shop {at}", place=PlaceId("here"), certificates=held)


def _machine(random: Random, at: int, turn: int) -> Machine:
    able = Capability(
        process=PROCESSES[(at + turn) % len(PROCESSES)],
        materials=random.choice(MATERIALS),
        envelope_mm=(random.uniform(50, 800), random.uniform(50, 800), random.uniform(50, 400)),
        tolerance_mm=random.choice((0.01, 0.1, None)),
        min_lot=random.choice((1.0, 100.0, 1000.0)),
    )
    return Machine(id=MachineId(f"m{at}-{turn}"), shop=ShopId(f"s{at}"), name="machine", capabilities=(able,))


if __name__ == "__main__":
    show(measure)
