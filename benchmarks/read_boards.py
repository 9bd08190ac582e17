"""Real boards of 24 kB to 1.4 MB, KiCad 5 to 9, read from the disk into facts."""

from __future__ import annotations

from pathlib import Path

from manyworks.files import read
from table import SHARED, Row, median_seconds, show

RUNS = 5
BOARDS = SHARED / "data" / "designs"


def measure() -> list[Row]:
    """Measure each board by itself and all together; nothing where the designs are not at hand."""
    boards = sorted(BOARDS.glob("*/*.kicad_pcb"), key=lambda path: path.stat().st_size)
    if not boards:
        return []
    rows = [_one(board) for board in boards]
    total, size = sum(row.value for row in rows), sum(_mb(board) for board in boards)
    rows.append(_row(f"all {len(boards)} ({size:.1f} MB)", total, f"{size / total:.1f} MB/s"))
    return rows


def _one(board: Path) -> Row:
    product, findings = read(board)
    items = 0 if product is None else len(product.items)
    took = median_seconds(lambda: read(board), RUNS)
    return _row(f"`{board.name}` ({_mb(board):.2f} MB)", took, f"items: {items}, findings: {len(findings)}")


def _mb(board: Path) -> float:
    return board.stat().st_size / 1e6


def _row(what: str, seconds: float, note: str) -> Row:
    return Row(benchmark="read boards", what=what, value=seconds, unit="s", runs=RUNS, note=note)


if __name__ == "__main__":
    show(measure)
