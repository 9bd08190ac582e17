"""Fabrication sets beside board files, position files and parts lists: which belong together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from manyworks.files.boards import BoardFile, Footprint
from manyworks.files.found import Found
from manyworks.files.origins import moved_onto_pads
from manyworks.files.pad_shares import PAD_FAR_MM, PAD_NEAR_MM, nearest, share_out
from manyworks.files.part_kinds import kind_of
from manyworks.files.parts import slug
from manyworks.files.pieces import DesignFile
from manyworks.files.sources import Source
from manyworks.files.tables import Bill, Position, Table
from manyworks.model import BoardDesign, Finding, Placement, info, warning

# Two drawings of one outline: pens and rounding differ by less than this.
_SAME_MM = 0.2
# Two states of one board share most holes; another board of its size has others.
_SAME_HOLES = 0.25
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
    settled: dict[str, list[BoardDesign]] = {}
    for one in sorted(found.sets, key=lambda one: one.design.pieces > 1):  # a panel after its board
        whose = _whose(one, found.boards, alone)
        if whose is None:
            found.used.update(source.name for source in one.sources)
            alone.append(one)
            settled[one.source.name] = [one.design]
            continue
        name, role = whose
        earlier = settled.setdefault(name, [])
        if any(_same_board(other, one.design) for other in earlier):
            role = "copy"
        earlier.append(one.design)
        found.attach(name, one.sources, role)
        _hush(one, found)
        board = next((board for board in found.boards if board.source.name == name), None)
        found.findings.append(_attached(one, role, name, board))
    return alone


def _whose(
    one: DesignFile[BoardDesign], boards: Sequence[BoardFile], alone: Sequence[DesignFile[BoardDesign]]
) -> tuple[str, str] | None:
    """The board that a set repeats, by its file's name, and what the set is to it; None for a new board."""
    alike = [board for board in boards if _same_size(board.design, one.design)]
    board = min(alike, key=lambda board: _hole_gap(board.design, one.design), default=None)
    if board is not None and (_named_alike(board, one) or _hole_gap(board.design, one.design) <= _SAME_HOLES):
        return board.source.name, "fabrication"
    wholes = [(b.design, b.source.name) for b in boards] + [(a.design, a.source.name) for a in alone]
    for whole, name in wholes:
        if _panel_of(one.design, whole):
            return name, "panel"
    twin = next((other for other in alone if _same_board(other.design, one.design)), None)
    if twin is not None:
        return twin.source.name, "copy"
    revision = next((board for board in boards if _named_alike(board, one)), None)
    return (revision.source.name, "fabrication") if revision is not None else None


def _named_alike(board: BoardFile, one: DesignFile[BoardDesign]) -> bool:
    return slug(board.source.stem) == slug(one.title)


def _hole_gap(first: BoardDesign, second: BoardDesign) -> float:
    """Share of holes by which two boards differ."""
    pairs = (
        (first.plated_holes, second.plated_holes),
        (first.nonplated_holes, second.nonplated_holes),
    )
    return sum(abs(a - b) for a, b in pairs) / max(1, sum(map(max, pairs)))


# What is told of a fabrication set by itself and is answered by the board it repeats.
_ANSWERED = (
    "files.fabrication.thickness-assumed",
    "files.fabrication.no-drills",
    "files.fabrication.several-sets",
    "files.fabrication.panel",
    "files.board.edge-touching",
    "files.board.copper-drawings",
)


def _hush(one: DesignFile[BoardDesign], found: Found) -> None:
    names = {source.name for source in one.sources}
    found.findings[:] = [f for f in found.findings if f.code not in _ANSWERED or f.where not in names]


def _attached(one: DesignFile[BoardDesign], role: str, name: str, board: BoardFile | None) -> Finding:
    """What is said of a set that is no board of its own."""
    if role == "panel":
        text = f"a panel of {one.design.pieces} of {name}"
        return info("files.board.panel", one.source.name, text)
    if role == "copy" or board is None:
        text = f"the same fabrication files as those of {name}"
        return info("files.board.copy", one.source.name, text)
    return _difference(board, one)


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
    if panel.pieces <= 1 or board.pieces > 1:
        return False
    sizes = [_extent(contour) for contour in panel.outline_mm if contour]
    wanted = sorted((board.width_mm, board.height_mm))
    like = [s for s in sizes if all(abs(a - b) <= _SAME_MM for a, b in zip(sorted(s), wanted, strict=True))]
    return len(like) >= panel.pieces / 2


def _extent(contour: Sequence[tuple[float, float]]) -> tuple[float, float]:
    xs, ys = zip(*contour, strict=True)
    return max(xs) - min(xs), max(ys) - min(ys)


def _difference(board: BoardFile, one: DesignFile[BoardDesign]) -> Finding:
    """What the board file and its fabrication files disagree on; the board file is followed."""
    here, there = board.design, one.design
    compared = (
        ("copper layers", here.copper_layers, there.copper_layers),
        ("plated holes", here.plated_holes, there.plated_holes),
        ("holes without plating", here.nonplated_holes, there.nonplated_holes),
    )
    odd = [f"{first} {what} here, {second} there" for what, first, second in compared if first != second]
    if not _same_size(here, there):
        sizes = [f"{design.width_mm:.2f} x {design.height_mm:.2f} mm" for design in (here, there)]
        odd.insert(0, f"{sizes[0]} here, {sizes[1]} there")
    if odd:
        text = f"the fabrication files ({one.source.name} ...) are of another state: {'; '.join(odd)}"
        hint = "export them anew; the board file is followed here, but shops make what the files say"
        return warning("files.board.fabrication-differs", board.source.name, text, hint)
    text = f"its fabrication files agree ({one.source.name} and {len(one.sources) - 1} more)"
    return info("files.board.fabrication", board.source.name, text)


def populate(sets: Sequence[DesignFile[BoardDesign]], found: Found) -> list[Populated]:
    """Fabrication sets as boards, each with the position files whose parts stand on its pads.

    Places that count from another origin are moved where only one move puts the parts on pads.
    """
    chosen: dict[int, list[tuple[Table, tuple[Position, ...]]]] = {}
    strange: list[tuple[Table, tuple[Position, ...]]] = []
    for table, positions in found.positions:
        if table.name in found.used or not positions:
            continue
        scores = [_fit(one.design, positions) for one in sets]
        if scores and max(scores) >= _FITS:
            index = scores.index(max(scores))
            placed = bring_onto(sets[index].design, table, positions, found) or positions
            chosen.setdefault(index, []).append((table, placed))
        else:
            strange.append((table, positions))
    for table, positions in strange:
        for index in (index for index in range(len(sets)) if index not in chosen):
            moved = bring_onto(sets[index].design, table, positions, found)
            if moved is not None:
                chosen[index] = [(table, moved)]
                break
    return [_populated(one, chosen.get(index, []), found) for index, one in enumerate(sets)]


def bring_onto(
    design: BoardDesign, table: Table, positions: tuple[Position, ...], found: Found
) -> tuple[Position, ...] | None:
    """Positions moved onto a board's pads, which is said; None where no move helps."""
    moved = moved_onto_pads(design, positions)
    if moved is None:
        return None
    (dx, dy) = moved[1]
    text = f"its places count from another origin; moved by ({dx:g}, {dy:g}) mm onto the pads"
    hint = "export positions and fabrication files with one origin"
    found.findings.append(info("files.positions.origin", table.name, text, hint))
    return moved[0]


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
        near = float((nearest(places, lands, 1)[1] <= PAD_NEAR_MM).mean())
        shares.append((len(places), near, float((nearest(lands, places, 1)[1] <= PAD_FAR_MM).mean())))
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
                f"a further position file of {one.title}; {used[0].source.name} is used"
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

    Whose the pads are is found by `manyworks.files.pad_shares`.
    """
    rows = {name: part for part in (bill.parts if bill else ()) for name in part.designators}
    pads = share_out(given.board.design, given.positions)
    footprints = []
    for position in given.positions:
        part = rows.get(position.designator)
        value = (part.value or part.mpn if part else "") or position.value
        package = (part.footprint if part else "") or position.footprint
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
