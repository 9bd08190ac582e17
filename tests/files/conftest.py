"""Fixtures: the folder of real designs, writers of small files, and reading without features."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.files.designs import BOARD, RECTANGLE, SHARED

from manyworks.files.solids import designs


@pytest.fixture
def shared() -> Path:
    """The folder of real designs and their truth."""
    if not (SHARED / "bench" / "designs").is_dir():
        pytest.skip("the real designs are not beside this repository")
    return SHARED


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file below a fresh folder."""

    def do(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return do


@pytest.fixture
def write_board(write: Callable[[str, str | bytes], Path]) -> Callable[..., Path]:
    """Write a board of 50 x 30 mm with further elements."""

    def do(*extra: str, name: str = "board.kicad_pcb", outline: str = RECTANGLE) -> Path:
        return write(name, BOARD.format(extra="\n".join((outline, *extra))))

    return do


@pytest.fixture
def only_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bodies are measured only; no pictures are drawn: features have tests of their own and take longest."""
    monkeypatch.setattr(designs, "_described", designs._measured)
    monkeypatch.setattr("manyworks.shapes.views.render_views", lambda shapes: ())
