"""Fabrication sets beside board files, position files and parts lists: which belong together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from manyworks.files.boards import BoardFile, Footprint
from manyworks.files.found import Found
from manyworks.files.part_kinds import kind_of
from manyworks.files.pieces import DesignFile
from manyworks.files.sources import Source
from manyworks.files.tables import Bill, Position, Table
from manyworks.model import BoardDesign, Finding, Placement, info, warning

# Two drawings of one outline: pens and rounding differ by less than this.
_SAME_MM = 0.2
# A part's centre is rarely farther than this from its nearest pad; positions of another board are.
_PAD_NEAR_MM = 6.0
# A pad farther from every part's centre is a test point's, a fiducial's or a hole's.
_PAD_FAR_MM = 15.0
# Below this share of placements on pads, a position file is taken to be of another board.
_FITS = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Populated:
    """A board known by its fabrication files, with the position tables that fit it."""

    board: BoardFile
    sources: tuple[Source, ...]
    title: str
    tables: tuple[Table, ...]
    positions: tuple[Position, ...]


def settle_sets(found: Found) -> list[DesignFile[BoardDesign]]:
    """Fabrication sets that are boards of their own; the others are attached to what they repeat."""
    alone: list[DesignFile[BoardDesign]] = []
    for one in found.sets:
        board = next((b for b in found.boards if _same_size(b.design, one.design)), None)
        whole = next((b for b in found.boards if _panel_of(one.design, b.design)), None)
        twin = next((other for other in alone if _same_board(other.design, one.design)), None)
        if board is not None:
            found.attach(board.source.name, one.sources, "fabrication")
            _hush(one, found)
            found.findings.extend(_differences(board, one))
        elif whole is not None:
            found.attach(whole.source.name, one.sources, "panel")
            _hush(one, found)
            text = f"a panel of {one.design.pieces} of {whole.source.name}"
            found.findings.append(info("files.board.panel", one.source.name, text))
        elif twin is not None:
            found.attach(twin.source.name, one.sources, "copy")
            _hush(one, found)
            text = f"the same fabrication files as {twin.source.name}"
            found.findings.append(info("files.board.copy", one.source.name, text))
        else:
            found.used.update(source.name for source in one.sources)
            alone.append(one)
    return alone


# What is told of a fabrication set by itself and is answered by the board it repeats.
_ANSWERED = (
    "files.fabrication.thickness-assumed",
    "files.fabrication.no-drills",
    "files.board.edge-touching",
    "files.board.copper-drawings",
)


def _hush(one: DesignFile[BoardDesign], found: Found) -> None:
    names = {source.name for source in one.sources}
    found.findings[:] = [f for f in found.findings if f.code not in _ANSWERED or f.where not in names]


def _same_size(first: BoardDesign, second: BoardDesign) -> bool:
    return all(
        abs(a - b) <= _SAME_MM
        for a, b in ((first.width_mm, second.width_mm), (first.height_mm, second.height_mm))
    )


def _same_board(first: BoardDesign, second: BoardDesign) -> bool:
    return (
        _same_size(first, second)
        and first.drills == second.drills
        and first.copper_layers == second.copper_layers
        and first.lands == second.lands
    )


def _panel_of(panel: BoardDesign, board: BoardDesign) -> bool:
    """Whether most contours of a panel have the board's size."""
    if panel.pieces <= 1:
        return False
    sizes = [_extent(contour) for contour in panel.outline_mm if contour]
    wanted = sorted((board.width_mm, board.height_mm))
    like = [s for s in sizes if all(abs(a - b) <= _SAME_MM for a, b in zip(sorted(s), wanted, strict=True))]
    return len(like) >= panel.pieces / 2


def _extent(contour: Sequence[tuple[float, float]]) -> tuple[float, float]:
    xs, ys = zip(*contour, strict=True)
    return max(xs) - min(xs), max(ys) - min(ys)


def _differences(board: BoardFile, one: DesignFile[BoardDesign]) -> Iterator[Finding]:
    """What the board file and its fabrication files disagree on; the board file is followed."""
    compared = (
        ("copper layers", board.design.copper_layers, one.design.copper_layers),
        ("plated holes", board.design.plated_holes, one.design.plated_holes),
        ("holes without plating", board.design.nonplated_holes, one.design.nonplated_holes),
    )
    odd = [f"{first} {what} here, {second} there" for what, first, second in compared if first != second]
    if odd:
        text = f"the fabrication files ({one.source.name} ...) are of another state: {'; '.join(odd)}"
        hint = "export them anew; the board file is followed here, but shops make what the files say"
        yield warning("files.board.fabrication-differs", board.source.name, text, hint)
    else:
        text = f"its fabrication files agree ({one.source.name} and {len(one.sources) - 1} more)"
        yield info("files.board.fabrication", board.source.name, text)


def populate(sets: Sequence[DesignFile[BoardDesign]], found: Found) -> list[Populated]:
    """Fabrication sets as boards, each with the position files whose parts stand on its pads."""
    chosen: dict[int, list[tuple[Table, tuple[Position, ...]]]] = {}
    for table, positions in found.positions:
        if table.name in found.used or not positions:
            continue
        scores = [_fit(one.design, positions) for one in sets]
        if scores and max(scores) >= _FITS:
            chosen.setdefault(scores.index(max(scores)), []).append((table, positions))
    return [_populated(one, chosen.get(index, []), found) for index, one in enumerate(sets)]


def _fit(design: BoardDesign, positions: Sequence[Position]) -> float:
    """Share of placements that stand on a pad, times the share of pads that have a placement near."""
    if not design.outline_mm:
        return 0.0
    if not design.lands:
        return _share_inside(design, positions)
    import numpy as np

    shares = []
    for side in {p.side or "top" for p in positions}:
        places = np.array([(p.x_mm, p.y_mm) for p in positions if (p.side or "top") == side])
        lands = np.array([land.centre_mm for land in design.lands if land.side == side])
        if not len(lands):
            shares.append((len(places), 0.0, 0.0))
            continue
        gaps = np.hypot(*(places[:, None, :] - lands[None, :, :]).transpose(2, 0, 1))
        near = float((gaps.min(axis=1) <= _PAD_NEAR_MM).mean())
        shares.append((len(places), near, float((gaps.min(axis=0) <= _PAD_FAR_MM).mean())))
    total = sum(count for count, _, _ in shares)
    return sum(count * near * (0.5 + 0.5 * covered) for count, near, covered in shares) / total


def _share_inside(design: BoardDesign, positions: Sequence[Position]) -> float:
    xs, ys = zip(*(point for contour in design.outline_mm for point in contour), strict=True)
    inside = [p for p in positions if min(xs) <= p.x_mm <= max(xs) and min(ys) <= p.y_mm <= max(ys)]
    return len(inside) / len(positions)


def _populated(
    one: DesignFile[BoardDesign], tables: Sequence[tuple[Table, tuple[Position, ...]]], found: Found
) -> Populated:
    """The board with the fullest positions that do not contradict each other; variants stand back."""
    taken: dict[str, Position] = {}
    used: list[Table] = []
    for table, positions in sorted(tables, key=lambda pair: (-len(pair[1]), pair[0].source.name)):
        if taken.keys() & {position.designator for position in positions}:
            found.reasons[table.name] = (
                f"a further position file of {one.source.name}; {used[0].source.name} is used"
            )
            continue
        taken.update({position.designator: position for position in positions})
        used.append(table)
    board = BoardFile(design=one.design, footprints=(), source=one.source)
    return Populated(
        board=board,
        sources=one.sources,
        title=one.title,
        tables=tuple(used),
        positions=tuple(taken.values()),
    )


def put_footprints(given: Populated, bill: Bill | None, findings: list[Finding]) -> BoardFile:
    """The board with a footprint for every position, its pads told by the fabrication files.

    Pads that name their part (Gerber X2 with component attributes) are counted for it; the others
    go to the nearest part on their side.
    """
    rows = {name: part for part in (bill.parts if bill else ()) for name in part.designators}
    pads = _share_out(given.board.design, given.positions)
    footprints = []
    for position in given.positions:
        part = rows.get(position.designator)
        value, package = (part.value or part.mpn, part.footprint) if part else ("", "")
        surface, through, pitch = pads.get(position.designator, (0, 0, None))
        placement = Placement(
            designator=position.designator,
            value=value,
            footprint=package,
            side=position.side or "top",
            x_mm=position.x_mm,
            y_mm=position.y_mm,
            rotation_deg=position.rotation_deg,
            surface_pads=surface,
            through_pads=through,
            pitch_mm=pitch,
        )
        kind = kind_of(position.designator, package, value)
        footprints.append(Footprint(placement=placement, kind=kind, excluded=False))
    findings.extend(_padless(footprints, given.board.source.name))
    total = len(footprints)
    design = replace(given.board.design, footprints_total=total)
    return replace(given.board, design=design, footprints=tuple(footprints))


def _padless(footprints: Iterable[Footprint], name: str) -> Iterator[Finding]:
    bare = [
        f.placement.designator
        for f in footprints
        if not f.placement.surface_pads and not f.placement.through_pads
    ]
    if bare:
        text = f"no pads were found near {' '.join(bare[:12])}{' ...' if len(bare) > 12 else ''}"
        hint = "give the board file of the CAD program: it says which pads are whose"
        yield warning("files.board.pads-unknown", name, text, hint)


def _share_out(
    design: BoardDesign, positions: Sequence[Position]
) -> dict[str, tuple[int, int, float | None]]:
    """Surface pads, through pads and pitch of every part."""
    surface: dict[str, set[tuple[float, float]]] = {p.designator: set() for p in positions}
    through: dict[str, set[tuple[float, float]]] = {p.designator: set() for p in positions}
    near = _Nearest(positions)
    holes = {_cell(o.start_mm) for o in design.openings if o.plated}
    for land in design.lands:
        drilled = bool(holes & set(_cells_around(land.centre_mm)))
        owner = land.reference or near.part(land.centre_mm, "" if drilled else land.side)
        if owner in surface:
            x, y = land.centre_mm
            (through if drilled else surface)[owner].add((round(x, 2), round(y, 2)))
    return {
        name: (len(surface[name]), len(through[name]), _pitch(sorted(surface[name] | through[name])))
        for name in surface
    }


def _cell(at: tuple[float, float]) -> tuple[int, int]:
    """Squares of a tenth of a millimetre: a pad's hole is drilled that close to its centre."""
    return round(at[0] * 10), round(at[1] * 10)


def _cells_around(at: tuple[float, float]) -> Iterator[tuple[int, int]]:
    x, y = _cell(at)
    return ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))


class _Nearest:
    """Parts by place, asked for the nearest one on a side."""

    def __init__(self, positions: Sequence[Position]) -> None:
        self._sides: dict[str, list[Position]] = {"": list(positions)}
        for position in positions:
            self._sides.setdefault(position.side or "top", []).append(position)

    def part(self, at: tuple[float, float], side: str) -> str:
        """The designator of the nearest part on a side (any for an empty name); empty where none is near."""
        best, name = _PAD_FAR_MM, ""
        for position in self._sides.get(side, ()):
            gap = math.hypot(position.x_mm - at[0], position.y_mm - at[1])
            if gap < best:
                best, name = gap, position.designator
        return name


def _pitch(points: Sequence[tuple[float, float]]) -> float | None:
    gaps = [math.dist(a, b) for i, a in enumerate(points[:200]) for b in points[i + 1 : 200]]
    least = min((gap for gap in gaps if gap > 1e-3), default=None)
    return None if least is None else round(least, 4)
