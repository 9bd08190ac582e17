"""Price per piece over quantity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from manyworks.model import Spread
from manyworks.report.charts.labels import Box, Room
from manyworks.report.charts.scales import Scale, find_tick_decimals, find_ticks
from manyworks.report.charts.svg import drawing, element, label, shorten, text_width, tooltip

LEFT, RIGHT, BOTTOM = 62.0, 30.0, 44.0
NOTE = 17.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint:
    """Price of one piece at a quantity, and how both are printed."""

    quantity: int
    price: Spread
    words: str
    quantity_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The quantity from which another way of making is cheaper."""

    quantity: int
    words: str


def draw_price_curve(
    points: Sequence[PricePoint],
    changes: Sequence[Change],
    *,
    width: float,
    height: float,
    write_price: Callable[[float, int], str],
    caption: str = "price per piece, cheapest way",
) -> str:
    """Unit price with its 10 % to 90 % band over quantity, both on logarithmic scales.

    Empty for fewer than two quantities or a price that is not above zero.
    """
    points = sorted({point.quantity: point for point in points}.values(), key=lambda point: point.quantity)
    if len(points) < 2 or min(min(p.price.p10, p.price.mean) for p in points) <= 0:
        return ""
    inside = sorted(
        (c for c in changes if points[0].quantity <= c.quantity <= points[-1].quantity),
        key=lambda change: change.quantity,
    )
    top = 24 + NOTE * len(inside)
    across = Scale(
        low=points[0].quantity, high=points[-1].quantity, start=LEFT + 14, end=width - RIGHT, logarithmic=True
    )
    prices = [n for p in points for n in (p.price.p10, p.price.p90, p.price.mean)]
    upwards = Scale(
        low=min(prices) * 0.85, high=max(prices) * 1.2, start=height - BOTTOM, end=top, logarithmic=True
    )
    body = [
        *_grid(points, across, upwards, width, height, write_price),
        label(caption, 2, 12, class_="axis-name"),
        *(_change(i, change, across, height, width) for i, change in enumerate(inside)),
        _band(points, across, upwards),
        _line(points, across, upwards),
        *_marks(points, across, upwards, Box(LEFT, top - 10, width, height)),
    ]
    return drawing(width, height, _summary(points), *body, class_="curve")


def _summary(points: Sequence[PricePoint]) -> str:
    return "Price per piece by quantity. " + ". ".join(f"{p.quantity_words}: {p.words}" for p in points)


def _price_ticks(low: float, high: float) -> list[float]:
    sizes = [m * 10.0**e for e in range(-6, 10) for m in (1, 2, 5)]
    ticks = [size for size in sizes if low <= size <= high]
    return ticks if len(ticks) > 1 else find_ticks(low, high, 4)


def _grid(
    points: Sequence[PricePoint],
    across: Scale,
    upwards: Scale,
    width: float,
    height: float,
    write_price: Callable[[float, int], str],
) -> list[str]:
    parts: list[str] = []
    for tick in _price_ticks(upwards.low, upwards.high):
        y = upwards(tick)
        parts.append(element("line", x1=LEFT, x2=width - 8, y1=y, y2=y, class_="grid"))
        parts.append(label(write_price(tick, find_tick_decimals([tick])), LEFT - 8, y + 4, class_="tick end"))
    room = Room(Box(0, 0, width, height))
    for point in points:
        x, half = across(point.quantity), text_width(point.quantity_words, 11.5) / 2 + 3
        parts.append(element("line", x1=x, x2=x, y1=height - BOTTOM, y2=height - BOTTOM + 5, class_="axis"))
        if room.take_best([Box(x - half, 1, x + half, 2)], 0.0):
            parts.append(label(point.quantity_words, x, height - BOTTOM + 19, class_="tick middle"))
    parts.append(
        element("line", x1=LEFT, x2=width - 8, y1=height - BOTTOM, y2=height - BOTTOM, class_="axis")
    )
    parts.append(label("quantity", width - 8, height - 6, class_="axis-name end"))
    return parts


def _band(points: Sequence[PricePoint], across: Scale, upwards: Scale) -> str:
    there = [f"{across(p.quantity):.1f},{upwards(p.price.p90):.1f}" for p in points]
    back = [f"{across(p.quantity):.1f},{upwards(p.price.p10):.1f}" for p in reversed(points)]
    return element("polygon", points=" ".join(there + back), class_="band")


def _line(points: Sequence[PricePoint], across: Scale, upwards: Scale) -> str:
    corners = " ".join(f"{across(p.quantity):.1f},{upwards(p.price.mean):.1f}" for p in points)
    return element("polyline", points=corners, class_="line")


def _marks(points: Sequence[PricePoint], across: Scale, upwards: Scale, frame: Box) -> list[str]:
    room, parts = Room(frame), []
    for point in points:
        x, y = across(point.quantity), upwards(point.price.mean)
        dot = element("circle", cx=x, cy=y, r=4.5, class_="dot tint-0")
        parts.append(element("g", tooltip(f"{point.quantity_words}: {point.words}"), dot))
        half = text_width(point.words, 12) / 2
        middle = max(x, frame.left + half)
        spots = [Box(middle - half, y + up, middle + half, y + up + 15) for up in (-24, 9)]
        box = room.take_best(spots, 0.0)
        if box is not None:
            parts.append(label(point.words, middle, box.top + 12, class_="point-name middle"))
    return parts


def _change(number: int, change: Change, across: Scale, height: float, width: float) -> str:
    x, y = across(change.quantity), 30 + NOTE * number
    words = shorten(change.words, max(x - LEFT, width - x) - 12, 11.5)
    right = x + 6 + text_width(words, 11.5) < width
    thread = element("line", x1=x, x2=x, y1=y - 9, y2=height - BOTTOM, class_="change")
    return thread + label(words, x + 5 if right else x - 5, y, class_="note" if right else "note end")
