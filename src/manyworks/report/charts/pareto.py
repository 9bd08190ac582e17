"""The few sensible ways to get a quantity: price against lead time, CO2e as size."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from manyworks.model import Spread
from manyworks.report.charts.labels import Box, Room, boxes_beside
from manyworks.report.charts.scales import Scale, enclose, find_tick_decimals, find_ticks
from manyworks.report.charts.svg import drawing, element, label, text_width, tooltip

LEFT, RIGHT, TOP, BOTTOM = 62.0, 16.0, 26.0, 44.0
SMALLEST, LARGEST = 7.0, 17.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One option: price per piece, lead time in days, ``co2e_kg`` for the lot and words for each."""

    name: str
    price: Spread
    days: Spread
    co2e_kg: float
    detail: str
    co2e_words: str


def draw_pareto(
    ways: Sequence[Way], *, width: float, height: float, write_price: Callable[[float, int], str]
) -> str:
    """Points with their 10 % to 90 % ranges as whiskers; the area of a dot grows with CO2e.

    ``write_price`` prints an amount with a number of decimals for the price axis.
    """
    ways = [way for way in ways if _is_finite(way)]
    if not ways:
        return ""
    days = enclose((n for way in ways for n in (way.days.p10, way.days.p90, way.days.mean)), 0.12, 0.0)
    price = enclose((n for way in ways for n in (way.price.p10, way.price.p90, way.price.mean)), 0.14, 0.0)
    across = Scale(low=days[0], high=days[1], start=LEFT, end=width - RIGHT)
    upwards = Scale(low=price[0], high=price[1], start=height - BOTTOM, end=TOP)
    largest = max(way.co2e_kg for way in ways)
    dots = [_dot(i, way, across, upwards, _radius(way.co2e_kg, largest)) for i, way in enumerate(ways)]
    frame = Box(LEFT, TOP - 8, width - 2, height - BOTTOM)
    threads, names = _names(ways, across, upwards, largest, frame)
    body = [
        *_grid(across, upwards, width, height, write_price),
        *(_whiskers(i, way, across, upwards) for i, way in enumerate(ways)),
        *threads,
        *dots,
        *names,
    ]
    return drawing(width, height, _summary(ways), *body, class_="pareto")


def _is_finite(way: Way) -> bool:
    spreads = (way.price, way.days)
    return all(math.isfinite(n) for s in spreads for n in (s.mean, s.p10, s.p90)) and math.isfinite(
        way.co2e_kg
    )


def _summary(ways: Sequence[Way]) -> str:
    return "Price against lead time. " + ". ".join(f"{way.name}: {way.detail}" for way in ways)


def _radius(co2e_kg: float, largest: float) -> float:
    share = co2e_kg / largest if largest > 0 and co2e_kg > 0 else 0.0
    return max(SMALLEST, LARGEST * math.sqrt(share))


def _grid(
    across: Scale, upwards: Scale, width: float, height: float, write_price: Callable[[float, int], str]
) -> list[str]:
    parts: list[str] = []
    prices = find_ticks(upwards.low, upwards.high, 5)
    for tick in prices:
        y = upwards(tick)
        parts.append(element("line", x1=LEFT, x2=width - RIGHT, y1=y, y2=y, class_="grid"))
        words = write_price(tick, find_tick_decimals(prices))
        parts.append(label(words, LEFT - 8, y + 4, class_="tick end"))
    days = find_ticks(across.low, across.high, max(int(width / 70), 3))
    for tick in days:
        x = across(tick)
        parts.append(element("line", x1=x, x2=x, y1=TOP, y2=height - BOTTOM, class_="grid"))
        parts.append(
            label(f"{tick:.{find_tick_decimals(days)}f}", x, height - BOTTOM + 18, class_="tick middle")
        )
    parts.append(label("lead time, days", width - RIGHT, height - 8, class_="axis-name end"))
    parts.append(label("price per piece", 2, 12, class_="axis-name"))
    return parts


def _whiskers(number: int, way: Way, across: Scale, upwards: Scale) -> str:
    x, y = across(way.days.mean), upwards(way.price.mean)
    left, right = across(way.days.p10), across(way.days.p90)
    low, high = upwards(way.price.p10), upwards(way.price.p90)
    ends = "".join(f"M{end:.1f},{y - 4:.1f}v8" for end in (left, right))
    ends += "".join(f"M{x - 4:.1f},{end:.1f}h8" for end in (low, high))
    path = f"M{left:.1f},{y:.1f}H{right:.1f}M{x:.1f},{low:.1f}V{high:.1f}{ends}"
    return element("path", d=path, class_=f"whisker ink-{number % 8}")


def _dot(number: int, way: Way, across: Scale, upwards: Scale, radius: float) -> str:
    x, y = across(way.days.mean), upwards(way.price.mean)
    circle = element("circle", cx=x, cy=y, r=radius, class_=f"dot tint-{number % 8}")
    return element("g", tooltip(f"{way.name}: {way.detail}"), circle)


def _names(
    ways: Sequence[Way], across: Scale, upwards: Scale, largest: float, frame: Box
) -> tuple[list[str], list[str]]:
    """Threads from the dots to their names, and the names in the dots' colours."""
    room = Room(frame)
    for way in ways:
        x, y, r = across(way.days.mean), upwards(way.price.mean), _radius(way.co2e_kg, largest)
        room.block(Box(x - r, y - r, x + r, y + r))
        room.block(Box(across(way.days.p10), y - 3, across(way.days.p90), y + 3))
        room.block(Box(x - 3, upwards(way.price.p90), x + 3, upwards(way.price.p10)))
    threads, names = [], []
    for i, way in enumerate(ways):
        x, y = across(way.days.mean), upwards(way.price.mean)
        box = _find_room(way, x, y, _radius(way.co2e_kg, largest), room)
        if box is not None:
            threads.append(_thread(i, x, y, box))
            names.append(_name(i, way, box))
    return threads, names


def _find_room(way: Way, x: float, y: float, radius: float, room: Room) -> Box | None:
    wide = max(text_width(way.name, 13), text_width(way.co2e_words, 11.5)) + 4
    near = boxes_beside(x, y, radius + 5, wide, 32)
    far = boxes_beside(x, y, radius + 26, wide, 32)
    return room.take_best([*near, *far], math.inf)


def _thread(number: int, x: float, y: float, box: Box) -> str:
    """From the middle of a dot to the nearest edge of its name."""
    to_x, to_y = min(max(x, box.left), box.right), min(max(y, box.top + 2), box.bottom - 2)
    return element("line", x1=x, y1=y, x2=to_x, y2=to_y, class_=f"name-thread ink-{number % 8}")


def _name(number: int, way: Way, box: Box) -> str:
    bold = label(way.name, box.left + 2, box.top + 13, class_=f"point-name word-{number % 8}")
    return bold + label(way.co2e_words, box.left + 2, box.top + 28, class_="point-note")
