"""The edges between the faces found in a mesh: chains of mesh edges with the same face on each side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from manyworks.shapes.mesh_fits import offsets
from manyworks.shapes.mesh_graph import components, number_from_zero, sums
from manyworks.shapes.mesh_regions import Regions, Skin
from manyworks.shapes.products import cross
from manyworks.shapes.shape import EdgeTable

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats, Integers

# A chain is a line where its ends are this share of its length apart, save rounding.
_STRAIGHT = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Links:
    """Mesh edges on a border: two faces (-1 where open), their triangles, vertices as face one runs."""

    faces: Integers
    triangles: Integers
    start: Integers
    end: Integers
    length: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Chains:
    """For every link its chain and the length of the chain up to its end; heads, tails, totals."""

    of: Integers
    reach: Floats
    head: Integers
    tail: Integers
    total: Floats
    middle: Integers


def find_edges(skin: Skin, regions: Regions) -> EdgeTable:
    """Chain the borders of the faces into edges."""
    links = _border_links(skin, regions.face_of)
    chains = _chain(links, len(skin.vertices))
    start = skin.vertices[links.start[chains.head]]
    end = skin.vertices[links.end[chains.tail]]
    gap = chains.total - np.linalg.norm(end - start, axis=1)
    middle, bend = _middles(skin, regions, links, chains)
    return EdgeTable(
        faces=links.faces[chains.head],
        loops=_loops(skin, links)[chains.head],
        bend=bend,
        length=chains.total,
        start=start,
        middle=middle,
        end=end,
        straight=gap <= _STRAIGHT * chains.total + skin.grain,
    )


def _border_links(skin: Skin, face_of: Integers) -> _Links:
    joints = skin.joints
    left, right = face_of[joints.left], face_of[joints.right]
    rows = np.flatnonzero(left != right)
    swap = (left > right)[rows]
    pair = np.stack((joints.left[rows], joints.right[rows]), axis=1)
    ends = np.stack((joints.start[rows], joints.end[rows]), axis=1)
    pair[swap], ends[swap] = pair[swap][:, ::-1], ends[swap][:, ::-1]
    faces = face_of[pair]
    lone = joints.open_triangle
    nothing = np.full(len(lone), -1, dtype=np.int64)
    faces = np.concatenate((faces, np.stack((face_of[lone], nothing), axis=1)))
    pair = np.concatenate((pair, np.stack((lone, lone), axis=1)))
    ends = np.concatenate((ends, np.stack((joints.open_start, joints.open_end), axis=1)))
    length = np.linalg.norm(skin.vertices[ends[:, 0]] - skin.vertices[ends[:, 1]], axis=1)
    return _Links(faces=faces, triangles=pair, start=ends[:, 0], end=ends[:, 1], length=length)


def _chain(links: _Links, vertices: int) -> _Chains:
    """Order the links of every chain by doubling pointers to the link before (Wyllie 1979)."""
    count = len(links.start)
    before = _links_before(links, vertices)
    reach = links.length.copy()
    pointer, going = before.copy(), before >= 0
    while going.any():
        rows = np.flatnonzero(going)
        reach[rows] += reach[pointer[rows]]
        pointer[rows] = pointer[pointer[rows]]
        going = pointer >= 0
    head = np.flatnonzero(before < 0)
    linked = np.flatnonzero(before >= 0)
    label = components(linked, before[linked], count)
    number = np.full(count, -1, dtype=np.int64)
    number[label[head]] = np.arange(len(head))
    of = number[label]
    order = np.lexsort((reach, of))
    last = np.append(of[order][1:] != of[order][:-1], True)[: len(order)]
    tail = order[last]
    total = reach[tail]
    begins = reach - links.length
    half = total[of] / 2
    inside = np.flatnonzero((begins <= half) & (half < reach + 1e-12 * total[of]))
    middle = np.zeros(len(head), dtype=np.int64)
    middle[of[inside]] = inside
    return _Chains(of=of, reach=reach, head=head, tail=tail, total=total, middle=middle)


def _links_before(links: _Links, vertices: int) -> Integers:
    """The link that runs into each one between the same faces; -1 where a chain begins.

    A vertex where several chains of one pair of faces meet ends all of them; a closed chain begins
    at its least link.
    """
    count = len(links.start)
    pair, _ = number_from_zero(_pair_keys(links.faces))
    from_key, to_key = pair * vertices + links.start, pair * vertices + links.end
    before = np.full(count, -1, dtype=np.int64)
    starts, first, runs = np.unique(from_key, return_index=True, return_counts=True)
    ends, last, arrivals = np.unique(to_key, return_index=True, return_counts=True)
    _, a, b = np.intersect1d(starts[runs == 1], ends[arrivals == 1], True, return_indices=True)
    before[first[runs == 1][a]] = last[arrivals == 1][b]
    linked = np.flatnonzero(before >= 0)
    label = components(linked, before[linked], count)
    has_head = np.zeros(count, dtype=bool)
    has_head[label[before < 0]] = True
    before[label == np.where(has_head[label], -1, np.arange(count))] = -1
    return before


def _pair_keys(faces: Integers) -> Integers:
    return (faces[:, 0] + 1) * (int(faces.max(initial=0)) + 2) + faces[:, 1] + 1


def _middles(skin: Skin, regions: Regions, links: _Links, chains: _Chains) -> tuple[Floats, Floats]:
    """Points half-way along, and the signed angles between the outward normals there."""
    rows = chains.middle
    begin, end = skin.vertices[links.start[rows]], skin.vertices[links.end[rows]]
    part = chains.total / 2 - (chains.reach[rows] - links.length[rows])
    share = np.clip(part / np.maximum(links.length[rows], np.finfo(float).tiny), 0, 1)
    middle = begin + share[:, None] * (end - begin)
    one = _normals_at(skin, regions, links.triangles[rows, 0], middle)
    other = _normals_at(skin, regions, links.triangles[rows, 1], middle)
    product = cross(one, other)
    turn = np.degrees(np.arctan2(np.linalg.norm(product, axis=1), np.einsum("ij,ij->i", one, other)))
    convex = np.einsum("ij,ij->i", product, end - begin) >= 0
    bend = np.where(convex, turn, -turn)
    return middle, np.where(links.faces[rows, 1] < 0, 0.0, bend)


def _normals_at(skin: Skin, regions: Regions, triangles: Integers, points: Floats) -> Floats:
    """Outward normals of the surfaces at points; of the face for planes, of the triangle for free form."""
    face = regions.face_of[triangles]
    row = regions.surface_of[face]
    normals = skin.normals[triangles]
    flat = row == -1
    if flat.any():
        normals[flat] = plane_normals(skin, regions.face_of, len(regions.surface_of))[face[flat]]
    curved = np.flatnonzero(row >= 0)
    if len(curved):
        _, _, exact = offsets(regions.surfaces, row[curved], points[curved])
        normals[curved] = np.where(regions.surfaces.hollow[row[curved], None], -exact, exact)
    return normals


def plane_normals(skin: Skin, face_of: Integers, count: int) -> Floats:
    """Area-weighted mean normals of faces, scaled to 1 (zero where they cancel)."""
    total = sums(face_of, skin.normals * skin.areas[:, None], count)
    size = np.linalg.norm(total, axis=1)
    area = sums(face_of, skin.areas, count)
    closed = size < 1e-6 * area  # a full turn cancels up to rounding
    unit: Floats = total / np.maximum(size, np.finfo(float).tiny)[:, None]
    return np.where(closed[:, None], 0.0, unit)


def _loops(skin: Skin, links: _Links) -> Integers:
    """For both sides of every link the number of the loop of that face; the widest loop is 0."""
    count = len(links.start)
    face = np.concatenate((links.faces[:, 0], links.faces[:, 1]))
    vertex = np.stack((np.tile(links.start, 2), np.tile(links.end, 2)))
    keys = face * len(skin.vertices) + vertex
    node = np.tile(np.arange(2 * count), 2)
    order = np.argsort(keys.ravel(), kind="stable")
    same = keys.ravel()[order][1:] == keys.ravel()[order][:-1]
    label = components(node[order][:-1][same], node[order][1:][same], 2 * count)
    loop, loops = number_from_zero(label)
    low, high = np.full((loops, 3), np.inf), np.full((loops, 3), -np.inf)
    for ends in vertex:
        np.minimum.at(low, loop, skin.vertices[ends])
        np.maximum.at(high, loop, skin.vertices[ends])
    of_face = np.zeros(loops, dtype=np.int64)
    of_face[loop] = face
    ranked = np.lexsort((np.arange(loops), -np.linalg.norm(high - low, axis=1), of_face))
    begins = np.flatnonzero(np.append(True, of_face[ranked][1:] != of_face[ranked][:-1])[:loops])
    rank = np.zeros(loops, dtype=np.int64)
    rank[ranked] = np.arange(loops) - np.repeat(begins, np.diff(np.append(begins, loops)))
    return np.where(links.faces < 0, 0, np.stack((rank[loop[:count]], rank[loop[count:]]), axis=1))
