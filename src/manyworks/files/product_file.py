"""The product file: which designs, parts lists and bought things make up a product.

.. code-block:: toml

    [product]
    id = "badge"                        # the root item
    name = "Beach festival badge"       # further keys: see below

    [[item]]                            # something made from a design
    id = "badge-board"
    design = "board/badge.kicad_pcb"    # inside this folder; a zip or a folder for Gerber files
    bill = "board/badge-bom.csv"        # its parts list
    positions = "board/badge-pos.csv"   # optional

    [[item]]
    id = "case-front"
    design = "case/front.stl"
    material = "ABS"
    processes = ["injection-moulding"]  # optional: insist on how it is made

    [[item]]                            # no design: bought
    id = "lanyard"
    name = "Lanyard, 20 mm polyester, printed"
    mass_kg = 0.02
    size_mm = [100, 50, 20]             # packed
    commodity_code = "560900"

    [[bill]]                            # a line of the root or of any item
    parent = "badge"                    # left out: the root
    item = "lanyard"
    quantity = 1
    step = "packing"                    # optional: the process that consumes it

``[product]`` and ``[[item]]`` take: id, name, revision, unit, mass_kg, size_mm, commodity_code, hazard,
material, finish, colour, description, manufacturer, mpn, value, footprint, processes,
required_certificates, parameters, licence, derived_from, design, bill, positions. ``[[bill]]`` takes:
parent, item, quantity, step, fitted, designators, substitutes. An ``[[item]]`` with the id of a part
from a parts list (``part/...``) adds to that part. Anything else is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, TypeAlias

from manyworks.files.belonging import explain_rest
from manyworks.files.depth import Features
from manyworks.files.doors import bound
from manyworks.files.found import Found
from manyworks.files.gathering import walk
from manyworks.files.limits import HINTS, PRODUCT_BYTES, PRODUCT_TABLES, TABLE_BYTES
from manyworks.files.making import Chosen, make_items
from manyworks.files.parts import Catalogue
from manyworks.files.product_bill import add_lines, check_shape
from manyworks.files.product_fields import (
    FILE_KEYS,
    ITEM_KEYS,
    LINE_KEYS,
    TOP_KEYS,
    Entry,
    check_entry,
    unknown_key,
)
from manyworks.files.sorting import sort_files
from manyworks.files.sources import Source, open_source
from manyworks.files.table_files import read_some_table
from manyworks.files.tables import Bill, Position, Table, TableKind, read_bill, read_positions
from manyworks.files.toml_text import KeyLines, TomlError, parse_toml
from manyworks.files.unread import name_unused
from manyworks.model import BoardDesign, Finding, Item, ItemId, Product, Severity, error, errors, warning

PRODUCT_FILE = "product.toml"

_Places: TypeAlias = tuple[tuple[Position, ...] | None, Table | None]


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One product file being read: everything is read before anything is judged."""

    folder: Path
    source: Source
    features: Features
    views: bool
    findings: list[Finding] = field(default_factory=list)
    catalogue: Catalogue = field(default_factory=Catalogue)
    used: set[str] = field(default_factory=set)
    items: dict[ItemId, Item] = field(default_factory=dict)
    entries: dict[ItemId, Entry] = field(default_factory=dict)
    boards: list[str] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


def read_product_file(
    path: Path, *, features: Features = True, views: bool = True
) -> tuple[Product | None, list[Finding]]:
    """Read a product by its product file; all problems of all files at once."""
    source = open_source(path, path.name, PRODUCT_BYTES)
    if isinstance(source, Finding):
        return None, [source]
    reading = _Reading(folder=path.parent, source=source, features=features, views=views)
    reading.used.add(path.name)
    text = _utf8(source)
    tables = _parse(text, source.name, reading.findings)
    if text is None or tables is None:
        return None, reading.findings
    root, lines = _read_entries(tables, KeyLines(text), reading)
    product = _build(root, lines, reading) if root is not None else None
    board = reading.boards[0] if len(reading.boards) == 1 else ""
    names = dict.fromkeys(name for _, name in walk(reading.folder, reading.findings))
    told = {finding.where for finding in reading.findings if finding.severity is not Severity.INFO}
    rest = [name for name in (names | reading.names | reading.reasons) if name not in told]
    unused = name_unused(rest, reading.used, board, reading.reasons)
    return product, [*bound(reading.findings), *unused]


def _parse(text: str | None, name: str, findings: list[Finding]) -> dict[str, Any] | None:
    if text is None:
        hint = "save it as UTF-8"
        findings.append(error("files.product.malformed", name, "the file is not UTF-8 text", hint))
        return None
    try:
        return parse_toml(text)
    except TomlError as trouble:
        where = f"{name}:{trouble.line}" if trouble.line else name
        hint = 'texts stand in "quotation marks", tables in [brackets]'
        findings.append(error("files.product.malformed", where, f"this is not TOML: {trouble}", hint))
    return None


def _utf8(source: Source) -> str | None:
    try:
        return source.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _read_entries(
    tables: Mapping[str, Any], lines: KeyLines, reading: _Reading
) -> tuple[ItemId | None, list[Entry]]:
    name = reading.source.name
    for key in tables:
        if key not in TOP_KEYS:
            where = f"{name}:{lines.find_key(key) or 1}"
            reading.findings.append(unknown_key(key, TOP_KEYS, where, "the file"))
    if "product" not in tables:
        text = "the table [product] with the id of the product is missing"
        reading.findings.append(error("files.product.missing-key", f"{name}:1", text))
    blank = Entry(table="product", index=0, file=name, lines=lines)
    roots = (
        [check_entry(tables["product"], blank, ITEM_KEYS, reading.findings)] if "product" in tables else []
    )
    items = [
        check_entry(raw, entry, ITEM_KEYS, reading.findings)
        for raw, entry in _listed(tables, "item", blank, reading)
    ]
    bill = [
        check_entry(raw, entry, LINE_KEYS, reading.findings)
        for raw, entry in _listed(tables, "bill", blank, reading)
    ]
    for entry in (*roots, *items):
        _read_item(entry, reading)
    root = roots[0].values.get("id") if roots else None
    return (ItemId(root) if root else None), bill


def _listed(
    tables: Mapping[str, Any], table: str, blank: Entry, reading: _Reading
) -> Iterator[tuple[object, Entry]]:
    rows = tables.get(table, [])
    if not isinstance(rows, list):
        where = f"{blank.file}:{blank.lines.find_key(table) or 1}"
        text = f"write [[{table}]] in double brackets: there may be several"
        reading.findings.append(error("files.product.not-a-list", where, text))
        return
    if len(rows) > PRODUCT_TABLES:
        text = f"more than {PRODUCT_TABLES:,} tables [[{table}]]; the rest is not read"
        reading.findings.append(error("files.product.too-large", blank.file, text))
    for index, raw in enumerate(rows[:PRODUCT_TABLES]):
        yield raw, replace(blank, table=table, index=index)


def _read_item(entry: Entry, reading: _Reading) -> None:
    name = entry.values.get("id")
    if name is None:
        if not any(
            f.where == entry.where("id") and f.code == "files.product.value" for f in reading.findings
        ):
            text = f"[{entry.table}] has no id"
            reading.findings.append(error("files.product.missing-key", entry.where(), text, 'add id = "..."'))
        return
    key = ItemId(name)
    if key in reading.items:
        text = f"the id {name!r} stands already at {reading.entries[key].where('id')}"
        reading.findings.append(
            error("files.product.id-twice", entry.where("id"), text, "give every item its own id")
        )
        return
    item = _from_files(entry, reading) or Item(id=key, name=name)
    given = {k: v for k, v in entry.values.items() if k not in FILE_KEYS}
    given.setdefault("name", name)
    reading.items[key] = replace(item, **given)
    reading.entries[key] = entry


def _from_files(entry: Entry, reading: _Reading) -> Item | None:
    """What an entry's design, parts list and position file say of the item."""
    sources = {key: _inside(entry, key, reading) for key in FILE_KEYS if key in entry.values}
    if "positions" in sources and "design" not in sources:
        text = "positions belong to a board, but the item has no design"
        reading.findings.append(
            error("files.product.value", entry.where("positions"), text, "add design = ...")
        )
    design, bill = sources.get("design"), _read_parts(sources.get("bill"), reading)
    if design is None:
        if bill is None:
            return None
        made = Item(id=ItemId(entry.values["id"]), name="", bill=reading.catalogue.lines(bill.parts))
        return replace(made, files=(bill.table.source.reference("bill"),))
    places, table = _read_places(sources.get("positions"), reading)
    chosen = Chosen(bill=bill, positions=places, places=table)
    return _designed_item(design, chosen, entry, reading)


def _designed_item(design: tuple[Path, str], chosen: Chosen, entry: Entry, reading: _Reading) -> Item | None:
    """The item of a design in whatever format; tables in its folder or archive are used unless named."""
    found = Found(asked=not design[0].is_dir(), features=reading.features, views=reading.views)
    reading.names.update(dict.fromkeys(sort_files(_files_at(design, reading), found)))
    _stand_back(chosen, found)
    item, _ = next(make_items(found, reading.catalogue, chosen), (None, 1.0))
    if item is None:
        _no_design(design[1], found, entry)
    else:
        _leave_others(item, found, entry)
        item = _with_bill(item, chosen.bill, reading)
        if isinstance(item.design, BoardDesign):
            reading.boards.append(item.files[0].path)
    explain_rest(found)
    reading.findings.extend(
        replace(finding, where=entry.where("design")) if finding.code.startswith("files.format.") else finding
        for finding in found.findings
    )
    reading.used.update(found.used)
    reading.reasons.update(found.reasons)
    return item


def _stand_back(chosen: Chosen, found: Found) -> None:
    """Tables beside the design are not asked where the product file names others."""
    if chosen.bill is not None:
        reason = f"{chosen.bill.table.name} is named in the product file instead"
        found.reasons.update({bill.table.name: reason for bill in found.bills})
        found.bills.clear()
    if chosen.places is not None:
        reason = f"{chosen.places.name} is named in the product file instead"
        found.reasons.update({table.name: reason for table, _ in found.positions})
        found.positions.clear()


def _leave_others(item: Item, found: Found, entry: Entry) -> None:
    """An item has one design; further ones in its folder or archive are named."""
    taken = {reference.path for reference in item.files}
    designs = [*found.sets, *found.designs]
    firsts = [board.source.name for board in found.boards] + [design.source.name for design in designs]
    attached = {reference.path for further in found.attached.values() for reference in further}
    others = [name for name in firsts if name not in taken and name not in attached]
    if not others:
        return
    left = {*others, *(reference.path for name in others for reference in found.attached.get(name, ()))}
    left |= {source.name for design in designs if design.source.name in others for source in design.sources}
    reason = f"a further design beside {item.files[0].path}, which is used"
    found.reasons.update(dict.fromkeys(left, reason))
    found.used -= left
    listed = ", ".join(others[:10]) + (f" and {len(others) - 10} more" if len(others) > 10 else "")
    text = f"there are {len(others) + 1} designs; {item.files[0].path} is used, not {listed}"
    hint = "write an [[item]] with a design of its own for each"
    found.findings.append(warning("files.product.several-designs", entry.where("design"), text, hint))


def _no_design(name: str, found: Found, entry: Entry) -> None:
    if not errors(found.findings):
        text = f"no design can be read from {name!r}"
        hint = "give a board, a solid, a drawing, a pattern or a harness"
        found.findings.append(error("files.product.no-design", entry.where("design"), text, hint))


def _with_bill(item: Item, bill: Bill | None, reading: _Reading) -> Item:
    """A named parts list stands beside what the design lists itself; boards have it already."""
    if bill is None or isinstance(item.design, BoardDesign):
        return item
    lines = (*item.bill, *reading.catalogue.lines(bill.parts))
    return replace(item, bill=lines, files=(*item.files, bill.table.source.reference("bill")))


def _files_at(design: tuple[Path, str], reading: _Reading) -> list[tuple[Path, str]]:
    """The design's file, or all files of its folder (fabrication files are a set)."""
    if not design[0].is_dir():
        return [design]
    below = walk(design[0], reading.findings)
    return [(path, f"{design[1].rstrip('/')}/{name}") for path, name in below]


def _inside(entry: Entry, key: str, reading: _Reading) -> tuple[Path, str] | None:
    """A file inside the product's folder, or None after a finding."""
    text = entry.values[key]
    where = entry.where(key)
    pure = PurePosixPath(text)
    outside = (
        pure.is_absolute()
        or ".." in pure.parts
        or PureWindowsPath(text).drive
        or "\\" in text
        or "\0" in text
    )
    if outside or not text:
        message = f"{key} is {text[:100]!r}; expected was a path inside this folder, written with /"
        reading.findings.append(error("files.product.path", where, message))
        return None
    path = reading.folder / pure
    try:
        escaped = not path.resolve().is_relative_to(reading.folder.resolve())
        exists = path.is_file() or (key == "design" and path.is_dir())
    except (OSError, RuntimeError, ValueError):
        escaped, exists = False, False
    if escaped:
        reading.findings.append(
            error("files.product.path", where, f"{text[:100]!r} leads out of the product's folder")
        )
    elif not exists:
        reading.findings.append(_missing(text, where, reading))
    if escaped or not exists:
        return None
    reading.used.add(pure.as_posix())
    return path, pure.as_posix()


def _missing(text: str, where: str, reading: _Reading) -> Finding:
    names = [name for _, name in walk(reading.folder, [])] if len(reading.findings) < HINTS else []
    near = get_close_matches(text, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else ""
    return error("files.file.missing", where, f"there is no file {text[:100]!r}", hint)


def _read_parts(given: tuple[Path, str] | None, reading: _Reading) -> Bill | None:
    source = open_source(*given, TABLE_BYTES) if given else None
    if source is None or isinstance(source, Finding):
        reading.findings.extend([source] if source else [])
        return None
    table = read_some_table(source, (TableKind.BILL, TableKind.ORDER), reading.findings)
    if table is None:
        reading.findings.append(_wrong_table(source, "parts list"))
        return None
    bill, findings = read_bill(table)
    reading.findings.extend(findings)
    return bill


def _read_places(given: tuple[Path, str] | None, reading: _Reading) -> _Places:
    source = open_source(*given, TABLE_BYTES) if given else None
    if source is None or isinstance(source, Finding):
        reading.findings.extend([source] if source else [])
        return None, None
    table = read_some_table(source, (TableKind.POSITIONS,), reading.findings)
    if table is None:
        reading.findings.append(_wrong_table(source, "position file"))
        return None, None
    positions, findings = read_positions(table)
    reading.findings.extend(findings)
    return positions, table


def _wrong_table(source: Source, wanted: str) -> Finding:
    hint = (
        "a table as text with column names" if wanted == "parts list" else "columns for designator, x and y"
    )
    return error("files.table.unknown", source.name, f"this is no {wanted}", f"expected: {hint}")


def _build(root: ItemId, entries: Sequence[Entry], reading: _Reading) -> Product:
    items = {**reading.catalogue.items, **reading.items}
    for key in reading.catalogue.items.keys() & reading.items.keys():
        items[key] = _enrich(reading.catalogue.items[key], reading.entries[key])
    add_lines(entries, root, items, reading.findings)
    if root in items:
        reference = reading.source.reference("product")
        items[root] = replace(items[root], files=(*items[root].files, reference))
        reading.findings.extend(check_shape(root, items, reading.entries, reading.source.name))
    return Product(root=root, items=items, source=str(reading.source.path))


def _enrich(part: Item, entry: Entry) -> Item:
    """A part of a parts list with what the product file adds to it."""
    return replace(part, **{key: value for key, value in entry.values.items() if key not in FILE_KEYS})
