"""What follows cutting where cutters do not get that fine: eroded corners, grinding, polishing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from manyworks.model import Item, Operation, OperationId, Requirement, SolidDesign
from manyworks.processes.materials import Material
from manyworks.processes.routing.machined_features import Corners, CutShape
from manyworks.processes.routing.machined_wishes import Wishes
from manyworks.processes.tables import default, process_table

_MILLING, _TURNING = "cnc-milling", "cnc-turning"
GRINDING = ("surface-grinding", "cylindrical-grinding")


def _finer_than(process: str, wishes: Wishes) -> tuple[bool, bool]:
    """Whether grade and roughness asked are beyond a process."""
    scope = process_table(process).scope
    grade = scope.best_it_grade is not None and wishes.grade < scope.best_it_grade
    ra = scope.best_ra_um is not None and wishes.ra_um < scope.best_ra_um
    return grade, ra


def left_for_finishing(wishes: Wishes, process: str) -> Wishes:
    """What the cutting itself has to hold, the rest being left to a later step."""
    grade, ra = _finer_than(process, wishes)
    if wishes.step == "grinding" or grade:
        before = max(wishes.grade, default("grade_before_grinding"))
        wishes = replace(wishes, grade=before, tolerance_mm=None, stated_grade=None)
    if wishes.step or ra or grade:
        rough = max(wishes.ra_um, default("ra_before_polishing_um"))
        wishes = replace(wishes, ra_um=rough, stated_ra=False)
    return wishes


def finishing_steps(
    item: Item,
    design: SolidDesign,
    shape: CutShape,
    wishes: Wishes,
    last: Operation,
    material: Material,
) -> list[Operation]:
    """Steps after the cutting operation ``last``, in order; their ids are given by the caller."""
    grade, ra = _finer_than(last.process, wishes)
    steps: list[Operation] = []
    if shape.corners is not None and last.process == _MILLING and material.melting:
        steps += _eroded(shape.corners, material, material.melting)
    if wishes.step == "grinding" or grade:
        steps.append(_ground(design, wishes, last, material))
    ground_ra = process_table(GRINDING[0]).scope.best_ra_um or 0.0
    if wishes.step == "polishing" or (ra and not (wishes.step == "grinding" and wishes.ra_um >= ground_ra)):
        steps.append(_polished(design, shape, wishes, steps))
    return [_for(item, design, step, last) for step in steps]


def _for(item: Item, design: SolidDesign, step: Operation, last: Operation) -> Operation:
    """The step asked of a machine that takes the part."""
    asked = step.requirement
    size = None if asked.diameter_mm else design.size_mm
    requirement = replace(
        asked,
        size_mm=size,
        materials=last.requirement.materials,
        certificates=item.required_certificates,
    )
    return replace(step, requirement=requirement, setup_family=item.id)


def _eroded(corners: Corners, material: Material, melting: float) -> Iterator[Operation]:
    """Sharp corners: a wire cuts passages right through, electrodes the corners of closed pockets."""
    if corners.through:
        drivers = {
            "cut_mm": corners.profile_mm,
            "height_mm": corners.height_mm,
            "openings": float(corners.passages),
            "start_holes": 0.0,
            "melting": melting,
            "ra_um": default("general_ra_um"),
            "density": material.density,
            "material_co2e": material.co2e,
        }
        yield _step("wire-edm", "Erode passages by wire", drivers)
    closed = corners.number - corners.through
    if closed:
        radius = default("before_eroding_mm")
        length = corners.length_mm * closed / corners.number
        drivers = {
            "eroded_mm3": (1.0 - math.pi / 4.0) * radius**2 * length,
            "eroded_mm2": 2.0 * radius * length,
            "cavities": float(closed),
            "shapes": 1.0,
            "melting": melting,
            "ra_um": default("general_ra_um"),
        }
        yield _step("sinker-edm", "Erode sharp corners", drivers)


def _step(process: str, name: str, drivers: dict[str, float]) -> Operation:
    return Operation(
        id=OperationId(process),
        name=name,
        process=process,
        requirement=Requirement(process=process),
        drivers=drivers,
    )


def _ground(design: SolidDesign, wishes: Wishes, last: Operation, material: Material) -> Operation:
    """Grinding: the largest faces of a block, the outside of a round part."""
    fine = {
        "stock_mm": default("grinding_leaves_mm"),
        "ra_um": wishes.ra_um if wishes.stated_ra else (process_table(GRINDING[0]).scope.ra_um or 0.0),
        "it_grade": wishes.grade,
        "cutting_energy": material.cutting,
    }
    asked = Requirement(
        process=GRINDING[0],
        tolerance_mm=wishes.tolerance_mm,
        it_grade=wishes.stated_grade,
        nominal_mm=sorted(design.size_mm)[1] if wishes.stated_grade else None,
        finish_ra_um=wishes.ra_um if wishes.stated_ra else None,
    )
    if last.process != _TURNING:
        _, middle, long = sorted(design.size_mm)
        faces = {"length_mm": long, "width_mm": middle, "faces": 2.0}
        return replace(_step(GRINDING[0], "Grind faces", {**faces, **fine}), requirement=asked)
    diameter, length = last.drivers["diameter_mm"], last.drivers["length_mm"]
    seats = {"diameter_mm": diameter, "length_mm": length * wishes.share, "seats": 1.0}
    step = _step(GRINDING[1], "Grind round", {**seats, **fine})
    round_ = replace(asked, process=step.process, diameter_mm=diameter, length_mm=length)
    return replace(step, requirement=round_)


def _polished(design: SolidDesign, shape: CutShape, wishes: Wishes, before: Sequence[Operation]) -> Operation:
    """Polishing what lies open, the skin outside holes and hollows, as the step before left it."""
    ground = any(step.process in GRINDING for step in before)
    left = process_table(GRINDING[0]).scope.ra_um if ground else None
    hidden = shape.hole_skin_mm2 + shape.hollow_mm2
    drivers = {
        "area_mm2": max(design.surface_mm2 - hidden, design.surface_mm2 * default("least_open_share")),
        "ra_um": wishes.ra_um,
        "start_ra_um": max(left or default("ra_before_polishing_um"), wishes.ra_um),
        "kept_form": float(wishes.ra_um < default("mirror_ra_um")),
    }
    step = _step("polishing", "Polish", drivers)
    return replace(step, requirement=Requirement(process="polishing", finish_ra_um=wishes.ra_um))
