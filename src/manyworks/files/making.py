"""What was found -> items: every design with the tables and further files that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from manyworks.files.assembled_boards import BoardFiles, assemble_board
from manyworks.files.belonging import attach_own_lists, best_bill, best_positions
from manyworks.files.boards import BoardFile
from manyworks.files.fabricated import Populated, bring_onto, populate, put_footprints, settle_sets
from manyworks.files.found import Found
from manyworks.files.parts import Catalogue, slug
from manyworks.files.pieces import DesignFile
from manyworks.files.tables import Bill, Position, Table
from manyworks.files.twins import merge_twins, times_in
from manyworks.model import Design, FileRef, Item, ItemId


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Tables that somebody named for a design; what is found beside it then stands back."""

    bill: Bill | None = None
    positions: tuple[Position, ...] | None = None
    places: Table | None = None


_NOTHING_CHOSEN = Chosen()


def make_items(
    found: Found, catalogue: Catalogue, chosen: Chosen = _NOTHING_CHOSEN
) -> Iterator[tuple[Item, float]]:
    """An item for each design, one after the other, and how many of it its file's name asks for.

    Boards come first: they are sure of their tables. Boards that only fabrication files show take
    what is left, then all other designs.
    """
    alone = settle_sets(found)
    others = merge_twins(found)
    attach_own_lists(found)
    placed = [_Placed.of(board, found, chosen) for board in found.boards]
    bare = [_choose_places(one, chosen, found) for one in populate(alone, found)]
    found.rosters = [one.names for one in placed] + [_names(one) for one in bare]
    for board in placed:
        yield _board_item(board, found, catalogue, chosen), 1.0
    for one in bare:
        yield _fabricated_item(one, found, catalogue, chosen), 1.0
    for design in others:
        yield _design_item(design, found, catalogue)


def tell_apart(made: Iterable[tuple[Item, float]]) -> list[tuple[Item, float]]:
    """Two files of one name in different folders must not become one item."""
    seen: set[ItemId] = set()
    result: list[tuple[Item, float]] = []
    for item, quantity in made:
        fresh = item.id
        if fresh in seen:
            fresh = ItemId(f"{item.id}-{slug(item.files[0].path)}-{len(seen)}")
        seen.add(fresh)
        result.append((replace(item, id=fresh), quantity))
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A board file with the position files of its parts."""

    board: BoardFile
    positions: tuple[Position, ...] | None
    tables: tuple[Table, ...]

    @classmethod
    def of(cls, board: BoardFile, found: Found, chosen: Chosen) -> _Placed:
        if chosen.places is not None:
            return cls(board=board, positions=chosen.positions, tables=(chosen.places,))
        names = {footprint.placement.designator for footprint in board.footprints}
        positions, tables = best_positions(names, found)
        for table in tables:
            found.use(table)
        return cls(board=board, positions=positions, tables=tuple(tables))

    @property
    def names(self) -> set[str]:
        return {footprint.placement.designator for footprint in self.board.footprints}


def _board_item(given: _Placed, found: Found, catalogue: Catalogue, chosen: Chosen) -> Item:
    name = given.board.source.name
    bill = chosen.bill or best_bill(name, given.names, found)
    references = (*_use_tables(bill, given.tables, found), *found.attached.get(name, ()))
    files = BoardFiles(board=given.board, bill=bill, positions=given.positions, references=references)
    item, findings = assemble_board(files, catalogue)
    found.findings.extend(findings)
    return item


def _choose_places(given: Populated, chosen: Chosen, found: Found) -> Populated:
    if chosen.places is None:
        return given
    named = chosen.positions or ()
    positions = bring_onto(given.board.design, chosen.places, named, found) if named else ()
    return replace(given, positions=positions or named, tables=(chosen.places,))


def _names(given: Populated) -> set[str]:
    lands = {land.reference for land in given.board.design.lands} - {""}
    return {position.designator for position in given.positions} | lands


def _use_tables(bill: Bill | None, tables: Iterable[Table], found: Found) -> Iterator[FileRef]:
    for table, role in [*([(bill.table, "bill")] if bill else []), *((t, "positions") for t in tables)]:
        found.use(table)
        yield table.source.reference(role)


def _fabricated_item(given: Populated, found: Found, catalogue: Catalogue, chosen: Chosen) -> Item:
    """A board that only its fabrication files show; position file and parts list put the parts on."""
    name = given.board.source.name
    bill = chosen.bill or best_bill(given.title, _names(given), found)
    board = put_footprints(given, bill, found.findings)
    references = (
        *(source.reference("fabrication") for source in given.sources[1:]),
        *_use_tables(bill, given.tables, found),
        *found.attached.get(name, ()),
    )
    files = BoardFiles(
        board=board, bill=bill, positions=given.positions or None, references=references, title=given.title
    )
    item, findings = assemble_board(files, catalogue)
    found.findings.extend(findings)
    return item


def _design_item(design: DesignFile[Design], found: Found, catalogue: Catalogue) -> tuple[Item, float]:
    attached = found.attached.get(design.source.name, ())
    name, own = times_in(design.title)
    quantity = max([own, *(times_in(_stem(reference.path))[1] for reference in attached)])
    files = (*(source.reference(design.role) for source in design.sources), *attached)
    bill = catalogue.lines(design.parts)
    return Item(id=ItemId(slug(name)), name=name, design=design.design, bill=bill, files=files), quantity


def _stem(path: str) -> str:
    return re.sub(r"\.[^./]*\Z", "", path.rpartition("/")[2])
