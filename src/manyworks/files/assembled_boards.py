"""A board, its parts list and its position file -> one item, with every difference between them named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from manyworks.files.board_remarks import (
    remark_excluded,
    remark_no_parts,
    remark_unplaced,
    remark_values,
    tell_names,
)
from manyworks.files.boards import BoardFile, Footprint
from manyworks.files.limits import FINDINGS_PER_KIND
from manyworks.files.part_kinds import PART, kind_of
from manyworks.files.parts import Catalogue, slug
from manyworks.files.tables import Bill, Part, Position
from manyworks.model import FileRef, Finding, Item, ItemId, Placement, info, warning


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFiles:
    """What belongs to one board. ``positions`` is None where no position file was given.

    ``title`` is what the board is called; its file's name where empty.
    """

    board: BoardFile
    bill: Bill | None = None
    positions: tuple[Position, ...] | None = None
    references: tuple[FileRef, ...] = ()
    title: str = ""


def assemble_board(given: BoardFiles, catalogue: Catalogue) -> tuple[Item, tuple[Finding, ...]]:
    """The item of a board with its parts on it.

    The parts list decides what is fitted; without one, the board file does. Placements keep every
    footprint of the board; ``fitted`` is False for whatever is no part to fit.
    """
    findings: list[Finding] = []
    footprints = {f.placement.designator: f for f in given.board.footprints}
    if given.bill is None:
        parts = _parts_of_board(given.board.footprints, given.board.source.name)
        if parts:
            findings.append(_bill_from_board(given.board.source.name, parts))
        findings += remark_no_parts(given.board.footprints, given.board.source.name)
    else:
        parts = tuple(_judge(given.bill.parts, footprints, findings))
        findings += _differences(given.bill, given.board)
    wanted = {name for part in parts if part.fitted for name in part.designators}
    if given.positions is not None:
        findings += _compare_positions(given.positions, footprints, wanted)
        if given.bill is not None:
            findings += remark_unplaced(given.positions, given.bill, footprints, wanted)
    placements = tuple(_settle(given.board.footprints, wanted))
    design = replace(given.board.design, placements=placements)
    title = given.title or given.board.source.stem
    item = Item(
        id=ItemId(slug(title)),
        name=title,
        design=design,
        bill=catalogue.lines(parts),
        files=(given.board.source.reference("board"), *given.references),
    )
    return item, tuple(findings)


def _settle(footprints: Sequence[Footprint], wanted: set[str]) -> Iterator[Placement]:
    """Placements with `fitted` as the parts list has it; of doubles of one name, only the first part."""
    settled: set[str] = set()
    for footprint in footprints:
        placement = footprint.placement
        fitted = (
            placement.designator in wanted
            and placement.designator not in settled
            and footprint.kind != "drawing"
        )
        if fitted:
            settled.add(placement.designator)
        yield replace(placement, fitted=fitted)


def _parts_of_board(footprints: Sequence[Footprint], name: str) -> tuple[Part, ...]:
    """Parts grouped by value and footprint, from the board file alone."""
    groups: dict[tuple[str, str, bool], list[str]] = {}
    for footprint in footprints:
        placement = footprint.placement
        if footprint.is_part and placement.designator:
            key = (placement.value, placement.footprint, placement.fitted)
            groups.setdefault(key, []).append(placement.designator)
    return tuple(
        Part(
            where=name,
            quantity=float(len(designators)),
            designators=tuple(designators),
            value=value,
            footprint=package,
            fitted=fitted,
        )
        for (value, package, fitted), designators in groups.items()
    )


def _bill_from_board(name: str, parts: Sequence[Part]) -> Finding:
    pieces = sum(len(part.designators) for part in parts if part.fitted)
    return info(
        "files.board.bill-from-board",
        name,
        f"no parts list; {pieces} parts are taken from the board file, grouped by value and footprint",
        "add a parts list with manufacturer part numbers",
    )


def _judge(
    parts: Iterable[Part], footprints: Mapping[str, Footprint], findings: list[Finding]
) -> Iterator[Part]:
    """Rows of the list; rows that are holes, fiducials, cases ... are kept but not fitted."""
    for part in parts:
        kinds = {_kind(name, part, footprints) for name in part.designators}
        others = kinds - {PART}
        if part.fitted and others and kinds == others:
            kind = ", ".join(sorted(others))
            findings.append(
                info(
                    "files.bill.no-part",
                    part.where,
                    f"{' '.join(part.designators[:6])}: {kind}, no part to fit",
                )
            )
            yield replace(part, fitted=False)
        else:
            yield part


def _kind(name: str, part: Part, footprints: Mapping[str, Footprint]) -> str:
    """A row's kind by the board's footprint, or by the row where the board has none.

    Bare pads and drawings are believed to be parts when the list asks for them.
    """
    footprint = footprints.get(name)
    if footprint is None:
        return kind_of(name, part.footprint, part.value)
    return PART if part.mpn or footprint.kind in ("bare pads", "drawing") else footprint.kind


def _differences(bill: Bill, board: BoardFile) -> Iterator[Finding]:
    footprints = {f.placement.designator: f for f in board.footprints}
    yield from _missing_from_board(bill, footprints, board.source.name)
    yield from _missing_from_bill(bill, board)
    yield from _marked_otherwise(bill, footprints)
    yield from remark_excluded(bill, footprints)
    yield from remark_values(bill, footprints)


def _missing_from_board(bill: Bill, footprints: Mapping[str, Footprint], board: str) -> Iterator[Finding]:
    """Rows whose designators the board has not: a warning for each, one line for those not fitted."""
    harmless: dict[str, list[tuple[str, str]]] = {}
    told = 0
    for part in bill.parts:
        absent = [name for name in part.designators if name not in footprints]
        if not absent:
            continue
        kind = kind_of(absent[0], part.footprint, part.value) if part.fitted else "not fitted"
        if kind != PART:
            harmless.setdefault(kind, []).extend((name, part.where) for name in absent)
        else:
            told += 1
            if told <= FINDINGS_PER_KIND:
                hint = "is this the parts list of another board or revision?"
                yield warning("files.bill.not-on-board", part.where, _absent(absent, board), hint)
    if told > FINDINGS_PER_KIND:
        text = f"{told - FINDINGS_PER_KIND} further rows whose designators are not on {board}"
        yield warning("files.bill.not-on-board", bill.table.name, text)
    for kind, names in harmless.items():
        text = f"{_absent([name for name, _ in names], board)} ({kind})"
        yield info("files.bill.not-on-board", names[0][1], text)


def _absent(names: Sequence[str], board: str) -> str:
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    verb = "is" if len(names) == 1 else "are"
    return f"{' '.join(names[:20])}{more} of the parts list {verb} not on {board}"


def _missing_from_bill(bill: Bill, board: BoardFile) -> Iterator[Finding]:
    """Footprints the list does not name, by kind: a finding for each kind, a warning for real parts."""
    listed = bill.designators
    by_kind: dict[str, list[str]] = {}
    for footprint in board.footprints:
        placement = footprint.placement
        if placement.designator in listed:
            continue
        kind = footprint.kind if placement.fitted or footprint.kind != PART else "marked not fitted"
        if kind == PART and footprint.excluded:
            kind = "marked as not in the parts list"
        by_kind.setdefault(kind, []).append(placement.designator)
    for kind, names in sorted(by_kind.items()):
        text = tell_names(names)
        if kind == PART:
            hint = "add them to the parts list, or mark them as not to be populated"
            yield warning(
                "files.board.not-in-bill",
                board.source.name,
                f"parts missing from the parts list: {text}",
                hint,
            )
        else:
            yield info("files.board.not-in-bill", board.source.name, f"not in the parts list, {kind}: {text}")


def _marked_otherwise(bill: Bill, footprints: Mapping[str, Footprint]) -> Iterator[Finding]:
    for part in bill.parts:
        odd = [
            name
            for name in part.designators
            if part.fitted and name in footprints and not footprints[name].placement.fitted
        ]
        if odd:
            text = (
                f"{' '.join(odd[:8])}: fitted by the parts list, marked as not to be populated on the board"
            )
            yield warning("files.bill.fitted-differs", part.where, text, "the parts list is followed")


def _compare_positions(
    positions: tuple[Position, ...], footprints: Mapping[str, Footprint], wanted: set[str]
) -> Iterator[Finding]:
    placed = {position.designator for position in positions}
    odd = [finding for p in positions if (finding := _odd_position(p, footprints, wanted)) is not None]
    yield from odd[:FINDINGS_PER_KIND]
    if len(odd) > FINDINGS_PER_KIND:
        text = f"{len(odd) - FINDINGS_PER_KIND} further places differ from the board or the parts list"
        yield warning("files.positions.unknown", positions[0].where.rpartition(":")[0], text)
    absent = [name for name in wanted if name in footprints and name not in placed]
    surface = sorted(name for name in absent if footprints[name].placement.surface_mounted)
    through = sorted(name for name in absent if not footprints[name].placement.surface_mounted)
    where = positions[0].where.rpartition(":")[0] if positions else "positions"
    if surface:
        text = f"fitted surface-mounted parts missing from the position file: {' '.join(surface[:20])}"
        yield warning("files.positions.missing", where, text, "the board file's own places are used")
    if through:
        text = f"fitted through-hole parts not in the position file: {' '.join(through[:20])}"
        yield info("files.positions.missing", where, text)


def _odd_position(
    position: Position, footprints: Mapping[str, Footprint], wanted: set[str]
) -> Finding | None:
    footprint = footprints.get(position.designator)
    if footprint is None:
        text = f"{position.designator!r} is not on the board"
        return warning("files.positions.unknown", position.where, text, "export the position file anew")
    if position.side and position.side != footprint.placement.side:
        other = footprint.placement.side
        text = f"{position.designator} is on the {position.side} here and on the {other} on the board"
        return warning("files.positions.side", position.where, text, "the board file is followed")
    if position.designator not in wanted:
        return info(
            "files.positions.not-fitted",
            position.where,
            f"{position.designator} is placed here but is not fitted",
        )
    return None
