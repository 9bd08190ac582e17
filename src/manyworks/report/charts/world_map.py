"""The chain on a map: who makes, who sells, what travels how; crowded places in maps of their own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from manyworks.report.charts.geography import (
    MapPoint,
    Window,
    fit_window,
    gather,
    name_region,
    place_land,
    push_apart,
    unwrap,
)
from manyworks.report.charts.labels import Box, Room, boxes_beside
from manyworks.report.charts.svg import drawing, element, label, text_width, tooltip
from manyworks.report.tables import index_table

DOT = 10.0
CROWDED = 24.0

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Something that travels from one numbered place to another."""

    origin: int
    destination: int
    mode: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inset:
    """A map of places too close together for the big one; as large as that one where it is ``crowded``."""

    letter: str
    title: str
    numbers: tuple[int, ...]
    wide: str
    narrow: str
    crowded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainMap:
    """The big map in a wide and a narrow drawing, and its insets."""

    wide: str
    narrow: str
    insets: tuple[Inset, ...]


WIDE, NARROW = (760.0, 400.0), (358.0, 300.0)
SMALL, TALL = (372.0, 231.0), (358.0, 358.0)
MANY = 6
TOP = 12.0


def draw_chain_map(points: Sequence[MapPoint], flows: Sequence[Flow]) -> ChainMap | None:
    """Draw a supply chain; None when no place is known.

    The big map shows just the part of the world that the chain touches; places nearer to each
    other than a dot are drawn as one lettered circle and apart in an inset. Both sizes of the big
    map have the same circles, found on the wide one; on the narrow one they are pushed apart.
    """
    if not points:
        return None
    at = unwrap(points)
    wide, narrow = (
        fit_window(list(at.values()), *size, least_span=16.0, margin=0.16) for size in (WIDE, NARROW)
    )
    groups = gather({number: wide(*place) for number, place in at.items()}, CROWDED)
    by_number = {point.number: point for point in points}
    insets = tuple(
        _inset(chr(ord("A") + i), [by_number[n] for n in group], at, flows)
        for i, group in enumerate(group for group in groups if len(group) > 1)
    )
    drawings = [_big_map(window, groups, at, by_number, flows, insets) for window in (wide, narrow)]
    return ChainMap(wide=drawings[0], narrow=drawings[1], insets=insets)


def _big_map(
    window: Window,
    groups: Sequence[Sequence[int]],
    at: Mapping[int, Spot],
    points: Mapping[int, MapPoint],
    flows: Sequence[Flow],
    insets: Sequence[Inset],
) -> str:
    middles = _find_middles(window, groups, at)
    far = [flow for flow in flows if middles[flow.origin] != middles[flow.destination]]
    room = Room(Box(4, 4, window.width - 4, window.height - 4))
    for spot in middles.values():
        room.block(Box(spot[0] - 13, spot[1] - 13, spot[0] + 13, spot[1] + 13))
    titles = {inset.numbers: inset for inset in insets}
    marks = [_mark(group, middles[group[0]], points, titles.get(tuple(group)), room) for group in groups]
    sea = element("rect", width=window.width, height=window.height, rx=6, class_="sea")
    land = element("g", place_land(window), class_="land")
    name = f"Map of {len(points)} places and {len(far)} moves between regions"
    arcs = _arcs(far, middles)
    return drawing(window.width, window.height, name, sea, land, *arcs, *marks, class_="map")


def _find_middles(window: Window, groups: Sequence[Sequence[int]], at: Mapping[int, Spot]) -> dict[int, Spot]:
    """Where the mark of each place's group stands, by the place's number."""
    middles = {group[0]: _middle([window(*at[n]) for n in group]) for group in groups}
    apart = push_apart(middles, CROWDED, window.width, window.height)
    return {number: apart[group[0]] for group in groups for number in group}


def _middle(spots: Sequence[Spot]) -> Spot:
    return sum(x for x, _ in spots) / len(spots), sum(y for _, y in spots) / len(spots)


def _mark(
    group: Sequence[int], at: Spot, points: Mapping[int, MapPoint], inset: Inset | None, room: Room
) -> str:
    if inset is None:
        point = points[group[0]]
        return draw_dot(point, at) + _write_name(point.name, at, room)
    ring = element("circle", cx=at[0], cy=at[1], r=13, class_="crowd")
    letter = label(inset.letter, at[0], at[1] + 4.5, class_="crowd-letter middle")
    words = f"{inset.title} ({len(group)} places)"
    return element("g", tooltip(words), ring, letter) + _write_name(words, at, room, 17)


def _write_name(words: str, at: Spot, room: Room, gap: float = 13.0) -> str:
    boxes = boxes_beside(at[0], at[1], gap, text_width(words) + 4, 16)
    box = room.take_best(boxes, 40.0)
    return label(words, box.left + 2, box.top + 12, class_="place-name") if box else ""


def draw_dot(point: MapPoint, at: Spot) -> str:
    """A numbered mark whose shape says what the place does: circle makes, square sells, diamond receives."""
    x, y = at
    if point.role == "sells":
        shape = element("rect", x=x - 9, y=y - 9, width=18, height=18, rx=2.5, class_="place sells")
    elif point.role == "receives":
        path = f"M{x:.1f},{y - 13:.1f}l13,13l-13,13l-13,-13z"
        shape = element("path", d=path, class_="place receives")
    else:
        shape = element("circle", cx=x, cy=y, r=DOT, class_="place makes")
    number = label(str(point.number), x, y + 4, class_="place-number middle")
    return element("g", tooltip(point.name), shape, number)


def _arcs(flows: Sequence[Flow], spots: Mapping[int, Spot]) -> list[str]:
    bundles: dict[tuple[Spot, Spot, str], list[Flow]] = {}
    for flow in flows:
        bundles.setdefault((spots[flow.origin], spots[flow.destination], flow.mode), []).append(flow)
    beside: Counter[frozenset[Spot]] = Counter()
    parts = []
    for (start, end, mode), bundle in bundles.items():
        lane = beside[frozenset((start, end))]
        beside[frozenset((start, end))] += 1
        parts.append(_arc(start, end, mode, "; ".join(flow.words for flow in bundle), lane))
    return parts


def _arc(start: Spot, end: Spot, mode: str, words: str, lane: int) -> str:
    """A quadratic curve bent towards the north, further for every further one between the same ends."""
    wide, tall = end[0] - start[0], end[1] - start[1]
    bend = (0.3 + 0.16 * lane) * (1 if wide >= 0 else -1)
    top = 2 * TOP - (start[1] + end[1]) / 2  # a knee no higher keeps the curve's crest in the frame
    knee = (start[0] + wide / 2 + tall * bend, max(start[1] + tall / 2 - wide * bend, top))
    path = f"M{start[0]:.1f},{start[1]:.1f}Q{knee[0]:.1f},{knee[1]:.1f} {end[0]:.1f},{end[1]:.1f}"
    return _stroke(path, mode, words, _on_curve(start, knee, end, 0.54), math.atan2(tall, wide))


def _on_curve(start: Spot, knee: Spot, end: Spot, t: float) -> Spot:
    weights = ((1 - t) ** 2, 2 * t * (1 - t), t * t)
    x, y = (sum(w * p[axis] for w, p in zip(weights, (start, knee, end), strict=True)) for axis in (0, 1))
    return x, y


def _stroke(path: str, mode: str, words: str, head: Spot | None, angle: float) -> str:
    row = index_table("modes", "mode").get(mode, {"dash": "4 2", "weight": "1.6"})
    line = element(
        "path",
        d=path,
        class_=f"flow mode-{mode if mode in index_table('modes', 'mode') else 'other'}",
        stroke_dasharray=row["dash"] or None,
        stroke_width=row["weight"],
    )
    if head is None:
        return element("g", tooltip(words), line)
    turn = f"translate({head[0]:.1f} {head[1]:.1f}) rotate({math.degrees(angle):.0f})"
    arrow = element("path", d="M-5,-4.5L6,0L-5,4.5z", transform=turn, class_="arrow")
    return element("g", tooltip(words), line, arrow)


def draw_mode_sample(mode: str) -> str:
    """A short piece of the line a mode is drawn with, for the legend."""
    return element(
        "svg",
        _stroke("M1,6H43", mode, mode, None, 0.0),
        width=44,
        height=12,
        class_="sample",
        aria_hidden="true",
    )


def _inset(letter: str, members: Sequence[MapPoint], at: Mapping[int, Spot], flows: Sequence[Flow]) -> Inset:
    title, crowded = name_region(members), len(members) > MANY
    name = f"{letter}: {title}, {len(members)} places"
    wide, narrow = (
        _near_map(name, members, at, flows, size) for size in ((WIDE, TALL) if crowded else (SMALL, SMALL))
    )
    numbers = tuple(sorted(point.number for point in members))
    return Inset(letter=letter, title=title, numbers=numbers, wide=wide, narrow=narrow, crowded=crowded)


def _near_map(
    name: str, members: Sequence[MapPoint], at: Mapping[int, Spot], flows: Sequence[Flow], size: Spot
) -> str:
    width, height = size
    window = fit_window([at[p.number] for p in members], width, height, least_span=0.01, margin=0.22)
    spots = push_apart({p.number: window(*at[p.number]) for p in members}, 23.0, width, height)
    leaving = [flow for flow in flows if (flow.origin in spots) != (flow.destination in spots)]
    near = [flow for flow in flows if flow.origin in spots and flow.destination in spots]
    room = Room(Box(3, 3, width - 3, height - 20))
    for x, y in spots.values():
        room.block(Box(x - 11, y - 11, x + 11, y + 11))
    body = [
        element("rect", width=width, height=height, rx=6, class_="ground"),
        *(_stub(flow, spots, at, window) for flow in leaving),
        *_arcs(near, spots),
        *(draw_dot(point, spots[point.number]) for point in members),
        *(_write_name(point.name, spots[point.number], room) for point in members),
        _scale_bar(window),
    ]
    return drawing(width, height, name, *body, class_="map inset")


def _stub(flow: Flow, spots: Mapping[int, Spot], at: Mapping[int, Spot], window: Window) -> str:
    """The beginning of a move that leaves the inset, towards where it goes, up to the frame."""
    here = spots[flow.origin] if flow.origin in spots else spots[flow.destination]
    there = window(*at[flow.destination if flow.origin in spots else flow.origin])
    wide, tall = there[0] - here[0], there[1] - here[1]
    reaches = [
        (edge - start) / step
        for start, step, size in ((here[0], wide, window.width), (here[1], tall, window.height))
        for edge in (0.0, size)
        if abs(step) > 1e-9 and (edge - start) / step > 0
    ]
    reach = min(reaches, default=0.0)
    path = f"M{here[0]:.1f},{here[1]:.1f}l{wide * reach:.1f},{tall * reach:.1f}"
    return element("g", _stroke(path, flow.mode, flow.words, None, 0.0), class_="stub")


def _scale_bar(window: Window) -> str:
    km_per_px = float(index_table("figures", "name")["km_per_degree"]["value"]) / window.per_degree
    sizes = [m * 10.0**e for e in range(-2, 4) for m in (1, 2, 5)]
    km = next((large for small, large in pairwise(sizes) if large / km_per_px > 40), sizes[-1])
    x, y, long = 10.0, window.height - 9.0, km / km_per_px
    bar = element("path", d=f"M{x},{y - 4:.1f}v4h{long:.1f}v-4", class_="scale-bar")
    return bar + label(f"{km:g} km", x + long + 6, y, class_="tick")
