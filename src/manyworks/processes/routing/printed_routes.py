"""Plastic parts printed: from filament, in resin, in powder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from manyworks.model import (
    Item,
    Operation,
    OperationId,
    Printing,
    Requirement,
    Routing,
    RoutingId,
    SolidDesign,
)
from manyworks.processes.measures import out_of_scope
from manyworks.processes.plastics import Plastic, describe_figure, find_plastic
from manyworks.processes.routing.drafts import Draft, told
from manyworks.processes.routing.plastic_wishes import Wishes
from manyworks.processes.tables import default, read_data

_HOUR = 3600.0
_FILAMENT, _LIQUID, _POWDER = "PLA", "RESIN-STANDARD", "PA12"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Printer:
    """A way to print: which form of plastic it takes, how its routing is called, how the part lies."""

    process: str
    suffix: str
    kind: str
    form: str
    module: str
    unnamed: str
    """The plastic it takes where none is named."""
    laid: bool = True
    hold: str = ""


_PRINTERS = (
    _Printer(
        process="fdm-printing",
        suffix="printed",
        kind="printed",
        form="filament",
        module="filament",
        unnamed=_FILAMENT,
    ),
    _Printer(
        process="dlp-printing",
        suffix="printed-dlp",
        kind="printed, flashed resin",
        form="liquid",
        module="vat",
        unnamed=_LIQUID,
        hold="cure_hours",
    ),
    _Printer(
        process="sla-printing",
        suffix="printed-sla",
        kind="printed, laser in resin",
        form="liquid",
        module="vat",
        unnamed=_LIQUID,
        hold="cure_hours",
    ),
    _Printer(
        process="sls-printing",
        suffix="printed-sls",
        kind="printed, laser in powder",
        form="powder",
        module="powder",
        unnamed=_POWDER,
        laid=False,
        hold="cake_hours",
    ),
    _Printer(
        process="mjf-printing",
        suffix="printed-mjf",
        kind="printed, multi jet fusion",
        form="powder",
        module="powder",
        unnamed=_POWDER,
        laid=False,
        hold="cake_hours",
    ),
)


def printed_ways(item: Item, design: SolidDesign, wishes: Wishes, draft: Draft) -> list[Routing]:
    """Routings of a part printed in each way its plastic is sold for; none where it is sold for none."""
    found = list(_ways(item, design, wishes, draft))
    if not any(routing.operations[0].process == "fdm-printing" for routing in found):
        _tell_no_filament(item, draft)
    return found


def _ways(item: Item, design: SolidDesign, wishes: Wishes, draft: Draft) -> Iterator[Routing]:
    for printer in _PRINTERS:
        plastic = _plastic_for(item, printer)
        price = _price(plastic, printer.form) if plastic is not None else None
        if plastic is None or price is None:
            continue
        operation = _operation(item, design, wishes, printer, plastic)
        limits = out_of_scope(operation)
        draft.findings += limits
        if not limits:
            words = (*wishes.told(), *_laying(design, printer))
            yield _routing(item, printer, plastic, operation, words)


def _plastic_for(item: Item, printer: _Printer) -> Plastic | None:
    """What an item is printed of in a way; the family's usual powder where only a family is named."""
    if not item.material:
        return find_plastic(printer.unnamed)
    meant = read_data("route_plastics")["printed_as"].get(item.material.strip().lower())
    if meant is not None and printer.form == "powder":
        return find_plastic(meant)
    return find_plastic(item.material)


def _price(plastic: Plastic, form: str) -> float | None:
    prices = {"filament": plastic.filament_usd, "liquid": plastic.liquid_usd, "powder": plastic.powder_usd}
    return prices[form]


def _tell_no_filament(item: Item, draft: Draft) -> None:
    plastic = find_plastic(item.material or _FILAMENT)
    if plastic is not None and plastic.filament_usd is None:
        message = f"{plastic.name} is not sold as filament; not printed from it"
        draft.assume("no_filament", item.id, message)


def _operation(
    item: Item, design: SolidDesign, wishes: Wishes, printer: _Printer, plastic: Plastic
) -> Operation:
    form = printer.form
    drivers = {
        **(_laid(design) if printer.laid else _boxed(design)),
        **_skin(design, printer),
        **wishes.precision(),
        "volume_mm3": design.volume_mm3,
        "density": plastic.density,
        f"{form}_usd": _price(plastic, form) or 0.0,
        f"{form}_co2e": plastic.co2e,
    }
    own = {"infill": wishes.infill if form == "filament" else None, "layer_mm": wishes.layer_mm}
    if printer.laid:
        drivers |= {name: value for name, value in own.items() if value is not None}
    state = f"{plastic.name} {item.colour or ''}".strip()
    return Operation(
        id=OperationId(f"{item.id}/{printer.suffix}/print"),
        name="Print",
        process=printer.process,
        requirement=Requirement(
            process=printer.process,
            size_mm=design.size_mm,
            materials=(plastic.name,),
            tolerance_mm=wishes.tolerance_mm,
            nominal_mm=wishes.nominal_mm if wishes.tolerance_mm else None,
            finish_ra_um=wishes.ra_um,
            certificates=item.required_certificates,
        ),
        drivers=drivers,
        hold_s=default(printer.hold) * _HOUR if printer.hold else 0.0,
        setup_family=f"print {state}",
        setup_state={printer.module: state},
    )


def _skin(design: SolidDesign, printer: _Printer) -> Mapping[str, float]:
    return {"surface_mm2": design.surface_mm2} if printer.form != "liquid" else {}


def _boxed(design: SolidDesign) -> dict[str, float]:
    """Sides of the part's box: the longest first, as nests turn parts as they like."""
    short, middle, long = sorted(design.size_mm)
    return {"size_x_mm": long, "size_y_mm": middle, "size_z_mm": short}


def measured(design: SolidDesign) -> Printing | None:
    """How the part is best laid, where that was measured: of solids of one body."""
    return design.details[0].printing if len(design.details) == 1 and design.bodies == 1 else None


def _laid(design: SolidDesign) -> dict[str, float]:
    """Sides as laid on the bed and the room for supports; the shortest side upright if not measured."""
    found = measured(design)
    if found is None:
        return {**_boxed(design), "support_mm3": default("support_room_share") * design.volume_mm3}
    upright = max(range(3), key=lambda axis: abs(found.up[axis]))
    lying = sorted((side for axis, side in enumerate(design.size_mm) if axis != upright), reverse=True)
    return {
        "size_x_mm": lying[0],
        "size_y_mm": lying[1],
        "size_z_mm": found.height_mm,
        "support_mm3": found.support_mm3,
    }


def _laying(design: SolidDesign, printer: _Printer) -> tuple[str, ...]:
    """How the part is turned, and what stands for what was not measured."""
    held = told(printer.hold) if printer.hold else ()
    if not printer.laid:
        return ("routing: turned as nests like", *held)
    if measured(design) is not None:
        return ("routing: printed as measured best", *held)
    return ("routing: printed lying on its largest face", *held, *told("support_room_share"))


def _routing(
    item: Item, printer: _Printer, plastic: Plastic, operation: Operation, words: tuple[str, ...]
) -> Routing:
    price = _price(plastic, printer.form) or 0.0
    renamed = bool(item.material) and find_plastic(item.material or "") != plastic
    return Routing(
        id=RoutingId(f"{item.id}/{printer.suffix}"),
        item=item.id,
        kind=printer.kind,
        operations=(operation,),
        assumptions=(
            describe_figure(plastic, f"{printer.form} price", price, "USD/kg"),
            describe_figure(plastic, "density", plastic.density, "kg/m3"),
            *((f"routing: {item.material} is printed as {plastic.name}",) if renamed else ()),
            *words,
        ),
    )
