"""One part in several files: which file stands for it, what is compared, what stays a part of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import ezdxf
import pytest
from tests.files.fabrication_writer import zipped
from tests.files.mesh_writing import QUADS, brick, obj
from tests.files.test_garment_panels import pattern, rectangle
from tests.files.test_sheet_dxf import text_of
from tests.files.test_solid_reading import binary, box

from manyworks.files import read
from manyworks.files.twins import times_in
from manyworks.model import Finding, GarmentDesign, Item, Product, SheetDesign, SolidDesign

Write = Callable[[str, "str | bytes"], Path]


def block(x: float, y: float, z: float) -> str:
    return obj(brick(x, y, z), QUADS)


def plate(wide: float, tall: float, hole: float = 0.0) -> bytes:
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    space = document.modelspace()
    space.add_lwpolyline(
        [(0, 0), (wide, 0), (wide, tall), (0, tall)], close=True, dxfattribs={"layer": "CUT"}
    )
    if hole:
        space.add_circle((wide / 2, tall / 2), hole / 2, dxfattribs={"layer": "CUT"})
    return text_of(document)


def picture(wide: float, tall: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide + 2}mm" height="{tall + 2}mm" '
        f'viewBox="0 0 {wide + 2} {tall + 2}"><rect x="1" y="1" width="{wide}" height="{tall}" '
        'fill="none" stroke="red" stroke-width="0.1"/></svg>'
    )


def parts_of(folder: Path) -> tuple[dict[str, Item], tuple[Finding, ...]]:
    """Made items by id, and all findings."""
    product, findings = read(folder)
    assert product is not None, findings
    return {item.id: item for item in product.items.values() if item.design is not None}, findings


def roles(item: Item) -> dict[str, str]:
    return {file.path: file.role for file in item.files}


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.usefixtures("only_measures")
class TestSolids:
    def test_two_meshes_of_one_name_are_one_part(self, write: Write) -> None:
        write("lid.stl", binary(box(20, 10, 5)))
        parts, findings = parts_of(write("lid.obj", block(20, 10, 5)).parent)
        assert roles(parts["lid"]) == {"lid.stl": "solid", "lid.obj": "twin"}
        assert "files.solid.twins" in codes(findings)

    def test_two_that_differ_are_said_to(self, write: Write) -> None:
        write("lid.stl", binary(box(20, 10, 5)))
        parts, findings = parts_of(write("lid.obj", block(20, 10, 6)).parent)
        assert list(parts) == ["lid"]
        (finding,) = [f for f in findings if f.code == "files.solid.twins-differ"]
        assert finding.severity == "warning"
        assert isinstance(parts["lid"].design, SolidDesign)
        assert parts["lid"].design.volume_mm3 == pytest.approx(1000)

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("STL/lid.stl", "OBJ/lid.obj"),
            ("parts/stl files/lid.stl", "parts/mesh/lid.obj"),
            ("stl.zip/lid.stl", "obj.zip/lid.obj"),
            ("lid.stl", "3d print/lid.obj"),
        ],
    )
    def test_folders_by_format_hold_the_same_parts(self, write: Write, first: str, second: str) -> None:
        for name, data in ((first, binary(box(20, 10, 5))), (second, block(20, 10, 5).encode())):
            head, _, tail = name.rpartition("/")
            if head.endswith(".zip"):
                write(f"x/{head}", zipped({tail: data}))
            else:
                write(f"x/{name}", data)
        parts, _ = parts_of(write("x/notes.md", "hello").parent)
        assert roles(parts["lid"]) == {first: "solid", second: "twin"}

    def test_folders_by_thing_hold_different_parts(self, write: Write) -> None:
        write("x/pump/lid.stl", binary(box(20, 10, 5)))
        write("x/tank/lid.obj", block(80, 90, 5))
        parts, findings = parts_of(write("x/notes.md", "hello").parent)
        assert len(parts) == 2
        assert "files.solid.twins-differ" not in codes(findings)

    def test_other_folders_hold_the_same_part_where_the_size_is_the_same(self, write: Write) -> None:
        write("x/pump/lid.stl", binary(box(20, 10, 5)))
        write("x/tank/lid.obj", block(10, 5, 20))  # turned
        assert len(parts_of(write("x/notes.md", "hello").parent)[0]) == 1

    def test_the_same_file_in_two_folders_by_format_is_one_part(self, write: Write) -> None:
        write("x/lid.stl", binary(box(20, 10, 5)))
        parts, findings = parts_of(write("x/stl/lid.stl", binary(box(20, 10, 5))).parent.parent)
        assert roles(parts["lid"]) == {"lid.stl": "solid", "stl/lid.stl": "copy"}
        assert codes(findings).count("files.folder.copy") == 1

    def test_names_that_only_look_alike_in_one_format_stay_two(self, write: Write) -> None:
        write("lid 1.stl", binary(box(20, 10, 5)))
        parts, _ = parts_of(write("lid_1.stl", binary(box(30, 10, 5))).parent)
        assert len(parts) == 2


@pytest.mark.usefixtures("only_measures")
class TestTimes:
    @pytest.mark.parametrize(
        ("title", "expected"),
        [
            ("foot_x4", ("foot", 4)),
            ("foot-X12", ("foot", 12)),
            ("foot x3", ("foot", 3)),
            ("foot_x0", ("foot_x0", 1)),
            ("box", ("box", 1)),
            ("matrix4", ("matrix4", 1)),
            ("foot_x1000", ("foot_x1000", 1)),
        ],
    )
    def test_names_that_say_how_many(self, title: str, expected: tuple[str, float]) -> None:
        assert times_in(title) == expected

    def test_a_name_says_how_many_are_needed(self, write: Write) -> None:
        write("lid.stl", binary(box(9, 9, 9)))
        product, findings = read(write("foot_x3.stl", binary(box(5, 5, 5))).parent)
        assert product is not None
        assert {(line.item, line.quantity) for line in product.item.bill} == {("lid", 1), ("foot", 3)}
        assert [f.where for f in findings if f.code == "files.solid.times"] == ["foot_x3.stl"]

    def test_the_number_may_stand_on_the_twin_alone(self, write: Write) -> None:
        write("foot.obj", block(5, 5, 5))
        write("lid.stl", binary(box(9, 9, 9)))
        product, _ = read(write("foot_x3.stl", binary(box(5, 5, 5))).parent)
        assert product is not None
        assert {(line.item, line.quantity) for line in product.item.bill} == {("lid", 1), ("foot", 3)}


@pytest.mark.usefixtures("only_measures")
class TestSheets:
    def test_a_drawing_in_dxf_and_svg_is_one_sheet(self, write: Write) -> None:
        write("front.dxf", plate(80, 40))
        parts, findings = parts_of(write("front.svg", picture(80, 40)).parent)
        assert roles(parts["front"]) == {"front.dxf": "sheet", "front.svg": "twin"}
        assert "files.sheet.twins" in codes(findings)

    def test_drawings_that_differ_are_said_to(self, write: Write) -> None:
        write("front.dxf", plate(80, 40))
        parts, findings = parts_of(write("front.svg", picture(80, 50)).parent)
        assert isinstance(parts["front"].design, SheetDesign)
        (finding,) = [f for f in findings if f.code == "files.sheet.twins-differ"]
        assert "area in mm2 3200 and 4000" in finding.message

    def test_a_drawing_beside_a_solid_of_its_name_is_a_drawing_of_it(self, write: Write) -> None:
        write("lid.stl", binary(box(20, 10, 5)))
        write("lid.svg", picture(20, 10))
        parts, findings = parts_of(write("lid.dxf", plate(20, 10)).parent)
        assert list(parts) == ["lid"]
        assert roles(parts["lid"]) == {"lid.stl": "solid", "lid.dxf": "drawing", "lid.svg": "drawing"}
        assert codes(findings).count("files.sheet.drawing") == 1

    def test_two_drawings_of_one_format_beside_a_solid_are_both_its_drawings(self, write: Write) -> None:
        write("lid 1.stl", binary(box(20, 10, 5)))
        write("lid 1.dxf", plate(20, 10))
        parts, _ = parts_of(write("lid_1.dxf", plate(20, 9)).parent)
        assert sorted(roles(parts["lid-1"]).values()) == ["drawing", "drawing", "solid"]


@pytest.mark.usefixtures("only_measures")
class TestGarments:
    def _pattern(self) -> dict[str, Any]:
        return pattern({"front": rectangle(40, 60), "back": rectangle(40, 60)})

    def test_a_picture_of_a_pattern_is_no_sheet_to_be_cut(self, write: Write) -> None:
        write("tee.json", json.dumps(self._pattern()))
        parts, findings = parts_of(write("tee.svg", picture(80, 60)).parent)
        assert isinstance(parts["tee"].design, GarmentDesign)
        assert roles(parts["tee"]) == {"tee.json": "garment", "tee.svg": "drawing"}
        assert "files.sheet.drawing" in codes(findings)


class TestStep:
    """With the modelling kernel."""

    def test_a_bent_part_has_its_flat_pattern_beside_it(self, write: Write) -> None:
        pytest.importorskip("OCP", reason="the solid modelling kernel is not installed")
        from tests.files.step_writing import brick as solid
        from tests.files.step_writing import step

        write("x/STEP/plate.step", step(solid(60, 40, 2)))
        write("x/DXF/plate.dxf", plate(60, 40))
        parts, findings = parts_of(write("x/STL/plate.stl", binary(box(60, 40, 2))).parent.parent)
        assert roles(parts["plate"]) == {
            "STEP/plate.step": "solid",
            "STL/plate.stl": "twin",
            "DXF/plate.dxf": "drawing",
        }
        assert {"files.solid.twins"} <= set(codes(findings))
        assert {"files.sheet.drawing", "files.sheet.flat-pattern"} & set(codes(findings))


def test_products_name_every_twin(write: Write) -> None:
    write("lid.stl", binary(box(20, 10, 5)))
    product, findings = read(write("lid.obj", block(20, 10, 5)).parent)
    assert isinstance(product, Product)
    assert not [f for f in findings if f.code == "files.unused"]
