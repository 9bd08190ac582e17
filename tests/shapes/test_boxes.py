from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.shapes.solid_builders import CHORDS, box, cup, extrude, l_bracket, move, ring, rotation

from manyworks.shapes.boxes import find_box
from manyworks.shapes.directions import find_directions
from manyworks.shapes.rays import make_skin
from manyworks.shapes.shape import FaceKind


def block_of(shape):
    skin = make_skin(shape)
    return find_box(skin, shape.faces, find_directions(shape, skin))


@pytest.mark.parametrize("seed", range(20))
def test_the_block_of_a_turned_part_is_the_block_of_the_part(seed):
    turned = move(l_bracket(), rotation(seed), (100, 20, -7))
    assert block_of(turned).size == pytest.approx([40, 40, 30], abs=1e-6)


def test_the_block_encloses_every_corner():
    shape = move(cup(), rotation(3))
    block = block_of(shape)
    along = shape.vertices @ block.axes.T
    assert (along >= block.low - 1e-9).all()
    assert (along <= block.high + 1e-9).all()
    assert block.axes @ block.axes.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(block.axes) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_a_shaft_needs_a_block_of_its_diameter_though_its_mesh_is_thinner(seed):
    shaft = move(extrude((3, 4, 10), 50), rotation(seed))
    assert block_of(shaft).size == pytest.approx([50, 20, 20], rel=5e-5)
    chord = 20 * np.cos(np.pi / CHORDS)
    assert chord < 19.96


def test_a_part_without_flats_at_right_angles_gets_the_narrowest_rectangle():
    # A rhomb whose sides are no right angles: the block lies along a side, not along the diagonals.
    rhomb = extrude([(0, 0), (30, 0), (40, 20), (10, 20)], 8)
    assert block_of(move(rhomb, rotation(1))).size == pytest.approx([40, 20, 8], abs=1e-6)


def test_a_part_that_fits_aslant_only_a_little_tighter_is_held_by_its_flats():
    corners = [(0, 0), (40, 0), (40, 40), (0, 40)]
    assert block_of(extrude(corners, 5)).size == pytest.approx([40, 40, 5])


def test_a_part_without_any_face_kind_is_boxed_by_its_triangles():
    shape = box(50, 30, 10)
    free = replace(shape, faces=replace(shape.faces, kind=np.full(6, int(FaceKind.FREE))))
    assert block_of(move(free, rotation(2))).size == pytest.approx([50, 30, 10], abs=1e-6)


def test_a_lens_with_one_flat_is_boxed_around_that_flat():
    half_disc = [point for point in ring((0, 0, 20), 96) if point[1] >= -1e-9]
    block = block_of(move(extrude(half_disc, 4), rotation(8)))
    assert block.size == pytest.approx([40, 20, 4], abs=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_an_oval_without_flat_sides_gets_the_narrowest_rectangle(seed):
    oval = extrude([(2 * x, y) for x, y in ring((0, 0, 10), 90)], 6)
    kinds = np.where(np.arange(len(oval.faces.kind)) < 2, int(FaceKind.PLANE), int(FaceKind.FREE))
    oval = replace(oval, faces=replace(oval.faces, kind=kinds))
    assert block_of(move(oval, rotation(seed))).size == pytest.approx([40, 20, 6], rel=2e-3)
