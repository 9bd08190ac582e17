"""A cable harness as a diagram: connectors on both sides, a line for every core."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from manyworks.model import HarnessDesign, HarnessWire
from manyworks.report.charts.svg import drawing, element, label, tooltip

MOST_WIRES = 300
_ROW, _HEAD, _BOX, _GAP = 20.0, 26.0, 130.0, 16.0
# Colours of cores by their IEC 60757 codes, as far as they are told apart on a page.
_COLOURS = {
    "BK": "#333333", "BN": "#8b5a2b", "RD": "#d03030", "OG": "#e07b1a", "YE": "#d9b400", "GN": "#2f9e4f",
    "BU": "#2b6fd0", "VT": "#8a4fc0", "GY": "#8a8f94", "WH": "#c9ccd0", "PK": "#e58ab0", "TQ": "#2aa7a7",
}  # fmt: skip
_UNTOLD = "#8a8f94"


def draw_harness(harness: HarnessDesign, *, width: float) -> str:
    """Connectors that cores start at on the left, those they end at on the right."""
    wires = [wire for wire in harness.wires if wire.start or wire.end][:MOST_WIRES]
    if not wires:
        return ""
    left = _slots([wire.start for wire in wires])
    right = _slots([wire.end for wire in wires])
    boxes = (*_boxes(left, 8.0), *_boxes(right, width - 8.0 - _BOX))
    cores = (_core(wire, left[wire.start], right[wire.end], width) for wire in wires)
    height = max([*left.values(), *right.values()]) + _ROW + 8
    return drawing(
        width, height, f"Harness with {len(wires)} cores", *boxes, *cores, class_="harness-drawing"
    )


def _slots(ends: Sequence[str]) -> dict[str, float]:
    """Height of every end, ends of one connector together under its name."""
    connectors: dict[str, list[str]] = {}
    for end in dict.fromkeys(ends):
        connectors.setdefault(end.partition(":")[0], []).append(end)
    places: dict[str, float] = {}
    y = 8.0
    for group in connectors.values():
        y += _HEAD
        for end in sorted(group, key=_pin):
            places[end] = y
            y += _ROW
        y += _GAP
    return places


def _pin(end: str) -> tuple[int, str]:
    pin = end.partition(":")[2]
    return (int(pin), "") if pin.isdigit() and len(pin) < 6 else (10**6, pin)


def _boxes(places: dict[str, float], x: float) -> Iterator[str]:
    names: dict[str, list[str]] = {}
    for end in places:
        names.setdefault(end.partition(":")[0], []).append(end)
    for name, ends in names.items():
        top = min(places[end] for end in ends) - _HEAD + 4
        height = len(ends) * _ROW + _HEAD - 4
        yield element("rect", x=x, y=top, width=_BOX, height=height, rx=6, class_="connector")
        yield label(name[:18] or "open end", x + 10, top + 16, class_="connector-name")
        for end in ends:
            yield label(end.partition(":")[2][:14], x + _BOX / 2, places[end] + 12, class_="tick middle")


def _core(wire: HarnessWire, y1: float, y2: float, width: float) -> str:
    x1, x2 = 8 + _BOX, width - 8 - _BOX
    middle = (x1 + x2) / 2
    a, b = y1 + 8, y2 + 8
    length = f", {wire.length_mm:.0f} mm" if wire.length_mm is not None else ""
    gauge = f", {wire.gauge_mm2:.2g} mm2" if wire.gauge_mm2 is not None else ""
    words = tooltip(f"{wire.cable} {wire.core} {wire.colour}{gauge}{length}".strip())
    path = f"M{x1:.1f} {a:.1f}C{middle:.1f} {a:.1f} {middle:.1f} {b:.1f} {x2:.1f} {b:.1f}"
    code = wire.colour.upper()
    rim = element("path", d=path, class_="core-rim")
    core = element("path", words, d=path, stroke=_COLOURS.get(code[:2], _UNTOLD), class_="core")
    if code[2:4] not in _COLOURS:
        return rim + core
    return rim + core + element("path", d=path, stroke=_COLOURS[code[2:4]], class_="core-stripe")
