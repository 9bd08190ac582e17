"""How an item can be made: routings, operations and what they ask of a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from manyworks.model.ids import ItemId, OperationId, RoutingId


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What an operation asks of whoever does it. None, empty: not asked.

    All lengths in mm, ``finish_ra_um`` in micrometres, forces in tonnes, ``size_mm`` the bounding
    box (three numbers) or the sheet or board (two numbers). ``tolerance_mm`` is plus and minus;
    ``it_grade`` with ``nominal_mm`` states the same as a grade of ISO 286-1. ``diameter_mm`` and
    ``length_mm`` are of a turned part, which is not rotated; ``axes`` of simultaneous or positioned
    movement; ``copper_um`` the thickest copper; ``weight_kg`` of one piece.
    """

    process: str
    size_mm: tuple[float, ...] | None = None
    materials: tuple[str, ...] = ()
    tolerance_mm: float | None = None
    finish_ra_um: float | None = None
    iso_class: int | None = None
    layers: int | None = None
    thickness_mm: float | None = None
    min_track_mm: float | None = None
    min_drill_mm: float | None = None
    smallest_package: str | None = None
    min_pitch_mm: float | None = None
    clamp_force_t: float | None = None
    shot_g: float | None = None
    it_grade: int | None = None
    nominal_mm: float | None = None
    diameter_mm: float | None = None
    length_mm: float | None = None
    bend_length_mm: float | None = None
    axes: int | None = None
    colours: int | None = None
    copper_um: float | None = None
    weight_kg: float | None = None
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Material an operation consumes.

    For ``n`` started units it needs ``ceil(n * quantity + max(attrition_min, attrition * n *
    quantity))`` units of ``item`` (no rounding up where the item's unit is not ``piece``).
    """

    item: ItemId
    quantity: float
    attrition: float = 0.0
    attrition_min: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolNeed:
    """A tool (mould, stencil, fixture) that must stand where the operation runs.

    ``life`` is the number of starts one instance lasts; ``ceil(starts / life)`` are needed.
    """

    item: ItemId
    life: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One step of a routing (ISA-95 process segment).

    Parameters
    ----------
    id
        Unique within the product: ``<item>/<routing>/<step>``.
    process
        Canonical name in the process taxonomy.
    requirement
        What a machine must be able to do.
    drivers
        The numbers of the design that time and cost grow with (``joints``, ``area_mm2``), each
        name defined by the process's module.
    inputs, tools
        What is consumed and what must stand ready.
    after
        Operations of the same routing that must be finished first.
    pausable
        Whether the operation may be interrupted over a break and go on afterwards.
    hold_s
        Time in seconds the output must rest (cure, cool) before the next step; no machine is held.
    setup_family
        Two lots of one family need no change-over between them.
    setup_state
        What each module of the cell must hold (``resin``: ``ABS``, ``feeders``: ``C1|R3``): between
        two families only the modules that differ are changed.
    """

    id: OperationId
    name: str
    process: str
    requirement: Requirement
    drivers: Mapping[str, float] = field(default_factory=dict)
    inputs: tuple[Input, ...] = ()
    tools: tuple[ToolNeed, ...] = ()
    after: tuple[OperationId, ...] = ()
    pausable: bool = True
    hold_s: float = 0.0
    setup_family: str = ""
    setup_state: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """One way to make ``item`` (ValueFlows recipe), sensible from ``min`` to ``max_quantity``.

    ``operations`` are in an order that respects ``after``; the last one yields the item.
    ``kind`` is a short name for people (``hand assembly``, ``moulded, soft tool``).
    """

    id: RoutingId
    item: ItemId
    kind: str
    operations: tuple[Operation, ...]
    min_quantity: float = 1.0
    max_quantity: float = float("inf")
    assumptions: tuple[str, ...] = ()
