"""Pictures of solids: what is drawn where, and how large it may be."""

from __future__ import annotations

import base64
import math
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from manyworks.model.solids import View
from manyworks.shapes import Shape, from_mesh
from manyworks.shapes.pictures import encode_png
from manyworks.shapes.views import render_views

Grey = NDArray[np.uint8]
FACES = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))


def brick(x: float, y: float, z: float, at: tuple[float, float, float] = (0, 0, 0)) -> Shape:
    corners = [(i * x + at[0], j * y + at[1], k * z + at[2]) for k in (0, 1) for j in (0, 1) for i in (0, 1)]
    quads = [[corners[i] for i in face] for face in FACES]
    (shape,) = from_mesh(np.array([t for a, b, c, d in quads for t in ([a, b, c], [a, c, d])], dtype=float))
    return shape


def tube(outer: float, inner: float, length: float, count: int = 64) -> Shape:
    """A tube along z."""
    angles = [math.tau * k / count for k in range(count + 1)]
    ring = {r: [(r * math.cos(a), r * math.sin(a)) for a in angles[:-1]] * 2 for r in (outer, inner)}
    triangles = []
    for k in range(count):
        for (r1, z1), (r2, z2) in (
            ((outer, 0), (outer, length)),
            ((outer, length), (inner, length)),
            ((inner, length), (inner, 0)),
            ((inner, 0), (outer, 0)),
        ):
            a, b = (*ring[r1][k], z1), (*ring[r1][k + 1], z1)
            c, d = (*ring[r2][k + 1], z2), (*ring[r2][k], z2)
            triangles += [[a, b, c], [a, c, d]]
    (shape,) = from_mesh(np.array(triangles, dtype=float))
    return shape


def decode(data: bytes) -> Grey:
    """Pixels of a grey PNG whose rows are differences to the left or to the row above."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(kind + body)
        chunks[kind] = body
        at += 12 + length
    width, height, bits, colour, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (bits, colour, rest, chunks[b"tRNS"]) == (8, 0, [0, 0, 0], b"\0\0")
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(height, width + 1)
    picture = np.zeros((height, width), dtype=np.uint8)
    for y, row in enumerate(rows):
        if row[0] == 1:
            picture[y] = np.cumsum(row[1:], dtype=np.uint64).astype(np.uint8)
        else:
            assert row[0] == 2
            picture[y] = row[1:] + (picture[y - 1] if y else 0)
    return picture


def pixels(view: View) -> Grey:
    picture = decode(base64.b64decode(view.png_base64))
    assert picture.shape == (view.height, view.width)
    return picture


def at(view: View, point: tuple[float, float, float]) -> tuple[float, float]:
    """Where a point is drawn, from the left and from the top, as the noun says."""
    x = (np.dot(point, view.right) - view.left) / view.mm_per_pixel
    return float(x), float((view.top - np.dot(point, view.up)) / view.mm_per_pixel)


def grey_at(view: View, point: tuple[float, float, float]) -> int:
    x, y = at(view, point)
    return int(pixels(view)[int(y), int(x)])


def by_name(*shapes: Shape) -> dict[str, View]:
    return {view.name: view for view in render_views(shapes)}


@settings(max_examples=40, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30))))
def test_any_picture_comes_back_from_its_png(grey: Grey) -> None:
    assert (decode(encode_png(grey)) == grey).all()


def test_four_sides_of_one_scale() -> None:
    views = by_name(brick(30, 20, 10))
    assert list(views) == ["front", "right", "top", "isometric"]
    assert len({view.mm_per_pixel for view in views.values()}) == 1
    for view in views.values():
        assert max(view.width, view.height) <= 360
        assert np.cross(view.right, view.up) == pytest.approx(view.towards, abs=1e-5)


@pytest.mark.parametrize("place", [(0, 0, 0), (1000, -500, 250)])
def test_the_body_is_drawn_where_the_view_says(place: tuple[float, float, float]) -> None:
    views = by_name(brick(30, 20, 10, place))
    for name, (across, down) in {"front": (30, 10), "right": (20, 10), "top": (30, 20)}.items():
        view = views[name]
        rows, columns = np.nonzero(pixels(view))
        x, y, z = place
        left, bottom = at(view, place)
        right, top = at(view, (x + 30, y + 20, z + 10))
        assert (columns.min(), columns.max() + 1) == pytest.approx(
            (min(left, right), max(left, right)), abs=1
        )
        assert (rows.min(), rows.max() + 1) == pytest.approx((top, bottom), abs=1)
        assert np.ptp(columns) == pytest.approx(across / view.mm_per_pixel, abs=2)
        assert np.ptp(rows) == pytest.approx(down / view.mm_per_pixel, abs=2)


def test_around_the_body_nothing_is_drawn() -> None:
    for view in by_name(brick(30, 20, 10)).values():
        picture = pixels(view)
        assert not picture[0].any()
        assert not picture[:, 0].any()
        assert not picture[-1].any()
        assert not picture[:, -1].any()


def test_one_sees_through_a_hole_from_above_only() -> None:
    views = by_name(tube(20, 8, 30))
    assert grey_at(views["top"], (0, 0, 30)) == 0
    assert grey_at(views["top"], (14, 0, 30)) > 0
    assert grey_at(views["front"], (0, -20, 15)) > 0


def test_what_stands_in_front_hides_what_is_behind() -> None:
    wall, behind = brick(40, 2, 40), brick(10, 10, 10, (15, 20, 15))
    alone, both = by_name(wall)["front"], by_name(wall, behind)["front"]
    points = [(x, 0.0, z) for x in (5.0, 17.0, 20.0, 33.0) for z in (5.0, 17.0, 33.0)]
    assert [grey_at(both, point) for point in points] == [grey_at(alone, point) for point in points]


def test_edges_are_darker_than_faces() -> None:
    view = by_name(brick(30, 20, 10))["isometric"]
    near = (30.0, 0.0, 10.0)
    x, y = at(view, near)
    picture = pixels(view)
    corner = picture[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2].min()
    faces = [grey_at(view, point) for point in ((15, 10, 10), (15, 0, 5), (30, 10, 5))]
    assert corner < 0.5 * min(faces)
    # Light falls from above: the three sides one sees differ.
    assert len(set(faces)) == 3
    assert max(faces) == faces[0]


def test_round_skin_is_shaded_without_facets() -> None:
    picture = pixels(by_name(tube(20, 8, 60, 24))["front"])
    row = picture[picture.shape[0] // 2].astype(int)
    inside = row[row > 0][3:-3]
    assert np.abs(np.diff(inside)).max() <= 8
    assert len(set(inside.tolist())) > 40


def test_bodies_are_drawn_alike_every_time() -> None:
    assert render_views([tube(20, 8, 30)]) == render_views([tube(20, 8, 30)])


def test_pictures_stay_small_whatever_is_drawn() -> None:
    shapes = [brick(1, 1, 1, (3 * i, 3 * j, (7 * i + 3 * j) % 5)) for i in range(14) for j in range(14)]
    for view in render_views(shapes):
        assert len(base64.b64decode(view.png_base64)) <= 30_000


def test_without_bodies_there_are_no_pictures() -> None:
    assert render_views([]) == ()
