"""Find the faces in a mesh: flat patches first, then curved surfaces over chains of small patches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.mesh_fits import (
    Groups,
    Surfaces,
    fit_groups,
    join_surfaces,
    no_surfaces,
    offsets,
    tolerances,
)
from manyworks.shapes.mesh_graph import Joints, components, distinct, number_from_zero, sums
from manyworks.shapes.products import cross
from manyworks.shapes.shape import FaceKind

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Integers, Truths

# Neighbours that turn less than this are one flat patch (degrees), given exact corners.
_FLAT = 0.03
# ... and what the rounding of corners may add at most.
_FLAT_AT_MOST = 1.0
# Triangles whose least height is below this many grains have no normal to speak of.
_SLIVER_GRAINS = 50.0
# Patches that turn less than this may be pieces of one curved surface (degrees): a ring of ten.
SMOOTH = 40.0
# Groups are tried with all smooth links, then without the sharper ones: a hole and its chamfer.
_TURNS = (SMOOTH, 25.0, 12.0)
# What is tried: at first no tori, since three circles fit one; of folds only cylinders; tori last.
_SIMPLE = frozenset((FaceKind.CYLINDER, FaceKind.CONE, FaceKind.SPHERE))
_FOLDED = frozenset((FaceKind.CYLINDER,))
_CURVED = _SIMPLE | {FaceKind.TORUS}
# Above this number of patches (a scan, a sculpture) only the first is, and no group is tried again.
_MANY = 100_000
# A patch this many times larger than every smooth neighbour is a flat face, not a piece of a curve.
_MUCH_LARGER = 3.0
# The fewest patches that make a curved surface.
_FEWEST = 3
# Neighbouring folds of one cylinder: parallel within this cosine, radius and axis within this share.
_PARALLEL = 0.9985
_LIKE = 0.25
# Folds at one patch that are compared with each other.
_FOLDS_COMPARED = 8
# Strips of one curved surface meet at less than this (degrees), with most of their patches, and their
# axes turn by more than a degree.
_STRIP_TURN = 25.0
_STRIP_MEETS = 0.75
_STRIP_PARALLEL = 0.9998
_GROWTH_ROUNDS = 40
# How often the worst patches of a group that nearly fits are left out, how near it must be (a share of
# the radius), and the share of its area that must remain.
_PEELINGS = 2
_NEARLY = 0.1
_MOST = 0.6
# What is left over is free-form where patches turn by less than this (degrees) and there are this many;
# else they are planes that meet at blunt edges.
_BLUNT = 20.0
_FREE_PATCHES = 6
# Above this number of faces the smallest are kept together as one free-form face.
MOST_FACES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regions:
    """A face for every triangle.

    ``surface_of`` gives every face a row of ``surfaces``, or -1 where it is flat and -2 where it is
    free-form.
    """

    face_of: Integers
    surface_of: Integers
    surfaces: Surfaces


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Skin:
    """A body's mesh with what its triangles measure; ``grain`` is how exact corners are."""

    vertices: Floats
    triangles: Integers
    normals: Floats
    areas: Floats
    joints: Joints
    grain: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Patches:
    """Flat patches (``count``) and the smooth links between them, with their turn in degrees.

    ``weight`` is the area of every triangle, 0 for slivers: their normals mean nothing.
    """

    of: Integers
    weight: Floats
    count: int
    normal: Floats
    area: Floats
    centre: Floats
    one: Integers
    other: Integers
    turn: Floats


def find_regions(skin: Skin) -> Regions:
    """Segment a body's mesh into planes, cylinders, cones, spheres, tori and free-form faces."""
    patches = _find_patches(skin)
    owner = np.full(patches.count, -1, dtype=np.int64)  # a row of surfaces
    plane = _are_planes(patches, np.ones(patches.count, dtype=bool))
    surfaces = no_surfaces()
    turns = _TURNS if patches.count < _MANY else _TURNS[:1]
    stages = (*((turn, _SIMPLE) for turn in turns), (0.0, _FOLDED), *((turn, _CURVED) for turn in turns))
    tried: list[tuple[frozenset[FaceKind], Integers]] = []
    for turn, kinds in stages:
        free = (owner < 0) & ~plane
        label = _smooth_groups(patches, free, turn) if turn else _folded_groups(patches, free)
        label = _untried(label, kinds, tried)
        surfaces = _claim(skin, patches, owner, label, surfaces, kinds=kinds)
        surfaces = _grow(skin, patches, owner, plane, surfaces)
        plane |= _are_planes(patches, (owner < 0) & ~plane)
    return _number_faces(patches, owner, plane, surfaces)


# ---- flat patches ------------------------------------------------------------------------------


def _find_patches(skin: Skin) -> _Patches:
    joints, count = skin.joints, len(skin.triangles)
    longest = _longest_sides(skin)
    height = np.where(longest > 0, 2 * skin.areas / np.where(longest > 0, longest, 1.0), 0.0)
    sliver = height < _SLIVER_GRAINS * skin.grain
    turn = _turns(skin.normals[joints.left], skin.normals[joints.right])
    blur = skin.grain / np.where(sliver, np.inf, np.maximum(height, np.finfo(float).tiny))
    allowed = _FLAT + np.minimum(np.degrees(blur[joints.left] + blur[joints.right]), _FLAT_AT_MOST)
    flat = (turn < allowed) & ~sliver[joints.left] & ~sliver[joints.right]
    label = components(joints.left[flat], joints.right[flat], count)
    label = _break_bent(skin, label, sliver)
    label = _adopt_slivers(skin, label, sliver)
    number, total = number_from_zero(label)
    return _measure_patches(skin, number, total, sliver)


def _longest_sides(skin: Skin) -> Floats:
    corners = skin.vertices[skin.triangles]
    sides: Floats = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    return sides


def _turns(one: Floats, other: Floats) -> Floats:
    """Angles between unit vectors, degrees, exact also for small ones."""
    sine = np.linalg.norm(cross(one, other), axis=1)
    turns: Floats = np.degrees(np.arctan2(sine, np.einsum("ij,ij->i", one, other)))
    return turns


def _break_bent(skin: Skin, label: Integers, sliver: Truths) -> Integers:
    """Give triangles of patches that bend on the way back their own label: very fine curves."""
    number, count = number_from_zero(label)
    normal = sums(number, skin.normals * skin.areas[:, None], count)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), np.finfo(float).tiny)
    heights = np.einsum("ijk,ik->ij", skin.vertices[skin.triangles], normal[number])
    low = np.full(count, np.inf)
    high = np.full(count, -np.inf)
    np.minimum.at(low, number, heights.min(axis=1))
    np.maximum.at(high, number, heights.max(axis=1))
    area = sums(number, skin.areas, count)
    bent = (high - low > 1e-4 * np.sqrt(area) + 8 * skin.grain)[number] & ~sliver
    return np.where(bent, np.arange(len(label)), label)


def _adopt_slivers(skin: Skin, label: Integers, sliver: Truths) -> Integers:
    """Slivers join the patch across their longest side; a fan of slivers does so in a few rounds."""
    if not sliver.any():
        return label
    joints = skin.joints
    length = np.linalg.norm(skin.vertices[joints.start] - skin.vertices[joints.end], axis=1)
    label, orphan = label.copy(), sliver.copy()
    for _ in range(8):
        from_left = orphan[joints.left] & ~orphan[joints.right]
        from_right = orphan[joints.right] & ~orphan[joints.left]
        child = np.concatenate((joints.left[from_left], joints.right[from_right]))
        parent = np.concatenate((joints.right[from_left], joints.left[from_right]))
        if not len(child):
            break
        order = np.argsort(np.concatenate((length[from_left], length[from_right])), kind="stable")
        label[child[order]] = label[parent[order]]  # the longest comes last and stays
        orphan[child] = False
    return label


def _measure_patches(skin: Skin, of: Integers, count: int, sliver: Truths) -> _Patches:
    weight = np.where(sliver, skin.areas * 1e-6, skin.areas)
    area = sums(of, skin.areas, count)
    total = np.maximum(sums(of, weight, count), np.finfo(float).tiny)
    normal = sums(of, skin.normals * weight[:, None], count)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), np.finfo(float).tiny)
    middles = skin.vertices[skin.triangles].mean(axis=1)
    centre = sums(of, middles * weight[:, None], count) / total[:, None]
    one, other = of[skin.joints.left], of[skin.joints.right]
    differ = one != other
    pairs = distinct(np.minimum(one, other)[differ] * count + np.maximum(one, other)[differ])
    one, other = pairs // count, pairs % count
    turn = _turns(normal[one], normal[other])
    smooth = turn < SMOOTH
    return _Patches(
        of=of,
        weight=np.where(sliver, 0.0, skin.areas),
        count=count,
        normal=normal,
        area=area,
        centre=centre,
        one=one[smooth],
        other=other[smooth],
        turn=turn[smooth],
    )


def _are_planes(patches: _Patches, among: Truths) -> Truths:
    """Patches without a smooth neighbour among the chosen, or much larger than all of them."""
    linked = among[patches.one] & among[patches.other]
    one, other = patches.one[linked], patches.other[linked]
    largest = np.zeros(patches.count)
    np.maximum.at(largest, one, patches.area[other])
    np.maximum.at(largest, other, patches.area[one])
    return among & (patches.area > _MUCH_LARGER * largest)


# ---- which patches might be one curved face ----------------------------------------------------


def _smooth_groups(patches: _Patches, free: Truths, turn: float) -> Integers:
    """Free patches that hang together over links of less than ``turn``: a label each, -1 for the rest."""
    linked = free[patches.one] & free[patches.other] & (patches.turn < turn)
    label = components(patches.one[linked], patches.other[linked], patches.count)
    label = np.where(free, label, -1)
    return label if turn >= SMOOTH else _without_rings(patches, label)


def _without_rings(patches: _Patches, label: Integers) -> Integers:
    """Drop groups in rows of three that turn by the same angle each: rings of a torus, not three cones."""
    one, other, meets, turn = _meetings(patches, label, SMOOTH)
    members = np.bincount(label[label >= 0], minlength=patches.count)
    full = (meets >= _STRIP_MEETS * np.minimum(members[one], members[other])) & (meets >= _FEWEST)
    one, other, turn = one[full], other[full], turn[full]
    at, beside, angle = np.append(one, other), np.append(other, one), np.append(turn, turn)
    order = np.argsort(at, kind="stable")
    at, beside, angle = at[order], beside[order], angle[order]
    dropped = np.zeros(patches.count, dtype=bool)
    for shift in range(1, 4):
        like = np.abs(angle[shift:] - angle[:-shift]) < _LIKE * np.maximum(angle[shift:], angle[:-shift])
        row = np.flatnonzero((at[shift:] == at[:-shift]) & like)
        dropped[at[row]] = dropped[beside[row]] = dropped[beside[row + shift]] = True
    return np.where((label >= 0) & dropped[label], -1, label)


def _meetings(patches: _Patches, label: Integers, turn: float) -> tuple[Integers, Integers, Integers, Floats]:
    """Pairs of groups with a link that turns less than ``turn``, how many such links, their mean turn."""
    linked = (patches.turn < turn) & (label[patches.one] >= 0) & (label[patches.other] >= 0)
    linked &= label[patches.one] != label[patches.other]
    one, other = label[patches.one[linked]], label[patches.other[linked]]
    pair, number = np.unique(
        np.minimum(one, other) * patches.count + np.maximum(one, other), return_inverse=True
    )
    meets = np.bincount(number, minlength=len(pair))
    total = sums(number, patches.turn[linked], len(pair))
    return pair // patches.count, pair % patches.count, meets, total / np.maximum(meets, 1)


def _folded_groups(patches: _Patches, free: Truths) -> Integers:
    """Free patches whose folds agree on one axis and radius: a label per patch, -1 for the rest.

    Two neighbouring facets of a cylinder fold along a line parallel to its axis, by the angle
    between their normals; distance of their centres over twice the sine of half that angle is the
    radius. A chain of folds that agree is a fillet or a wall, also where it runs on smoothly.
    """
    linked = np.flatnonzero(free[patches.one] & free[patches.other])
    label = np.full(patches.count, -1, dtype=np.int64)
    if not len(linked):
        return label
    one, other = patches.one[linked], patches.other[linked]
    axis, radius, centre = _folds(patches, one, other)
    at = np.concatenate((one, other))
    fold = np.concatenate((np.arange(len(one)),) * 2)
    order = np.argsort(at, kind="stable")
    at, fold = at[order], fold[order]
    first, second = [], []
    for shift in range(1, _FOLDS_COMPARED + 1):
        a, b = fold[:-shift][at[shift:] == at[:-shift]], fold[shift:][at[shift:] == at[:-shift]]
        like = _alike(axis, radius, centre, a, b)
        first.append(a[like])
        second.append(b[like])
    chain = components(np.concatenate(first), np.concatenate(second), len(one))
    label = _most_folds(label, chain[fold], at, np.bincount(chain, minlength=len(one)))
    return _without_strips(patches, label)


def _without_strips(patches: _Patches, label: Integers) -> Integers:
    """Drop chains that lie side by side and turn: they are strips of a torus or of a free form.

    Two chains whose patches meet one by one, at a small angle, along axes that are not parallel are
    such strips; a much longer neighbour, which may be the fillet that runs into it, stays.
    """
    one, other, meets, _ = _meetings(patches, label, _STRIP_TURN)
    if not len(one):
        return label
    inside = label >= 0
    members = np.bincount(label[inside], minlength=patches.count)
    area = np.bincount(label[inside], patches.area[inside], patches.count)
    axis = _chain_axes(patches, label)
    turned = np.abs(np.einsum("ij,ij->i", axis[one], axis[other])) < _STRIP_PARALLEL
    strips = turned & (meets >= _STRIP_MEETS * np.minimum(members[one], members[other]))
    one, other = one[strips], other[strips]
    dropped = np.zeros(patches.count, dtype=bool)
    dropped[one[area[one] < _MUCH_LARGER * area[other]]] = True
    dropped[other[area[other] < _MUCH_LARGER * area[one]]] = True
    return np.where(inside & dropped[label], -1, label)


def _chain_axes(patches: _Patches, label: Integers) -> Floats:
    """The direction the normals of every chain are most nearly square to."""
    inside = np.flatnonzero(label >= 0)
    names, number = np.unique(label[inside], return_inverse=True)
    normal = patches.normal[inside]
    products = (normal[:, :, None] * normal[:, None, :]).reshape(-1, 9)
    moments = sums(number, products, len(names)).reshape(-1, 3, 3)
    axis = np.zeros((patches.count, 3))
    axis[names] = np.linalg.eigh(moments)[1][:, :, 0]
    return axis


def _folds(patches: _Patches, one: Integers, other: Integers) -> tuple[Floats, Floats, Floats]:
    product = cross(patches.normal[one], patches.normal[other])
    sine = np.linalg.norm(product, axis=1)
    axis = product / np.maximum(sine, np.finfo(float).tiny)[:, None]
    half = np.arctan2(sine, np.einsum("ij,ij->i", patches.normal[one], patches.normal[other])) / 2
    between = patches.centre[other] - patches.centre[one]
    between = between - np.einsum("ij,ij->i", between, axis)[:, None] * axis
    signed = np.sign(np.einsum("ij,ij->i", patches.normal[other] - patches.normal[one], between))
    radius = signed * np.linalg.norm(between, axis=1) / np.maximum(2 * np.sin(half), 1e-12)
    mean = patches.normal[one] + patches.normal[other]
    mean /= np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), np.finfo(float).tiny)
    middle = (patches.centre[one] + patches.centre[other]) / 2
    return axis, radius, middle - radius[:, None] * mean


def _alike(axis: Floats, radius: Floats, centre: Floats, a: Integers, b: Integers) -> Truths:
    parallel = np.abs(np.einsum("ij,ij->i", axis[a], axis[b])) > _PARALLEL
    size = np.minimum(np.abs(radius[a]), np.abs(radius[b]))
    same = (np.abs(radius[a] - radius[b]) < _LIKE * size) & (size > 0)
    apart = centre[a] - centre[b]
    apart = apart - np.einsum("ij,ij->i", apart, axis[a])[:, None] * axis[a]
    close: Truths = np.linalg.norm(apart, axis=1) < _LIKE * size
    alike: Truths = parallel & same & close
    return alike


def _most_folds(label: Integers, chain: Integers, at: Integers, size: Integers) -> Integers:
    """Each patch goes with the longest chain of folds it takes part in, named by its least patch."""
    order = np.lexsort((-chain, size[chain]))
    label[at[order]] = chain[order]
    least = np.full(len(size), len(label), dtype=np.int64)
    members = np.flatnonzero(label >= 0)
    np.minimum.at(least, label[members], members)
    label[members] = least[label[members]]
    return label


def _untried(
    label: Integers, kinds: frozenset[FaceKind], tried: list[tuple[frozenset[FaceKind], Integers]]
) -> Integers:
    """Drop groups that were tried with all of these kinds before: same least member, same number."""
    members = np.bincount(label[label >= 0], minlength=len(label))
    old = np.zeros(len(label), dtype=bool)
    for before, numbers in tried:
        if kinds <= before:
            old |= (numbers == members) & (members > 0)
    tried.append((kinds, members))
    return np.where((label >= 0) & old[label], -1, label)


# ---- claiming ----------------------------------------------------------------------------------


def _claim(
    skin: Skin,
    patches: _Patches,
    owner: Integers,
    label: Integers,
    surfaces: Surfaces,
    *,
    kinds: frozenset[FaceKind],
) -> Surfaces:
    """Fit a surface to every group of patches; groups that fit get it as their owner.

    Groups that almost fit are tried again without the patches that lie furthest off: a small plane
    that a fillet or a cone runs into without a visible edge.
    """
    for _ in range(_PEELINGS + 1 if patches.count < _MANY else 1):
        members = np.bincount(label[label >= 0], minlength=patches.count)
        label = np.where((label >= 0) & (members[label] >= _FEWEST), label, -1)
        chosen = np.flatnonzero(label[patches.of] >= 0)
        if not len(chosen):
            break
        group, count = number_from_zero(label[patches.of[chosen]])
        groups = _gather(skin, patches, chosen, group, count)
        found, good, worst = fit_groups(groups, kinds)
        number = np.where(good, len(surfaces.kind) + np.cumsum(good) - 1, -1)
        owner[patches.of[chosen]] = number[group]
        surfaces = join_surfaces(surfaces, found.take(good))
        near = ~good & (worst < _NEARLY * found.radius)
        label = _peel(skin, patches, label, (chosen, group), found, near)
    return surfaces


def _peel(
    skin: Skin,
    patches: _Patches,
    label: Integers,
    members: tuple[Integers, Integers],
    found: Surfaces,
    near: Truths,
) -> Integers:
    """Drop settled and hopeless groups, and of the others the patches that lie furthest off.

    ``members`` are the triangles in groups and the group of each; ``near`` says which almost fit.
    """
    chosen, group = members
    off = np.zeros(len(chosen))
    for k in range(3):
        corners = skin.vertices[skin.triangles[chosen, k]]
        off = np.maximum(off, np.abs(offsets(found, group, corners)[0]))
    off = np.where(np.isfinite(off), off, np.inf)
    worst = np.zeros(len(near))
    np.maximum.at(worst, group, off)
    patch = np.zeros(patches.count)
    np.maximum.at(patch, patches.of[chosen], off)
    kept = np.full(patches.count, -1, dtype=np.int64)
    kept[patches.of[chosen]] = group
    stays = (kept >= 0) & near[kept] & (patch < 0.5 * worst[kept])
    total = np.bincount(kept[kept >= 0], patches.area[kept >= 0], len(near))
    remains = np.bincount(kept[stays], patches.area[stays], len(near))
    return np.where(stays & (remains > _MOST * total)[kept], label, -1)


def _gather(skin: Skin, patches: _Patches, chosen: Integers, group: Integers, count: int) -> Groups:
    corner = skin.triangles[chosen].ravel()
    pairs = distinct(np.repeat(group, 3) * len(skin.vertices) + corner)
    return Groups(
        count=count,
        points=skin.vertices[pairs % len(skin.vertices)],
        point_group=pairs // len(skin.vertices),
        middles=skin.vertices[skin.triangles[chosen]].mean(axis=1),
        normals=skin.normals[chosen],
        areas=patches.weight[chosen],
        triangle_group=group,
        grain=skin.grain,
    )


def _grow(skin: Skin, patches: _Patches, owner: Integers, plane: Truths, surfaces: Surfaces) -> Surfaces:
    """Let surfaces take free neighbours that lie on them too: odd triangles at a rim."""
    if not len(surfaces.kind):
        return surfaces
    allowed = tolerances(surfaces, surfaces.radius, skin.grain)
    for _ in range(_GROWTH_ROUNDS):
        child, parent = _free_neighbours(patches, owner, plane)
        if not len(child):
            break
        lies = _lie_on(skin, patches, surfaces, child, parent, allowed)
        if not lies.any():
            break
        owner[child[lies]] = parent[lies]
    return surfaces


def _free_neighbours(patches: _Patches, owner: Integers, plane: Truths) -> tuple[Integers, Integers]:
    """Free patches next to an owned one, with the first owner each."""
    free = (owner < 0) & ~plane
    forward = free[patches.one] & (owner[patches.other] >= 0)
    backward = free[patches.other] & (owner[patches.one] >= 0)
    child = np.concatenate((patches.one[forward], patches.other[backward]))
    parent = np.concatenate((owner[patches.other[forward]], owner[patches.one[backward]]))
    child, first = np.unique(child, return_index=True)
    return child, parent[first]


def _lie_on(
    skin: Skin, patches: _Patches, surfaces: Surfaces, child: Integers, parent: Integers, allowed: Floats
) -> Truths:
    place = np.full(patches.count, -1, dtype=np.int64)
    place[child] = np.arange(len(child))
    chosen = np.flatnonzero(place[patches.of] >= 0)
    at = place[patches.of[chosen]]
    rows = parent[at]
    off, local, normal = offsets(surfaces, rows, skin.vertices[skin.triangles[chosen]].mean(axis=1))
    side = np.einsum("ij,ij->i", normal, skin.normals[chosen]) * np.where(surfaces.hollow[rows], -1, 1)
    bad = (np.abs(off) > 0.08 * np.abs(local) + allowed[rows]) | (side < 0.85)
    bad &= patches.weight[chosen] > 0
    for k in range(3):
        off, _, _ = offsets(surfaces, rows, skin.vertices[skin.triangles[chosen, k]])
        bad |= np.abs(off) > allowed[rows]
    clean: Truths = np.bincount(at[bad], minlength=len(child)) == 0
    return clean


# ---- faces -------------------------------------------------------------------------------------


def _number_faces(patches: _Patches, owner: Integers, plane: Truths, surfaces: Surfaces) -> Regions:
    """Faces: connected patches of one surface, single flat patches, connected free-form patches."""
    alike = (owner[patches.one] == owner[patches.other]) & ~plane[patches.one] & ~plane[patches.other]
    alike &= (owner[patches.one] >= 0) | (patches.turn < _BLUNT)
    label = components(patches.one[alike], patches.other[alike], patches.count)
    members = np.bincount(label, minlength=patches.count)
    flat = (owner < 0) & (members[label] < _FREE_PATCHES)
    label[flat] = np.flatnonzero(flat)
    face, count = number_from_zero(label)
    surface_of = np.full(count, -1, dtype=np.int64)
    surface_of[face] = np.where(owner >= 0, owner, np.where(flat, -1, -2))
    if count > MOST_FACES:
        face, surface_of = _lump_small(patches, face, surface_of)
    return Regions(face_of=face[patches.of], surface_of=surface_of, surfaces=surfaces)


def _lump_small(patches: _Patches, face: Integers, surface_of: Integers) -> tuple[Integers, Integers]:
    area = np.bincount(face, patches.area, len(surface_of))
    kept = np.sort(np.argsort(-area, kind="stable")[: MOST_FACES - 1])
    renamed = np.full(len(surface_of), MOST_FACES - 1, dtype=np.int64)
    renamed[kept] = np.arange(MOST_FACES - 1)
    return renamed[face], np.append(surface_of[kept], -2)
