"""A product in lines of text: items, boards, solids, drawings, patterns, harnesses, bills, checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from manyworks.cli.saying import indent, lay_out
from manyworks.manufacturability import Check
from manyworks.model import (
    BoardDesign,
    Body,
    GarmentDesign,
    HarnessDesign,
    Item,
    Placement,
    Product,
    SheetDesign,
    SolidDesign,
)
from manyworks.report.charts.solid import describe

_MOST_FEATURES = 12
_MOST_CHECKS = 40


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
    kinds = ("assembly", "board", "solid", "sheet", "garment", "harness", "bought")
    return kinds.index(_kind(item))


def _kind(item: Item) -> str:
    if item.design is not None:
        return type(item.design).__name__.removesuffix("Design").lower()
    return "assembly" if item.bill else "bought"


def _describe_design(item: Item) -> Iterator[str]:
    if item.design is not None:
        yield from ("", f"{_kind(item)} {item.id}", *indent(_lines(item)))


def _lines(item: Item) -> Iterator[str]:
    design = item.design
    if isinstance(design, BoardDesign):
        yield from _describe_board(design)
    elif isinstance(design, SolidDesign):
        yield from _describe_solid(design)
    elif isinstance(design, SheetDesign):
        yield from _describe_sheet(design)
    elif isinstance(design, GarmentDesign):
        yield from _describe_garment(design)
    elif isinstance(design, HarnessDesign):
        yield from _describe_harness(design)


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

    for number, body in enumerate(solid.details, 1):
        if len(solid.details) > 1:
            copies = f", {body.copies} of it" if body.copies > 1 else ""
            yield f"body {number}{': ' + body.name if body.name else ''}{copies}"
        yield from _describe_body(body)


def _describe_body(body: Body) -> Iterator[str]:
    if body.guesses:
        guesses = ", ".join(f"{guess.process} {guess.confidence:.0%}" for guess in body.guesses[:3])
        yield f"looks made by: {guesses}"
    if body.sheet is not None:
        flat = " x ".join(f"{side:.1f}" for side in body.sheet.flat_mm)
        yield (
            f"sheet {_mm(body.sheet.thickness_mm)}, {len(body.sheet.bends)} bends, flat {flat} mm, "
            f"{body.sheet.cut_length_mm:.0f} mm to cut"
        )
    if body.turning is not None:
        yield f"round about one axis: diameter {_mm(body.turning.diameter_mm)}"
    counted = Counter(map(describe, body.features))
    for words, count in list(counted.items())[:_MOST_FEATURES]:
        yield f"{count} x {words}"
    if len(counted) > _MOST_FEATURES:
        yield f"and {len(counted) - _MOST_FEATURES} more kinds of features (all with --html or --json)"


def _describe_sheet(sheet: SheetDesign) -> Iterator[str]:
    yield (
        f"{sheet.size_mm[0]:.1f} x {sheet.size_mm[1]:.1f} mm in {sheet.unit} ({sheet.unit_source}), "
        f"{sheet.pieces} pieces, {sheet.area_mm2:.0f} mm2"
    )
    yield f"{sheet.cut_mm:.0f} mm to cut from {sheet.pierces} starts, {sheet.engrave_mm:.0f} mm to engrave"
    yield f"thickness {_mm(sheet.thickness_mm)}, least web {_mm(sheet.min_web_mm)}"
    for layer in sheet.layers:
        yield f"layer {layer.name!r}: {layer.role}, {layer.used} of {layer.entities} used ({layer.why})"


def _describe_garment(garment: GarmentDesign) -> Iterator[str]:
    yield f"{garment.pieces} pieces, {garment.area_mm2 / 1e6:.3f} m2, {garment.cut_mm / 1000:.2f} m to cut"
    seams = f"{garment.seam_mm / 1000:.2f} m in {len(garment.seams)} seams"
    yield f"{seams}, {garment.hem_mm / 1000:.2f} m of hems"
    for marker in garment.marker:
        wide, long = marker.sheet_mm
        yield f"on cloth {wide:.0f} mm wide: {long:.0f} mm long, {marker.used_share:.0%} used"


def _describe_harness(harness: HarnessDesign) -> Iterator[str]:
    length = f", {harness.wire_mm:.0f} mm in all" if harness.wire_mm is not None else ""
    yield f"{len(harness.wires)} cores in {harness.cut_wires} wires to cut{length}"
    yield f"{len(harness.connectors)} connectors, {harness.terminations} ends to fit"


def describe_checks(checks: Sequence[Check]) -> Iterator[str]:
    """The manufacturability checks: how many passed, and those that did not."""
    if not checks:
        return
    counts = Counter(check.verdict for check in checks)
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    yield from ("", f"can it be made like this? {told}")
    failing = [check for check in checks if check.verdict == "fails"]
    rows = [
        (str(check.number), check.item, check.process, check.severity, check.message, _shops(check))
        for check in failing[:_MOST_CHECKS]
    ]
    if rows:
        yield from indent(lay_out(("check", "item", "process", "severity", "found", "shops"), rows, "r"))
    if len(failing) > _MOST_CHECKS:
        yield f"  and {len(failing) - _MOST_CHECKS} more (all with --html or --json)"


def _shops(check: Check) -> str:
    total = len(check.shops_able) + len(check.shops_unable)
    return f"{len(check.shops_able)} of {total} can" if total else ""


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
