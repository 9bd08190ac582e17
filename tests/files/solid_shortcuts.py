"""What tests of reading leave out: features and pictures have tests of their own and take longest."""

from __future__ import annotations

import pytest

from manyworks.files.solids import designs


@pytest.fixture
def only_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bodies are measured only; no pictures are drawn."""
    monkeypatch.setattr(designs, "_described", designs._measured)
    monkeypatch.setattr("manyworks.shapes.views.render_views", lambda shapes: ())
