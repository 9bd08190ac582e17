from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shapes.solid_builders import (
    box,
    cup,
    hollow_box,
    move,
    no_edges,
    revolve,
    rotation,
    t_slot,
    tray_with_window,
)

from manyworks.shapes import Shape, describe, from_mesh

BUSH = [(5, 0), (12, 0), (12, 8), (9, 8), (9, 30), (5, 30)]


def figures(body):
    """All figures of a body that do not depend on the file's axes: exact ones, then shares of skin."""
    milling, mould, printing = body.machining, body.moulding, body.printing
    exact = [body.volume_mm3, body.surface_mm2, *milling.stock_mm, milling.removed_mm3, len(milling.setups)]
    exact += [mould.depth_mm, mould.slides, printing.height_mm, printing.base_mm2, body.walls.p50_mm]
    if body.turning:
        exact += [body.turning.diameter_mm, body.turning.length_mm, body.turning.bore_mm or 0]
    if body.prism:
        exact += [body.prism.length_mm, body.prism.section_mm2]
    shares = [milling.unreached_share, mould.undercut_share, mould.no_draft_share]
    shares += [printing.overhang_mm2 / body.surface_mm2, printing.support_mm3 / body.volume_mm3]
    shares += [mould.projected_mm2 / body.surface_mm2, *(guess.confidence for guess in body.guesses)]
    shares += [noun.share if noun else 0.0 for noun in (body.turning, body.prism)]
    return exact, shares


TURNED = [(tray_with_window(), seed) for seed in range(20)]
TURNED += [(shape, seed) for shape in (t_slot(), revolve(BUSH)) for seed in range(20, 25)]


@pytest.mark.parametrize(("shape", "seed"), TURNED)
def test_nothing_changes_when_the_file_is_turned_but_the_box_along_its_axes(shape, seed):
    exact, shares = figures(describe(shape))
    turned_exact, turned_shares = figures(describe(move(shape, rotation(seed), (40, -3, 8))))
    assert turned_exact == pytest.approx(exact, rel=1e-3)
    assert turned_shares == pytest.approx(shares, abs=0.01)


def test_directions_turn_with_the_part():
    turn = rotation(5)
    still, turned = describe(tray_with_window()), describe(move(tray_with_window(), turn))
    assert np.abs(turn @ still.moulding.pull @ np.array(turned.moulding.pull)) == pytest.approx(1, abs=1e-4)
    assert turn @ still.printing.up == pytest.approx(np.array(turned.printing.up), abs=1e-4)


def test_the_size_is_along_the_axes_of_the_file():
    assert describe(box(50, 30, 10)).size_mm == (50, 30, 10)
    assert max(describe(move(box(50, 30, 10), rotation(1))).size_mm) != pytest.approx(50, abs=0.1)


@pytest.mark.parametrize("shape", [cup(), hollow_box(40, 3)], ids=["cup", "void"])
def test_describing_twice_gives_the_same(shape):
    assert describe(shape) == describe(shape)


@pytest.mark.parametrize("scale", [0.02, 0.3, 2.0, 50.0])
def test_a_part_twice_as_large_has_all_lengths_twice_and_all_shares_alike(scale):
    shape = tray_with_window()
    faces = shape.faces
    larger = replace(
        shape,
        vertices=shape.vertices * scale,
        faces=replace(faces, area=faces.area * scale**2, centre=faces.centre * scale),
        volume=shape.volume * scale**3,
        area=shape.area * scale**2,
    )
    still, grown = describe(shape), describe(larger)
    assert grown.walls.p50_mm == pytest.approx(still.walls.p50_mm * scale, rel=1e-3, abs=1e-3)
    assert grown.machining.stock_mm == pytest.approx(
        np.array(still.machining.stock_mm) * scale, rel=1e-3, abs=1e-3
    )
    assert grown.moulding.undercut_share == pytest.approx(still.moulding.undercut_share, abs=1e-3)
    assert grown.moulding.slides == still.moulding.slides


def empty_shape():
    faces = box(1, 1, 1).faces
    none = replace(faces, **{name: getattr(faces, name)[:0] for name in faces.__slots__})
    return Shape(
        vertices=np.zeros((0, 3)),
        triangles=np.zeros((0, 3), dtype=np.int64),
        face_of=np.zeros(0, dtype=np.int64),
        faces=none,
        edges=no_edges(),
        exact=False,
        volume=0.0,
        area=0.0,
        name="nothing",
    )


def test_a_body_without_triangles_is_named_and_left_unmeasured():
    body = describe(empty_shape())
    assert (body.name, body.faces, body.walls, body.guesses) == ("nothing", 0, None, ())


def test_a_body_with_a_corner_that_is_no_number_is_left_unmeasured():
    shape = box(10, 10, 10)
    vertices = shape.vertices.copy()
    vertices[0, 0] = np.inf
    assert describe(replace(shape, vertices=vertices)).machining is None


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(4, 60))
def test_any_heap_of_triangles_is_described_without_an_exception(seed, count):
    random = np.random.default_rng(seed)
    corners = random.uniform(-50, 50, size=(count, 1, 3)) + random.normal(scale=10, size=(count, 3, 3))
    faces = box(1, 1, 1).faces
    heap = Shape(
        vertices=corners.reshape(-1, 3),
        triangles=np.arange(3 * count).reshape(-1, 3),
        face_of=np.arange(count) % 6,
        faces=faces,
        edges=no_edges(),
        exact=False,
        volume=float(random.uniform(-1, 1000)),
        area=100.0,
    )
    body = describe(heap)
    assert np.isfinite(body.machining.removed_mm3)


@pytest.mark.parametrize("scale", [1e-9, 1e-6, 1e7, 1e60, 1e200])
@pytest.mark.parametrize("shape", [tray_with_window(), revolve(BUSH)], ids=["tray", "bush"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_lengths_in_any_wrong_unit_are_described_without_an_exception(shape, scale):
    faces = replace(shape.faces, origin=shape.faces.origin * scale, radius=shape.faces.radius * scale)
    body = describe(replace(shape, vertices=shape.vertices * scale, faces=faces))
    assert len(body.size_mm) == 3


def test_a_flat_sheet_of_no_thickness_is_described_without_an_exception():
    shape = box(10, 10, 10)
    flat = replace(shape, vertices=shape.vertices * [1, 1, 0], volume=0.0, area=200.0)
    assert describe(flat).machining.stock_mm[2] == 0


def sphere(rings):
    """Triangles of a ball of 20 mm."""
    polar, around = np.linspace(0, np.pi, rings + 1), np.linspace(0, 2 * np.pi, 2 * rings + 1)
    grid = (
        np.array([[(np.sin(p) * np.cos(a), np.sin(p) * np.sin(a), np.cos(p)) for a in around] for p in polar])
        * 20
    )
    a, b, c, d = grid[:-1, :-1], grid[1:, :-1], grid[1:, 1:], grid[:-1, 1:]
    triangles = np.concatenate([np.stack((a, b, c), axis=2), np.stack((a, c, d), axis=2)]).reshape(-1, 3, 3)
    sides = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    return triangles[np.linalg.norm(sides, axis=1) > 1e-9]


def test_a_ball_from_a_mesh_is_turned_and_moulded_in_two_halves():
    (shape,) = from_mesh(sphere(24))
    body = describe(shape)
    assert body.turning.share > 0.95
    assert body.turning.diameter_mm == pytest.approx(40, rel=0.01)
    assert body.moulding.undercut_share < 0.01
    assert body.walls.p95_mm == pytest.approx(40, rel=0.02)


def test_fifty_thousand_triangles_take_seconds_at_most():
    triangles = sphere(112)
    assert len(triangles) > 49_000
    (shape,) = from_mesh(triangles)
    began = time.perf_counter()
    describe(shape)
    assert time.perf_counter() - began < 5


def test_the_room_loads_nothing_heavy_before_it_is_asked_to_measure():
    heavy = "('numpy', 'embreex', 'shapely')"
    code = f"import sys, manyworks.shapes; print([name for name in {heavy} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_names_that_the_room_does_not_have_are_refused():
    import manyworks.shapes

    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = manyworks.shapes.nonsense
    assert callable(manyworks.shapes.describe)
