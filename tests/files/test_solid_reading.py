"""STL solids against geometry: boxes, balls, shells, and what is wrong with files."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from manyworks.files.solids import read_solid
from manyworks.model import Finding, SolidDesign

Triangles = NDArray[np.float64]
Write = Callable[[str, str | bytes], Path]
QUICK = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FACES = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))


def box(x: float, y: float, z: float, at: tuple[float, float, float] = (0, 0, 0)) -> Triangles:
    """Twelve outward triangles."""
    corners = [(i * x + at[0], j * y + at[1], k * z + at[2]) for k in (0, 1) for j in (0, 1) for i in (0, 1)]
    quads = [[corners[i] for i in face] for face in FACES]
    return np.array([t for a, b, c, d in quads for t in ([a, b, c], [a, c, d])], dtype=float)


def ball(radius: float, count: int = 48) -> Triangles:
    """A ball from rings of latitude."""

    def at(i: int, j: int) -> tuple[float, float, float]:
        u, v = math.pi * i / count, math.tau * (j % count) / count
        return (radius * math.sin(u) * math.cos(v), radius * math.sin(u) * math.sin(v), radius * math.cos(u))

    faces = []
    for i in range(count):
        for j in range(count):
            a, b, c, d = at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)
            faces += ([[a, b, c]] if i < count - 1 else []) + ([[a, c, d]] if i > 0 else [])
    return np.array(faces)


def binary(triangles: Triangles) -> bytes:
    body = b"".join(struct.pack("<12fH", 0, 0, 0, *map(float, t.ravel()), 0) for t in triangles)
    return bytes(80) + struct.pack("<I", len(triangles)) + body


def plain(triangles: Triangles) -> bytes:
    facets = "".join(
        "facet normal 0 0 0\nouter loop\n"
        + "".join(f"vertex {x!r} {y!r} {z!r}\n" for x, y, z in t.tolist())
        + "endloop\nendfacet\n"
        for t in triangles
    )
    return f"solid thing\n{facets}endsolid thing\n".encode()


def _read(path: Path) -> tuple[SolidDesign, tuple[Finding, ...]]:
    solid, findings = read_solid(path, path.name)
    assert solid is not None, findings
    return solid.design, findings


def _codes(path: Path) -> set[str]:
    return {finding.code for finding in read_solid(path, path.name)[1]}


@pytest.mark.usefixtures("only_measures")
class TestMeasures:
    @QUICK
    @given(*[st.floats(1, 300)] * 3, st.tuples(*[st.floats(-200, 200)] * 3), st.sampled_from([binary, plain]))
    def test_a_box_anywhere(
        self,
        tmp_path: Path,
        x: float,
        y: float,
        z: float,
        at: tuple[float, float, float],
        form: Callable[[Triangles], bytes],
    ) -> None:
        path = tmp_path / "box.stl"
        path.write_bytes(form(box(x, y, z, at)))
        design, _ = _read(path)
        assert design.size_mm == pytest.approx((x, y, z), abs=1e-3, rel=1e-4)
        assert design.volume_mm3 == pytest.approx(x * y * z, rel=1e-3)
        assert design.surface_mm2 == pytest.approx(2 * (x * y + y * z + z * x), rel=1e-3)
        assert design.projected_mm2 == pytest.approx(max(x * y, y * z, z * x), rel=1e-3)
        assert design.projected_mm2 is not None
        assert design.height_mm is not None
        assert design.projected_mm2 * design.height_mm == pytest.approx(x * y * z, rel=1e-3)
        assert (design.watertight, design.bodies) == (True, 1)

    def test_a_ball(self, write: Write) -> None:
        design, _ = _read(write("ball.stl", binary(ball(10))))
        assert design.volume_mm3 == pytest.approx(4000 * math.pi / 3, rel=0.01)
        assert design.projected_mm2 == pytest.approx(100 * math.pi, rel=0.01)
        assert design.watertight

    def test_the_wall_of_a_thin_shell(self, write: Write) -> None:
        inside = box(56, 36, 40, (2, 2, 2))[:, ::-1]
        design, _ = _read(write("shell.stl", binary(np.concatenate([box(60, 40, 44), inside]))))
        assert design.wall_mm == pytest.approx(2, abs=0.01)
        assert design.wall_max_mm == pytest.approx(2, abs=0.5)
        assert design.volume_mm3 == pytest.approx(60 * 40 * 44 - 56 * 36 * 40, rel=1e-4)

    def test_a_plate_is_as_thick_as_it_is(self, write: Write) -> None:
        design, _ = _read(write("plate.stl", binary(box(100, 60, 3))))
        assert design.wall_mm == pytest.approx(3, abs=0.01)

    def test_the_shadow_of_parts_above_each_other_counts_once(self, write: Write) -> None:
        both = np.concatenate([box(20, 20, 1), box(20, 20, 1, (0, 0, 5))])
        assert _read(write("two.stl", binary(both)))[0].projected_mm2 == pytest.approx(400, rel=1e-3)


@pytest.mark.usefixtures("only_measures")
class TestTrouble:
    def test_a_hole_in_the_skin_is_a_warning(self, write: Write) -> None:
        path = write("open.stl", binary(box(10, 10, 10)[:-1]))
        assert not _read(path)[0].watertight
        assert "files.solid.not-watertight" in _codes(path)

    def test_inside_out_is_turned_right(self, write: Write) -> None:
        path = write("turned.stl", binary(box(10, 10, 10)[:, ::-1]))
        assert _read(path)[0].volume_mm3 == pytest.approx(1000)
        assert "files.solid.inside-out" in _codes(path)

    def test_several_bodies_are_said_aloud(self, write: Write) -> None:
        path = write("two.stl", binary(np.concatenate([box(5, 5, 5), box(5, 5, 5, (20, 0, 0))])))
        assert _read(path)[0].bodies == 2
        assert "files.solid.several-bodies" in _codes(path)

    @pytest.mark.parametrize("value", [math.nan, math.inf, 1e30])
    def test_corners_that_make_no_sense_are_an_error(self, write: Write, value: float) -> None:
        triangles = box(10, 10, 10)
        triangles[3, 1, 2] = value
        path = write("bad.stl", binary(triangles))
        assert read_solid(path, "bad.stl")[0] is None
        assert _codes(path) & {"files.solid.not-finite", "files.solid.too-far"}

    def test_a_flat_sheet_encloses_nothing(self, write: Write) -> None:
        flat = box(10, 10, 10)
        flat[:, :, 2] = 0
        assert "files.solid.flat" in _codes(write("flat.stl", binary(flat)))

    @pytest.mark.parametrize("scale", [0.01, 1000])
    def test_a_size_that_hints_at_another_unit_is_a_warning(self, write: Write, scale: float) -> None:
        assert "files.solid.unit" in _codes(write("unit.stl", binary(box(10, 10, 10) * scale)))

    def test_a_plain_text_file_cut_short_is_an_error(self, write: Write) -> None:
        text = plain(box(10, 10, 10))
        assert "files.solid.malformed" in _codes(write("cut.stl", text[: text.rindex(b"vertex") + 9]))


def test_equal_files_give_equal_designs_with_features_and_pictures(write: Write) -> None:
    path = write("ball.stl", binary(ball(7, 24)))
    design, findings = _read(path)
    assert (design, findings) == _read(path)
    assert [view.name for view in design.views] == ["front", "right", "top", "isometric"]
    assert design.details[0].machining is not None
    assert design.details[0].guesses
