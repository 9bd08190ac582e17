"""How far the quick answer is from the exact one, and what each claims to prove."""

from __future__ import annotations

from time import perf_counter

from manyworks.files import read, read_network
from manyworks.logistics import find_place
from manyworks.quoting import prepare
from manyworks.quoting.search import search
from table import Row, show

QUANTITIES = (5, 50, 500, 10_000)


def measure() -> list[Row]:
    """Source the badge both ways at each quantity."""
    product, _ = read("examples/badge", strict=True)
    network, _ = read_network("examples/network", strict=True)
    case = prepare(product, network, find_place("Cardiff, GB", network)).case
    rows: list[Row] = []
    for quantity in QUANTITIES:
        quick, quick_s = _timed(case, quantity, exact=False)
        exact, exact_s = _timed(case, quantity, exact=True)
        quick_price, exact_price = (one.found[0].assessment.total for one in (quick, exact))
        what = f"badge at {quantity}"
        rows += [
            Row(benchmark="gap", what=f"{what}: stated gap", value=100 * quick.gap, unit="%"),
            Row(
                benchmark="gap",
                what=f"{what}: true gap",
                value=100 * (quick_price - exact_price) / exact_price,
                unit="%",
                target="2 %",
            ),
            Row(benchmark="gap", what=f"{what}: gap of the exact answer", value=100 * exact.gap, unit="%"),
            Row(benchmark="gap", what=f"{what}: quick search", value=quick_s, unit="s"),
            Row(benchmark="gap", what=f"{what}: exact search", value=exact_s, unit="s"),
        ]
    return rows


def _timed(case, quantity, *, exact):
    began = perf_counter()
    found = search(case, quantity, exact=exact)
    return found, perf_counter() - began


if __name__ == "__main__":
    show(measure)
