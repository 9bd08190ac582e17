from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.shapes.solid_builders import box, extrude, revolve, ring, tray_with_window

from manyworks.shapes import describe
from manyworks.shapes.shape import FaceKind

SHAFT = [(0, 0), (10, 0), (10, 20), (6, 20), (6, 60), (4, 60), (4, 75), (0, 75)]
BUSH = [(5, 0), (12, 0), (12, 8), (9, 8), (9, 30), (5, 30)]


TURNS = np.arange(360) * np.pi / 180
SERRATED = [
    ((10 - 0.06 * (k % 2)) * np.cos(t), (10 - 0.06 * (k % 2)) * np.sin(t)) for k, t in enumerate(TURNS)
]


def test_a_shaft_with_shoulders_is_turned_from_bar():
    turning = describe(revolve(SHAFT)).turning
    assert abs(turning.axis[2]) == pytest.approx(1)
    assert turning.diameter_mm == pytest.approx(20)
    assert turning.length_mm == pytest.approx(75)
    assert turning.share > 0.98
    assert turning.bore_mm is None


def test_a_bush_has_a_bore():
    assert describe(revolve(BUSH)).turning.bore_mm == pytest.approx(10)


def test_a_stepped_bore_counts_where_it_is_narrowest():
    stepped = revolve([(3, 0), (12, 0), (12, 30), (6, 30), (6, 10), (3, 10)])
    assert describe(stepped).turning.bore_mm == pytest.approx(6)


def test_a_blind_bore_counts_with_its_own_diameter():
    blind = revolve([(0, 0), (12, 0), (12, 30), (5, 30), (5, 10), (0, 10)])
    assert describe(blind).turning.bore_mm == pytest.approx(10)


@pytest.mark.parametrize(
    "shape",
    [
        box(50, 30, 10),
        box(20, 20, 20),
        tray_with_window(),
        extrude(ring((0, 0, 10), 6), 40),
        extrude(ring((0, 0, 10), 8), 40),
        extrude(SERRATED, 12),
        extrude([(0, 0), (40, 0), (40, 40), (0, 40)], 10, [(20, 20, 15)]),
        extrude([(0, 0), (60, 0), (60, 20), (0, 20)], 40, [(15, 10, 7)]),
    ],
    ids=["block", "cube", "tray", "hexagon bar", "octagon bar", "serrated shaft", "square washer", "lug"],
)
def test_parts_that_no_lathe_makes_are_not_called_turned(shape):
    assert describe(shape).turning is None


def test_a_drilled_flange_is_still_turned():
    holes = [(14.0 * float(np.cos(t)), 14.0 * float(np.sin(t)), 1.5) for t in (0, 1.57, 3.14, 4.71)]
    turning = describe(extrude((0, 0, 20), 12, [(0, 0, 8), *holes])).turning
    assert 0.8 < turning.share < 0.99
    assert turning.diameter_mm == pytest.approx(40)
    assert turning.bore_mm == pytest.approx(16)


def test_surfaces_without_a_name_count_by_their_shape():
    shape = revolve(SHAFT)
    free = replace(shape, faces=replace(shape.faces, kind=np.full_like(shape.faces.kind, int(FaceKind.FREE))))
    turning = describe(free).turning
    assert turning.share > 0.98
    assert turning.diameter_mm == pytest.approx(20, rel=0.01)
