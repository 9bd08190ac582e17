"""All limits against all parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from manyworks.manufacturability.measures import measure
from manyworks.manufacturability.rules import Limit, limits
from manyworks.manufacturability.shop_limits import shop_limits
from manyworks.manufacturability.subjects import Subject, subjects_of
from manyworks.manufacturability.verdicts import FAILS, PASSES, UNKNOWN, Check, Measured, Place
from manyworks.model import Finding, ItemId, Network, Product, ShopId, info, warning

_MOST_PLACES = 50


def check(
    product: Product,
    *,
    processes: Mapping[ItemId, str] | None = None,
    network: Network | None = None,
    thresholds: Mapping[str, float] | None = None,
) -> tuple[Check, ...]:
    """Check everything of a product that is made.

    Parameters
    ----------
    processes
        Process by item where it is decided; otherwise what the design insists on, else every
        process its shape suggests.
    network
        Where given, each check names the shops that can take the part as it is and those that
        cannot, each by its own thresholds.
    thresholds
        Own values for named thresholds, instead of the usual ones (see `limits`).

    Returns
    -------
    One `Check` for every limit that applies, in the order of items and numbers. Where the data a
    check needs are not in the design, its verdict is ``not known`` and its message says what is
    missing.
    """
    own = thresholds or {}
    found: list[Check] = []
    for subject in subjects_of(product, processes):
        for limit in limits():
            if subject.process in limit.processes:
                found.extend(_apply(limit, subject, own, network))
    return tuple(found)


def _apply(
    limit: Limit, subject: Subject, own: Mapping[str, float], network: Network | None
) -> Iterator[Check]:
    measured = measure(limit.measure, subject)
    if not measured.readings and not measured.needs:
        return
    threshold = own.get(limit.name, limit.usual(measured.variant))
    worst = limit.worst([reading.value for reading in measured.readings]) if measured.readings else None
    able, unable = _shops(limit, subject, worst, threshold, network)
    yield Check(
        number=limit.number,
        name=limit.name,
        title=limit.measure,
        item=subject.item.id,
        body=_number(subject),
        process=subject.process,
        why=subject.why,
        verdict=_verdict(limit, worst, threshold),
        severity=limit.severity,
        message=_message(limit, measured, worst, threshold),
        measured=worst,
        threshold=threshold,
        unit=limit.unit,
        sense=limit.sense,
        places=_places(limit, measured, threshold),
        hint=limit.hint,
        source=f"{limit.source}, {limit.year}, confidence {limit.confidence}",
        shops_able=able,
        shops_unable=unable,
    )


def _number(subject: Subject) -> int:
    if subject.body is None:
        return -1
    bodies: Sequence[object] = getattr(subject.design, "details", ())
    return next((n for n, body in enumerate(bodies) if body is subject.body), -1)


def _verdict(limit: Limit, worst: float | None, threshold: float) -> str:
    if worst is None:
        return UNKNOWN
    return PASSES if limit.holds(worst, threshold) else FAILS


def _message(limit: Limit, measured: Measured, worst: float | None, threshold: float) -> str:
    wanted = f"{limit.sense} {threshold:g} {limit.unit}".rstrip()
    variant = f" for {measured.variant}" if measured.variant in limit.by else ""
    if worst is None:
        return f"{limit.measure}: not known, it needs {measured.needs}; usual is {wanted}{variant}"
    if threshold == 0 and limit.unit == "pieces":
        return f"{limit.measure}: {worst:g}" if worst else f"no {limit.measure}"
    return f"{limit.measure} {worst:.4g} {limit.unit}".rstrip() + f"; usual is {wanted}{variant}"


def _places(limit: Limit, measured: Measured, threshold: float) -> tuple[Place, ...]:
    failing = [
        reading
        for reading in measured.readings
        if not limit.holds(reading.value, threshold) and (reading.place.at_mm or reading.place.words)
    ]
    failing.sort(key=lambda reading: reading.value, reverse=limit.sense == "at most")
    return tuple(reading.place for reading in failing[:_MOST_PLACES])


def _shops(
    limit: Limit, subject: Subject, worst: float | None, threshold: float, network: Network | None
) -> tuple[tuple[ShopId, ...], tuple[tuple[ShopId, str], ...]]:
    """Who can take the part as it is; advice stops only shops that state the limit themselves."""
    if network is None or worst is None:
        return (), ()
    able: list[ShopId] = []
    unable: list[tuple[ShopId, str]] = []
    for one in shop_limits(network, limit, subject.process, threshold):
        advice = limit.severity == "advisory" and not one.stated
        if advice or limit.holds(worst, one.threshold):
            able.append(one.shop)
        else:
            source = "states" if one.stated else "says nothing; usual is"
            unable.append((one.shop, f"{source} {limit.sense} {one.threshold:g} {limit.unit}".rstrip()))
    return tuple(able), tuple(unable)


def to_findings(checks: Sequence[Check]) -> tuple[Finding, ...]:
    """Checks that fail, and those that could not be made, as findings; passes say nothing."""
    return tuple(_finding(one) for one in checks if one.verdict != PASSES)


def _finding(one: Check) -> Finding:
    say = warning if one.verdict == FAILS and one.severity != "advisory" else info
    where = f"{one.item} body {one.body + 1}" if one.body > 0 else one.item
    kind = "unknown" if one.verdict == UNKNOWN else "fails"
    text = f"check {one.number}, {one.process} ({one.severity}): {one.message}"
    return say(f"manufacturability.check.{kind}", where, text, one.hint if one.verdict == FAILS else "")
