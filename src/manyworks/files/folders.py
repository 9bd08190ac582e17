"""Files without a product.toml -> a product: what each file is by its content, what belongs together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from manyworks.files.assembled_boards import BoardFiles, assemble_board
from manyworks.files.belonging import best_bill, best_positions, explain_rest, named_design, product_bill
from manyworks.files.boards import BoardFile
from manyworks.files.fabricated import Populated, populate, put_footprints, settle_sets
from manyworks.files.found import Found
from manyworks.files.gathering import named, walk
from manyworks.files.parts import Catalogue, slug
from manyworks.files.pieces import DesignFile
from manyworks.files.registry import resolve
from manyworks.files.sorting import sort_files
from manyworks.files.tables import Bill, Part, Table
from manyworks.files.twins import merge_twins
from manyworks.files.unread import name_unused
from manyworks.model import (
    BillLine,
    Design,
    FileRef,
    Finding,
    Item,
    ItemId,
    Product,
    error,
    errors,
    info,
    warning,
)

# A file name like Fan_Mount_x2.stl says how many are needed.
_TIMES = re.compile(r"[ _-]x(\d{1,3})$", re.IGNORECASE)


def read_folder(folder: Path) -> tuple[Product | None, list[Finding]]:
    """A product from everything in a folder that can be read."""
    findings: list[Finding] = []
    paths = walk(folder, findings)
    if errors(findings):
        return None, findings
    return _read(paths, folder.resolve().name, str(folder), findings, asked=False)


def read_files(paths: Sequence[Path]) -> tuple[Product | None, list[Finding]]:
    """A product from files given by name; one that cannot be read is an error."""
    return _read(named(paths), paths[0].stem, str(paths[0]), [], asked=True)


def _read(
    paths: list[tuple[Path, str]], title: str, source: str, findings: list[Finding], *, asked: bool
) -> tuple[Product | None, list[Finding]]:
    found = Found(findings=findings, asked=asked)
    names = sort_files(paths, found)
    product = _build(found, title, source)
    if asked:
        found.findings.extend(_unused_asked(names, found))
    else:
        board = found.boards[0].source.name if len(found.boards) == 1 else ""
        found.findings.extend(name_unused(names, found.used, board, found.reasons))
    return product, found.findings


def _unused_asked(names: Iterable[str], found: Found) -> Iterator[Finding]:
    for name in names:
        if name in found.reasons and name not in found.used:
            yield warning("files.unused", name, found.reasons[name])


def _build(found: Found, title: str, source: str) -> Product | None:
    catalogue = Catalogue()
    bare = populate(settle_sets(found), found)
    made = [_board_item(board, found, catalogue) for board in found.boards]
    made += [_fabricated_item(board, found, catalogue) for board in bare]
    made += [_design_item(design, found, catalogue) for design in merge_twins(found)]
    made = _distinct(made)
    bill = product_bill(found, {item.id for item, _ in made}, title)
    if not found.boards and not bare:
        _boards_missing(found, bill, title)
    explain_rest(found)
    if len(made) == 1 and bill is None:
        root = made[0][0]
    elif made or bill is not None:
        root = _assembly(title, made, bill, found, catalogue)
    elif found.manifests:
        return _manifest_alone(found)
    else:
        _nothing(found, title)
        return None
    items = {**catalogue.items, **{item.id: item for item, _ in made}, root.id: root}
    return _with_manifests(Product(root=root.id, items=items, source=source), found)


def _with_manifests(product: Product, found: Found) -> Product:
    """What open hardware manifests add: each to the item it names, the first other one to the product."""
    for source, manifest in found.manifests:
        product, findings = resolve("open_know:merge_manifest")(manifest, product, source.name)
        found.findings.extend(findings)
        root = product.item
        files = (*root.files, source.reference("manifest"))
        product = Product(
            root=root.id, items={**product.items, root.id: replace(root, files=files)}, source=product.source
        )
    return product


def _manifest_alone(found: Found) -> Product:
    """A manifest without any design it names: its parts and supplies are all there is."""
    source, manifest = found.manifests[0]
    product, findings = resolve("open_know:product_of")(manifest, source.name)
    found.findings.extend(findings)
    root = replace(product.item, files=(*product.item.files, source.reference("manifest")))
    for other, _ in found.manifests[1:]:
        found.reasons[other.name] = f"a further manifest; {source.name} is used"
        found.used.discard(other.name)
    return Product(root=root.id, items={**product.items, root.id: root}, source=source.name)


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
    references = (*_use_tables(bill, tables, found), *found.attached.get(board.source.name, ()))
    given = BoardFiles(board=board, bill=bill, positions=positions, references=references)
    item, findings = assemble_board(given, catalogue)
    found.findings.extend(findings)
    return item, 1.0


def _use_tables(bill: Bill | None, tables: Iterable[Table], found: Found) -> Iterator[FileRef]:
    for table, role in [*([(bill.table, "bill")] if bill else []), *((t, "positions") for t in tables)]:
        found.use(table)
        yield table.source.reference(role)


def _fabricated_item(given: Populated, found: Found, catalogue: Catalogue) -> tuple[Item, float]:
    """A board that only its fabrication files show; position file and parts list put the parts on."""
    name = given.board.source.name
    names = {p.designator for p in given.positions} | {land.reference for land in given.board.design.lands}
    bill = best_bill(name, names - {""}, found)
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
    return item, 1.0


def _design_item(design: DesignFile[Design], found: Found, catalogue: Catalogue) -> tuple[Item, float]:
    match = _TIMES.search(design.title)
    quantity = float(match[1]) if match and int(match[1]) > 0 else 1.0
    if match and quantity > 1:
        text = f"{quantity:g} pieces for one product, by the file's name"
        found.findings.append(info("files.solid.times", design.source.name, text))
    name = design.title[: match.start()] if match else design.title
    files = (
        *(source.reference(design.role) for source in design.sources),
        *found.attached.get(design.source.name, ()),
    )
    bill = catalogue.lines(design.parts)
    return Item(id=ItemId(slug(name)), name=name, design=design.design, bill=bill, files=files), quantity


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
    loose = [table.name for table, positions in found.positions if positions]
    if loose:
        text = f"parts to be placed on a board ({loose[0]}), but no board file that can be read"
        found.findings.append(
            error("files.board.missing", title, text, "add the board file or its Gerber files")
        )
    elif bill is not None and sum(map(_on_board, bill.parts)) * 2 > len(bill.parts):
        text = "a parts list of a board without the board: only the parts are known"
        found.findings.append(
            warning("files.board.missing", title, text, "add the board file or its Gerber files")
        )


def _on_board(part: Part) -> bool:
    return bool(part.designators) and part.unit == "piece"


def _nothing(found: Found, title: str) -> None:
    if not errors(found.findings):
        text = "no file here can be read as a board, a solid or a parts list"
        hint = "give a .kicad_pcb, an .stl or a table as text, or a product.toml"
        found.findings.append(error("files.nothing", title, text, hint))
