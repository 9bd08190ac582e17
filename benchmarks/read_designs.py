"""Real designs of every kind, read from the disk into facts: folders, solids, the worker's memory."""

from __future__ import annotations

import resource
from pathlib import Path
from time import perf_counter

from manyworks.files import read
from manyworks.files.solids.kernel.process import KERNEL
from table import SHARED, Row, median_seconds, show

RUNS = 3
DESIGNS = SHARED / "data" / "designs"
SMALL_STEP = 1_000_000


def measure() -> list[Row]:
    """Measure every folder and every STEP file; nothing where the designs are not at hand."""
    if not DESIGNS.is_dir():
        return []
    steps = sorted(path for path in DESIGNS.rglob("*") if path.suffix.lower() in (".step", ".stp"))
    start = perf_counter()
    read(steps[0])
    rows = [_row("first STEP file of a process, kernel loading included", perf_counter() - start, runs=1)]
    rows += _solids(steps)
    rows += [_folder(folder) for folder in sorted(DESIGNS.iterdir()) if folder.is_dir()]
    KERNEL.close()  # its memory is told when it has ended
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    rows.append(
        Row(benchmark="read designs", what="memory of this process, all of the above", value=own, unit="MB")
    )
    if peak:
        rows.append(
            Row(benchmark="read designs", what="worker's peak memory", value=peak, unit="MB", target="600")
        )
    return rows


def _solids(steps: list[Path]) -> list[Row]:
    """STEP files below 1 MB: the slowest and the sum."""
    small = [path for path in steps if path.stat().st_size < SMALL_STEP]
    times = {path: median_seconds(lambda path=path: read(path), RUNS) for path in small}
    worst = max(times, key=lambda path: times[path])
    return [
        _row(f"slowest STEP file below 1 MB: `{worst.name}`", times[worst], target="2"),
        _row(f"all {len(small)} STEP files below 1 MB", sum(times.values())),
    ]


def _folder(folder: Path) -> Row:
    product, findings = read(folder)
    items = 0 if product is None else len(product.items)
    target = "10" if folder.name == "product-m17-module17" else ""
    took = median_seconds(lambda: read(folder), RUNS)
    return _row(f"`{folder.name}`", took, target=target, note=f"items: {items}, findings: {len(findings)}")


def _row(what: str, seconds: float, *, runs: int = RUNS, target: str = "", note: str = "") -> Row:
    return Row(
        benchmark="read designs", what=what, value=seconds, unit="s", runs=runs, target=target, note=note
    )


if __name__ == "__main__":
    show(measure)
