"""Who does what when: a row of bars for a machine, a profile for many machines alike.

Each row is a drawing of its own, a percentage of the time axis wide: bars stretch with the page,
words keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manyworks.report.charts.svg import element, label, tooltip
from manyworks.report.charts.time_axis import DAY, TONES, Span, percent

ROW, BAR, POOL = 34.0, 24.0, 76.0
LEAST_BAR = 4
LEAST_LETTER = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One piece of work. Times in seconds from the epoch; ``segments`` are the worked stretches.

    ``tone`` picks the colour of the order, ``letter`` is printed first; ``detail`` is everything
    there is to say about it.
    """

    letter: str
    tone: int
    words: str
    detail: str
    start: int
    end: int
    setup_s: int
    segments: tuple[tuple[int, int], ...]
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One machine; ``working`` are its working intervals (empty: always)."""

    name: str
    bars: tuple[Bar, ...]
    working: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From ``start`` to ``end`` an order keeps ``high - low`` machines busy, above ``low`` of others."""

    start: int
    end: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one order takes of many machines alike, in ascending stretches."""

    letter: str
    tone: int
    words: str
    detail: str
    stretches: tuple[Stretch, ...]
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Many machines alike: ``rows`` are those in use, ``total`` all there are.

    ``layers`` say how many are busy when, stacked; ``working`` is when any of them works.
    """

    name: str
    total: int
    rows: tuple[Row, ...]
    layers: tuple[Layer, ...]
    working: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The machines of one shop."""

    name: str
    rows: tuple[Row | Pool, ...]


def draw_row(row: Row, span: Span) -> str:
    """One machine's time: set-up is hatched, time off is shaded."""
    after = [*(bar.start for bar in row.bars[1:]), span.work_end]
    bars = (_bar(bar, free, span) for bar, free in zip(row.bars, after, strict=False))
    return _strip(ROW, _time_off(row.working, span, ROW), *bars)


def draw_pool(pool: Pool, span: Span) -> str:
    """How many of many machines alike are busy, one colour an order; full height is all in use."""
    last = max((layer.stretches[-1].end for layer in pool.layers), default=0)
    layers = [_layer(layer, len(pool.rows), span, last) for layer in pool.layers]
    return _strip(POOL, _time_off(pool.working, span, POOL), *layers)


def define_patterns() -> str:
    """The hatching that set-up is filled with, once for a page's ``<defs>``."""
    stripe = element("path", d="M-2,2l4,-4M0,8l8,-8M6,10l4,-4", class_="stripe")
    return element("pattern", stripe, id="hatch", width=8, height=8, patternUnits="userSpaceOnUse")


def _strip(height: float, *parts: str) -> str:
    return element("svg", *parts, width="100%", height=height, aria_hidden="true", class_="time-row")


def _time_off(working: Sequence[tuple[int, int]], span: Span, height: float) -> str:
    """Everything between working intervals as one shape."""
    if not working:
        return ""
    path, free, unit = [], span.start, _unit(span)
    for begin, stop in [*working, (span.end, span.end)]:
        start, end = max(begin, span.start), min(stop, span.end)
        if start > free:
            width = -(-(start - free) // unit)
            path.append(f"M{(free - span.start) // unit},0h{width}v1h-{width}z")
        free = max(free, end)
    return _stretched(element("path", d="".join(path)), span, 1, 0.0, height, "time-off")


def _unit(span: Span) -> int:
    """Shapes are written in minutes, or in seconds where less than a day is drawn."""
    return 60 if span.end - span.start >= DAY else 1


def _stretched(shape: str, span: Span, tall: float, y: float, height: float, class_: str) -> str:
    """A shape in units (see `_unit`) across and ``tall`` of its own down, stretched over the whole axis."""
    return element(
        "svg",
        shape,
        x=0,
        y=y,
        width="100%",
        height=height,
        viewBox=f"0 0 {(span.end - span.start) // _unit(span)} {tall:g}",
        preserveAspectRatio="none",
        class_=class_,
    )


def _bar(bar: Bar, free: int, span: Span) -> str:
    """A bar and its name: inside where that fits, else beside it until the next bar at ``free``."""
    y = (ROW - BAR) / 2
    x, width = span.share(bar.start), span.share(bar.end) - span.share(bar.start)
    least = element("rect", x=percent(x), y=y, width=LEAST_BAR, height=BAR, rx=2, class_="least")
    waiting = _box(bar.start, bar.end, span, y, "waiting") if len(bar.segments) > 1 else ""
    worked = "".join(_box(start, end, span, y, "work") for start, end in bar.segments)
    setup = "".join(_box(start, end, span, y, "set-up") for start, end in _first(bar.segments, bar.setup_s))
    name = element(
        "svg",
        label(f"{_mark(bar)} {bar.words}", 0, 16, dx=5, class_="bar-name"),
        x=percent(x),
        y=y,
        width=percent(width),
        height=BAR,
    )
    beside = span.share(free) - span.share(bar.end)
    return _about(bar, (width, beside, 100.0), tooltip(bar.detail), least, waiting, worked, setup, name)


def _about(bar: Bar | Layer, room: tuple[float, float, float], *parts: str) -> str:
    """The group of a bar or a layer, with what the page needs to name it and to tell about it.

    ``room`` is the width of the name's place, the free width beside the bar, and where that begins
    as a percentage of the name's place.
    """
    classes = f"bar tone-{bar.tone % TONES}{' late' if bar.late else ''}"
    return element(
        "g",
        *parts,
        class_=classes,
        data_detail=bar.detail,
        data_letter=_mark(bar),
        data_words=bar.words,
        data_wide=f"{room[0]:.3f}",
        data_free=f"{room[1]:.3f}",
        data_beside=percent(room[2]),
    )


def _mark(bar: Bar | Layer) -> str:
    return f"{bar.letter}{'!' if bar.late else ''}"


def _box(start: int, end: int, span: Span, y: float, class_: str) -> str:
    width = percent(span.share(end) - span.share(start))
    return element("rect", x=percent(span.share(start)), y=y, width=width, height=BAR, rx=2.5, class_=class_)


def _first(segments: Sequence[tuple[int, int]], seconds: int) -> list[tuple[int, int]]:
    """The first ``seconds`` worked of some stretches."""
    taken = []
    for start, end in segments:
        if seconds <= 0:
            break
        taken.append((start, min(end, start + seconds)))
        seconds -= end - start
    return taken


def _layer(layer: Layer, used: int, span: Span, last: int) -> str:
    """An area as high as machines are busy, with the order's name in its roomiest stretch.

    ``last`` is when the last area ends: only beside that one there is room for a name.
    """
    top, height = 5.0, POOL - 10.0
    outline = "".join(_outline(run, used, span) for run in _runs(layer.stretches))
    area = _stretched(element("path", d=outline, class_="work"), span, used, top, height, "profile")
    room = max(layer.stretches, key=lambda one: (one.high - one.low) * (one.end - one.start))
    width, tall = span.share(room.end) - span.share(room.start), (room.high - room.low) * height / used
    name = element(
        "svg",
        label(f"{_mark(layer)} {layer.words}", 0, tall / 2 + 4, dx=5, class_="bar-name"),
        x=percent(span.share(room.start)),
        y=top + height * (1 - room.high / used),
        width=percent(width),
        height=tall,
    )
    beside = span.share(span.work_end) - span.share(last) if layer.stretches[-1].end == last else 0.0
    begin = 100.0 * (last - room.start) / (room.end - room.start)
    named = name if tall >= LEAST_LETTER else ""
    return _about(layer, (width, beside, begin), tooltip(layer.detail), area, named)


def _runs(stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    """Stretches that follow each other without a gap, together."""
    runs: list[list[Stretch]] = []
    for one in stretches:
        if runs and runs[-1][-1].end == one.start:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _outline(run: Sequence[Stretch], used: int, span: Span) -> str:
    """Along the top of a run of stretches and back along its bottom."""

    def x(at: int) -> str:
        return f"{(at - span.start) / _unit(span):.2f}"

    there = "".join(f"V{used - one.high}H{x(one.end)}" for one in run)
    back = "".join(f"V{used - one.low}H{x(one.start)}" for one in reversed(run))
    return f"M{x(run[0].start)},{used - run[0].low}{there}{back}Z"
