"""Convex cells: a block cut by planes, its facets, and whether a body's skin passes through it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from manyworks.shapes.shape import Floats
    from manyworks.shapes.stock_block import StockBlock

# Facets smaller than this share of the block's diagonal squared are corners touched, not sides.
LEAST_FACET = 1e-7
# Planes closer than this share of the block's diagonal are one: the planes of two faces that a later
# cut parted differ by rounding only.
SAME_PLANE = 1e-6
# The skin is inside a cell only where it is deeper than this share of the block's diagonal.
SKIN_DEPTH = 1e-5
# Triangles clipped one by one at most: a cell that more of them cross is taken as not empty.
MOST_CLIPPED = 300


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facet:
    """A side of a cell: corners (k, 3) in order, unit normal out of the cell, and whose plane it is.

    ``source`` is the number given when the plane was cut; the block's own six are below zero.
    """

    points: Floats
    outward: Floats
    source: int

    @property
    def area(self) -> float:
        """Area of the polygon."""
        # Half the length of the sum of cross products of corners that follow each other.
        corners = self.points - self.points[0]
        around = corners[:-1].T @ corners[1:]
        twice = around - around.T
        return 0.5 * math.sqrt(twice[0, 1] ** 2 + twice[0, 2] ** 2 + twice[1, 2] ** 2)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cell:
    """A convex polyhedron: its facets and the planes it is between (``normal @ point >= offset``)."""

    facets: tuple[Facet, ...]
    normals: Floats
    offsets: Floats
    scale: float


def block_cell(block: StockBlock) -> Cell:
    """The whole block as a cell with facets numbered -1 to -6."""
    normals, offsets = block.half_spaces()
    facets = []
    for k in range(6):
        axis, across, up = k % 3, (k + 1) % 3, (k + 2) % 3
        corners = np.zeros((4, 3))
        corners[:, axis] = block.low[axis] if k < 3 else block.high[axis]
        corners[:, across] = [block.low[across], block.high[across], block.high[across], block.low[across]]
        corners[:, up] = [block.low[up], block.low[up], block.high[up], block.high[up]]
        facets.append(Facet(points=corners @ block.axes, outward=-normals[k], source=-1 - k))
    return Cell(facets=tuple(facets), normals=normals, offsets=offsets, scale=block.diagonal)


def cut_cell(cell: Cell, normal: Floats, offset: float, source: int) -> Cell | None:
    """Keep the part of a cell with ``normal @ point >= offset``; None where next to nothing is left.

    A plane that cuts nothing off, as one the cell is bounded by already, leaves the cell as it is.
    """
    if (np.vstack([facet.points for facet in cell.facets]) @ normal).min() > offset - SAME_PLANE * cell.scale:
        return cell
    facets = []
    rim: list[Floats] = []
    for facet in cell.facets:
        points, crossings = _clip_polygon(facet.points, normal, offset)
        rim.extend(crossings)
        if points is facet.points:
            facets.append(facet)
        elif len(points) > 2:
            facets.append(Facet(points=points, outward=facet.outward, source=facet.source))
    lid = _close_rim(rim, normal, source)
    facets = [facet for facet in (*facets, lid) if facet and facet.area > LEAST_FACET * cell.scale**2]
    if len(facets) < 4:
        return None
    return Cell(
        facets=tuple(facets),
        normals=np.vstack((cell.normals, normal)),
        offsets=np.append(cell.offsets, offset),
        scale=cell.scale,
    )


class Skin:
    """The triangles (m, 3, 3) of a body, ready to be asked whether they reach into cells."""

    def __init__(self, corners: Floats, block: StockBlock) -> None:
        self.corners = corners
        self.middles = corners.mean(axis=1)
        self.axes = block.axes
        along = corners @ block.axes.T
        self.low, self.high = along.min(axis=1), along.max(axis=1)

    def misses(self, cell: Cell) -> bool:
        """Tell whether no triangle reaches into the cell."""
        depth = SKIN_DEPTH * cell.scale
        extent = np.vstack([facet.points for facet in cell.facets]) @ self.axes.T
        near = (self.low < extent.max(axis=0) - depth).all(axis=1)
        near &= (self.high > extent.min(axis=0) + depth).all(axis=1)
        planes = cell.offsets + depth
        if ((self.middles[near] @ cell.normals.T - planes).min(axis=1, initial=np.inf) > 0).any():
            return False
        corners = self.corners[near]
        heights = corners @ cell.normals.T - planes
        reaching = (heights.max(axis=1) > 0).all(axis=1)
        corners, heights = corners[reaching], heights[reaching]
        between = (heights + np.roll(heights, 1, axis=1)) / 2
        probes = np.concatenate((heights, between), axis=1)
        if len(corners) > MOST_CLIPPED or (probes.min(axis=2) > 0).any():
            return False
        return not any(_passes(triangle, cell) for triangle in corners)


def _passes(triangle: Floats, cell: Cell) -> bool:
    """Whether a triangle has area inside a cell."""
    points = triangle
    for normal, offset in zip(cell.normals, cell.offsets + SKIN_DEPTH * cell.scale, strict=True):
        points, _ = _clip_polygon(points, normal, float(offset))
        if len(points) < 3:
            return False
    return True


def _clip_polygon(points: Floats, normal: Floats, offset: float) -> tuple[Floats, list[Floats]]:
    """The part of a convex polygon on the inner side of a plane, and where its outline crosses it."""
    height = points @ normal - offset
    if (height >= 0).all():
        return points, [points[k] for k in np.flatnonzero(height == 0)]
    if (height <= 0).all():
        return points[:0], [points[k] for k in np.flatnonzero(height == 0)]
    kept: list[Floats] = []
    crossings: list[Floats] = []
    for k in range(len(points)):
        j = (k + 1) % len(points)
        if height[k] >= 0:
            kept.append(points[k])
            if height[k] == 0:
                crossings.append(points[k])
        if height[k] * height[j] < 0:
            share = height[k] / (height[k] - height[j])
            kept.append(points[k] + share * (points[j] - points[k]))
            crossings.append(kept[-1])
    return np.array(kept), crossings


def _close_rim(rim: list[Floats], normal: Floats, source: int) -> Facet | None:
    """The facet a plane leaves: the crossing points put in order around their middle."""
    if len(rim) < 3:
        return None
    points = np.array(rim)
    offset = points - points.mean(axis=0)
    first = offset[np.argmax((offset**2).sum(axis=1))]
    turn = np.arctan2(offset @ np.cross(normal, first), offset @ first)
    return Facet(points=points[np.argsort(turn)], outward=-normal, source=source)
