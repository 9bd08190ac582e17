"""Holes: kinds, counts, sizes and mouths, from the kernel's faces and from triangles alone."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.shapes.cut_parts import (
    X,
    Y,
    Z,
    any_turn,
    ball,
    block,
    cut,
    design,
    drill,
    exact,
    fillet,
    fuse,
    meshed,
    needs_kernel,
    rod,
    taper,
    turned,
)
from tests.shapes.solid_builders import extrude, revolve

from manyworks.shapes import from_mesh
from manyworks.shapes.holes import find_holes
from manyworks.shapes.threads import suggest_thread


@pytest.fixture(params=["exact", "mesh"])
def read(request):
    """A part as the kernel sees it, and as its triangles tell."""
    needs_kernel()
    return exact if request.param == "exact" else meshed


def sizes(shape, digits=2):
    return sorted(
        (hole.kind, round(hole.diameter_mm, digits), round(hole.depth_mm, digits))
        for hole in find_holes(shape)
    )


PLATE = (40, 30, 8)


def test_a_hole_from_face_to_face_is_through(read):
    part = cut(block(*PLATE), rod((10, 10, -1), Z, 1.6, 10))
    assert sizes(read(part)) == [("through hole", 3.2, 8.0)]


def test_a_flat_bottomed_hole_is_blind(read):
    part = drill(block(*PLATE), (10, 10, 8), (0, 0, -1), 4, 5, tip=False)
    (hole,) = find_holes(read(part))
    assert (hole.kind, hole.depth_mm) == ("blind hole", pytest.approx(5))
    assert hole.at_mm == pytest.approx((10, 10, 8), abs=1e-4)
    assert hole.axis == pytest.approx((0, 0, -1), abs=1e-5)


def test_the_tip_of_the_drill_is_not_depth(read):
    (hole,) = find_holes(read(drill(block(*PLATE), (10, 10, 8), (0, 0, -1), 4, 5)))
    assert (hole.kind, hole.depth_mm) == ("blind hole", pytest.approx(5, abs=1e-3))
    assert hole.angle_deg == pytest.approx(118, abs=0.1)


def test_a_ball_ended_hole_is_blind(read):
    part = cut(block(*PLATE), rod((10, 10, 4), Z, 2, 5), ball((10, 10, 4), 2))
    (hole,) = find_holes(read(part))
    assert (hole.kind, hole.diameter_mm) == ("blind hole", pytest.approx(4, abs=1e-3))


def on_rim(radius, height):
    return lambda x, y, z: abs(np.hypot(x - 10, y - 10) - radius) < 0.01 and abs(z - height) < 0.01


def test_a_rounded_mouth_is_open(read):
    part = fillet(cut(block(*PLATE), rod((10, 10, -1), Z, 2, 10)), 0.5, on_rim(2, 8))
    assert [hole[:2] for hole in sizes(read(part))] == [("through hole", 4.0)]


def test_a_rounded_floor_is_closed(read):
    part = fillet(cut(block(*PLATE), rod((10, 10, 3), Z, 3, 10)), 0.5, on_rim(3, 3))
    assert [hole[:2] for hole in sizes(read(part))] == [("blind hole", 6.0)]


def test_a_hole_with_draft_is_one_hole_of_its_narrow_end(read):
    part = cut(block(*PLATE), taper((10, 10, 0), Z, 2, 2.4, 8))
    (hole,) = find_holes(read(part))
    assert (hole.kind, hole.diameter_mm) == ("through hole", pytest.approx(4, abs=2e-3))
    assert hole.at_mm[2] == pytest.approx(8)


def test_a_bore_with_a_keyway_is_no_round_hole(read):
    part = cut(rod((0, 0, 0), Z, 10, 30), rod((0, 0, -1), Z, 5, 40), block(3, 7, 40, (-1.5, 0, -1)))
    assert find_holes(read(part)) == ()


def test_a_counterbore_is_counted_once(read):
    part = cut(block(*PLATE), rod((10, 10, -1), Z, 1.7, 10), rod((10, 10, 5), Z, 3.2, 4))
    (hole,) = find_holes(read(part))
    assert (hole.kind, hole.diameter_mm, hole.width_mm) == (
        "counterbored hole",
        pytest.approx(3.4, abs=1e-3),
        pytest.approx(6.4, abs=1e-3),
    )
    assert hole.at_mm == pytest.approx((10, 10, 8), abs=1e-3)  # the mouth is where the head goes in
    assert hole.depth_mm == pytest.approx(8)


def test_a_countersink_is_counted_once(read):
    part = cut(block(*PLATE), rod((10, 10, -1), Z, 1.6, 10), taper((10, 10, 6), Z, 1.6, 3.6, 2))
    (hole,) = find_holes(read(part))
    assert (hole.kind, hole.diameter_mm, hole.width_mm, hole.angle_deg) == (
        "countersunk hole",
        pytest.approx(3.2, abs=1e-3),
        pytest.approx(7.2, abs=1e-3),
        pytest.approx(90, abs=0.1),
    )


def test_a_broken_edge_does_not_make_a_countersink(read):
    part = cut(block(*PLATE), rod((10, 10, -1), Z, 2.5, 10), taper((10, 10, 7.5), Z, 2.5, 3, 0.5))
    assert sizes(read(part)) == [("through hole", 5.0, 8.0)]


def test_three_diameters_are_a_stepped_hole(read):
    part = cut(
        block(*PLATE), rod((10, 10, -1), Z, 1, 10), rod((10, 10, 3), Z, 2, 10), rod((10, 10, 6), Z, 3, 10)
    )
    (hole,) = find_holes(read(part))
    assert (hole.kind, hole.diameter_mm, hole.width_mm) == (
        "stepped hole",
        pytest.approx(2, abs=1e-3),
        pytest.approx(6, abs=1e-3),
    )


def test_a_hole_wider_in_the_middle_is_stepped(read):
    part = cut(block(20, 20, 30), rod((10, 10, -1), Z, 2, 40), rod((10, 10, 10), Z, 4, 10))
    assert [hole.kind for hole in find_holes(read(part))] == ["stepped hole"]


def test_a_slot_has_no_holes(read):
    slot = fuse(block(10, 4, 12, (10, 8, -1)), rod((10, 10, -1), Z, 2, 12), rod((20, 10, -1), Z, 2, 12))
    assert find_holes(read(cut(block(*PLATE), slot))) == ()


def test_a_notch_at_the_border_is_no_hole(read):
    assert find_holes(read(cut(block(*PLATE), rod((10, 0.5, -1), Z, 2, 12)))) == ()


def test_fillets_of_a_pocket_are_no_holes(read):
    corners = [rod((x, y, 3), Z, 3, 9) for x in (8, 22) for y in (8, 18)]
    pocket = fuse(block(14, 16, 9, (8, 5, 3)), block(20, 10, 9, (5, 8, 3)), *corners)
    assert find_holes(read(cut(block(*PLATE), pocket))) == ()


def test_half_cylinders_of_opposite_walls_are_not_paired(read):
    channel = cut(block(40, 30, 12), block(36, 40, 12, (2, -1, 2)))
    notches = fuse(rod((-1, 10, 12), X, 2, 50), block(50, 4, 4, (-1, 8, 12)))
    assert find_holes(read(cut(channel, notches))) == ()


def test_a_line_of_holes_through_two_walls_is_two_holes(read):
    channel = cut(block(40, 30, 12), block(36, 40, 12, (2, -1, 2)))
    part = cut(channel, rod((-1, 10, 7), X, 1.6, 50))
    assert sizes(read(part)) == [("through hole", 3.2, 2.0)] * 2


def test_a_narrow_slot_across_a_hole_leaves_two(read):
    part = cut(block(20, 20, 20), rod((10, 10, -1), Z, 3, 30), block(30, 30, 2, (-1, -1, 9)))
    part = fuse(part, block(2, 20, 20, (18, 0, 0)))
    assert sizes(read(part)) == [("through hole", 6.0, 9.0)] * 2


def test_two_blind_holes_with_a_floor_between_are_two(read):
    part = drill(block(20, 20, 10), (10, 10, 10), (0, 0, -1), 4, 4.5, tip=False)
    part = drill(part, (10, 10, 0), Z, 4, 4.5, tip=False)
    assert sizes(read(part)) == [("blind hole", 4.0, 4.5)] * 2


def test_a_hole_that_ends_in_another_is_blind(read):
    part = cut(block(40, 20, 20), rod((-1, 10, 10), X, 4, 50), rod((20, 10, 10), Z, 1.25, 20))
    assert [hole[:2] for hole in sizes(read(part))] == [("blind hole", 2.5), ("through hole", 8.0)]


def test_a_cross_hole_stays_whole_where_it_meets_another(read):
    part = cut(block(20, 20, 20), rod((-1, 10, 10), X, 2, 30), rod((10, -1, 10), Y, 2, 30))
    kinds = {hole.kind for hole in find_holes(read(part))}
    assert kinds <= {"through hole", "blind hole", "stepped hole"}
    assert kinds


def test_a_pin_in_a_round_pocket_is_no_hole(read):
    part = fuse(cut(block(20, 20, 10), rod((10, 10, 4), Z, 6, 10)), rod((10, 10, 3), Z, 3, 7))
    assert find_holes(read(part)) == ()


def test_a_closed_void_is_no_hole(read):
    assert find_holes(read(cut(block(20, 20, 20), rod((10, 10, 5), Z, 4, 10)))) == ()


def test_a_recess_with_odd_steps_below_is_still_one_hole(read):
    part = cut(block(20, 20, 10), rod((10, 10, -1), Z, 1.6, 12), rod((10, 10, 5), Z, 3.1, 12))
    part = cut(part, block(3.2, 6, 0.4, (8.4, 7, 4.6)), block(3.2, 3.2, 0.4, (8.4, 8.4, 4.2)))
    (hole,) = find_holes(read(part))
    assert (hole.kind, hole.width_mm) == ("counterbored hole", pytest.approx(6.2, abs=1e-3))


def test_a_slanted_mouth_does_not_hide_a_hole(read):
    part = cut(block(30, 20, 20), rod((15, 10, -5), (0.4, 0, 1), 2, 40))
    (hole,) = find_holes(read(part))
    assert (hole.kind, hole.diameter_mm) == ("through hole", pytest.approx(4, abs=2e-3))


@pytest.mark.parametrize("seed", range(4))
def test_turning_a_part_changes_no_hole(read, seed):
    part = drill(block(*PLATE), (30, 20, 8), (0, 0, -1), 4.2, 6)
    part = cut(part, rod((10, 10, -1), Z, 1.7, 10), rod((10, 10, 5), Z, 3.2, 4), rod((-1, 22, 4), X, 1, 20))
    turn = any_turn(seed)
    before, after = find_holes(read(part)), find_holes(read(turned(part, turn)))
    assert sorted((h.kind, round(h.diameter_mm, 2)) for h in before) == sorted(
        (h.kind, round(h.diameter_mm, 2)) for h in after
    )
    # Which of two like mouths is named is a matter of the axes; all other mouths move along.
    moved, there = (
        sorted(tuple(np.round(place(hole), 2)) for hole in found if hole.kind != "through hole")
        for found, place in (
            (before, lambda hole: turn @ hole.at_mm + (3, -7, 11)),
            (after, lambda hole: hole.at_mm),
        )
    )
    assert np.allclose(moved, there, atol=0.02)


def test_a_wall_split_in_halves_is_one_hole():
    needs_kernel()
    left, right = (cut(rod((10, 10, -1), Z, 2, 10), block(9, 9, 12, (x, 5, -2))) for x in (1, 10))
    part = exact(cut(block(*PLATE), left, right))
    assert part.faces.hollow.sum() > 1
    assert sizes(part) == [("through hole", 4.0, 8.0)]


def test_a_coarse_ring_of_twelve_chords_is_still_round():
    turns = np.arange(12) * 2 * np.pi / 12
    ring = [(5 + 2 * np.cos(t), 5 + 2 * np.sin(t)) for t in turns]
    plate = extrude([(0, 0), (10, 0), (10, 10), (0, 10)], 5, holes=[ring])
    (hole,) = find_holes(from_mesh(plate.vertices[plate.triangles])[0])
    assert hole.diameter_mm == pytest.approx(4, abs=1e-4)


def test_a_hexagonal_opening_is_no_hole():
    turns = np.arange(6) * np.pi / 3
    ring = [(5 + 2 * np.cos(t), 5 + 2 * np.sin(t)) for t in turns]
    plate = extrude([(0, 0), (10, 0), (10, 10), (0, 10)], 5, holes=[ring])
    assert find_holes(from_mesh(plate.vertices[plate.triangles])[0]) == ()


def test_a_tube_has_one_through_hole():
    tube = revolve([(3, 0), (5, 0), (5, 20), (3, 20)])
    (hole,) = find_holes(from_mesh(tube.vertices[tube.triangles])[0])
    assert (hole.kind, hole.depth_mm) == ("through hole", pytest.approx(20))


# ---- threads -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("diameter", "thread"),
    [
        (2.5, "M3"),
        (3.3, "M4"),
        (4.2, "M5"),
        (5.0, "M6"),
        (6.8, "M8"),
        (8.5, "M10"),
        (10.2, "M12"),
        (1.6, "M2"),
    ],
)
def test_tapping_drills_of_common_screws_are_known(diameter, thread):
    assert suggest_thread(diameter) == thread


@pytest.mark.parametrize("diameter", [3.2, 3.4, 4.5, 5.5, 6.6, 9.0, 11.0, 10.0, 1.5, 100.0, 6.5])
def test_clearance_holes_and_others_suggest_no_thread(diameter):
    assert suggest_thread(diameter) == ""


# ---- real parts --------------------------------------------------------------------------------

TRUTH = {
    "solid-precursor-case/t-domain-shield-032520.STEP": {("through", 1.5): 63},
    "solid-prusa-mini-metal/MINI-y-carriage.stp": {("through", 3.2): 15, ("through", 2.5): 2},
    "solid-prusa-mini-metal/MINI-z-plate-bottom.stp": {
        ("through", 3.2): 4,
        ("through", 5.0): 2,
        ("through", 10.0): 3,
    },
    "solid-bitaxe-heatsink/Bitaxe_Heatsink.step": {("through", 3.0): 2},
    "product-m17-module17/Mod17_Bottom_Cover.step": {("countersunk", 2.9): 4},
    "solid-precursor-case/bottom-case.STEP": {("blind", 1.1): 9, ("through", 1.7): 2, ("through", 1.3): 1},
    "solid-precursor-case/radome.STEP": {("through", 1.5): 2, ("blind", 2.1): 2},
    "solid-prusa-mini-metal/MINI-heatsink.stp": {
        ("through", 2.5): 4,
        ("blind", 2.5): 3,
        ("stepped", 4.5): 1,
    },
    "solid-prusa-mini-printed/MINI-fsenzor-cover.stp": {("counterbored", 3.2): 2, ("through", 6.5): 1},
}


@pytest.mark.parametrize("name", TRUTH)
def test_holes_of_real_parts_are_the_measured_ones(name):
    (shape,) = design(name)
    found = Counter((hole.kind.split()[0], round(hole.diameter_mm, 2)) for hole in find_holes(shape))
    assert found == TRUTH[name]


TWINS = [
    ("solid-prusa-mini-printed/MINI-fsenzor-cover.stp", "solid-prusa-mini-printed/MINI-fsenzor-cover.stl"),
    ("product-m17-module17/Mod17_Bottom_Cover.step", "product-m17-module17/Mod17_Bottom_Cover.stl"),
    ("product-m17-module17/knob2.step", "product-m17-module17/knob2.stl"),
    ("solid-prusa-mini-printed/MINI-knob.stp", "solid-prusa-mini-printed/MINI-knob.stl"),
    ("solid-prusa-mini-printed/MINI-z-top.stp", "solid-prusa-mini-printed/MINI-z-top.stl"),
]


@pytest.mark.parametrize(("step", "stl"), TWINS)
def test_a_mesh_has_the_holes_of_its_twin(step, stl):
    one, other = ([sizes(shape, 1) for shape in design(name)] for name in (step, stl))
    assert one == other
