"""Real designs: what each looks made for, and figures known from drawings and from other tools."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tests.shapes.solid_builders import move, rotation

from manyworks.files.solids.kernel.process import is_installed
from manyworks.files.solids.step import read_step
from manyworks.files.sources import Source
from manyworks.shapes import describe

DESIGNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "designs"
pytestmark = pytest.mark.skipif(
    not (DESIGNS.is_dir() and is_installed()), reason="the real designs or the kernel are not at hand"
)

CARRIAGE = "solid-prusa-mini-metal/MINI-y-carriage.stp"
PLATE = "solid-prusa-mini-metal/MINI-z-plate-bottom.stp"
HEATSINK = "solid-prusa-mini-metal/MINI-heatsink.stp"
SHIELD = "solid-precursor-case/t-domain-shield-032520.STEP"
CASE = "solid-precursor-case/bottom-case.STEP"
RADOME = "solid-precursor-case/radome.STEP"
FINS = "solid-bitaxe-heatsink/Bitaxe_Heatsink.step"
TOP = "solid-prusa-mini-printed/MINI-z-top.stp"
KNOB = "solid-prusa-mini-printed/MINI-knob.stp"


@cache
def shape_of(design):
    """The only body of a design."""
    (path,) = DESIGNS.glob(f"**/{design.rpartition('/')[2]}")
    contents, findings = read_step(Source(path=path, name=path.name, data=path.read_bytes()))
    assert contents is not None, findings
    (standing,) = contents.bodies
    return standing.shape


@cache
def body_of(design):
    """What is said of it."""
    return describe(shape_of(design))


@pytest.mark.parametrize(
    ("design", "process"),
    [
        (CARRIAGE, "laser-cutting"),
        (PLATE, "laser-cutting"),
        (SHIELD, "sheet-metal-work"),
        (CASE, "cnc-milling"),
        (HEATSINK, "cnc-milling"),
        (FINS, "metal-extrusion"),
        (TOP, "fdm-printing"),
        (KNOB, "fdm-printing"),
    ],
)
def test_a_design_looks_made_for_the_process_it_is_made_by(design, process):
    assert body_of(design).guesses[0].process == process


@pytest.mark.parametrize(
    ("design", "wall"),
    [(SHIELD, 0.2), (CASE, 1.0), (CARRIAGE, 5.0), (PLATE, 5.0), (FINS, 0.85), (RADOME, 1.0)],
)
def test_the_median_ray_finds_the_wall_of_the_drawing(design, wall):
    assert body_of(design).walls.p50_mm == pytest.approx(wall, rel=0.01)


@pytest.mark.parametrize("design", [CARRIAGE, PLATE, FINS])
def test_plates_and_fins_are_milled_from_their_two_large_sides(design):
    milling = body_of(design).machining
    assert len(milling.setups) == 2
    assert all(abs(setup.direction[2]) == pytest.approx(1) for setup in milling.setups)
    assert milling.unreached_share == 0


@pytest.mark.parametrize("design", [CASE, HEATSINK])
def test_milled_parts_leave_hardly_any_skin_out_of_reach(design):
    assert body_of(design).machining.unreached_share < 0.01


@pytest.mark.parametrize(("design", "share"), [(RADOME, 0.003), (TOP, 0.09), (SHIELD, 0.0), (PLATE, 0.0)])
def test_undercuts_are_those_of_an_independent_prototype(design, share):
    assert body_of(design).moulding.undercut_share == pytest.approx(share, abs=0.008)


def test_a_plate_is_a_prism_of_its_thickness():
    shape = shape_of(PLATE)
    prism = body_of(PLATE).prism
    assert prism.length_mm == pytest.approx(5)
    assert prism.section_mm2 * 5 == pytest.approx(shape.volume, rel=0.002)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("design", [HEATSINK, RADOME, KNOB])
def test_a_real_design_measures_the_same_when_turned(design, seed):
    still, turned = body_of(design), describe(move(shape_of(design), rotation(seed), (10, -20, 5)))
    assert turned.machining.stock_mm == pytest.approx(still.machining.stock_mm, rel=1e-4)
    assert len(turned.machining.setups) == len(still.machining.setups)
    assert turned.machining.unreached_share == pytest.approx(still.machining.unreached_share, abs=2e-3)
    assert turned.moulding.undercut_share == pytest.approx(still.moulding.undercut_share, abs=2e-3)
    assert turned.moulding.slides == still.moulding.slides
    assert turned.walls.p5_mm == pytest.approx(still.walls.p5_mm, rel=0.01)
    assert [guess.process for guess in turned.guesses] == [guess.process for guess in still.guesses]
