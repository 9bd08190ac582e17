"""How thick the walls of a body are, and where they are thinnest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyworks.model.solids import Feature, Walls
from manyworks.shapes.clusters import cluster_points
from manyworks.shapes.making import making
from manyworks.shapes.points import as_vector
from manyworks.shapes.products import cross
from manyworks.shapes.rays import OFF_SKIN, Floats, Integers, Skin, Truths, first_hits
from manyworks.shapes.samples import Samples

# A ray that leaves through skin more than 60 degrees off square has not crossed a wall but cut a
# corner. The half degree keeps skin drawn at exactly 60 degrees on one side.
_MOST_OBLIQUE = float(np.cos(np.radians(60.5)))
_FEWEST_RAYS = 20
# Ways across that are tried, evenly spread over half a turn.
_WAYS = 12
# ... and count where they leave the body within 35 degrees of square at both ends.
_SQUARE_ENOUGH = float(np.cos(np.radians(35.0)))
# Places up to this much thicker than the first percentile are named as thin.
_NEARLY = 1.1
# Points this little thicker than the thinnest are as thin: rounding must not choose among them.
_AS_THIN = 1.01
_MOST_PLACES = 12
# Points this many spacings apart still belong to one thin place.
_REACH = 2.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Thickness:
    """Thickness of the wall behind every point of a skin; infinite where no ray crossed a wall.

    Parameters
    ----------
    behind : (n,)
        mm.
    """

    behind: Floats

    @property
    def found(self) -> Truths:
        """Which points have a wall behind them."""
        return np.isfinite(self.behind)


def measure_thickness(skin: Skin, samples: Samples, axes: Floats) -> Thickness:
    """Shoot a ray inwards from every point, square to the skin, up to where it leaves the body.

    A ray from the rim of a plate runs along the plate and would call its width a thickness. Rays
    longer than the typical wall are therefore cut down to the shortest way across through their
    middle, though not below the typical wall.

    Parameters
    ----------
    axes : (3, 3)
        The block's axes: ways across start from them.
    """
    inwards = -samples.normals
    step = OFF_SKIN * skin.scale
    distances, met = first_hits(skin, samples.points + step * inwards, inwards)
    square = np.einsum("ij,ij->i", skin.normals[met], inwards) >= _MOST_OBLIQUE
    behind = np.where((met >= 0) & square, distances + step, np.inf)
    return Thickness(behind=_cut_down(skin, samples, axes, behind))


def _cut_down(skin: Skin, samples: Samples, axes: Floats, behind: Floats) -> Floats:
    found = np.isfinite(behind)
    if not found.any():
        return behind
    typical = float(np.median(behind[found]))
    long = np.flatnonzero(found & (behind > _AS_THIN * typical))
    middles = samples.points[long] - samples.normals[long] * behind[long, None] / 2
    across = np.full(len(long), np.inf)
    first, second = _across(samples.normals[long], axes)
    for turn in np.arange(_WAYS) * np.pi / _WAYS:
        way = np.cos(turn) * first + np.sin(turn) * second
        there, back = _square_way(skin, middles, way), _square_way(skin, middles, -way)
        across = np.minimum(across, there + back)
    behind[long] = np.maximum(np.minimum(behind[long], across), typical)
    return behind


def _square_way(skin: Skin, points: Floats, ways: Floats) -> Floats:
    """Distance to where a ray leaves the body; infinite where it leaves aslant, as across a corner."""
    distances, met = first_hits(skin, points, ways)
    square = np.einsum("ij,ij->i", skin.normals[met], ways) > _SQUARE_ENOUGH
    return np.where(square, distances, np.inf)


def _across(normals: Floats, axes: Floats) -> tuple[Floats, Floats]:
    """Two directions square to each normal and to each other, the first near one of the axes."""
    leaning = np.abs(normals @ axes.T).argmin(axis=1)
    first = axes[leaning] - normals * np.einsum("ij,ij->i", axes[leaning], normals)[:, None]
    first /= np.linalg.norm(first, axis=1)[:, None]
    return first, cross(normals, first)


def find_walls(thickness: Thickness) -> Walls | None:
    """Percentiles of the wall thickness over the skin; None where too few rays crossed a wall."""
    found = thickness.behind[thickness.found]
    if len(found) < _FEWEST_RAYS:
        return None
    p1, p5, p50, p95 = (round(float(value), 4) for value in np.percentile(found, (1, 5, 50, 95)))
    return Walls(p1_mm=p1, p5_mm=p5, p50_mm=p50, p95_mm=p95, samples=len(found))


def find_thin_places(samples: Samples, thickness: Thickness, walls: Walls) -> tuple[Feature, ...]:
    """The places where walls are thinnest, the thinnest first: connected points at the low end.

    ``width_mm`` of a place is its least thickness, ``area_mm2`` its skin, ``at_mm`` the point of the
    skin where it is thinnest and ``axis`` looks through the wall from there. Walls that are thin for
    no process are not named.
    """
    if walls.p1_mm > making("walls")["thin_mm"]:
        return ()
    thin = np.flatnonzero(thickness.behind <= _NEARLY * walls.p1_mm)
    if not len(thin):
        return ()
    names = cluster_points(samples.points[thin], _REACH * samples.spacing + walls.p1_mm)
    groups = [thin[names == name] for name in np.unique(names)]
    places = [_place(samples, thickness, group) for group in groups]
    return tuple(sorted(places, key=lambda place: (place.width_mm, place.at_mm))[:_MOST_PLACES])


def _place(samples: Samples, thickness: Thickness, group: Integers) -> Feature:
    least = float(thickness.behind[group].min())
    points = samples.points[group]
    aside = np.linalg.norm(points - points.mean(axis=0), axis=1)
    aside[thickness.behind[group] > _AS_THIN * least] = np.inf
    thinnest = int(group[int(aside.argmin())])
    return Feature(
        kind="thin wall",
        at_mm=as_vector(samples.points[thinnest]),
        axis=as_vector(-samples.normals[thinnest]),
        width_mm=round(least, 4),
        area_mm2=round(samples.area * len(group), 3),
        faces=tuple(sorted({int(face) for face in samples.faces[group]})),
    )
