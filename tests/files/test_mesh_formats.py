"""OBJ, PLY, 3MF and AMF against bricks: dialects, units, places, and what is wrong with files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.files.mesh_writing import (
    IDENTITY,
    QUADS,
    THREES,
    amf,
    amf_object,
    archive,
    brick,
    mesh_xml,
    model_xml,
    obj,
    ply,
    threemf,
)

from manyworks.files.solids import read_solid, zips
from manyworks.model import Finding, SolidDesign

Write = Callable[[str, str | bytes], Path]
BRICK = brick(30, 20, 10)
FORMS = ("ascii", "binary_little_endian", "binary_big_endian")


def read(path: Path) -> tuple[SolidDesign, tuple[Finding, ...]]:
    solid, findings = read_solid(path, path.name)
    assert solid is not None, findings
    return solid.design, findings


def codes(path: Path) -> set[str]:
    return {finding.code for finding in read_solid(path, path.name)[1]}


def is_brick(design: SolidDesign, scale: float = 1.0, bodies: int = 1) -> None:
    assert design.volume_mm3 == pytest.approx(6000 * scale**3 * bodies, rel=1e-6)
    assert design.surface_mm2 == pytest.approx(2200 * scale**2 * bodies, rel=1e-6)
    assert (design.bodies, design.watertight) == (bodies, True)
    assert sum(body.copies for body in design.details) == bodies


@pytest.mark.usefixtures("only_measures")
class TestObj:
    @pytest.mark.parametrize("faces", [THREES, QUADS], ids=["triangles", "quads"])
    def test_a_brick(self, write: Write, faces: list[tuple[int, ...]]) -> None:
        is_brick(read(write("a.obj", obj(BRICK, faces)))[0])

    def test_numbers_from_the_end(self, write: Write) -> None:
        is_brick(read(write("a.obj", obj(BRICK, QUADS, start=-8)))[0])

    def test_textures_normals_groups_and_continued_lines(self, write: Write) -> None:
        text = obj(BRICK, QUADS).replace(
            "f 1 3 4 2", "vt 0 0\nvn 0 0 -1\ng one\ns off\nf 1/1/1 3//1 \\\n 4/1 2"
        )
        design, findings = read(write("a.obj", "mtllib a.mtl\r\nusemtl red\r\n" + text))
        is_brick(design)
        assert {finding.code for finding in findings} == {"files.solid.unit"}

    def test_a_face_with_a_dent_is_cut_inside(self, write: Write) -> None:
        outline = [(0, 0), (20, 0), (20, 20), (10, 5), (0, 20)]
        points = [(x, y, z) for z in (0, 10) for x, y in outline]
        faces = [(4, 3, 2, 1, 0), (5, 6, 7, 8, 9)]
        faces += [(k, (k + 1) % 5, 5 + (k + 1) % 5, 5 + k) for k in range(5)]
        design, _ = read(write("a.obj", obj(points, faces)))
        assert design.volume_mm3 == pytest.approx((400 - 150) * 10)
        assert design.projected_mm2 == pytest.approx(250, rel=1e-2)
        assert design.watertight

    def test_two_closed_objects_are_two_named_bodies(self, write: Write) -> None:
        second = obj(brick(30, 20, 10, (50, 0, 0)), QUADS, start=9)
        design, _ = read(write("a.obj", "o left\n" + obj(BRICK, QUADS) + "o right hand\n" + second))
        is_brick(design, bodies=2)
        assert [body.name for body in design.details] == ["left"]

    def test_objects_that_close_only_together_are_one_body(self, write: Write) -> None:
        lines = obj(BRICK, QUADS).splitlines()
        text = "\n".join([*lines[:8], "o lid", *lines[8:11], "o rest", *lines[11:]])
        is_brick(read(write("a.obj", text))[0])

    @pytest.mark.parametrize(
        ("comment", "scale"),
        [("# File units = inches", 25.4), ("# Units: mm", 1), ("# unit is cm", 10), ("# units meters", 1000)],
    )
    def test_a_unit_in_a_comment_counts(self, write: Write, comment: str, scale: float) -> None:
        small = brick(3 / scale, 2 / scale, 1 / scale)
        assert read(write("a.obj", f"{comment}\n" + obj(small, QUADS)))[0].size_mm == pytest.approx((3, 2, 1))

    def test_no_unit_is_said(self, write: Write) -> None:
        assert "files.solid.unit" in codes(write("a.obj", obj(BRICK, QUADS)))

    def test_lines_and_surfaces_are_counted(self, write: Write) -> None:
        path = write("a.obj", obj(BRICK, QUADS) + "l 1 2 3\nsurf 0 1 0 1 1\nnonsense 3\n")
        left = [f.message for f in read(path)[1] if f.code == "files.solid.left-out"]
        assert len(left) == 1
        for what in ("1 lines,", "1 free-form surfaces", "1 lines of an unknown kind"):
            assert what in left[0]

    @pytest.mark.parametrize(
        "line", ["f 1 2 99", "f 0 1 2", "f 1 2", "f 1 2 -9", "v 1 2", "v a b c", "f a b c", "f 1.5 2 3"]
    )
    def test_a_line_that_makes_no_sense_is_an_error_by_its_number(self, write: Write, line: str) -> None:
        path = write("a.obj", obj(BRICK, QUADS) + line + "\n")
        solid, findings = read_solid(path, "a.obj")
        assert solid is None
        assert [f.code for f in findings] == ["files.solid.malformed"]
        assert "line 15" in findings[0].message

    def test_a_file_without_faces_is_empty(self, write: Write) -> None:
        assert "files.solid.empty" in codes(write("a.obj", "v 0 0 0\n"))

    def test_corners_that_are_no_number_are_an_error(self, write: Write) -> None:
        assert "files.solid.not-finite" in codes(
            write("a.obj", obj([*BRICK[:-1], (1, 2, float("nan"))], QUADS))
        )


@pytest.mark.usefixtures("only_measures")
class TestPly:
    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("faces", [THREES, QUADS], ids=["triangles", "quads"])
    def test_a_brick(self, write: Write, form: str, faces: list[tuple[int, ...]]) -> None:
        is_brick(read(write("a.ply", ply(BRICK, faces, form)))[0])

    def test_the_other_name_of_corners_and_an_unknown_element(self, write: Write) -> None:
        data = ply(BRICK, QUADS, "ascii", names="vertex_index")
        data = data.replace(
            b"end_header", b"element edge 2\nproperty int vertex1\nproperty int vertex2\nend_header"
        )
        is_brick(read(write("a.ply", data + b"0 1\n1 2\n"))[0])

    def test_elements_before_the_corners(self, write: Write) -> None:
        extra = "element camera 1\nproperty double f\nproperty list uchar float stops\n"
        data = ply(BRICK, QUADS, "ascii", extra=extra)
        is_brick(read(write("a.ply", data.replace(b"end_header\n", b"end_header\n1.5 2 3.5 4.5\n")))[0])

    @pytest.mark.parametrize("form", FORMS)
    def test_a_file_cut_short_is_an_error(self, write: Write, form: str) -> None:
        data = ply(BRICK, QUADS, form)
        for keep in (len(data) - 3, len(data) - 40, data.index(b"end_header") + 12, 20):
            path = write("a.ply", data[:keep])
            assert read_solid(path, "a.ply")[0] is None
            assert codes(path) == {"files.solid.malformed"}

    @pytest.mark.parametrize("form", FORMS)
    def test_a_corner_that_is_not_there_is_an_error(self, write: Write, form: str) -> None:
        for corner in (8, -1):
            path = write("a.ply", ply(BRICK, [*THREES, (0, 1, corner)], form))
            assert codes(path) == {"files.solid.malformed"}

    def test_a_header_that_promises_a_billion_corners_is_refused_at_once(self, write: Write) -> None:
        data = ply(BRICK, QUADS, "ascii").replace(b"vertex 8", b"vertex 8000000000")
        assert codes(write("a.ply", data)) == {"files.solid.too-large"}


@pytest.mark.usefixtures("only_measures")
class TestThreemf:
    def test_a_brick(self, write: Write) -> None:
        data = threemf(f'<object id="1" name="brick">{mesh_xml(BRICK)}</object>', '<item objectid="1"/>')
        design, _ = read(write("a.3mf", data))
        is_brick(design)
        assert design.details[0].name == "brick"

    @pytest.mark.parametrize(
        ("unit", "scale"), [("inch", 25.4), ("centimeter", 10), ("micron", 0.001), ("foot", 304.8)]
    )
    def test_units(self, write: Write, unit: str, scale: float) -> None:
        small = brick(30 / scale, 20 / scale, 10 / scale)
        data = threemf(f'<object id="1">{mesh_xml(small)}</object>', '<item objectid="1"/>', unit)
        is_brick(read(write("a.3mf", data))[0])

    def test_components_stand_where_their_transforms_put_them(self, write: Write) -> None:
        turned = "0 1 0 -1 0 0 0 0 1"
        parts = (
            f'<object id="1" name="b">{mesh_xml(BRICK)}</object><object id="2"><components>'
            f'<component objectid="1"/><component objectid="1" transform="{turned} 100 0 0"/>'
            "</components></object>"
        )
        build = '<item objectid="2"/><item objectid="2" transform="1 0 0 0 1 0 0 0 1 0 0 50"/>'
        design, _ = read(write("a.3mf", threemf(parts, build)))
        is_brick(design, bodies=4)
        assert [(body.name, body.copies) for body in design.details] == [("b", 4)]
        # The turned brick reaches from x = 80 to 100 and from y = 0 to 30.
        assert design.size_mm == pytest.approx((100, 30, 60))

    def test_a_scaled_and_a_mirrored_place_make_bodies_of_their_own(self, write: Write) -> None:
        wedge = [(0, 0, 0), (30, 0, 0), (0, 20, 0), (0, 0, 10)]
        faces = [(0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2)]
        parts = f'<object id="1">{mesh_xml(wedge, faces)}</object>'
        places = ("2 0 0 0 2 0 0 0 2 0 0 0", "-1 0 0 0 1 0 0 0 1 -50 0 0", "1 0 0 0 1 0 0 0 1 0 90 0")
        build = "".join(f'<item objectid="1" transform="{place}"/>' for place in places)
        design, _ = read(write("a.3mf", threemf(parts, build)))
        assert design.volume_mm3 == pytest.approx(1000 * (8 + 1 + 1))
        assert sorted(body.volume_mm3 for body in design.details) == pytest.approx([1000, 1000, 8000])

    def test_objects_in_other_parts_of_the_archive(self, write: Write) -> None:
        other = model_xml(f'<object id="7">{mesh_xml(BRICK)}</object>', "")
        use = '<component p:path="/3D/Objects/b.model" objectid="7"/>'
        parts = f'<object id="1"><components>{use}</components></object>'
        data = threemf(parts, '<item objectid="1"/>', **{"3D/Objects/b.model": other})
        is_brick(read(write("a.3mf", data))[0])

    def test_a_main_part_of_another_name(self, write: Write) -> None:
        data = threemf(
            f'<object id="1">{mesh_xml(BRICK)}</object>', '<item objectid="1"/>', main="my/thing.model"
        )
        is_brick(read(write("a.3mf", data))[0])

    def test_what_is_not_built_is_said_and_supports_are_left_out(self, write: Write) -> None:
        parts = (
            f'<object id="1">{mesh_xml(BRICK)}</object><object id="2">{mesh_xml(BRICK)}</object>'
            f'<object id="3" type="support">{mesh_xml(brick(1, 1, 1, (90, 0, 0)))}</object>'
        )
        design, findings = read(write("a.3mf", threemf(parts, '<item objectid="1"/><item objectid="3"/>')))
        is_brick(design)
        assert [f.severity for f in findings if f.code == "files.solid.left-out"] == ["info", "warning"]

    def test_volumes_that_a_slicing_program_marks_are_said(self, write: Write) -> None:
        notes = '<config><object id="1"><part subtype="negative_part"/></object></config>'
        more = {"Metadata/model_settings.config": " " * 65_530 + notes}
        data = threemf(f'<object id="1">{mesh_xml(BRICK)}</object>', '<item objectid="1"/>', **more)
        assert "files.solid.marked" in codes(write("a.3mf", data))

    def test_a_beam_lattice_is_said(self, write: Write) -> None:
        mesh = mesh_xml(BRICK).replace("</mesh>", '<b:beamlattice xmlns:b="urn:b"/></mesh>')
        path = write("a.3mf", threemf(f'<object id="1">{mesh}</object>', '<item objectid="1"/>'))
        assert "files.solid.left-out" in codes(path)

    @pytest.mark.parametrize(
        "data",
        [
            threemf(
                '<object id="1"><components><component objectid="1"/></components></object>',
                '<item objectid="1"/>',
            ),
            threemf("", '<item objectid="9"/>'),
            threemf(f'<object id="1">{mesh_xml(BRICK, [(0, 1, 99)])}</object>', '<item objectid="1"/>'),
            threemf(f'<object id="1">{mesh_xml(BRICK)}</object>', '<item objectid="1" transform="1 2 3"/>'),
            threemf(
                f'<object id="1">{mesh_xml(BRICK)}</object>',
                f'<item objectid="1" transform="{IDENTITY} x"/>'[:-5],
            ),
            archive({"3D/3dmodel.model": '<!DOCTYPE m [<!ENTITY a "b">]><model>&a;</model>'}),
            archive({"other.txt": "x"}),
            b"PK\x03\x04 nothing more",
            b"",
        ],
        ids=[
            "self",
            "absent",
            "corner",
            "short-transform",
            "broken-xml",
            "entity",
            "no-model",
            "no-zip",
            "empty",
        ],
    )
    def test_an_archive_that_makes_no_sense_is_an_error(self, write: Write, data: bytes) -> None:
        path = write("a.3mf", data)
        assert read_solid(path, "a.3mf")[0] is None
        assert codes(path) == {"files.solid.malformed"}

    def test_components_that_double_at_every_level_are_refused_soon(self, write: Write) -> None:
        parts = f'<object id="0">{mesh_xml(BRICK)}</object>'
        for k in range(1, 29):
            twice = f'<component objectid="{k - 1}"/>' * 2
            parts += f'<object id="{k}"><components>{twice}</components></object>'
        assert codes(write("a.3mf", threemf(parts, '<item objectid="28"/>'))) == {"files.solid.malformed"}

    def test_an_archive_that_unpacks_without_end_is_refused(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(zips, "PACKED_BYTES", 1_000_000)
        path = write("a.3mf", archive({"3D/3dmodel.model": b"<model>" + b" " * 20_000_000}))
        assert path.stat().st_size < 100_000
        solid, findings = read_solid(path, "a.3mf")
        assert solid is None
        assert "unpacks to more than" in findings[0].message


@pytest.mark.usefixtures("only_measures")
class TestAmf:
    def test_a_brick(self, write: Write) -> None:
        design, _ = read(write("a.amf", amf(amf_object(0, BRICK))))
        is_brick(design)
        assert design.details[0].name == "brick 0"

    def test_packed_and_in_inches(self, write: Write) -> None:
        text = amf(amf_object(0, brick(30 / 25.4, 20 / 25.4, 10 / 25.4)), "inch")
        is_brick(read(write("a.amf", archive({"a.amf": text})))[0])

    def test_a_constellation_turns_and_shifts(self, write: Write) -> None:
        moves = "<deltax>{}</deltax><deltay>0</deltay><deltaz>0</deltaz><rz>{}</rz>"
        instance = f'<instance objectid="0">{moves}</instance>'
        text = (
            amf_object(0, BRICK)
            + f'<constellation id="1">{instance.format(0, 0)}{instance.format(100, 90)}</constellation>'
        )
        design, _ = read(write("a.amf", amf(text)))
        is_brick(design, bodies=2)
        assert design.size_mm == pytest.approx((100, 30, 10))

    @pytest.mark.parametrize(
        "text",
        [
            amf(amf_object(0, BRICK, [(0, 1, 99)])),
            amf(amf_object(0, BRICK).replace("<v3>3</v3>", "", 1)),
            amf(amf_object(0, BRICK).replace("<x>30.0</x>", "<x>thirty</x>", 1)),
            amf(amf_object(0, BRICK))[:-20],
            '<!DOCTYPE a [<!ENTITY x "y">]>' + amf("&x;"),
        ],
        ids=["corner", "two-corners", "word", "cut", "entity"],
    )
    def test_a_file_that_makes_no_sense_is_an_error(self, write: Write, text: str) -> None:
        path = write("a.amf", text)
        assert read_solid(path, "a.amf")[0] is None
        assert codes(path) == {"files.solid.malformed"}

    def test_an_unknown_unit_is_a_warning(self, write: Write) -> None:
        _, findings = read(write("a.amf", amf(amf_object(0, BRICK), "cubit")))
        assert [f.severity for f in findings if f.code == "files.solid.unit"] == ["warning"]


SAMPLES = {
    "obj": obj(BRICK, QUADS).encode(),
    "ply": ply(BRICK, QUADS, "ascii"),
    "3mf": threemf(f'<object id="1">{mesh_xml(BRICK)}</object>', '<item objectid="1"/>'),
    "amf": amf(amf_object(0, BRICK)).encode(),
    "stl": b"solid s\nfacet normal 0 0 1\nouter loop\n" + b"vertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\n" * 4,
}
BINARY = {form: ply(BRICK, THREES, form) for form in FORMS[1:]}
WORDS = [
    b"nan",
    b"-1",
    b"9e999",
    b"\0",
    b"\xff",
    b"99999999999999999999",
    b"<",
    b"/",
    b"",
    b" ",
    b"\n",
    b"v",
    b"f",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([*SAMPLES.items(), *(("ply", data) for data in BINARY.values())]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), st.sampled_from(WORDS)), min_size=1, max_size=4),
)
def test_a_damaged_file_is_read_or_refused(
    tmp_path: Path, sample: tuple[str, bytes], damage: list[tuple[float, int, bytes]]
) -> None:
    ending, data = sample
    for place, cut, word in damage:
        at = int(place * len(data))
        data = data[:at] + word + data[at + cut :]
    path = tmp_path / f"a.{ending}"
    path.write_bytes(data)
    solid, findings = read_solid(path, path.name)
    assert (solid is None) == any(finding.severity == "error" for finding in findings)
    assert all(finding.code.startswith("files.") for finding in findings)
