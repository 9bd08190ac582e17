"""One requirement put to a market of 10,000 invented shops with 50,000 machines, and five beside it."""

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

RUNS = 15
SHOPS = 10_000
MACHINES_PER_SHOP = 5
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
    """Measure the first answer for each process, which builds its index, and the later ones.

    The crowd is the worst case: every machine does the process that is asked for.
    """
    market = Market(invent_network(Random(7), PROCESSES))
    start = perf_counter()
    found = _ask(market, 100.0)
    index = perf_counter() - start
    crowd = Market(invent_network(Random(7), ("CNC milling",)))
    start = perf_counter()
    crowded = _one(crowd, 100.0)
    crowd_index = perf_counter() - start
    # A new size each time, so that no answer is an old one.
    sizes = iter(float(150 + at) for at in range(10 * RUNS))
    note = f"{SHOPS:,} shops, {SHOPS * MACHINES_PER_SHOP:,} machines"
    one = median_seconds(lambda: _one(market, next(sizes)), RUNS)
    five = median_seconds(lambda: _ask(market, next(sizes)), RUNS)
    worst = median_seconds(lambda: _one(crowd, next(sizes)), RUNS)
    return [
        _row("index and five answers", index, "3 s", f"{note}, {found:,} candidates the first time"),
        _row("one requirement", one, "0.005 s", "eight kinds of machines", RUNS),
        _row("five requirements", five, "0.025 s", "", RUNS),
        _row("index, all of one kind", crowd_index, "3 s", f"{crowded:,} candidates the first time"),
        _row("one requirement, all of one kind", worst, "", "50,000 rows, the worst case", RUNS),
    ]


def _row(what: str, value: float, target: str, note: str, runs: int = 1) -> Row:
    return Row(benchmark="match", what=what, value=value, unit="s", target=target, note=note, runs=runs)


def _one(market: Market, size: float) -> int:
    asked = _requirement("CNC milling", size)
    return len(market.match(asked, quantity=500, budget=1000.0).candidates)


def _ask(market: Market, size: float) -> int:
    asked = (_requirement(name, size) for name in PROCESSES[:5])
    return sum(len(market.match(one, quantity=500).candidates) for one in asked)


def _requirement(process: str, size: float) -> Requirement:
    return Requirement(
        process=process,
        size_mm=(size, size, 60.0),
        materials=("ABS",),
        tolerance_mm=0.1,
        finish_ra_um=3.2,
        it_grade=11,
        nominal_mm=size,
        certificates=("ISO 9001",),
    )


def invent_network(random: Random, processes: tuple[str, ...]) -> Network:
    """Invent shops with a few machines each; half of them hold a certificate."""
    shops = [_shop(at) for at in range(SHOPS)]
    machines = [
        _machine(random, at, turn, processes) for at in range(SHOPS) for turn in range(MACHINES_PER_SHOP)
    ]
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


def _machine(random: Random, at: int, turn: int, processes: tuple[str, ...]) -> Machine:
    able = Capability(
        process=processes[(at + turn) % len(processes)],
        materials=random.choice(MATERIALS),
        envelope_mm=(random.uniform(50, 800), random.uniform(50, 800), random.uniform(50, 400)),
        tolerance_mm=random.choice((0.01, 0.1, None)),
        it_grade=random.choice((7, 9, 11, None)),
        finish_ra_um=random.choice((0.8, 1.6, 3.2, None)),
        min_lot=random.choice((1.0, 100.0, 1000.0)),
    )
    return Machine(id=MachineId(f"m{at}-{turn}"), shop=ShopId(f"s{at}"), name="machine", capabilities=(able,))


if __name__ == "__main__":
    show(measure)
