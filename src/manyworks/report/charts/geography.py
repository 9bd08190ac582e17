"""From longitude and latitude to a drawing: windows on the world, land, crowded places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from manyworks.report.charts.svg import element
from manyworks.report.tables import read_table

LAND_ID = "land"
TOP_LATITUDE, BOTTOM_LATITUDE = 84.0, -58.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPoint:
    """A numbered place. ``role`` is ``makes``, ``sells`` or ``receives``.

    ``town`` and ``region`` help to name several near places together; ``town`` is empty where the
    place has no name but its shop's.
    """

    number: int
    name: str
    longitude: float
    latitude: float
    role: str
    town: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """An equirectangular view.

    ``per_degree`` px make a degree of latitude, ``squeeze`` times that one of longitude; ``west``
    and ``north`` are the degrees at the drawing's upper left corner.
    """

    west: float
    north: float
    per_degree: float
    squeeze: float
    width: float
    height: float

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a place is drawn, in px."""
        x = (longitude - self.west) * self.per_degree * self.squeeze
        return x, (self.north - latitude) * self.per_degree


def fit_window(
    places: Sequence[tuple[float, float]], width: float, height: float, *, least_span: float, margin: float
) -> Window:
    """The window that shows all (longitude, latitude) places with a share of ``margin`` around.

    ``least_span`` is the smallest height in degrees. Longitudes must be unwrapped.
    """
    west, east = min(lon for lon, _ in places), max(lon for lon, _ in places)
    south, north = min(lat for _, lat in places), max(lat for _, lat in places)
    squeeze = math.cos(math.radians(min(abs(south + north) / 2, 60.0)))
    tall = max((north - south) * (1 + 2 * margin), least_span)
    wide = (east - west) * (1 + 2 * margin)
    per_degree = min(height / tall, width / max(wide * squeeze, 1e-9))
    middle = (south + north) / 2
    top = middle + height / per_degree / 2
    if least_span > 5:
        top = _keep_on_globe(top, height / per_degree)
    left = (west + east) / 2 - width / (per_degree * squeeze) / 2
    return Window(west=left, north=top, per_degree=per_degree, squeeze=squeeze, width=width, height=height)


def _keep_on_globe(top: float, tall: float) -> float:
    if tall >= TOP_LATITUDE - BOTTOM_LATITUDE:
        return (TOP_LATITUDE + BOTTOM_LATITUDE + tall) / 2
    return min(max(top, BOTTOM_LATITUDE + tall), TOP_LATITUDE)


def unwrap(points: Sequence[MapPoint]) -> dict[int, tuple[float, float]]:
    """(longitude, latitude) by number with the world cut at its widest gap, not at the date line."""
    turned = {point.number: point.longitude % 360.0 for point in points}
    around = sorted(set(turned.values()))
    after = [*around[1:], around[0] + 360.0]
    gaps = [later - earlier for earlier, later in zip(around, after, strict=True)]
    last = around[gaps.index(max(gaps))]
    east = {number: longitude + 360.0 * (longitude <= last) for number, longitude in turned.items()}
    shift = 360.0 * round(sum(east.values()) / len(east) / 360.0)
    return {point.number: (east[point.number] - shift, point.latitude) for point in points}


def gather(spots: dict[int, tuple[float, float]], nearer: float) -> list[list[int]]:
    """Numbers of spots (px) in groups that stand closer together than ``nearer``."""
    groups: list[list[int]] = []
    for number, spot in spots.items():
        close = [group for group in groups if any(math.dist(spot, spots[other]) < nearer for other in group)]
        groups = [group for group in groups if group not in close]
        groups.append(sorted([number, *(other for group in close for other in group)]))
    return sorted(groups)


def push_apart(
    spots: dict[int, tuple[float, float]], nearest: float, width: float, height: float
) -> dict[int, tuple[float, float]]:
    """Move spots as little as needed so that none covers another; equal inputs move alike."""
    moved = {number: list(spot) for number, spot in spots.items()}
    numbers = sorted(moved)
    for _ in range(80):
        for i, one in enumerate(numbers):
            for other in numbers[i + 1 :]:
                _separate(moved[one], moved[other], nearest, i)
        for spot in moved.values():
            spot[0] = min(max(spot[0], nearest), width - nearest)
            spot[1] = min(max(spot[1], nearest), height - nearest)
    return {number: (spot[0], spot[1]) for number, spot in moved.items()}


def _separate(one: list[float], other: list[float], nearest: float, turn: int) -> None:
    distance = math.dist(one, other)
    if distance >= nearest:
        return
    if distance < 1e-6:  # exactly on top of each other: any direction will do, but always the same
        along = (math.cos(2.4 * turn), math.sin(2.4 * turn))
    else:
        along = ((other[0] - one[0]) / distance, (other[1] - one[1]) / distance)
    push = (nearest - distance) / 2 + 0.01
    for axis in (0, 1):
        one[axis] -= along[axis] * push
        other[axis] += along[axis] * push


def name_region(points: Sequence[MapPoint]) -> str:
    """What several near places are called together: the town most share, a few towns, or the region."""
    ends = [end for point in points if (end := point.town.rpartition(",")[2].strip())]
    common = max(ends, key=lambda end: (ends.count(end), end), default="")
    if common and 2 * ends.count(common) >= len(points):
        return common
    regions = list(dict.fromkeys(point.region for point in points if point.region))
    if 2 * len(ends) < len(points) and regions:
        return " and ".join(regions) if len(regions) < 3 else ", ".join(regions)
    towns = list(dict.fromkeys(point.town.partition(",")[0].strip() or point.name for point in points))
    return ", ".join(towns[:3]) + (" and others" if len(towns) > 3 else "")


@cache
def land_path() -> str:
    """The ``<path>`` of all land in degrees, latitude downwards: once for a page's ``<defs>``."""
    rings: dict[str, list[str]] = {}
    for row in read_table("land"):
        rings.setdefault(row["ring"], []).append(f"{float(row['longitude']):g} {-float(row['latitude']):g}")
    return element(
        "path", id=LAND_ID, d="".join(f"M{'L'.join(ring)}Z" for ring in rings.values()), fill_rule="evenodd"
    )


def place_land(window: Window) -> str:
    """The land seen through a window, repeated where the window looks beyond the date line."""
    x, y = window(0.0, 0.0)
    wide, tall = window.per_degree * window.squeeze, window.per_degree
    turns = [turn for turn in (-360, 0, 360) if _visible(window, turn)]
    return "".join(
        element(
            "use",
            href=f"#{LAND_ID}",
            transform=f"translate({x + turn * wide:.2f} {y:.2f}) scale({wide:.4f} {tall:.4f})",
        )
        for turn in turns
    )


def _visible(window: Window, turn: int) -> bool:
    left = window(-170.0 + turn, 0.0)[0]
    right = window(192.0 + turn, 0.0)[0]
    return right > 0 and left < window.width
