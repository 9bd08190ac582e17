"""Sheet metal: thickness, bends and flat patterns against paper and pencil."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shapes.cut_parts import Y, Z, any_turn, block, cut, design, exact, fuse, needs_kernel, rod, turned
from tests.shapes.solid_builders import box, extrude, revolve

from manyworks.shapes import from_mesh
from manyworks.shapes.k_factors import k_factor
from manyworks.shapes.sheet_metal import find_sheet


def mesh_of(shape):
    (found,) = from_mesh(shape.vertices[shape.triangles])
    return found


def arc(x, y, radius, start, stop, chords=16):
    turns = np.radians(np.linspace(start, stop, chords + 1))
    return [(x + radius * math.cos(t), y + radius * math.sin(t)) for t in turns]


def angle_profile(thickness, radius, first, second):
    """An L of two flat legs and a bend of 90 degrees."""
    outside = radius + thickness
    inner = arc(outside, outside, radius, 270, 180)
    outer = arc(outside, outside, outside, 180, 270)
    return [
        (outside + first, thickness),
        *inner,
        (thickness, outside + second),
        (0, outside + second),
        *outer,
        (outside + first, 0),
    ][::-1]


def allowance(angle, radius, thickness):
    return math.radians(angle) * (radius + k_factor(radius, thickness) * thickness)


def test_the_neutral_fibre_moves_to_the_middle_as_bends_get_wider():
    assert k_factor(1, 1) == pytest.approx(0.325)
    assert k_factor(5, 1) == pytest.approx(0.5, abs=0.001)
    assert k_factor(50, 1) == 0.5
    assert 0.2 <= k_factor(0, 1) < k_factor(0.5, 1) < k_factor(2, 1)


def test_a_plate_is_a_sheet_without_bends():
    sheet = find_sheet(mesh_of(extrude([(0, 0), (60, 0), (60, 40), (0, 40)], 3, holes=[(20, 20, 4)])))
    assert (sheet.thickness_mm, sheet.bends, sheet.pierces) == (3, (), 2)
    assert sheet.flat_mm == pytest.approx((60, 40))
    assert sheet.flat_area_mm2 == pytest.approx(2400 - math.pi * 16, rel=0.002)
    assert sheet.cut_length_mm == pytest.approx(200 + 8 * math.pi, rel=0.002)


@settings(max_examples=15, deadline=None)
@given(
    thickness=st.floats(0.5, 3),
    ratio=st.floats(0.4, 4),
    first=st.floats(15, 60),
    second=st.floats(15, 60),
    width=st.floats(20, 80),
)
def test_an_angle_unfolds_to_its_legs_and_the_bend_allowance(thickness, ratio, first, second, width):
    radius = ratio * thickness
    sheet = find_sheet(mesh_of(extrude(angle_profile(thickness, radius, first, second), width)))
    assert sheet.thickness_mm == pytest.approx(thickness, rel=1e-3)
    (bend,) = sheet.bends
    assert bend.radius_mm == pytest.approx(radius, rel=2e-3)
    assert (bend.angle_deg, bend.length_mm) == (pytest.approx(90, abs=0.1), pytest.approx(width, rel=1e-3))
    stretched = first + second + allowance(90, radius, thickness)
    assert sorted(sheet.flat_mm) == pytest.approx(sorted((stretched, width)), rel=2e-3)
    assert sheet.cut_length_mm == pytest.approx(2 * (stretched + width), rel=5e-3)
    assert sheet.pierces == 1


def test_a_channel_with_a_hole_in_its_flange_has_two_bends_and_two_contours():
    needs_kernel()
    flats = fuse(block(52, 80, 2, (4, 0, 0)), block(2, 80, 24, (0, 0, 4)), block(2, 80, 24, (58, 0, 4)))
    bends = []
    for x, inwards in ((4, 4), (56, 36)):
        ring = cut(rod((x, 0, 4), Y, 4, 80), rod((x, 0, 4), Y, 2, 80))
        bends.append(cut(ring, block(20, 80, 20, (x - 10, 0, 4)), block(20, 80, 20, (inwards, 0, -10))))
    part = cut(fuse(flats, *bends), rod((-1, 40, 16), (1, 0, 0), 3, 5))
    sheet = find_sheet(exact(part))
    assert sheet.thickness_mm == pytest.approx(2)
    assert [(b.radius_mm, b.angle_deg) for b in sheet.bends] == [(pytest.approx(2), pytest.approx(90))] * 2
    stretched = 52 + 2 * 24 + 2 * allowance(90, 2, 2)
    assert sorted(sheet.flat_mm) == pytest.approx(sorted((80, stretched)), rel=1e-3)
    assert sheet.pierces == 2
    assert sheet.cut_length_mm == pytest.approx(2 * (80 + stretched) + 6 * math.pi, rel=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_turning_changes_no_flat_pattern(seed):
    needs_kernel()
    part = cut(block(60, 40, 3), rod((20, 20, -1), Z, 4, 5), block(10, 10, 5, (40, 35, -1)))
    before, after = (find_sheet(exact(one)) for one in (part, turned(part, any_turn(seed))))
    assert after.flat_mm == pytest.approx(before.flat_mm, rel=1e-4)
    assert (after.pierces, after.cut_length_mm) == (2, pytest.approx(before.cut_length_mm, rel=1e-4))


def test_a_given_wall_must_be_the_thickness():
    plate = mesh_of(box(60, 40, 3))
    assert find_sheet(plate, 3.05).thickness_mm == pytest.approx(3)
    assert find_sheet(plate, 1.0) is None


FIN = ((0, 3), (0, 20), (1, 20), (1, 3))
NO_SHEETS = {
    "a cube": lambda: box(10, 10, 10),
    "a bar": lambda: box(100, 5, 5),
    "a rod": lambda: revolve([(0, 0), (5, 0), (5, 40), (0, 40)]),
    "a tube": lambda: revolve([(4, 0), (5, 0), (5, 40), (4, 40)]),
    "a square tube": lambda: extrude(
        [(0, 0), (30, 0), (30, 30), (0, 30)], 80, holes=[[(2, 2), (28, 2), (28, 28), (2, 28)]]
    ),
    "a comb": lambda: extrude(
        [
            (0, 0),
            (50, 0),
            (50, 3),
            *[(x - d, y) for x in range(48, 0, -6) for d, y in ((0, 3), (0, 20), (1, 20), (1, 3))],
            (0, 3),
        ],
        40,
    ),
    "a stepped plate": lambda: extrude([(0, 0), (60, 0), (60, 3), (30, 3), (30, 5), (0, 5)], 40),
}


@pytest.mark.parametrize("name", NO_SHEETS)
def test_other_bodies_are_no_sheets(name):
    assert find_sheet(mesh_of(NO_SHEETS[name]())) is None


def test_a_plate_with_a_boss_is_no_sheet():
    needs_kernel()
    assert find_sheet(exact(fuse(block(100, 80, 3), rod((30, 30, 2), Z, 4, 8)))) is None


# ---- real parts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "size", "area", "contours"),
    [
        ("solid-prusa-mini-metal/MINI-y-carriage.stp", (180, 180), 61023.1 / 5, 1 + 17 + 7),
        ("solid-prusa-mini-metal/MINI-z-plate-bottom.stp", (119, 30), 15899.04 / 5, 1 + 9),
    ],
)
def test_flat_plates_of_real_parts(name, size, area, contours):
    (shape,) = design(name)
    sheet = find_sheet(shape)
    assert (sheet.thickness_mm, sheet.bends, sheet.pierces) == (pytest.approx(5), (), contours)
    assert sheet.flat_mm == pytest.approx(size, abs=0.01)
    assert sheet.flat_area_mm2 == pytest.approx(area, rel=1e-4)


def test_the_shield_is_a_bent_sheet_of_a_fifth_of_a_millimetre():
    (shape,) = design("solid-precursor-case/t-domain-shield-032520.STEP")
    sheet = find_sheet(shape)
    assert sheet.thickness_mm == pytest.approx(0.2, abs=1e-6)
    assert [(b.radius_mm, b.angle_deg) for b in sheet.bends] == [(pytest.approx(0.25), pytest.approx(90))] * 5
    assert sheet.pierces == 64
    assert sheet.flat_area_mm2 == pytest.approx(shape.volume / 0.2, rel=0.01)
    # A wall laid out: its height less the bend, plus the bend's arc, less what the bend took of the roof.
    grown = 2 - 0.45 + allowance(90, 0.25, 0.2) - 0.45
    assert sheet.flat_mm == pytest.approx((41.8 + 2 * grown, 32.8 + 2 * grown), abs=0.02)


@pytest.mark.parametrize(
    "name",
    [
        "solid-bitaxe-heatsink/Bitaxe_Heatsink.step",
        "solid-precursor-case/bottom-case.STEP",
        "solid-precursor-case/radome.STEP",
        "solid-prusa-mini-metal/MINI-heatsink.stp",
        "solid-prusa-mini-printed/MINI-fsenzor-cover.stp",
        "product-m17-module17/Mod17_Bottom_Cover.stl",
        "mesh-framework-tray/tray.stl",
        "mesh-glasgow-case/Glasgow_base.stl",
    ],
)
def test_milled_and_printed_parts_are_no_sheets(name):
    assert [find_sheet(shape) for shape in design(name)] == [None]
