"""The badge's tracks and vias, and the referee that says whether they join and part what they should."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from badge_drawing.outline import SLOT, outline, sample, stadium
from badge_drawing.parts import (
    COLUMN_PITCH,
    FIRST_COLUMN,
    LED_PINS,
    LED_PITCH,
    LEDS,
    Pad,
    Part,
    Point,
    led_spot,
    parts,
)

SIGNAL = 0.25
POWER = 0.5
BUS = 0.8
VIA = 0.8
VIA_DRILL = 0.4
CLEARANCE = 0.2
EDGE_CLEARANCE = 0.3
LAYERS = {"top": "F.Cu", "bottom": "B.Cu"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A straight piece of copper."""

    net: str
    side: str
    start: Point
    end: Point
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """A plated hole that joins both sides."""

    net: str
    at: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Copper:
    """Any copper on one side, as a convex hull of points grown by a radius."""

    net: str
    side: str
    hull: tuple[Point, ...]
    radius: float
    name: str


def path(net: str, side: str, width: float, *points: Point) -> list[Track]:
    """Tracks from point to point."""
    return [Track(net=net, side=side, start=a, end=b, width=width) for a, b in pairwise(points)]


def column(number: int) -> float:
    """The x of the column in which an LED's track climbs."""
    offset = number - (LEDS + 1) / 2
    return math.copysign(FIRST_COLUMN + COLUMN_PITCH * (abs(offset) - 0.5), offset)


def pin_spot(pin: int) -> Point:
    """Where a pin of the microcontroller lies."""
    chip = parts()[0]
    return next(chip.spot(pad) for pad in chip.footprint.pads if pad.name == str(pin))


def led_tracks(number: int) -> list[Track]:
    """From the pin sideways to the column, up to the resistor, across to the LED."""
    x, y = led_spot(number)
    pin, climb = pin_spot(LED_PINS[number]), column(number)
    resistor_y = y + 5.2
    return [
        *path(f"LED{number}_P", "top", SIGNAL, pin, (climb, pin[1]), (climb, round(resistor_y + 0.825, 4))),
        *path(
            f"LED{number}_A", "top", SIGNAL, (climb, round(resistor_y - 0.825, 4)), (x, round(y + 0.9375, 4))
        ),
        *path("GND", "top", POWER, (x, round(y - 0.9375, 4)), cathode_via(number)),
    ]


def cathode_via(number: int) -> Point:
    """Where an LED's cathode goes through to the ground bus."""
    x, y = led_spot(number)
    return (x, round(y - 2.6, 4))


def ground_tracks() -> list[Track]:
    """The bus along the LEDs, its link to the cell, and everything else that hangs on ground."""
    bus = [cathode_via(i) for i in range(1, LEDS + 1)]
    middle = (0.0, cathode_via(LEDS // 2)[1])
    links = [middle if abs(a[0]) < LED_PITCH and a[0] < 0 else None for a in bus]
    chain = [p for spot, link in zip(bus, links, strict=True) for p in (spot, link) if p is not None]
    return [
        *path("GND", "bottom", BUS, *chain),
        *path("GND", "bottom", BUS, middle, (0.0, 10.0)),
        *path("GND", "top", POWER, pin_spot(20), (4.65, 1.5), (2.6, 1.5), (0.775, 1.5)),
        *path("GND", "top", POWER, (0.775, 1.5), (0.95, -1.8)),
        *path("GND", "bottom", POWER, (2.6, 1.5), (0.0, 4.0)),
        *path("GND", "top", POWER, (-24.92, 20.0), (-24.92, 16.5), (-10.0, 17.5)),
        *path("GND", "bottom", POWER, (-10.0, 17.5), (0.0, 10.0)),
        *path("GND", "top", POWER, (27.15, 17.9), (20.85, 17.9), (9.5, 17.9)),
        *path("GND", "top", POWER, (15.5, 16.775), (15.5, 17.9)),
        *path("GND", "bottom", POWER, (9.5, 17.9), (0.0, 10.0)),
    ]


def power_tracks() -> list[Track]:
    """From the cell to the switch, from the switch to the chip and the programmer's pads."""
    left, right = (-10.985, 10.0), (10.985, 10.0)
    return [
        *path("BAT", "top", POWER, (-38.57, 6.75), (-37.6, 6.75)),
        *path("BAT", "bottom", POWER, (-37.6, 6.75), (-34.35, 10.0), left),
        *path("BAT", "bottom", POWER, left, (-13.0, 12.0), (-13.0, 19.9)),
        *path("BAT", "top", POWER, (-13.0, 19.9), (13.0, 19.9)),
        *path("BAT", "bottom", POWER, (13.0, 19.9), (13.0, 12.0), right),
        *path("VDD", "top", POWER, (-38.57, 3.75), (-36.0, 3.75), (-36.0, 15.0), (-34.5, 16.5)),
        *path("VDD", "top", POWER, (-34.5, 16.5), (-30.0, 16.5), (-30.0, 20.0)),
        *path("VDD", "bottom", POWER, (-36.0, 3.75), (-35.25, 3.0), (-7.0, 3.0)),
        *path("VDD", "top", POWER, (-7.0, 3.0), pin_spot(1), (-4.65, 1.5), (-0.775, 1.5), (-0.95, -1.8)),
    ]


def signal_tracks() -> list[Track]:
    """The programmer's line and the button."""
    return [
        *path("UPDI_CHIP", "top", SIGNAL, pin_spot(16), (9.675, 9.365)),
        *path("UPDI", "top", SIGNAL, (11.325, 9.365), (15.2, 9.365)),
        *path("UPDI", "bottom", SIGNAL, (15.2, 9.365), (15.2, 22.2), (-25.26, 22.2), (-27.46, 20.0)),
        *path("UPDI", "top", SIGNAL, (-27.46, 20.0), (-27.46, 16.5)),
        *path("BUTTON", "top", SIGNAL, pin_spot(12), (15.5, 14.445), (20.505, 14.445), (20.85, 14.1)),
        *path("BUTTON", "top", SIGNAL, (15.5, 14.445), (15.5, 15.225)),
        *path("BUTTON", "top", SIGNAL, (20.85, 14.1), (27.15, 14.1)),
    ]


def tracks() -> list[Track]:
    """Every track of the board."""
    lights = [track for i in range(1, LEDS + 1) for track in led_tracks(i)]
    return [*lights, *ground_tracks(), *power_tracks(), *signal_tracks()]


def vias() -> list[Via]:
    """Every via of the board."""
    ground = [cathode_via(i) for i in range(1, LEDS + 1)]
    ground += [(2.6, 1.5), (-10.0, 17.5), (9.5, 17.9)]
    others = [("BAT", (-37.6, 6.75)), ("BAT", (-13.0, 19.9)), ("BAT", (13.0, 19.9))]
    others += [("VDD", (-36.0, 3.75)), ("VDD", (-7.0, 3.0)), ("UPDI", (15.2, 9.365))]
    return [Via(net="GND", at=spot) for spot in ground] + [Via(net=net, at=spot) for net, spot in others]


def pad_hull(part: Part, pad: Pad) -> tuple[tuple[Point, ...], float]:
    """A pad as hull and radius; rounded rectangles count as full ones."""
    if pad.shape == "circle":
        return (part.spot(pad),), pad.size[0] / 2
    w, h = pad.size[0] / 2, pad.size[1] / 2
    corners = [(-w, -h), (w, -h), (w, h), (-w, h)]
    x, y = pad.at
    moved = [Pad(name="", at=(x + dx, y + dy), size=(0.0, 0.0), shape=pad.shape) for dx, dy in corners]
    return tuple(part.spot(corner) for corner in moved), 0.0


def pad_copper(part: Part) -> Iterator[Copper]:
    """A part's pads, on both sides where they have a hole (a hole without copper keeps off, too)."""
    for pad in part.footprint.pads:
        hull, radius = pad_hull(part, pad)
        net = part.nets.get(pad.name) or f"{part.designator}.{pad.name or pad.at}"
        for side in LAYERS if pad.drill else (part.side,):
            yield Copper(net=net, side=side, hull=hull, radius=radius, name=f"{part.designator}.{pad.name}")


def all_copper() -> list[Copper]:
    """Every piece of copper of the board."""
    pads = [copper for part in parts() for copper in pad_copper(part)]
    lines = [
        Copper(net=t.net, side=t.side, hull=(t.start, t.end), radius=t.width / 2, name=f"{t.start}-{t.end}")
        for t in tracks()
    ]
    holes = [
        Copper(net=v.net, side=side, hull=(v.at,), radius=VIA / 2, name=f"via {v.at}")
        for v in vias()
        for side in LAYERS
    ]
    return [*pads, *lines, *holes]


def sides(hull: Sequence[Point]) -> list[tuple[Point, Point]]:
    """The edges of a hull; a point is an edge of no length."""
    if len(hull) < 3:
        return [(hull[0], hull[-1])]
    return list(pairwise([*hull, hull[0]]))


def to_edge(p: Point, a: Point, b: Point) -> float:
    """Distance of a point from an edge."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    t = 0.0 if length == 0 else max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length))
    return math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy)


def turns(a: Point, b: Point, c: Point) -> float:
    """Above zero where ``c`` lies to one side of the line from ``a`` to ``b``, below zero on the other."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two edges properly cross."""
    return turns(a, b, c) * turns(a, b, d) < 0 and turns(c, d, a) * turns(c, d, b) < 0


def inside(p: Point, hull: Sequence[Point]) -> bool:
    """Whether a point lies in a convex hull of three points or more."""
    signs = [turns(a, b, p) for a, b in sides(hull)]
    return len(hull) > 2 and (min(signs) >= 0 or max(signs) <= 0)


def gap(one: Copper, two: Copper) -> float:
    """Distance between two pieces of copper; zero or less where they touch."""
    if inside(one.hull[0], two.hull) or inside(two.hull[0], one.hull):
        return -one.radius - two.radius
    best = math.inf
    for a, b in sides(one.hull):
        for c, d in sides(two.hull):
            if cross(a, b, c, d):
                return -one.radius - two.radius
            best = min(best, to_edge(a, c, d), to_edge(b, c, d), to_edge(c, a, b), to_edge(d, a, b))
    return best - one.radius - two.radius


def clashes(copper: Iterable[Copper]) -> list[str]:
    """Pieces of different nets on one side that come closer than `CLEARANCE`."""
    return [
        f"{one.name} ({one.net}) and {two.name} ({two.net}) on {one.side}: {gap(one, two):.3f} mm apart"
        for one, two in combinations(copper, 2)
        if one.side == two.side and one.net != two.net and gap(one, two) < CLEARANCE - 1e-9
    ]


def islands(copper: Sequence[Copper]) -> dict[str, int]:
    """How many unconnected groups the copper of each net forms."""
    group = list(range(len(copper)))

    def top(i: int) -> int:
        while group[i] != i:
            i = group[i]
        return i

    for i, j in combinations(range(len(copper)), 2):
        one, two = copper[i], copper[j]
        through = one.hull == two.hull and one.name == two.name
        if one.net == two.net and (through or (one.side == two.side and gap(one, two) <= 1e-6)):
            group[top(i)] = top(j)
    found: dict[str, set[int]] = {}
    for i, piece in enumerate(copper):
        found.setdefault(piece.net, set()).add(top(i))
    return {net: len(tops) for net, tops in found.items()}


def too_close_to_edge(copper: Iterable[Copper]) -> list[str]:
    """Copper nearer to the edge or the slot than `EDGE_CLEARANCE`."""
    rims = [sample(outline()), sample(stadium(*SLOT))]
    edges = [
        Copper(net="edge", side="", hull=edge, radius=0.0, name="edge")
        for rim in rims
        for edge in pairwise([*rim, rim[0]])
    ]
    return [
        f"{piece.name} ({piece.net})"
        for piece in copper
        if min(gap(piece, edge) for edge in edges) < EDGE_CLEARANCE
    ]


def faults() -> list[str]:
    """All that is wrong with the copper; empty when it joins and parts what it should."""
    copper = all_copper()
    torn = [f"net {net} falls into {n} parts" for net, n in islands(copper).items() if n > 1]
    return [*clashes(copper), *torn, *(f"{name} too close to the edge" for name in too_close_to_edge(copper))]
