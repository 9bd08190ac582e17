"""``manyworks read``: what was understood of a design."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from manyworks.cli.outputs import OutputError, as_json, check_outputs, write_outputs
from manyworks.cli.saying import indent, lay_out, say, say_findings
from manyworks.files import read
from manyworks.model import BoardDesign, Finding, Item, Placement, Product, SolidDesign


def read_design(arguments: Namespace) -> int:
    """Read, tell, and write what was asked for."""
    blocked = check_outputs(arguments.json, arguments.html, inputs=arguments.paths)
    if blocked:
        raise OutputError(blocked)
    product, findings = read(*arguments.paths)
    if product is not None and arguments.json != "-":
        say(*describe_product(product))
    write_outputs(dict(_outputs(arguments, product, findings)))
    return say_findings(findings)


def _outputs(
    arguments: Namespace, product: Product | None, findings: tuple[Finding, ...]
) -> Iterator[tuple[str, str]]:
    if arguments.json:
        yield arguments.json, as_json(product_to_json(product, findings))
    if arguments.html and product is not None:
        from manyworks.report import read_page

        yield arguments.html, read_page(product, findings)


def product_to_json(product: Product | None, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """Everything understood, field by field as in `manyworks.model`; ``product`` is null after errors."""
    # Late: reading needs nothing else of that room, and it loads slowly.
    from manyworks.quoting import finding_to_json

    return {
        "format": "manyworks-product/1",
        "product": None if product is None else asdict(product),
        "findings": [finding_to_json(finding) for finding in findings],
    }


def describe_product(product: Product) -> Iterator[str]:
    """The product in lines of text: root, items, boards, solids, bills."""
    item = product.item
    revision = f", revision {item.revision}" if item.revision else ""
    yield f"{item.name or item.id}{revision} ({item.id}), read from {product.source}"
    yield ""
    items = sorted(product.items.values(), key=_rank)
    head = ("item", "name", "what", "kg", "material", "code")
    yield from indent(lay_out(head, map(_item_row, items), "   r"))
    for one in product.items.values():
        yield from _describe_design(one)
    for one in product.items.values():
        if one.bill:
            yield from _describe_bill(one, product)


def _item_row(item: Item) -> tuple[str, ...]:
    mass = f"{item.mass_kg:.4g}" if item.mass_kg is not None else "?"
    return (item.id, item.name, _kind(item), mass, item.material or "", item.commodity_code or "")


def _rank(item: Item) -> int:
    """What is made before what is bought."""
    return ("assembly", "board", "solid", "bought").index(_kind(item))


def _kind(item: Item) -> str:
    if isinstance(item.design, BoardDesign):
        return "board"
    if isinstance(item.design, SolidDesign):
        return "solid"
    return "assembly" if item.bill else "bought"


def _describe_design(item: Item) -> Iterator[str]:
    if isinstance(item.design, BoardDesign):
        yield from ("", f"board {item.id}", *indent(_describe_board(item.design)))
    elif isinstance(item.design, SolidDesign):
        yield from ("", f"solid {item.id}", *indent(_describe_solid(item.design)))


def _describe_board(board: BoardDesign) -> Iterator[str]:
    yield (
        f"{board.width_mm:.2f} x {board.height_mm:.2f} x {board.thickness_mm:.2f} mm, "
        f"{board.area_mm2:.1f} mm2, {board.copper_layers} copper layers"
        + (f", finish {board.finish}" if board.finish else "")
    )
    yield (
        f"holes: {board.plated_holes} plated, {board.nonplated_holes} not plated, {board.slots} slots; "
        f"smallest drill {_mm(board.min_drill_mm)}, track {_mm(board.min_track_mm)}, "
        f"space {_mm(board.min_space_mm)}" + ("; blind or buried vias" if board.blind_vias else "")
    )
    fitted = [part for part in board.placements if part.fitted]
    sides = Counter((part.side, _mounting(part)) for part in fitted)
    told = ", ".join(f"{count} {how} {side}" for (side, how), count in sorted(sides.items()))
    yield f"parts: {len(fitted)} to be fitted ({told or 'none'}), {len(board.placements) - len(fitted)} not"
    pitches = [part.pitch_mm for part in fitted if part.pitch_mm is not None]
    pads = sum(part.surface_pads + part.through_pads for part in fitted)
    yield f"pads: {pads}, finest pitch {_mm(min(pitches, default=None))}"


def _mounting(part: Placement) -> str:
    return "surface-mounted" if part.surface_mounted else "through-hole"


def _mm(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g} mm"


def _describe_solid(solid: SolidDesign) -> Iterator[str]:
    size = " x ".join(f"{side:.2f}" for side in solid.size_mm)
    closed = "closed" if solid.watertight else "NOT closed"
    bodies = f"{solid.bodies} bodies" if solid.bodies != 1 else "one body"
    yield f"{size} mm, {solid.volume_mm3:.1f} mm3, surface {solid.surface_mm2:.1f} mm2, {bodies}, {closed}"
    yield f"wall {_mm(solid.wall_mm)}, at most {_mm(solid.wall_max_mm)}, {solid.faces} faces"


def _describe_bill(item: Item, product: Product) -> Iterator[str]:
    yield from ("", f"bill of {item.id}")
    rows = []
    for line in item.bill:
        part = product.items[line.item]
        number = " ".join(filter(None, (part.manufacturer, part.mpn))) or " ".join(
            filter(None, (part.value, part.footprint.rpartition(":")[2]))
        )
        note = "" if line.fitted else "not fitted"
        rows.append((f"{line.quantity:g}", line.item, part.name, number, " ".join(line.designators), note))
    yield from indent(lay_out(("each", "item", "name", "part", "designators", ""), rows, "r"))
