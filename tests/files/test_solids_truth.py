"""Real solids against figures measured with other tools, and parts that come in two formats."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.files.designs import SHARED, truth

from manyworks.files.solids import compare_twins, designs
from manyworks.files.solids.contents import SolidContents
from manyworks.files.solids.kernel.process import is_installed
from manyworks.files.solids.step import read_step
from manyworks.files.solids.stl import read_stl
from manyworks.files.sources import Source, open_source
from manyworks.model import Finding, SolidDesign

pytestmark = pytest.mark.usefixtures("only_measures", "shared")
ROWS = truth("solids.csv")
TWINS = [row for row in ROWS if row["twin"] and row["kind"] == "STEP"]


@cache
def contents(name: str) -> SolidContents:
    path = SHARED / "data" / "designs" / name
    source = open_source(path, path.name, 10**8)
    assert isinstance(source, Source)
    is_step = path.suffix.lower() != ".stl"
    if is_step and not is_installed():
        pytest.skip("the solid modelling kernel is not installed")
    found, findings = (read_step if is_step else read_stl)(source)
    assert found is not None, findings
    return found


def measured(name: str) -> SolidDesign:
    return designs.design_solid(contents(name), name)[0]


def sides(row: dict[str, str]) -> list[float]:
    return [float(side) for side in row["bbox_mm"].split(" x ")]


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_against_truth(row: dict[str, str]) -> None:
    found = measured(row["file"])
    assert found.size_mm == pytest.approx(sides(row), abs=0.01)
    assert found.volume_mm3 == pytest.approx(float(row["volume_mm3"]), rel=1e-4)
    assert found.surface_mm2 == pytest.approx(float(row["area_mm2"]), rel=2e-4)
    assert (found.bodies, found.watertight) == (int(row["bodies"]), True)
    assert sum(body.copies for body in found.details) == found.bodies
    assert found.faces == int(row["faces_or_triangles"])


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_the_mesh_is_the_body(row: dict[str, str]) -> None:
    """Closed, outward, on the right faces, and as large but for chords (a coil of thin wire: 3 %)."""
    for body in contents(row["file"]).bodies:
        shape = body.shape
        corners = shape.vertices[shape.triangles]
        crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        volume = float(np.einsum("ij,ij->", corners[:, 0], crosses) / 6)
        slack = 0.03 if "spring" in row["file"] else 0.01
        assert volume == pytest.approx(shape.volume, rel=slack)
        starts, ends = shape.triangles.ravel(), np.roll(shape.triangles, -1, axis=1).ravel()
        count = len(shape.vertices)
        assert (np.sort(starts * count + ends) == np.sort(ends * count + starts)).all()
        areas = np.bincount(shape.face_of, np.linalg.norm(crosses, axis=1) / 2, len(shape.faces.kind))
        planes = shape.faces.kind == 0
        if shape.exact:
            # Round borders of planes are cut short by chords, or widened, by up to the chord's height.
            assert areas[planes] == pytest.approx(shape.faces.area[planes], rel=0.05, abs=0.02)


@pytest.mark.parametrize("row", TWINS, ids=[row["file"] for row in TWINS])
def test_twins_agree_unless_they_truly_differ(row: dict[str, str]) -> None:
    first, second = row["file"], row["twin"]
    (finding,) = compare_twins(measured(first), measured(second), (first, second))
    differs = "REAL" in row["remarks"]
    assert finding.code == ("files.solid.twins-differ" if differs else "files.solid.twins")
    assert finding.severity == ("warning" if differs else "info")
    if differs:
        (other,) = compare_twins(measured(second), measured(first), (second, first))
        assert other.code == finding.code


def test_the_mesh_with_one_body_of_an_assembly_is_found_out() -> None:
    whole = "solid-framework-expansion-card/ExpansionCard_SelfTapping.stp"
    part = whole.replace(".stp", ".stl")
    (finding,) = compare_twins(measured(whole), measured(part), (whole, part))
    assert "holds only body 2 of 4" in finding.hint


class TestTwins:
    BRICK = SolidDesign(size_mm=(30, 20, 10), volume_mm3=6000, surface_mm2=2200)

    def compare(self, other: SolidDesign) -> Finding:
        (finding,) = compare_twins(self.BRICK, other, ("a.step", "a.stl"))
        return finding

    def test_a_turned_export_is_the_same_part(self) -> None:
        other = SolidDesign(size_mm=(10, 30, 20), volume_mm3=5999, surface_mm2=2200)
        assert self.compare(other).code == "files.solid.twins"

    def test_a_thousandth_more_volume_is_another_part(self) -> None:
        other = SolidDesign(size_mm=(30, 20, 10), volume_mm3=6007, surface_mm2=2200)
        assert self.compare(other).code == "files.solid.twins-differ"

    @pytest.mark.parametrize(
        ("factor", "unit"), [(1 / 25.4, "inches"), (25.4, "inches"), (0.1, "centimetres")]
    )
    def test_another_unit_is_named(self, factor: float, unit: str) -> None:
        other = SolidDesign(
            size_mm=(30 * factor, 20 * factor, 10 * factor), volume_mm3=6000 * factor**3, surface_mm2=1
        )
        finding = self.compare(other)
        assert finding.severity == "warning"
        assert unit in finding.hint

    def test_a_different_number_of_bodies_is_said(self) -> None:
        other = SolidDesign(size_mm=(30, 20, 10), volume_mm3=6000, surface_mm2=2200, bodies=2)
        assert "1 and 2 bodies" in self.compare(other).message
