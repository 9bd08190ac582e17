"""How many pieces common stock sheets hold."""

from __future__ import annotations

from collections.abc import Sequence

from manyworks.files.sheets.conventions import vocabulary
from manyworks.files.sheets.drawing import Path
from manyworks.files.sheets.limits import NESTED_PIECES
from manyworks.model import Nesting
from manyworks.shapes.contour_sets import area_of, box_of
from manyworks.shapes.nesting import fill_sheet

# Stock sizes tried, from the smallest that holds the largest piece.
_TRIED = 3


def nest_on_stock(outlines: Sequence[Path], areas: Sequence[float], *, router: bool) -> tuple[Nesting, ...]:
    """Estimates on the smallest stock sheets that hold every piece.

    Parameters
    ----------
    outlines
        Outer contours of all pieces, mm.
    areas
        Of the pieces, openings taken off, mm2; the used share counts these.
    router
        Whether a router cuts them, which needs wider gaps.
    """
    if not outlines:
        return ()
    cutting = vocabulary()["cutting"]
    gap = float(cutting["gap_router_mm" if router else "gap_laser_mm"])
    chosen = _spread_out(outlines)
    solid = sum(areas) / sum(area_of(one) for one in outlines) if areas else 1.0
    found: list[Nesting] = []
    for row in vocabulary()["stock"]:
        if len(found) == _TRIED:
            break
        width, length = (float(side) for side in row["size_mm"])
        room = width - 2 * cutting["margin_mm"], length - 2 * cutting["margin_mm"]
        if not _fits(outlines, room):
            continue
        count, share = fill_sheet(chosen, room, gap=gap, most=NESTED_PIECES)
        used = share * solid * room[0] * room[1] / (width * length)
        method = "bottom-left on a grid, turned by quarters"
        if len(chosen) < len(outlines):
            method += f"; {len(chosen)} of {len(outlines)} pieces stand for all"
        if count:
            found.append(
                Nesting(sheet_mm=(width, length), pieces=count, used_share=used, gap_mm=gap, method=method)
            )
    return tuple(found)


def nest_as_drawn(
    sheets: Sequence[tuple[float, float, float, float]],
    boxes: Sequence[tuple[float, float, float, float]],
    areas: Sequence[float],
) -> tuple[Nesting, ...]:
    """The drawing's own layout, where it shows its stock sheets."""
    found = []
    for x0, y0, x1, y1 in sheets:
        inside = [
            area
            for (a0, b0, a1, b1), area in zip(boxes, areas, strict=True)
            if x0 <= (a0 + a1) / 2 <= x1 and y0 <= (b0 + b1) / 2 <= y1
        ]
        if inside:
            width, length = sorted((x1 - x0, y1 - y0))
            share = sum(inside) / (width * length)
            found.append(
                Nesting(
                    sheet_mm=(width, length),
                    pieces=len(inside),
                    used_share=share,
                    gap_mm=0.0,
                    method="as drawn",
                )
            )
    return tuple(found)


def _fits(outlines: Sequence[Path], room: tuple[float, float]) -> bool:
    short, long = sorted(room)
    for outline in outlines:
        x0, y0, x1, y1 = box_of(outline)
        width, height = sorted((x1 - x0, y1 - y0))
        if width > short or height > long:
            return False
    return True


def _spread_out(outlines: Sequence[Path]) -> list[Path]:
    """Few enough pieces to lay one by one: every so-and-so-many-th by size."""
    if len(outlines) <= NESTED_PIECES:
        return list(outlines)
    order = sorted(outlines, key=area_of, reverse=True)
    step = len(order) / NESTED_PIECES
    return [order[int(k * step)] for k in range(NESTED_PIECES)]
