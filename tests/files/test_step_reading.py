"""STEP solids against geometry: faces, edges, assemblies, units, and what is no solid."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.files.step_writing import (
    as_splines,
    assembly,
    ball,
    brick,
    cone,
    cut,
    iges,
    mirrored,
    moved,
    ring,
    rod,
    step,
    together,
    turned,
)

from manyworks.files.solids import read_solid_source
from manyworks.files.solids.contents import SolidContents
from manyworks.files.solids.step import read_iges, read_step
from manyworks.files.sources import Source
from manyworks.model import Finding, SolidDesign
from manyworks.shapes import FaceKind, Shape

STAY = turned(0, (0, 0, 1))
# A body with no mirror plane: three bricks of different lengths on one corner.
HOOK = cut(brick(30, 20, 10), brick(20, 15, 10, (10, 5, 0)), brick(4, 20, 5, (0, 5, 5)), rod(1, 9, (5, 2, 0)))


def source(data: bytes) -> Source:
    return Source(path=Path("a.step"), name="a.step", data=data)


def contents(data: bytes) -> tuple[SolidContents, tuple[Finding, ...]]:
    found, findings = read_step(source(data))
    assert found is not None, findings
    return found, findings


def shape(body: Any) -> Shape:
    found, _ = contents(step(body))
    assert len(found.bodies) == 1
    return found.bodies[0].shape


def design(data: bytes) -> tuple[SolidDesign, set[str]]:
    found, findings = read_solid_source(source(data))
    assert found is not None, findings
    return found.design, {finding.code for finding in findings}


def is_closed(found: Shape) -> bool:
    starts, ends = found.triangles.ravel(), np.roll(found.triangles, -1, axis=1).ravel()
    count = len(found.vertices)
    return bool((np.sort(starts * count + ends) == np.sort(ends * count + starts)).all())


class TestFaces:
    def test_a_brick_has_six_planes_that_look_outwards(self) -> None:
        found = shape(brick(30, 20, 10, (-5, 7, 9)))
        assert found.volume == pytest.approx(6000, rel=1e-9)
        assert found.area == pytest.approx(2200, rel=1e-9)
        assert (found.faces.kind == FaceKind.PLANE).all()
        middle = np.array([10, 17, 14])
        assert ((found.faces.centre - middle) * found.faces.normal).sum(axis=1).min() > 0
        assert sorted(found.faces.area) == pytest.approx([200, 200, 300, 300, 600, 600])
        assert is_closed(found)

    def test_triangles_look_where_their_face_looks(self) -> None:
        found = shape(cut(brick(30, 20, 10), rod(3, 10, (10, 10, 0))))
        corners = found.vertices[found.triangles]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        flat = found.faces.kind[found.face_of] == FaceKind.PLANE
        towards = (normals * found.faces.normal[found.face_of]).sum(axis=1)
        assert (towards[flat] > 0).all()
        volume = np.einsum("ij,ij->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6
        assert volume == pytest.approx(found.volume, rel=5e-3)

    def test_the_wall_of_a_hole_is_hollow_and_goes_all_round(self) -> None:
        found = shape(cut(brick(30, 20, 10), rod(3, 10, (10, 12, 0))))
        (wall,) = np.flatnonzero(found.faces.kind == FaceKind.CYLINDER)
        assert found.faces.hollow[wall]
        assert found.faces.radius[wall] == pytest.approx(3)
        assert found.faces.sweep[wall] == pytest.approx(math.tau)
        assert found.faces.length[wall] == pytest.approx(10)
        assert np.abs(found.faces.axis[wall]) == pytest.approx([0, 0, 1])
        assert found.faces.origin[wall][:2] == pytest.approx([10, 12])
        assert found.faces.normal[wall] == pytest.approx([0, 0, 0])
        assert found.faces.area[wall] == pytest.approx(math.tau * 30)
        assert not found.faces.hollow[found.faces.kind == FaceKind.PLANE].any()

    def test_the_skin_of_a_rod_is_not_hollow(self) -> None:
        found = shape(rod(4, 20, (1, 2, 3), (1, 1, 0)))
        (skin,) = np.flatnonzero(found.faces.kind == FaceKind.CYLINDER)
        assert not found.faces.hollow[skin]
        assert np.abs(found.faces.axis[skin]) == pytest.approx([0.5**0.5, 0.5**0.5, 0])

    def test_part_of_a_cylinder_covers_part_of_the_circle(self) -> None:
        found = shape(cut(brick(20, 20, 10), rod(5, 10)))
        (wall,) = np.flatnonzero(found.faces.kind == FaceKind.CYLINDER)
        assert found.faces.sweep[wall] == pytest.approx(math.pi / 2)
        assert found.faces.normal[wall] == pytest.approx([-(0.5**0.5), -(0.5**0.5), 0], abs=1e-6)

    @pytest.mark.parametrize(("bottom", "top"), [(5, 2), (2, 5)])
    def test_a_cone_points_to_its_wide_end(self, bottom: float, top: float) -> None:
        found = shape(cone(bottom, top, 4))
        (skin,) = np.flatnonzero(found.faces.kind == FaceKind.CONE)
        assert found.faces.axis[skin] == pytest.approx([0, 0, 1 if top > bottom else -1])
        assert found.faces.half_angle[skin] == pytest.approx(math.atan2(3, 4))
        assert found.faces.radius[skin] == pytest.approx(3.5)
        assert found.faces.length[skin] == pytest.approx(4)

    def test_a_ball_and_a_ring(self) -> None:
        sphere, torus = shape(ball(6)), shape(ring(10, 2))
        assert (sphere.faces.kind[0], sphere.faces.radius[0]) == (FaceKind.SPHERE, pytest.approx(6))
        assert sphere.volume == pytest.approx(4 / 3 * math.pi * 216, rel=1e-6)
        assert (torus.faces.kind[0], torus.faces.radius[0]) == (FaceKind.TORUS, pytest.approx(2))
        assert torus.faces.major_radius[0] == pytest.approx(10)
        assert torus.volume == pytest.approx(2 * math.pi**2 * 40, rel=1e-6)
        for found in (sphere, torus):
            assert not found.faces.hollow.any()
            assert found.edges.faces.shape == (0, 2)
            assert is_closed(found)

    def test_the_inside_of_a_shell_is_hollow(self) -> None:
        found = shape(cut(ball(6), ball(5)))
        assert sorted(zip(found.faces.radius.tolist(), found.faces.hollow.tolist(), strict=True)) == [
            (5, True),
            (6, False),
        ]
        assert found.volume == pytest.approx(4 / 3 * math.pi * (216 - 125), rel=1e-6)

    @pytest.mark.parametrize(
        ("body", "kind", "radius"),
        [
            (rod(3, 9), FaceKind.CYLINDER, 3),
            (cone(5, 2, 4), FaceKind.CONE, 3.5),
            (ball(6), FaceKind.SPHERE, 6),
        ],
        ids=["rod", "cone", "ball"],
    )
    def test_round_bodies_written_as_splines_are_known_again(
        self, body: Any, kind: FaceKind, radius: float
    ) -> None:
        found, plain = shape(as_splines(body)), shape(body)
        curved = np.flatnonzero(found.faces.kind != FaceKind.PLANE)
        assert set(found.faces.kind[curved]) == {kind}
        assert found.faces.radius[curved] == pytest.approx(radius, abs=1e-3)
        assert found.volume == pytest.approx(plain.volume, rel=1e-5)
        assert sum(found.faces.sweep[curved]) / len(curved) == pytest.approx(math.tau, rel=0.01) or kind == 3

    def test_bodies_of_a_millimetre_are_meshed_finely_enough(self) -> None:
        found = shape(rod(0.5, 1))
        corners = found.vertices[found.triangles]
        volume = np.einsum("ij,ij->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6
        assert volume == pytest.approx(found.volume, rel=0.03)


class TestEdges:
    def test_the_edges_of_a_brick_turn_by_ninety_degrees(self) -> None:
        edges = shape(brick(30, 20, 10)).edges
        assert len(edges.length) == 12
        assert edges.bend == pytest.approx(90)
        assert edges.straight.all()
        assert sorted(edges.length) == pytest.approx([10] * 4 + [20] * 4 + [30] * 4)
        assert (edges.loops == 0).all()
        assert np.linalg.norm(edges.end - edges.start, axis=1) == pytest.approx(edges.length)

    def test_the_floor_of_a_pocket_meets_its_walls_in_hollow_edges(self) -> None:
        edges = shape(cut(brick(30, 20, 10), brick(10, 10, 5, (10, 5, 5)))).edges
        # Four at the floor and four upright ones bend inwards, everything else outwards.
        assert sorted(np.round(edges.bend)) == [-90] * 8 + [90] * 16

    def test_the_mouth_of_a_hole_is_an_inner_loop_and_a_closed_edge(self) -> None:
        found = shape(cut(brick(30, 20, 10), rod(3, 10, (10, 10, 0))))
        wall = int(np.flatnonzero(found.faces.kind == FaceKind.CYLINDER)[0])
        mouths = np.flatnonzero((found.edges.faces == wall).any(axis=1))
        assert len(mouths) == 2
        for mouth in mouths:
            side = int(np.flatnonzero(found.edges.faces[mouth] != wall)[0])
            assert found.edges.loops[mouth, side] == 1
            assert found.edges.bend[mouth] == pytest.approx(90)
            assert found.edges.start[mouth] == pytest.approx(found.edges.end[mouth])
            assert found.edges.length[mouth] == pytest.approx(math.tau * 3)
            assert not found.edges.straight[mouth]

    def test_two_holes_are_two_inner_loops(self) -> None:
        found = shape(cut(brick(30, 20, 10), rod(3, 10, (8, 10, 0)), rod(2, 10, (20, 10, 0))))
        assert sorted(set(found.edges.loops.ravel())) == [0, 1, 2]

    def test_seams_are_no_edges(self) -> None:
        assert len(shape(rod(3, 9)).edges.length) == 2

    def test_an_edge_between_tangent_faces_does_not_bend(self) -> None:
        slot = cut(
            brick(40, 20, 5), brick(10, 6, 5, (15, 7, 0)), rod(3, 5, (15, 10, 0)), rod(3, 5, (25, 10, 0))
        )
        bends = shape(slot).edges.bend
        assert np.sum(np.abs(bends) < 1) >= 4
        assert set(np.round(np.abs(bends))) == {0, 90}

    def test_turning_a_body_changes_nothing_but_places(self) -> None:
        plain = shape(HOOK)
        other = shape(moved(HOOK, turned(33, (1, 2, 3), (5, 6, 7))))
        assert (other.faces.kind == plain.faces.kind).all()
        assert other.faces.area == pytest.approx(plain.faces.area, rel=1e-6)
        assert other.edges.bend == pytest.approx(plain.edges.bend, abs=1e-4)
        assert (other.edges.loops == plain.edges.loops).all()
        assert other.volume == pytest.approx(plain.volume)


class TestAssemblies:
    def test_a_part_used_twice_is_one_body_at_two_places(self) -> None:
        places = [STAY, turned(90, (1, 0, 0), (20, 0, 0))]
        found, _ = contents(assembly([("screw", rod(2, 10), places), ("plate", brick(50, 40, 3), [STAY])]))
        screw = next(body for body in found.bodies if body.shape.name == "screw")
        assert screw.count == 2
        assert screw.boxes[0] == pytest.approx(np.array([[-2, -2, 0], [2, 2, 10]]), abs=5e-3)
        assert screw.boxes[1] == pytest.approx(np.array([[18, -10, -2], [22, 0, 2]]), abs=5e-3)

    def test_totals_count_every_place(self) -> None:
        places = [turned(0, (0, 0, 1), (x, 0, 0)) for x in (0, 100, 200)]
        found, codes = design(assembly([("brick", brick(30, 20, 10), places)]))
        assert (found.bodies, found.faces) == (3, 18)
        assert found.volume_mm3 == pytest.approx(18000)
        assert found.size_mm == pytest.approx((230, 20, 10))
        assert [(body.name, body.copies) for body in found.details] == [("brick", 3)]
        assert "files.solid.several-bodies" in codes

    def test_the_same_body_written_twice_is_found_out(self) -> None:
        found, _ = design(step(together(HOOK, moved(HOOK, turned(40, (1, 1, 0), (60, 0, 9))))))
        assert found.bodies == 2
        assert [body.copies for body in found.details] == [2]

    def test_a_mirror_image_is_another_body(self) -> None:
        found, _ = design(step(together(HOOK, mirrored(HOOK))))
        assert [body.copies for body in found.details] == [1, 1]

    def test_a_mirror_image_of_what_is_its_own_is_the_same_body(self) -> None:
        plate = cut(brick(30, 20, 10), rod(3, 10, (10, 10, 0)))
        found, _ = design(step(together(plate, mirrored(plate))))
        assert [body.copies for body in found.details] == [2]

    def test_bodies_of_equal_volume_and_other_shape_are_not_the_same(self) -> None:
        found, _ = design(step(together(brick(30, 20, 10), brick(60, 10, 10, (0, 50, 0)))))
        assert [body.copies for body in found.details] == [1, 1]

    def test_holes_at_other_places_make_another_body(self) -> None:
        one = cut(brick(40, 20, 5), rod(2, 5, (10, 10, 0)), rod(2, 5, (30, 10, 0)))
        other = cut(brick(40, 20, 5, (0, 50, 0)), rod(2, 5, (10, 60, 0)), rod(2, 5, (29, 60, 0)))
        found, _ = design(step(together(one, other)))
        assert [body.copies for body in found.details] == [1, 1]


class TestDialects:
    @pytest.mark.parametrize(
        ("schema", "name"), [("AP203", "AP203"), ("AP214IS", "AP214"), ("AP242DIS", "AP242")]
    )
    def test_the_protocol_is_named(self, schema: str, name: str) -> None:
        _, findings = contents(step(brick(3, 2, 1), schema=schema))
        assert f"STEP {name}," in next(f.message for f in findings if f.code == "files.solid.exact")

    @pytest.mark.parametrize(("unit", "word"), [("INCH", "inch"), ("M", "metre"), ("CM", "centimetre")])
    def test_lengths_come_out_in_millimetres(self, unit: str, word: str) -> None:
        found, findings = contents(step(brick(30, 20, 10), unit=unit))
        assert found.bodies[0].shape.volume == pytest.approx(6000, rel=1e-6)
        assert f"lengths in {word}" in next(f.message for f in findings if f.code == "files.solid.exact")

    def test_line_ends_and_comments_do_not_matter(self) -> None:
        data = step(brick(30, 20, 10)).replace(b"\n", b"\r\n").replace(b"DATA;", b"/* #1 = A(#1); */ DATA;")
        assert contents(data)[0].bodies[0].shape.volume == pytest.approx(6000)

    def test_the_box_is_tight_around_free_form_and_turned_bodies(self) -> None:
        for body in (as_splines(ring(10, 2)), ring(10, 2)):
            (found,) = contents(step(moved(body, turned(30, (1, 0, 0)))))[0].bodies
            # Half extent along y of a ring tilted about x: R cos a + r.
            half = 10 * math.cos(math.radians(30)) + 2
            assert found.boxes[0][1] == pytest.approx([12, half, 7], abs=0.01)


class TestWhatIsNoSolid:
    def test_open_surfaces_beside_a_solid_are_said(self) -> None:
        from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeFace
        from OCP.gp import gp_Pln

        sheet = BRepBuilderAPI_MakeFace(gp_Pln(), 0, 10, 0, 10).Face()
        found, findings = contents(step(together(brick(30, 20, 10), sheet)))
        assert len(found.bodies) == 1
        assert "files.solid.surfaces" in {finding.code for finding in findings}

    def test_surfaces_alone_are_an_error(self) -> None:
        from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeFace
        from OCP.gp import gp_Pln

        sheet = BRepBuilderAPI_MakeFace(gp_Pln(), 0, 10, 0, 10).Face()
        found, findings = read_step(source(step(sheet)))
        assert found is None
        assert findings[-1].code == "files.solid.no-body"

    def test_a_closed_skin_that_is_not_called_solid_is_taken_for_one(self) -> None:
        found, findings = contents(step(brick(30, 20, 10), surfaces=True))
        assert found.bodies[0].shape.volume == pytest.approx(6000)
        assert "files.solid.closed-up" in {finding.code for finding in findings}


class TestIges:
    @pytest.mark.parametrize("solids", [True, False], ids=["solid", "surfaces"])
    def test_a_plate_with_a_hole(self, solids: bool) -> None:
        data = iges(cut(brick(30, 20, 10), rod(3, 10, (10, 10, 0))), solids=solids)
        found, findings = read_solid_source(Source(path=Path("a.igs"), name="a.igs", data=data))
        assert found is not None, findings
        assert found.design.volume_mm3 == pytest.approx(6000 - 90 * math.pi, rel=1e-5)
        assert found.design.bodies == 1
        assert ("files.solid.sewn" in {finding.code for finding in findings}) != solids

    def test_lengths_come_out_in_millimetres(self) -> None:
        data = iges(brick(30, 20, 10), unit="IN")
        found, findings = read_iges(Source(path=Path("a.igs"), name="a.igs", data=data))
        assert found is not None, findings
        assert found.bodies[0].shape.volume == pytest.approx(6000, rel=1e-5)

    def test_what_is_no_iges_file_is_said(self) -> None:
        found, findings = read_iges(Source(path=Path("a.igs"), name="a.igs", data=b"solid x\n" * 30))
        assert found is None
        assert [finding.code for finding in findings] == ["files.solid.malformed"]
