"""Solids: what they are of, and every way there is to make them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from manyworks.model import Finding, Item, Routing, SolidDesign, error, warning
from manyworks.processes.materials import find_material, known_materials
from manyworks.processes.plastics import find_plastic, known_plastics
from manyworks.processes.routing.drafts import Draft
from manyworks.processes.routing.kit_routes import finish
from manyworks.processes.routing.machined_routes import machined_ways
from manyworks.processes.routing.plastic_routes import plastic_ways
from manyworks.processes.routing.sheet_metal_routes import sheet_metal_ways
from manyworks.processes.tables import read_data

_MM3 = 1e-9

Ways = Callable[[Item, SolidDesign, Draft], list[Routing]]

WAYS: tuple[Ways, ...] = (plastic_ways, machined_ways, sheet_metal_ways)
"""Each looks at an item and its solid and draws up the routings it knows; none where it knows none."""


def route_solid(item: Item, design: SolidDesign, draft: Draft) -> None:
    """Draw up the routings of a solid part: every way its material and shape allow."""
    if not _is_sound(item, design, draft):
        return
    item = _with_material(item, design, draft)
    if item.material and not (find_material(item.material) or find_plastic(item.material)):
        draft.findings.append(_unknown_material(item))
        return
    item = replace(item, size_mm=item.size_mm or design.size_mm)
    kind, density, name = _substance(item)
    mass = design.volume_mm3 * _MM3 * density
    item = draft.put(item, kind, mass_kg=mass, basis=f"volume by density of {name}")
    routings = [routing for ways in WAYS for routing in ways(item, design, draft)]
    if not routings:
        text = f"no process modelled here makes {item.id} of {item.material}; it can only be bought"
        draft.findings.append(warning("processes.route.no_way", item.id, text, "add an offer for it"))
        return
    lines = tuple(draft.product.fitted_lines(item.id))
    draft.add(item, [finish(routing, item, lines, draft) for routing in routings])


def _with_material(item: Item, design: SolidDesign, draft: Draft) -> Item:
    """The item with the material its process or its shape suggests, where none is stated and it is metal."""
    if item.material:
        return item
    usual = read_data("route")["usual_material"]
    guesses = design.details[0].guesses if design.details else ()
    best = max(guesses, key=lambda guess: guess.confidence, default=None)
    asked = next((process for process in item.processes if process in usual), "")
    process = asked or (best.process if best and not item.processes else "")
    if process not in usual:
        return item
    material = str(usual[process]["value"])
    why = f"asked for {process}" if asked else f"its shape looks made by {process}"
    draft.assume(
        "material",
        item.id,
        f"no material; taken as {material}, because {why}",
        "state the material of the item",
    )
    return replace(item, material=material)


def _substance(item: Item) -> tuple[str, float, str]:
    """Kind of commodity, density in kg/m3 and the material's name; ABS where nothing is stated."""
    codes = read_data("route")["codes_of_families"]
    store, plastic = find_material(item.material or ""), find_plastic(item.material or "ABS")
    if store is not None and (plastic is None or store.family in codes):
        return codes.get(store.family, "plastic_part"), store.density, store.name
    if plastic is None:
        raise ValueError(item.material)
    return "plastic_part", plastic.density, plastic.name


def _unknown_material(item: Item) -> Finding:
    return warning(
        "processes.route.material",
        item.id,
        f"no process is modelled for solids of {item.material!r}; the item can only be bought",
        f"known: {', '.join((*known_plastics(), *known_materials()))}",
    )


def _is_sound(item: Item, design: SolidDesign, draft: Draft) -> bool:
    if not design.watertight:
        message = "the solid is not closed: volume, mass and price are rough"
        draft.findings.append(warning("processes.route.open_solid", item.id, message, "mend the mesh"))
    if design.bodies > 1:
        message = f"the solid holds {design.bodies} bodies; priced as one part"
        draft.findings.append(
            warning("processes.route.bodies", item.id, message, "give each body its own item")
        )
    measures = (design.volume_mm3, design.surface_mm2, *design.size_mm)
    sound = all(0.0 < measure < math.inf for measure in measures)
    if not sound:
        size = " x ".join(f"{side:g}" for side in design.size_mm)
        message = f"the solid measures {size} mm with {design.volume_mm3:g} mm3; expected a body"
        draft.findings.append(error("processes.route.no_volume", item.id, message, "check the file"))
    return sound
