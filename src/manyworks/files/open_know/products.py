"""A manifest -> a product, alone or merged into one read from the same folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from manyworks.files.open_know.manifests import Atom, Manifest, ManifestPart
from manyworks.files.parts import slug
from manyworks.model import BillLine, Finding, Item, ItemId, Product, info, warning


def product_of(manifest: Manifest, source: str = "") -> tuple[Product, tuple[Finding, ...]]:
    """The product a manifest describes by itself: its parts and supplies, without any design files.

    A quantity that the manifest does not state is taken as 1, which is told.
    """
    findings: list[Finding] = []
    root = _root(manifest)
    taken = {root.id}
    items: dict[ItemId, Item] = {}
    lines: list[BillLine] = []
    entries: list[ManifestPart | Atom] = [*manifest.parts, *manifest.atoms]
    for entry in entries:
        item = _part_item(entry) if isinstance(entry, ManifestPart) else _atom_item(entry)
        item = replace(item, id=_free(item.id, taken))
        taken.add(item.id)
        items[item.id] = item
        lines.append(BillLine(item=item.id, quantity=_quantity(entry), where=source or manifest.name))
    assumed = [entry.name for entry in entries if entry.quantity is None]
    if assumed:
        findings.append(_assumed(assumed, source or manifest.name))
    root = replace(root, bill=tuple(lines))
    return Product(root=root.id, items={**items, root.id: root}, source=source), tuple(findings)


def _root(manifest: Manifest) -> Item:
    return Item(
        id=ItemId(slug(manifest.name or "manifest")),
        name=manifest.name,
        revision=manifest.version,
        description=manifest.description,
        licence=manifest.licence,
        derived_from="; ".join(manifest.derived_from),
        material=manifest.material or None,
        mass_kg=manifest.mass_kg,
        size_mm=manifest.size_mm,
    )


def _part_item(part: ManifestPart) -> Item:
    return Item(
        id=ItemId(slug(part.name or "part")),
        name=part.name,
        material=part.material or None,
        mass_kg=part.mass_kg,
        size_mm=part.size_mm,
        manufacturer=part.manufacturer,
        mpn=part.mpn,
        processes=(part.process,) if part.process else (),
        parameters=part.parameters,
    )


def _atom_item(atom: Atom) -> Item:
    return Item(id=ItemId(f"part/{slug(atom.name)}"), name=atom.name, description=atom.identifier)


def _free(name: ItemId, taken: set[ItemId]) -> ItemId:
    number, free = 2, name
    while free in taken:
        free, number = ItemId(f"{name}-{number}"), number + 1
    return free


def _quantity(entry: ManifestPart | Atom) -> float:
    return entry.quantity if entry.quantity is not None and entry.quantity > 0 else 1.0


def _assumed(names: list[str], where: str) -> Finding:
    listed = ", ".join(names[:10]) + (" ..." if len(names) > 10 else "")
    text = f"the manifest states no quantity for {listed}; one each is taken"
    return warning("files.okh.quantity", where, text, "state quantities in a parts list")


def merge_manifest(
    manifest: Manifest, product: Product, where: str = ""
) -> tuple[Product, tuple[Finding, ...]]:
    """What a manifest adds to a product read from the same folder.

    Name, version, licence, description and derivation go to the root; material, process, mass and
    settings of a part to the item whose file or name it names. Nothing that the files themselves
    say is changed. Parts without a design here are told.
    """
    items = dict(product.items)
    missing: list[str] = []
    quantities: dict[ItemId, float] = {}
    for part in manifest.parts:
        found = _item_of(part, items)
        if found is None:
            missing.append(part.name)
            continue
        items[found.id] = _enriched(found, _part_item(part))
        if part.quantity is not None and part.quantity > 0:
            quantities[found.id] = part.quantity
    root = _with_root(items[product.root], _root(manifest), quantities)
    items[product.root] = root
    findings = list(_merge_findings(missing, manifest, where or manifest.name))
    return Product(root=product.root, items=items, source=product.source), tuple(findings)


def _item_of(part: ManifestPart, items: Mapping[ItemId, Item]) -> Item | None:
    """The item one of a part's files belongs to, else the one of its name."""
    wanted = [PurePosixPath(path.lstrip("/")) for path in part.files]
    for item in items.values():
        paths = [PurePosixPath(reference.path) for reference in item.files]
        if any(path == want or path.name == want.name for path in paths for want in wanted):
            return item
    stems = {slug(want.stem) for want in wanted} | {slug(part.name)}
    return next((items[ItemId(stem)] for stem in sorted(stems) if ItemId(stem) in items), None)


def _enriched(item: Item, said: Item) -> Item:
    """The item with what only the manifest says."""
    return replace(
        item,
        material=item.material or said.material,
        mass_kg=item.mass_kg if item.mass_kg is not None else said.mass_kg,
        processes=item.processes or said.processes,
        parameters=item.parameters or said.parameters,
        manufacturer=item.manufacturer or said.manufacturer,
        mpn=item.mpn or said.mpn,
    )


def _with_root(root: Item, said: Item, quantities: Mapping[ItemId, float]) -> Item:
    bill = tuple(
        replace(line, quantity=quantities[line.item]) if line.item in quantities else line
        for line in root.bill
    )
    return replace(
        _enriched(root, said),
        name=said.name or root.name,
        revision=root.revision or said.revision,
        description=root.description or said.description,
        licence=root.licence or said.licence,
        derived_from=root.derived_from or said.derived_from,
        bill=bill,
    )


def _merge_findings(missing: list[str], manifest: Manifest, where: str) -> Iterator[Finding]:
    if missing:
        listed = ", ".join(missing[:20]) + (" ..." if len(missing) > 20 else "")
        text = f"parts of the manifest without a design file here: {listed}"
        yield warning("files.okh.part-missing", where, text, "add the files the manifest names")
    if manifest.atoms:
        listed = ", ".join(atom.name for atom in manifest.atoms[:20])
        yield info("files.okh.supplies", where, f"supplies named in words, not in the bill: {listed}")
    if manifest.tools:
        yield info("files.okh.tools", where, f"tools it takes: {', '.join(manifest.tools[:20])}")
