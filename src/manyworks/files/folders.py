"""Files without a product.toml -> a product: what each file is by its content, what belongs together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from manyworks.files.belonging import explain_rest, named_design, product_bill
from manyworks.files.depth import Features
from manyworks.files.found import Found
from manyworks.files.gathering import named, walk
from manyworks.files.making import make_items, tell_apart
from manyworks.files.parts import Catalogue, slug
from manyworks.files.registry import resolve
from manyworks.files.sorting import sort_files
from manyworks.files.tables import Bill, Part
from manyworks.files.unread import name_unused
from manyworks.model import (
    BillLine,
    Finding,
    Item,
    ItemId,
    Product,
    Severity,
    error,
    errors,
    info,
    warning,
)


def read_folder(
    folder: Path, *, features: Features = True, views: bool = True
) -> tuple[Product | None, list[Finding]]:
    """A product from everything in a folder that can be read."""
    findings: list[Finding] = []
    paths = walk(folder, findings)
    if errors(findings):
        return None, findings
    found = Found(findings=findings, asked=False, features=features, views=views)
    return _read(paths, folder.resolve().name, str(folder), found)


def read_files(
    paths: Sequence[Path], *, features: Features = True, views: bool = True
) -> tuple[Product | None, list[Finding]]:
    """A product from files given by name; one that cannot be read is an error."""
    once: dict[Path, Path] = {}
    for path in paths:
        once.setdefault(path.resolve(), path)
    found = Found(asked=True, features=features, views=views)
    return _read(named(list(once.values())), paths[0].stem, str(paths[0]), found)


def _read(
    paths: list[tuple[Path, str]], title: str, source: str, found: Found
) -> tuple[Product | None, list[Finding]]:
    names = sort_files(paths, found)
    product = _build(found, title, source)
    found.findings.extend(_left_over(names, found, {name for _, name in paths} if found.asked else set()))
    return product, found.findings


def _left_over(names: Iterable[str], found: Found, asked: Collection[str]) -> Iterator[Finding]:
    """Every file and sheet that is not used and of which nothing is said yet; with weight if asked for."""
    told = {
        finding.where
        for finding in found.findings
        if finding.severity is not Severity.INFO or finding.code.startswith("files.archive.")
    }
    board = found.boards[0].source.name if len(found.boards) == 1 else ""
    everything = dict.fromkeys((*names, *found.reasons))
    rest = [name for name in everything if name not in told]
    for finding in name_unused(rest, found.used, board, found.reasons):
        weight = Severity.WARNING if finding.where in asked else finding.severity
        yield replace(finding, severity=weight)


def _build(found: Found, title: str, source: str) -> Product | None:
    catalogue = Catalogue()
    made = tell_apart(make_items(found, catalogue))
    _tell_times(made, found)
    bill = product_bill(found, {item.id for item, _ in made}, title)
    if not found.boards and not found.sets:
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


def _tell_times(made: Iterable[tuple[Item, float]], found: Found) -> None:
    for item, quantity in made:
        if quantity > 1:
            text = f"{quantity:g} pieces for one product, by the file's name"
            found.findings.append(info("files.solid.times", item.files[0].path, text))


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
        text = "no file here can be read as a design or a parts list"
        hint = "give a board or its Gerber files, a solid, a drawing, a pattern, a harness or a parts list"
        found.findings.append(error("files.nothing", title, text, hint))
