"""Where things are and how they move between there."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.model.ids import LaneId, PlaceId
from manyworks.model.quantities import Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point on the map. ``zone`` is the tariff zone lanes run between; ``country`` ISO 3166 alpha-2."""

    id: PlaceId
    name: str
    country: str
    latitude: float
    longitude: float
    zone: str = ""
    kind: str = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateBracket:
    """Freight for one consignment whose chargeable weight is in ``[min_kg, max_kg]``.

    ``price = fixed + per_kg * chargeable_kg``, in the network's currency.
    """

    min_kg: float
    max_kg: float
    fixed: float
    per_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A carrier's service between two zones (GLEC transport chain).

    Parameters
    ----------
    mode
        ``parcel``, ``express``, ``air``, ``sea``, ``road``, ``rail`` or ``hand`` (within a walk).
    from_zone, to_zone
        ``*`` stands for any zone; a lane from a zone to itself is domestic.
    brackets
        Tariff; a chargeable weight outside all brackets cannot use the lane.
    kg_per_m3
        Volumetric factor: chargeable = max(kg, m3 * kg_per_m3).
    transit_days
        Door to door, calendar days.
    co2e_kg_per_tkm
        Well-to-wheel, on the main leg's distance.
    valid_from, valid_to
        ISO dates; empty for open.
    """

    id: LaneId
    mode: str
    from_zone: str
    to_zone: str
    brackets: tuple[RateBracket, ...]
    kg_per_m3: float
    transit_days: Spread
    co2e_kg_per_tkm: float
    source: str = ""
    valid_from: str = ""
    valid_to: str = ""
