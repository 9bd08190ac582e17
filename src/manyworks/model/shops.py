"""Who makes and sells: shops, their machines, people and tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from manyworks.model.ids import ItemId, MachineId, PlaceId, ShopId, ToolId, WorkerId


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCard:
    """What an hour and a unit cost at one place. Private to its shop. Money in the network's currency.

    Parameters
    ----------
    wage_per_hour
        Burdened operator hour.
    rent_per_m2_year, energy_per_kwh
        Floor and electricity.
    machine_hours_per_year
        Hours a machine really runs in a year (shifts times utilisation).
    interest, maintenance
        Yearly shares of a machine's price.
    capital_factor
        Price of a machine here relative to its catalogue price.
    administration, margin
        Shares on cost, and on cost with administration.
    grid_kg_co2e_per_kwh
        Location-based grid factor including transmission and well-to-tank where known.
    sources
        One line per figure: what, value, source, year, confidence.
    """

    country: str
    wage_per_hour: float
    rent_per_m2_year: float
    energy_per_kwh: float
    machine_hours_per_year: float
    interest: float
    maintenance: float
    administration: float
    margin: float
    grid_kg_co2e_per_kwh: float
    capital_factor: float = 1.0
    material_factor: float = 1.0
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate with its scope and last day of validity (ISO date, empty: no end stated)."""

    name: str
    scope: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What one machine can do in one process. None: the shop does not say (unknown, not unlimited).

    ``it_grade`` is the finest grade of ISO 286-1 it holds; lengths in mm.
    """

    process: str
    materials: tuple[str, ...] = ()
    envelope_mm: tuple[float, ...] | None = None
    tolerance_mm: float | None = None
    finish_ra_um: float | None = None
    iso_class: int | None = None
    max_layers: int | None = None
    max_thickness_mm: float | None = None
    min_track_mm: float | None = None
    min_drill_mm: float | None = None
    smallest_package: str | None = None
    min_pitch_mm: float | None = None
    clamp_force_t: float | None = None
    shot_g: float | None = None
    it_grade: int | None = None
    max_diameter_mm: float | None = None
    max_length_mm: float | None = None
    max_bend_length_mm: float | None = None
    axes: int | None = None
    max_colours: int | None = None
    max_copper_um: float | None = None
    max_weight_kg: float | None = None
    min_lot: float | None = None
    max_lot: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine or a bench (ISA-95 equipment).

    ``capital`` (network's currency), ``power_kw``, ``floor_m2`` and ``life_years`` fall back to the
    process's defaults when None. ``coefficients`` are the shop's own values for coefficients of
    the process models (``placements_per_hour``). ``operators`` is how many people it takes.
    """

    id: MachineId
    shop: ShopId
    name: str
    capabilities: tuple[Capability, ...]
    make: str = ""
    model: str = ""
    capital: float | None = None
    power_kw: float | None = None
    floor_m2: float | None = None
    life_years: float | None = None
    count: int = 1
    coefficients: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """``count`` people of one class (ISA-95 personnel class) who can attend the named processes."""

    id: WorkerId
    shop: ShopId
    name: str
    processes: tuple[str, ...]
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A mould, stencil or fixture that already stands at a shop. ``item`` is what it is."""

    id: ToolId
    item: ItemId
    shop: ShopId
    owner: str = ""
    life_left: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Working time on the named weekdays (0 = Monday), minutes after local midnight.

    ``end_min`` may exceed 1440 for a shift that ends after midnight. ``breaks`` are (start, end).
    """

    weekdays: tuple[int, ...]
    start_min: int
    end_min: int
    breaks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A micro-factory, a bench or a market stall (OKW ManufacturingFacility, ISA-95 site).

    Parameters
    ----------
    place
        Where it stands.
    status
        ``open`` or anything else; only open shops are asked.
    timezone, shifts, holidays
        Calendar: IANA zone, weekly shifts, ISO country (optionally ``GB-WLS``) of public holidays;
        empty ``holidays`` means it works through.
    certificates, certificates_complete
        What it holds; ``certificates_complete`` where it says that there are no others, so that one
        that is not listed is not held. A shop that lists none and does not say so has to be asked.
    smallest_order
        Value below which the shop declines an operation (network's currency).
    minimum_charge
        What an order placed with the shop costs at least (network's currency).
    order_fee
        Charged once for every order placed with the shop, whatever it holds.
    queue_days
        Calendar days until the shop usually starts a new job.
    rate_overrides
        The shop's own values for fields of its `RateCard` (network's currency).
    coefficients
        The shop's own values for coefficients of the process models, for all its machines.
    """

    id: ShopId
    name: str
    place: PlaceId
    status: str = "open"
    timezone: str = "UTC"
    shifts: tuple[Shift, ...] = ()
    holidays: str = ""
    certificates: tuple[Certificate, ...] = ()
    certificates_complete: bool = False
    smallest_order: float = 0.0
    minimum_charge: float = 0.0
    order_fee: float = 0.0
    queue_days: float = 0.0
    rate_overrides: Mapping[str, float] = field(default_factory=dict)
    coefficients: Mapping[str, float] = field(default_factory=dict)
    description: str = ""
