"""Files without a product.toml -> a product: what each file is by its content, what belongs together."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from manyworks.files.assembled_boards import BoardFiles, assemble_board
from manyworks.files.belonging import (
    Found,
    best_bill,
    best_positions,
    explain_rest,
    named_design,
    product_bill,
)
from manyworks.files.boards import BoardFile, read_board
from manyworks.files.limits import FOLDER_DEPTH, FOLDER_FILES, TABLE_BYTES
from manyworks.files.parts import Catalogue, slug
from manyworks.files.solids import SolidFile, read_solid
from manyworks.files.sources import open_source
from manyworks.files.tables import Bill, Part, TableKind, read_bill, read_positions, read_table
from manyworks.files.unread import format_of, name_unused, refuse
from manyworks.model import BillLine, FileRef, Finding, Item, ItemId, Product, error, errors, info, warning

_BOARD_ENDINGS = (".kicad_pcb",)
_SOLID_ENDINGS = (".stl",)
_TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".pos", ".tab", ".bom", ".cpl", ".xy", "")
# A file name like Fan_Mount_x2.stl says how many are needed.
_TIMES = re.compile(r"[ _-]x(\d{1,3})$", re.IGNORECASE)


def walk(folder: Path, findings: list[Finding]) -> list[tuple[Path, str]]:
    """Files of a folder and their names below it, in order; hidden ones and links outwards left out.

    None of them, with a finding, where there are too many: that is no design and takes long to read.
    """
    found: list[tuple[Path, str]] = []

    def tell(trouble: OSError) -> None:
        where = Path(str(trouble.filename)).name
        text = f"the folder cannot be read: {trouble.strerror}"
        hint = "give yourself the right to read it"
        say = error if not found and str(trouble.filename) == str(folder) else warning
        findings.append(say("files.folder.unreadable", where, text, hint))

    for directory, folders, names in os.walk(folder, onerror=tell):
        here = Path(directory)
        depth = len(here.relative_to(folder).parts)
        folders[:] = (
            sorted(f for f in folders if not f.startswith(".") and f != "__pycache__")
            if depth < FOLDER_DEPTH
            else []
        )
        for name in sorted(names):
            path = here / name
            if not name.startswith(".") and not path.is_symlink() and path.is_file():
                found.append((path, path.relative_to(folder).as_posix()))
        if len(found) > FOLDER_FILES:
            findings.append(
                error(
                    "files.folder.too-many",
                    folder.name,
                    f"more than {FOLDER_FILES:,} files",
                    "give the files themselves",
                )
            )
            return []
    return found


def read_folder(folder: Path) -> tuple[Product | None, list[Finding]]:
    """A product from everything in a folder that can be read."""
    findings: list[Finding] = []
    paths = walk(folder, findings)
    if errors(findings):
        return None, findings
    return _read(paths, folder.resolve().name, str(folder), findings, asked=False)


def read_files(paths: Sequence[Path]) -> tuple[Product | None, list[Finding]]:
    """A product from files given by name; one that cannot be read is an error."""
    named = [(path, path.name) for path in paths]
    return _read(named, paths[0].stem, str(paths[0]), [], asked=True)


def _read(
    paths: list[tuple[Path, str]], title: str, source: str, findings: list[Finding], *, asked: bool
) -> tuple[Product | None, list[Finding]]:
    found = Found(findings=findings, asked=asked)
    for path, name in paths:
        _sort_in(path, name, found, asked=asked)
    product = _build(found, title, source)
    if asked:
        found.findings.extend(_unused_asked(paths, found))
    else:
        board = found.boards[0].source.name if len(found.boards) == 1 else ""
        found.findings.extend(name_unused(paths, found.used, board, found.reasons))
    return product, found.findings


def _unused_asked(paths: Iterable[tuple[Path, str]], found: Found) -> Iterator[Finding]:
    for path, name in paths:
        if path in found.reasons and path not in found.used:
            yield warning("files.unused", name, found.reasons[path])


def _sort_in(path: Path, name: str, found: Found, *, asked: bool) -> None:
    ending = path.suffix.lower()
    if ending in _BOARD_ENDINGS:
        board, findings = read_board(path, name)
        found.findings.extend(findings)
        found.used.add(path)
        if board is not None:
            found.boards.append(board)
    elif ending in _SOLID_ENDINGS:
        solid, findings = read_solid(path, name)
        found.findings.extend(findings)
        found.used.add(path)
        if solid is not None:
            found.solids.append(solid)
    elif ending in _TABLE_ENDINGS and format_of(path) is None:
        _sort_in_table(path, name, found, asked=asked)
    elif asked:
        found.findings.append(refuse(path, name))


def _sort_in_table(path: Path, name: str, found: Found, *, asked: bool) -> None:
    source = open_source(path, name, TABLE_BYTES)
    if isinstance(source, Finding):
        found.findings.append(source)
        return
    table = read_table(source)
    if table is None or table.kind is TableKind.OTHER:
        if asked:
            text = "this is neither a parts list nor a position file"
            found.findings.append(
                error("files.table.unknown", name, text, "name its columns as parts lists do")
            )
    elif table.kind is TableKind.POSITIONS:
        positions, findings = read_positions(table)
        found.positions.append((table, positions))
        found.remarks[path] = findings
    else:
        bill, findings = read_bill(table)
        found.bills.append(bill)
        found.remarks[path] = findings


def _build(found: Found, title: str, source: str) -> Product | None:
    catalogue = Catalogue()
    made = [_board_item(board, found, catalogue) for board in found.boards]
    made += [_solid_item(solid, found) for solid in found.solids]
    made = _distinct(made)
    bill = product_bill(found, {item.id for item, _ in made}, title)
    _boards_missing(found, bill, title)
    explain_rest(found)
    if len(made) == 1 and bill is None:
        root = made[0][0]
    elif made or bill is not None:
        root = _assembly(title, made, bill, found, catalogue)
    else:
        _nothing(found, title)
        return None
    items = {**catalogue.items, **{item.id: item for item, _ in made}, root.id: root}
    return Product(root=root.id, items=items, source=source)


def _distinct(made: list[tuple[Item, float]]) -> list[tuple[Item, float]]:
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


def _board_item(board: BoardFile, found: Found, catalogue: Catalogue) -> tuple[Item, float]:
    names = {footprint.placement.designator for footprint in board.footprints}
    bill = best_bill(board.source.name, names, found)
    positions, tables = best_positions(names, found)
    references: list[FileRef] = []
    for table, role in [
        *([(bill.table, "bill")] if bill else []),
        *((table, "positions") for table in tables),
    ]:
        references.append(table.source.reference(role))
        found.use(table)
    given = BoardFiles(board=board, bill=bill, positions=positions, references=tuple(references))
    item, findings = assemble_board(given, catalogue)
    found.findings.extend(findings)
    return item, 1.0


def _solid_item(solid: SolidFile, found: Found) -> tuple[Item, float]:
    stem = solid.source.stem
    match = _TIMES.search(stem)
    quantity = float(match[1]) if match and int(match[1]) > 0 else 1.0
    if match and quantity > 1:
        text = f"{quantity:g} pieces for one product, by the file's name"
        found.findings.append(info("files.solid.times", solid.source.name, text))
    name = stem[: match.start()] if match else stem
    reference = solid.source.reference("solid")
    return Item(id=ItemId(slug(name)), name=name, design=solid.design, files=(reference,)), quantity


def _assembly(
    title: str, made: list[tuple[Item, float]], bill: Bill | None, found: Found, catalogue: Catalogue
) -> Item:
    ids = {item.id for item, _ in made}
    lines: list[BillLine] = []
    for part in bill.parts if bill is not None else ():
        design = named_design(part, ids)
        if design is None:
            lines.extend(catalogue.lines([part]))
        else:
            line = BillLine(item=design, quantity=part.quantity, fitted=part.fitted, where=part.where)
            lines.append(line)
    named = {line.item for line in lines}
    rest = [(item, quantity) for item, quantity in made if item.id not in named]
    lines.extend(
        BillLine(item=item.id, quantity=quantity, where=item.files[0].path) for item, quantity in rest
    )
    if rest:
        found.findings.append(_guessed(title, rest))
    root = slug(title)
    while root in ids:
        root += "-product"
    files = (bill.table.source.reference("bill"),) if bill is not None else ()
    return Item(id=ItemId(root), name=title, bill=tuple(lines), files=files)


def _guessed(title: str, rest: list[tuple[Item, float]]) -> Finding:
    listed = ", ".join(f"{quantity:g} x {item.id}" for item, quantity in rest[:20])
    text = f"nothing says how the designs belong together; one product is taken to need {listed}"
    return warning("files.folder.guessed", title, text, "write a product.toml that says so")


def _boards_missing(found: Found, bill: Bill | None, title: str) -> None:
    """Parts lists or positions of a board whose board file is not there cannot be quoted as a board."""
    if found.boards:
        return
    loose = [table.source.name for table, positions in found.positions if positions]
    if loose:
        text = f"parts to be placed on a board ({loose[0]}), but no board file that can be read"
        found.findings.append(error("files.board.missing", title, text, "add the .kicad_pcb file"))
    elif bill is not None and sum(map(_on_board, bill.parts)) * 2 > len(bill.parts):
        text = "a parts list of a board without the board: only the parts are known"
        found.findings.append(warning("files.board.missing", title, text, "add the .kicad_pcb file"))


def _on_board(part: Part) -> bool:
    return bool(part.designators) and part.unit == "piece"


def _nothing(found: Found, title: str) -> None:
    if not errors(found.findings):
        text = "no file here can be read as a board, a solid or a parts list"
        hint = "give a .kicad_pcb, an .stl or a table as text, or a product.toml"
        found.findings.append(error("files.nothing", title, text, hint))
