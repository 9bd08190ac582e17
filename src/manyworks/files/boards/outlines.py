"""What is drawn on a board's edge layer -> its outline, or findings that say what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from manyworks.files.boards.contours import LOOSE_JOIN_MM, Outline, Path, Point, assemble, bounds, signed_area
from manyworks.files.limits import COORDINATE_MM, FINDINGS_PER_KIND, OUTLINE_POINTS
from manyworks.model import Finding, error, warning

# A separate contour much smaller than the largest is a mark or a coupon, no board of its own.
SINGLE_BOARD_SHARE = 0.25


def settle_outline(drawn: Iterable[Path], edge: str, name: str, findings: list[Finding]) -> Outline | None:
    """The board's outline; None, with an error finding, where there is none to make a board from.

    Parameters
    ----------
    drawn
        Lines and closed contours of the edge layer, in mm.
    edge
        What the format calls that layer.
    name, findings
        What findings call the file, and where they go.
    """
    chains: list[Path] = []
    points = 0
    for chain in drawn:
        chains.append(chain)
        points += len(chain)
        if points > OUTLINE_POINTS:
            findings.append(_too_large(name))
            return None
    outline = _assemble(chains, edge, name, findings)
    if outline is not None:
        findings.extend(_remarks(outline, edge, name))
    return outline


def single_boards(outline: Outline) -> int:
    """How many boards the outer contours make: marks beside a board are none."""
    areas = [abs(signed_area(path)) for path in outline.outer]
    return max(1, sum(area >= SINGLE_BOARD_SHARE * max(areas) for area in areas)) if areas else 1


def _too_large(name: str) -> Finding:
    return error("files.board.outline-too-large", name, "the outline is beyond any board's size")


def _assemble(chains: list[Path], edge: str, name: str, findings: list[Finding]) -> Outline | None:
    chains = [chain for chain in chains if len(chain) > 1]
    if not chains:
        text = f"nothing is drawn on {edge}, so the board has no shape"
        findings.append(error("files.board.no-outline", name, text, f"draw the board's edge on {edge}"))
        return None
    if _far(chains):
        findings.append(_too_large(name))
        return None
    outline = assemble(chains)
    trouble = _why_not(outline, edge, name)
    if trouble is not None:
        findings.append(trouble)
        return None
    return outline


def _far(chains: list[Path]) -> bool:
    return any(abs(x) > COORDINATE_MM or abs(y) > COORDINATE_MM for chain in chains for x, y in chain)


def _why_not(outline: Outline, edge: str, name: str) -> Finding | None:
    if outline.too_many:
        return error(
            "files.board.outline-too-large", name, "the outline falls into too many separate contours"
        )
    widest = max(outline.open_chains, key=_extent, default=None)
    if widest is None:
        return None if outline.outer else _flat(edge, name)
    if not outline.outer or _extent(widest) > _extent(outline.outer[0]):
        return error(
            "files.board.outline-open",
            name,
            f"the outline does not close: a gap of {math.dist(widest[0], widest[-1]):.3f} mm "
            f"between {_text(widest[0])} and {_text(widest[-1])}",
            "join the ends of the outline",
        )
    return None


def _flat(edge: str, name: str) -> Finding:
    text = f"what is drawn on {edge} encloses no area"
    return error("files.board.no-outline", name, text, f"draw the board's edge on {edge}")


def _extent(path: Path) -> float:
    left, top, right, bottom = bounds(path)
    return math.hypot(right - left, bottom - top)


def _text(point: Point) -> str:
    return f"({point[0]:.2f}, {point[1]:.2f})"


def _remarks(outline: Outline, edge: str, name: str) -> Iterator[Finding]:
    if outline.joined:
        yield warning(
            "files.board.outline-gap",
            name,
            f"ends of the outline up to {LOOSE_JOIN_MM} mm apart were joined",
            "join the ends of the outline",
        )
    if len(outline.outer) > 1:
        boards = single_boards(outline)
        yield warning(
            "files.board.several-outlines",
            name,
            f"{len(outline.outer)} separate outlines, {boards} of them as large as a board; "
            "the size is that of all together",
            "keep one board in a file, or treat this as a panel",
        )
    for chain in outline.open_chains[:FINDINGS_PER_KIND]:
        yield warning(
            "files.board.outline-stray",
            name,
            f"a line from {_text(chain[0])} to {_text(chain[-1])} on {edge} closes no contour",
            "remove it or close it",
        )
    more = len(outline.open_chains) - FINDINGS_PER_KIND
    if more > 0:
        text = f"{more} further lines like that on {edge}"
        yield warning("files.board.outline-stray", name, text)
