"""Which cut left each face, on blocks whose cuts are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from benchmarks.labelled_parts import turned
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shapes.carved_blocks import CarvedBlock, Outline, Round

from manyworks.shapes.face_classes import FACE_CLASSES, OTHER, classify_faces
from manyworks.shapes.pockets import find_pockets


def polygon(count: int, x: float = 5, y: float = 5, radius: float = 2, turn: float = 0.3) -> Outline:
    """A regular polygon."""
    angles = turn + 2 * np.pi * np.arange(count) / count
    return [(x + radius * float(np.cos(a)), y + radius * float(np.sin(a))) for a in angles]


FIVE = [(0.0, 10.0), (0, 7.4), (4.8, 5.9), (10, 7.6), (10, 10)]
# Outline from above and height of the floor in a block of 10 mm; 0 cuts through.
CUTS: dict[str, tuple[Outline, float]] = {
    "chamfer": ([(10, 10), (8.6, 10), (10, 8.6)], 0),
    "triangular_passage": (polygon(3), 0),
    "rectangular_passage": ([(3, 3), (6, 3), (6, 7), (3, 7)], 0),
    "6sides_passage": (polygon(6), 0),
    "triangular_through_slot": ([(2, 10), (5, 10), (3.5, 6)], 0),
    "rectangular_through_slot": ([(2, 10), (5, 10), (5, 6), (2, 6)], 0),
    "rectangular_through_step": ([(0, 10), (10, 10), (10, 6), (0, 6)], 4),
    "2sides_through_step": (FIVE, 4),
    "slanted_through_step": ([(0, 10), (10, 10), (10, 6), (0, 8)], 4),
    "triangular_pocket": (polygon(3), 4),
    "rectangular_pocket": ([(3, 3), (6, 3), (6, 7), (3, 7)], 4),
    "6sides_pocket": (polygon(6), 4),
    "rectangular_blind_slot": ([(2, 10), (5, 10), (5, 6), (2, 6)], 4),
    "triangular_blind_step": ([(10, 10), (6, 10), (10, 7)], 4),
    "rectangular_blind_step": ([(10, 10), (6, 10), (6, 7), (10, 7)], 4),
}


def expected(block: CarvedBlock, names: list[str]) -> tuple[str, ...]:
    """The class of every face by the cut that left it."""
    return tuple(names[cut] if cut >= 0 else "stock" for cut in block.cut_of)


def test_every_class_but_the_block_has_a_cut_here() -> None:
    assert [*CUTS, "stock"] == list(FACE_CLASSES)


def test_a_block_without_cuts_is_all_stock() -> None:
    assert set(classify_faces(CarvedBlock((30, 20, 10)).shape)) == {"stock"}


@pytest.mark.parametrize("name", CUTS)
def test_a_cut_alone_in_a_block_is_named(name: str) -> None:
    block = CarvedBlock((10, 10, 10), [CUTS[name]])
    assert classify_faces(block.shape) == expected(block, [name])


@pytest.mark.parametrize("name", CUTS)
def test_a_cut_is_named_the_same_however_the_body_lies(name: str) -> None:
    block = CarvedBlock((10, 10, 10), [CUTS[name]])
    for seed in range(5):
        assert classify_faces(turned(block.shape, seed)) == expected(block, [name])


@pytest.mark.parametrize("size", [(0.1, 0.1, 0.1), (2000.0, 2000.0, 2000.0), (10.0, 10.0, 45.0)])
@pytest.mark.parametrize("name", CUTS)
def test_the_size_of_the_block_does_not_matter(name: str, size: tuple[float, float, float]) -> None:
    outline, floor = CUTS[name]
    scaled = [(x * size[0] / 10, y * size[1] / 10) for x, y in outline]
    block = CarvedBlock(size, [(scaled, floor * size[2] / 10)])
    assert classify_faces(block.shape) == expected(block, [name])


def test_a_slot_across_a_step_leaves_both_their_names() -> None:
    step = ([(0, 10), (10, 10), (10, 6), (0, 6)], 5.0)
    slot = ([(3, 0), (5, 0), (5, 10), (3, 10)], 3.0)
    block = CarvedBlock((10, 10, 10), [step, slot])
    assert sum(cut == 0 for cut in block.cut_of) == 4
    assert classify_faces(block.shape) == expected(
        block, ["rectangular_through_step", "rectangular_through_slot"]
    )


def test_a_pocket_that_lost_a_corner_to_a_passage_keeps_its_name() -> None:
    pocket = ([(2, 2), (6, 2), (6, 6), (2, 6)], 5.0)
    block = CarvedBlock((10, 10, 10), [pocket, (polygon(6, 6, 6, 1.5), 0)])
    assert classify_faces(block.shape) == expected(block, ["rectangular_pocket", "6sides_passage"])


def test_a_pocket_cut_in_two_by_a_deep_slot_keeps_its_name() -> None:
    pocket = ([(2, 3), (8, 3), (8, 7), (2, 7)], 6.0)
    slot = ([(4, 0), (6, 0), (6, 10), (4, 10)], 2.0)
    block = CarvedBlock((10, 10, 10), [pocket, slot])
    assert sum(cut == 0 for cut in block.cut_of) == 8
    assert classify_faces(block.shape) == expected(block, ["rectangular_pocket", "rectangular_through_slot"])


def test_passages_that_cross_a_pocket_floor_keep_the_pocket() -> None:
    pocket = ([(2, 2), (8, 2), (8, 8), (2, 8)], 6.0)
    block = CarvedBlock((10, 10, 10), [pocket, (polygon(3, 4, 4, 1.2), 0), (polygon(6, 6.5, 6, 1), 3.0)])
    names = ["rectangular_pocket", "triangular_passage", "6sides_pocket"]
    assert classify_faces(block.shape) == expected(block, names)


def test_pockets_with_floors_in_one_plane_stay_apart() -> None:
    block = CarvedBlock((20, 10, 10), [(polygon(3), 5.0), (polygon(6, 15, 5), 5.0)])
    assert classify_faces(block.shape) == expected(block, ["triangular_pocket", "6sides_pocket"])


def test_a_step_whose_wall_another_step_took_is_still_a_step() -> None:
    block = CarvedBlock(
        (10, 10, 10),
        [([(0, 10), (10, 10), (10, 6), (0, 6)], 7.0), ([(0, 10), (10, 10), (10, 8), (0, 8)], 3.0)],
    )
    assert set(classify_faces(block.shape)) == {"stock", "rectangular_through_step"}


def test_curved_walls_are_named_other() -> None:
    corner = [(5 + 2 * float(np.cos(a)), 5 + 2 * float(np.sin(a))) for a in np.linspace(0, np.pi / 2, 7)]
    outline = [(3.0, 3.0), (7, 3), *corner, (3, 7)]
    block = CarvedBlock((10, 10, 10), [(outline, 5.0)], [Round(5, 5, 2)])
    classes = classify_faces(block.shape)
    assert [name for name, hollow in zip(classes, block.shape.faces.hollow, strict=True) if hollow] == [OTHER]


def test_the_result_is_the_same_twice() -> None:
    block = CarvedBlock((10, 10, 10), [CUTS["2sides_through_step"], (polygon(6, 4, 3, 1.5), 2.0)])
    assert classify_faces(block.shape) == classify_faces(block.shape)


def test_a_body_whose_table_names_no_plane_has_no_class() -> None:
    shape = CarvedBlock((10, 10, 10), [CUTS["rectangular_pocket"]]).shape
    free = replace(shape, faces=replace(shape.faces, kind=np.full_like(shape.faces.kind, 5)))
    assert set(classify_faces(free)) == {OTHER}


def hundredths(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(round(low * 100), round(high * 100)).map(lambda number: number / 100)


OUTLINES = st.lists(
    st.tuples(
        st.integers(3, 6),
        hundredths(0, 10),
        hundredths(0, 10),
        hundredths(0.8, 4),
        hundredths(0, 6),
        hundredths(0, 8),
    ),
    max_size=3,
)


@given(cuts=OUTLINES)
@settings(max_examples=25, deadline=None)
def test_whatever_is_cut_from_a_block_its_sides_stay_stock(cuts: list[tuple[float, ...]]) -> None:
    square = shapely.box(0, 0, 10, 10)
    parts = [(shapely.Polygon(polygon(int(n), x, y, r, t)) & square, z) for n, x, y, r, t, z in cuts]
    found = [(shapely.get_coordinates(part), z) for part, z in parts if part.area > 0.1]
    whole = [(outline, 0.0 if floor < 1 else floor) for outline, floor in found]
    block = CarvedBlock((10, 10, 10), whole)
    sides = np.array(block.cut_of) < 0
    classes = np.array(classify_faces(block.shape))
    bounds = np.ptp(block.shape.vertices, axis=0)
    if np.allclose(bounds, 10):
        assert set(classes[sides]) <= {"stock"}
        assert "stock" not in classes[~sides]
    assert classes.tolist() == list(classify_faces(turned(block.shape, 1)))
    assert {face for feature in find_pockets(block.shape) for face in feature.faces} <= set(
        range(len(classes))
    )


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_broken_tables_raise_nothing(seed: int) -> None:
    random = np.random.default_rng(seed)
    shape = CarvedBlock((10, 10, 10), [CUTS["rectangular_pocket"], CUTS["chamfer"]]).shape
    faces, edges = shape.faces, shape.edges

    def spoil(values: np.ndarray) -> np.ndarray:
        spoiled = np.array(values, dtype=float)
        spoiled[random.random(spoiled.shape) < 0.1] = random.choice([np.nan, 0, 3])
        return spoiled

    shape = replace(
        shape,
        faces=replace(
            faces,
            normal=spoil(faces.normal),
            centre=spoil(faces.centre),
            kind=random.integers(0, 6, len(faces.kind)),
            axis=spoil(faces.axis),
            hollow=random.random(len(faces.kind)) < 0.5,
        ),
        edges=replace(
            edges,
            bend=spoil(edges.bend),
            length=spoil(edges.length),
            faces=random.integers(-1, len(faces.kind), edges.faces.shape),
        ),
    )
    assert len(classify_faces(shape)) == len(faces.kind)
    find_pockets(shape)
