"""What carriers charge: the room's own lanes and those of a network, in one form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import exp, inf, log, sqrt

from manyworks.logistics.tables import Row, constant, read_table
from manyworks.model import Lane, LaneId, RateBracket, Spread

# Distance in standard deviations between the 10th and the 90th percentile of a normal distribution.
_P10_TO_P90 = 2 * 1.2815515655446004


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A lane with what its noun does not say.

    Parameters
    ----------
    product
        Lanes of one product compete by zone: only the narrowest matching one is offered.
    scope
        ``domestic`` (one country), ``customs-union`` (one customs territory), ``international``
        (two countries) or ``any``.
    min_km, max_km
        Great-circle distance it is offered over.
    per_km
        Share by which the price grows with every km by road.
    vehicle
        Vehicle of the main leg in the emission table, or the lane's own factor.
    shared_sigma, own_sigma
        Log standard deviations of the price: the market's and the carrier's.
    """

    lane: Lane
    product: str
    scope: str
    min_km: float
    max_km: float
    per_km: float
    vehicle: str | float
    shared_sigma: float
    own_sigma: float
    assumption: str
    from_network: bool = False


def log_sigma(low: float, high: float) -> float:
    """Standard deviation of the logarithm of a log-normal number from its P10 and P90."""
    return log(high / low) / _P10_TO_P90


def days_spread(p10: float, p50: float, p90: float) -> Spread:
    """Spread of a transit time in days; half of its variance is common to the lane."""
    sigma = log_sigma(p10, p90)
    half = sigma / sqrt(2)
    mean = p50 * exp(sigma**2 / 2)
    return Spread(mean=mean, p10=p10, p50=p50, p90=p90, shared_sigma=half, own_sigma=half)


def _bracket(start: tuple[float, float], end: tuple[float, float]) -> RateBracket:
    slope = (end[1] - start[1]) / (end[0] - start[0])
    return RateBracket(min_kg=start[0], max_kg=end[0], fixed=start[1] - slope * start[0], per_kg=slope)


def brackets_through(points: Sequence[tuple[float, float]]) -> tuple[RateBracket, ...]:
    """Brackets that join (chargeable kg, price) points by straight lines.

    Two points at one weight are a step in the price.
    """
    return tuple(_bracket(start, end) for start, end in pairwise(points) if end[0] > start[0])


def _points(text: str) -> tuple[tuple[float, float], ...]:
    pairs = (word.split(":") for word in text.split())
    return tuple((float(kg), float(price)) for kg, price in pairs)


def _rate_up(bracket: RateBracket, heavier: RateBracket) -> RateBracket | None:
    """A flat bracket where paying for the heavier bracket's least weight is cheaper."""
    price = heavier.fixed + heavier.per_kg * heavier.min_kg
    start, end = bracket.min_kg, min(bracket.max_kg, heavier.min_kg)
    if bracket.fixed + bracket.per_kg * end <= price:
        return None
    if bracket.per_kg > 0:
        start = max(start, (price - bracket.fixed) / bracket.per_kg)
    return RateBracket(min_kg=start, max_kg=end, fixed=price, per_kg=0.0) if start < end else None


def never_cheaper_when_heavier(brackets: Iterable[RateBracket]) -> tuple[RateBracket, ...]:
    """Add flat brackets where a shipper would declare more weight to pay less.

    The lowest price among the brackets that hold a weight then never falls with weight, as long
    as no bracket does so by itself. Weights outside all given brackets stay outside.
    """
    given = sorted(brackets, key=lambda bracket: bracket.min_kg)
    pairs = ((one, other) for one in given for other in given if other.min_kg > one.min_kg)
    flats = (_rate_up(one, other) for one, other in pairs)
    return (*given, *(flat for flat in flats if flat is not None))


def _lane(row: Row) -> Lane:
    return Lane(
        id=LaneId(row["id"]),
        mode=row["mode"],
        from_zone=row["from_zone"],
        to_zone=row["to_zone"],
        brackets=brackets_through(_points(row["tariff"])),
        kg_per_m3=float(row["kg_per_m3"]),
        transit_days=days_spread(float(row["days_p10"]), float(row["days_p50"]), float(row["days_p90"])),
        co2e_kg_per_tkm=0.0,
        source=f"{row['source']}, {row['year']}",
    )


def _tariff(row: Row) -> Tariff:
    spread = f"{float(row['low']):.0%} to {float(row['high']):.0%}"
    return Tariff(
        lane=_lane(row),
        product=row["product"],
        scope=row["scope"],
        min_km=float(row["min_km"]),
        max_km=float(row["max_km"] or inf),
        per_km=float(row["per_km"]),
        vehicle=row["factor"],
        shared_sigma=log_sigma(float(row["low"]), float(row["high"])),
        own_sigma=constant("own_sigma"),
        assumption=f"freight by lane {row['id']}: planning figure of {row['year']}, {spread} of it likely "
        f"({row['source']}; {row['confidence']} confidence)",
    )


@cache
def own_tariffs() -> tuple[Tariff, ...]:
    """The lanes of ``data/lanes.csv``, priced in US dollars."""
    return tuple(_tariff(row) for row in read_table("lanes"))


def _scaled(bracket: RateBracket, factor: float) -> RateBracket:
    return replace(bracket, fixed=bracket.fixed * factor, per_kg=bracket.per_kg * factor)


def scale(brackets: Iterable[RateBracket], factor: float) -> tuple[RateBracket, ...]:
    """The same brackets at ``factor`` times the price."""
    return tuple(_scaled(bracket, factor) for bracket in brackets)


def in_currency(tariff: Tariff, rate: float) -> Tariff:
    """The tariff with its prices times ``rate``."""
    return replace(tariff, lane=replace(tariff.lane, brackets=scale(tariff.lane.brackets, rate)))


def network_tariff(lane: Lane) -> Tariff:
    """A network's own lane as a tariff: its words are taken as they are."""
    limit = constant("walk_limit") if lane.mode == "hand" else inf
    return Tariff(
        lane=replace(lane, brackets=never_cheaper_when_heavier(lane.brackets)),
        product=lane.mode,
        scope="any",
        min_km=0.0,
        max_km=limit,
        per_km=0.0,
        vehicle=lane.co2e_kg_per_tkm,
        shared_sigma=constant("network_lane_sigma"),
        own_sigma=0.0,
        assumption=f"freight by the network's lane {lane.id} ({lane.source or 'no source given'})",
        from_network=True,
    )


def is_valid_on(lane: Lane, day: str) -> bool:
    """Whether an ISO day lies in the lane's validity; an empty end is open."""
    return (not lane.valid_from or lane.valid_from <= day) and (not lane.valid_to or day <= lane.valid_to)
