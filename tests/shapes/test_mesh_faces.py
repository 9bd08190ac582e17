"""Bodies and faces found in bare triangles."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shapes.cut_parts import (
    Z,
    any_turn,
    ball,
    block,
    cut,
    design,
    exact,
    fillet,
    fuse,
    needs_kernel,
    rod,
    taper,
    triangles_of,
)
from tests.shapes.solid_builders import box, extrude, hollow_box, revolve

from manyworks.shapes import FaceKind, from_mesh
from manyworks.shapes.mesh_graph import components


def soup(shape):
    return shape.vertices[shape.triangles]


def kinds(shape):
    return Counter(FaceKind(kind).name for kind in shape.faces.kind.tolist())


# ---- bodies ------------------------------------------------------------------------------------


def test_a_block_has_six_planes_and_twelve_convex_edges():
    (shape,) = from_mesh(soup(box(3, 4, 5)))
    assert kinds(shape) == {"PLANE": 6}
    assert (shape.volume, shape.area) == (pytest.approx(60), pytest.approx(94))
    assert shape.edges.bend == pytest.approx([90] * 12)
    assert sorted(shape.edges.length) == pytest.approx([3] * 4 + [4] * 4 + [5] * 4)
    assert shape.edges.straight.all()
    assert not shape.exact


def test_parts_that_do_not_touch_are_bodies_of_their_own():
    bodies = from_mesh(np.concatenate((soup(box(1, 1, 1)), soup(box(2, 2, 2)) + 5)))
    assert [body.volume for body in bodies] == pytest.approx([1, 8])


def test_blocks_that_share_only_an_edge_are_two_bodies():
    one = soup(box(1, 1, 1))
    both = np.concatenate((one, one + np.array([1.0, 1.0, 0.0])))
    assert [body.volume for body in from_mesh(both)] == pytest.approx([1, 1])


def test_a_void_belongs_to_the_body_around_it():
    (shape,) = from_mesh(soup(hollow_box(10, 2)))
    assert shape.volume == pytest.approx(1000 - 216)
    assert len(shape.faces.kind) == 12


def test_a_body_inside_a_void_is_a_body():
    mesh = np.concatenate((soup(hollow_box(10, 2)), soup(box(1, 1, 1)) + 4.5))
    assert [body.volume for body in from_mesh(mesh)] == pytest.approx([784, 1])


def test_a_solid_that_overlaps_another_is_no_void():
    mesh = np.concatenate((soup(box(10, 10, 10)), soup(box(2, 2, 2)) + 4))
    assert [body.volume for body in from_mesh(mesh)] == pytest.approx([1000, 8])


def test_triangles_turned_inwards_are_turned_out():
    (shape,) = from_mesh(soup(box(3, 4, 5))[:, ::-1])
    assert shape.volume == pytest.approx(60)
    assert np.einsum("ij,ij->i", shape.faces.normal, shape.faces.centre - (1.5, 2, 2.5)).min() > 0


@settings(max_examples=20, deadline=None)
@given(flips=st.lists(st.booleans(), min_size=24, max_size=24), order=st.permutations(range(24)))
def test_neither_order_nor_sense_of_triangles_matters(flips, order):
    mesh = soup(hollow_box(10, 2)).copy()
    mesh[flips] = mesh[flips][:, ::-1]
    found = from_mesh(mesh[order])
    volumes = sorted(body.volume for body in found)
    # A skin turned the other way throughout is a void turned solid: both readings are sound.
    assert volumes in ([pytest.approx(784)], [pytest.approx(216), pytest.approx(1000)])


def test_corners_that_differ_by_rounding_are_one():
    rng = np.random.default_rng(1)
    mesh = soup(extrude((0, 0, 10), 5)) + rng.uniform(-2e-7, 2e-7, (1, 1, 3))
    mesh = np.round(mesh + rng.uniform(-1e-7, 1e-7, mesh.shape), 7)
    (shape,) = from_mesh(mesh)
    assert (shape.edges.faces >= 0).all()


def test_an_open_skin_is_kept_and_shows_its_border():
    (shape,) = from_mesh(soup(box(3, 4, 5))[:-2])
    assert (shape.edges.faces < 0).any()


@pytest.mark.parametrize(
    "mesh",
    [
        np.zeros((0, 3, 3)),
        np.full((5, 3, 3), np.nan),
        np.zeros((7, 3, 3)),
        np.array([[[0, 0, 0], [1, 0, 0], [2, 0, 0]]], dtype=float),
        np.full((2, 3, 3), np.inf),
    ],
)
def test_nothing_comes_of_nothing(mesh):
    assert all(body.volume == 0 for body in from_mesh(mesh))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.sampled_from([0.0, 1.0, 2.0, 1e-9, -1e30, 1e30, np.nan, np.inf])] * 9), max_size=12
    )
)
def test_any_triangles_are_survived(rows):
    with np.errstate(all="ignore"):
        for body in from_mesh(np.array(rows, dtype=float).reshape(-1, 3, 3)):
            assert len(body.face_of) == len(body.triangles)
            assert body.face_of.max() < len(body.faces.kind)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.data())
def test_components_are_those_of_a_plain_search(count, data):
    node = st.integers(0, count - 1)
    links = data.draw(st.lists(st.tuples(node, node), max_size=60))
    label = list(range(count))
    for _ in range(count):
        for a, b in links:
            label[a] = label[b] = min(label[a], label[b])
    one, other = (np.array([link[k] for link in links], dtype=np.int64) for k in range(2))
    assert components(one, other, count).tolist() == label


# ---- faces -------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    radius=st.floats(0.2, 50),
    height=st.floats(0.5, 50),
    chords=st.integers(12, 90),
    seed=st.integers(0, 10**6),
)
def test_a_rod_is_two_planes_and_a_cylinder_whichever_way_it_lies(radius, height, chords, seed):
    turns = np.arange(chords) * 2 * np.pi / chords
    outline = [(radius * np.cos(t), radius * np.sin(t)) for t in turns]
    turn = any_turn(seed)
    (shape,) = from_mesh((soup(extrude(outline, height)) @ turn.T + 3.0).astype(np.float32))
    assert kinds(shape) == {"PLANE": 2, "CYLINDER": 1}
    faces = shape.faces
    (row,) = np.flatnonzero(faces.kind == FaceKind.CYLINDER)
    assert faces.radius[row] == pytest.approx(radius, rel=1e-3)
    assert abs(faces.axis[row] @ turn[:, 2]) == pytest.approx(1, abs=1e-5)
    assert faces.length[row] == pytest.approx(height, rel=1e-3)
    assert faces.sweep[row] == pytest.approx(2 * np.pi, rel=1e-3)
    assert not faces.hollow[row]
    assert sorted(shape.edges.bend) == pytest.approx([90, 90], abs=0.1)
    assert np.allclose(shape.edges.start, shape.edges.end)


def test_the_wall_of_a_bore_is_hollow_and_its_loops_are_inner():
    (shape,) = from_mesh(
        soup(extrude([(0, 0), (20, 0), (20, 20), (0, 20)], 5, holes=[(6, 6, 2), (14, 14, 3)]))
    )
    assert sorted(shape.faces.radius[shape.faces.hollow]) == pytest.approx([2, 3])
    top = int(np.flatnonzero((shape.faces.normal[:, 2] > 0.99) & (shape.faces.kind == FaceKind.PLANE))[0])
    loops = shape.edges.loops[shape.edges.faces == top]
    assert sorted(loops) == [0, 0, 0, 0, 1, 2]


def test_a_cone_has_its_half_angle_and_mean_radius():
    (shape,) = from_mesh(soup(revolve([(0, 0), (6, 0), (2, 8), (0, 8)])))
    (row,) = np.flatnonzero(shape.faces.kind == FaceKind.CONE)
    assert np.degrees(shape.faces.half_angle[row]) == pytest.approx(np.degrees(np.arctan2(4, 8)), abs=0.05)
    assert shape.faces.radius[row] == pytest.approx(4, rel=1e-3)


def test_a_ball_is_one_sphere():
    needs_kernel()
    (shape,) = from_mesh(triangles_of(exact(ball((1, 2, 3), 5))))
    assert kinds(shape) == {"SPHERE": 1}
    assert shape.faces.origin[0] == pytest.approx((1, 2, 3), abs=1e-3)
    assert shape.faces.radius[0] == pytest.approx(5, abs=1e-3)


def test_a_rounded_rim_is_a_torus():
    needs_kernel()
    part = fillet(rod((1, 2, 3), Z, 10, 20), 2, lambda x, y, z: z > 22.9)
    (shape,) = from_mesh(triangles_of(exact(part)))
    assert kinds(shape) == {"PLANE": 2, "CYLINDER": 1, "TORUS": 1}
    (row,) = np.flatnonzero(shape.faces.kind == FaceKind.TORUS)
    assert shape.faces.radius[row] == pytest.approx(2, rel=1e-3)
    assert shape.faces.major_radius[row] == pytest.approx(8, rel=1e-3)
    assert shape.faces.origin[row] == pytest.approx((1, 2, 21), abs=1e-2)
    assert not shape.faces.hollow[row]


def test_fillets_that_run_into_each_other_are_told_apart():
    needs_kernel()
    one = exact(fillet(block(30, 20, 10), 2, lambda x, y, z: True))
    (other,) = from_mesh(triangles_of(one))
    assert Counter(other.faces.kind.tolist()) == Counter(one.faces.kind.tolist())
    for kind in (FaceKind.PLANE, FaceKind.CYLINDER, FaceKind.SPHERE):
        areas = [shape.faces.area[shape.faces.kind == kind].sum() for shape in (one, other)]
        assert areas[1] == pytest.approx(areas[0], rel=0.03), kind.name


def test_a_rounded_edge_is_a_quarter_cylinder_between_planes():
    turns = np.linspace(0, np.pi / 2, 9)
    outline = [(0, 0), (20, 0), *((17 + 3 * np.cos(t), 7 + 3 * np.sin(t)) for t in turns), (0, 10)]
    (shape,) = from_mesh(soup(extrude(outline, 4)))
    assert kinds(shape) == {"PLANE": 6, "CYLINDER": 1}
    (row,) = np.flatnonzero(shape.faces.kind == FaceKind.CYLINDER)
    assert np.degrees(shape.faces.sweep[row]) == pytest.approx(90, abs=0.1)
    smooth = np.abs(shape.edges.bend) < 0.1
    assert smooth.sum() == 2
    assert shape.edges.straight[smooth].all()


def test_a_chamfer_of_one_facet_is_a_plane():
    (shape,) = from_mesh(soup(extrude([(0, 0), (20, 0), (20, 8), (18, 10), (0, 10)], 4)))
    assert kinds(shape) == {"PLANE": 7}


def test_concave_edges_bend_below_zero():
    (shape,) = from_mesh(soup(extrude([(0, 0), (9, 0), (9, 9), (6, 9), (6, 3), (0, 3)], 4)))
    assert sorted(shape.edges.bend)[0] == pytest.approx(-90)
    assert (shape.edges.bend < 0).sum() == 1


def test_a_free_form_skin_is_left_free_and_nothing_of_it_is_lost():
    u = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    a, b = np.meshgrid(u, u, indexing="ij")
    r = 5 + 0.8 * np.sin(3 * a) * np.cos(2 * b)
    points = np.stack(((20 + r * np.cos(b)) * np.cos(a), (20 + r * np.cos(b)) * np.sin(a), r * np.sin(b)), -1)
    p, q, s = points, np.roll(points, -1, 0), np.roll(points, -1, 1)
    t = np.roll(q, -1, 1)
    mesh = np.concatenate([np.stack(c, 2).reshape(-1, 3, 3) for c in ((p, q, t), (p, t, s))])
    (shape,) = from_mesh(mesh)
    free = shape.faces.area[shape.faces.kind == FaceKind.FREE].sum()
    assert free > 0.5 * shape.area
    assert shape.faces.area.sum() == pytest.approx(shape.area)
    assert len(shape.triangles) == len(mesh)


def test_every_part_of_the_kernel_is_found_in_its_triangles():
    needs_kernel()
    part = cut(block(40, 30, 8), rod((10, 10, -1), Z, 2, 12), taper((10, 10, 6), Z, 2, 4, 2))
    part = fuse(part, rod((30, 15, 8), Z, 5, 6))
    one = exact(part)
    (other,) = from_mesh(triangles_of(one))
    assert Counter(one.faces.kind.tolist()) == Counter(other.faces.kind.tolist())
    for kind in set(one.faces.kind.tolist()):
        areas = [np.sort(shape.faces.area[shape.faces.kind == kind]) for shape in (one, other)]
        assert areas[0] == pytest.approx(areas[1], rel=0.02)


@pytest.mark.parametrize(
    ("name", "volume", "area"),
    [
        ("mesh-framework-tray/tray.stl", 29704.850, 24663.213),
        ("mesh-glasgow-case/Glasgow_base.stl", 6235.096, 11149.976),
        ("mesh-voron-v0/B_Idler_Upper_x1.stl", 5257.461, 3057.996),
        ("product-m17-module17/knob2.stl", 1773.285, 1233.584),
        ("solid-prusa-mini-printed/MINI-z-top.stl", 45551.302, 15136.517),
    ],
)
def test_real_meshes_are_one_closed_body_of_the_measured_volume(name, volume, area):
    (shape,) = design(name)
    assert (shape.volume, shape.area) == (pytest.approx(volume, rel=1e-6), pytest.approx(area, rel=1e-6))
    assert (shape.edges.faces >= 0).all()
    assert shape.faces.area.sum() == pytest.approx(area, rel=1e-6)


@pytest.mark.parametrize(
    ("step", "stl"),
    [
        (
            "solid-prusa-mini-printed/MINI-fsenzor-cover.stp",
            "solid-prusa-mini-printed/MINI-fsenzor-cover.stl",
        ),
        ("product-m17-module17/Mod17_Bottom_Cover.step", "product-m17-module17/Mod17_Bottom_Cover.stl"),
    ],
)
def test_a_mesh_of_planes_and_cylinders_has_the_faces_of_its_twin(step, stl):
    (one,), (other,) = design(step), design(stl)
    for kind in (FaceKind.PLANE, FaceKind.CYLINDER, FaceKind.CONE):
        found = [float(shape.faces.area[shape.faces.kind == kind].sum()) for shape in (one, other)]
        assert found[1] == pytest.approx(found[0], rel=0.01), kind.name
    assert abs(len(one.faces.kind) - len(other.faces.kind)) <= 3
