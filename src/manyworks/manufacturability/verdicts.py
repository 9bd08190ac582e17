"""What a check found: verdict, measure, places, shops."""

from __future__ import annotations

from dataclasses import dataclass, field

from manyworks.model import ItemId, ShopId

PASSES, FAILS, UNKNOWN = "passes", "fails", "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere on the part: a point on the design's axes (2 or 3 numbers) or none, and words."""

    at_mm: tuple[float, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value measured at one place."""

    value: float
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a measure found on a subject.

    ``readings`` are empty where the part has no such thing (the check does not apply);
    ``needs`` says what is missing where it cannot be measured; ``variant`` which threshold holds.
    """

    readings: tuple[Reading, ...] = ()
    needs: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One limit applied to one part.

    Parameters
    ----------
    number, name, title
        The check, the threshold's name, what is measured.
    item, body, process, why
        What was checked as made how, and where that process comes from. ``body`` counts from 0; -1
        for the whole item.
    verdict
        ``passes``, ``fails`` or ``not known``.
    measured, threshold, unit, sense
        The worst value found; None where it is not known.
    severity
        How much it matters where it fails.
    places
        Where on the part it fails (at most 50).
    message, hint, source
        In words.
    shops_able, shops_unable
        Shops of the network with the process that can and cannot take the part as it is, the
        latter with their own limit.
    """

    number: int
    name: str
    title: str
    item: ItemId
    process: str
    why: str
    verdict: str
    severity: str
    message: str
    sense: str
    unit: str
    threshold: float
    measured: float | None = None
    body: int = -1
    places: tuple[Place, ...] = ()
    hint: str = ""
    source: str = ""
    shops_able: tuple[ShopId, ...] = ()
    shops_unable: tuple[tuple[ShopId, str], ...] = ()
