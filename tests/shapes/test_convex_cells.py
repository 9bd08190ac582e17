"""The block around a body, and convex cells cut from it."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.labelled_parts import turned
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shapes.carved_blocks import CarvedBlock

from manyworks.shapes.convex_cells import Cell, Skin, block_cell, cut_cell
from manyworks.shapes.stock_block import StockBlock, faces_on_block, find_block

BLOCK = StockBlock(axes=np.eye(3), low=np.zeros(3), high=np.array((3.0, 2.0, 1.0)))
TURNS = st.integers(0, 2**32 - 1)


def volume(cell: Cell | None) -> float:
    """Volume by the divergence theorem over the facets."""
    if cell is None:
        return 0.0
    return sum(float(facet.points[0] @ facet.outward) * facet.area for facet in cell.facets) / 3


def planes(seed: int, count: int) -> list[tuple[np.ndarray, float]]:
    """Random planes through the block."""
    random = np.random.default_rng(seed)
    normals = random.normal(size=(count, 3))
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    return [(normal, float(normal @ (random.random(3) * BLOCK.high))) for normal in normals]


def cut(seed: int, count: int) -> Cell | None:
    """The block cut by random planes."""
    cell: Cell | None = block_cell(BLOCK)
    for number, (normal, offset) in enumerate(planes(seed, count)):
        cell = cut_cell(cell, normal, offset, number) if cell else None
    return cell


def test_a_block_is_a_cell_of_six_facets() -> None:
    cell = block_cell(BLOCK)
    assert volume(cell) == pytest.approx(6)
    assert sorted(facet.source for facet in cell.facets) == [-6, -5, -4, -3, -2, -1]


@given(seed=TURNS, count=st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_both_sides_of_a_cut_make_the_whole(seed: int, count: int) -> None:
    cell = cut(seed, count)
    if cell is None:
        return
    (*_, (normal, offset)) = planes(seed + 1, 1)
    parts = [cut_cell(cell, normal, offset, 99), cut_cell(cell, -normal, -offset, 99)]
    assert sum(volume(part) for part in parts) == pytest.approx(volume(cell), abs=1e-4)


@given(seed=TURNS, count=st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_a_cell_holds_the_share_of_the_block_that_random_points_find(seed: int, count: int) -> None:
    points = np.random.default_rng(seed).random((20_000, 3)) * BLOCK.high
    inside = np.all([points @ normal >= offset for normal, offset in planes(seed, count)], axis=0)
    assert volume(cut(seed, count)) / 6 == pytest.approx(inside.mean(), abs=0.02)


def test_a_plane_that_bounds_a_cell_already_changes_nothing() -> None:
    normal, offset = planes(3, 1)[0]
    cell = cut_cell(block_cell(BLOCK), normal, offset, 0)
    assert cell is not None
    assert cut_cell(cell, normal, offset + 1e-12, 1) is cell


def test_a_plane_beyond_a_cell_leaves_nothing() -> None:
    assert cut_cell(block_cell(BLOCK), np.array((1.0, 0, 0)), 3.5, 0) is None


@given(seed=TURNS)
@settings(max_examples=60, deadline=None)
def test_a_triangle_reaches_into_a_cell_where_points_of_it_do(seed: int) -> None:
    random = np.random.default_rng(seed)
    cell = cut(seed, 3)
    if cell is None:
        return
    corners = random.random((3, 3)) * BLOCK.high * 1.4 - 0.3
    weights = random.dirichlet((1, 1, 1), size=5000)
    depth = (weights @ corners @ cell.normals.T - cell.offsets).min(axis=1)
    misses = Skin(corners[None], BLOCK).misses(cell)
    if (depth > 1e-3).any():
        assert not misses
    elif (depth < -0.2).all():
        assert misses


def test_a_block_is_found_however_the_body_lies() -> None:
    shape = CarvedBlock((30, 20, 10), [([(3, 3), (6, 3), (6, 7), (3, 7)], 4.0)]).shape
    for seed in range(20):
        block = find_block(turned(shape, seed))
        assert sorted(block.high - block.low) == pytest.approx([10, 20, 30])
        assert faces_on_block(turned(shape, seed), block).sum() == 6


def test_a_floor_parallel_to_a_side_is_not_on_the_block() -> None:
    carved = CarvedBlock((10, 10, 10), [([(0, 5), (10, 5), (10, 10), (0, 10)], 9.99)])
    on_block = faces_on_block(carved.shape, find_block(carved.shape))
    assert on_block.tolist() == [cut < 0 for cut in carved.cut_of]
