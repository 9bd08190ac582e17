"""From chains to the few options a buyer looks at, with the reasons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from manyworks.model import CostLine, Network, Option, RunnerUp, Step
from manyworks.quoting.assumed import uncertainty_notes
from manyworks.quoting.case import Case
from manyworks.quoting.chain import Chain
from manyworks.quoting.evaluate import Assessment
from manyworks.quoting.explosion import ChainError
from manyworks.quoting.programme import maker_of, read_chain
from manyworks.quoting.search import Found, Search
from manyworks.quoting.spread import Dice, spreads

IMMATERIAL = 0.02
"""Share of lead time or footprint that is no reason to pay more."""

RULES = (
    "a shop's usual wait runs from the day of the order: the place in its queue is booked then",
    "what one place sends for one operation travels together",
    "an order's fee and minimum are paid once for every shop",
    "the customs value of made goods is all that was spent on them so far, freight included",
    "freight that no weight causes bears the highest duty rate in its consignment",
    "value added tax is left out: a registered business gets it back",
    "lots run on all identical machines of the chosen kind at a shop at once",
)
"""What every quote takes for granted."""


def choose(search: Search) -> list[tuple[str, Found]]:
    """Label the cheapest, the fastest, the cleanest and a balanced chain; one chain bears one label."""
    found = search.found
    if not found:
        return []
    picks = [
        ("cheapest", found[0]),
        ("fastest", _least(found, 1)),
        ("cleanest", _least(found, 2)),
        ("balanced", _knee(found)),
    ]
    chosen: dict[int, tuple[str, Found]] = {}
    for label, one in picks:
        chosen.setdefault(id(one), (label, one))
    return list(chosen.values())


def _least(found: Sequence[Found], figure: int) -> Found:
    """The cheapest of the chains that are practically as good in a figure as the best."""
    best = min(one.figures[figure] for one in found)
    near = (one for one in found if one.figures[figure] <= best * (1 + IMMATERIAL))
    return min(near, key=lambda one: one.figures[0])


def pick_by_date(search: Search, days: float) -> Found | None:
    """The cheapest chain expected within ``days``; None if none is."""
    return next((one for one in search.found if one.figures[1] <= days), None)


def _knee(found: Sequence[Found]) -> Found:
    """The chain nearest to the best of everything, each figure measured from its best to its worst."""
    columns = list(zip(*(one.figures for one in found), strict=True))
    lows, highs = [min(c) for c in columns], [max(c) for c in columns]

    def distance(one: Found) -> float:
        rows = zip(one.figures, lows, highs, strict=True)
        return math.hypot(*((v - low) / (high - low) if high > low else 0.0 for v, low, high in rows))

    return min(found, key=distance)


def write_option(label: str, one: Found, search: Search, case: Case, network: Network, dice: Dice) -> Option:
    """The option as it is shown: lines in whole cents that sum to the total, spreads, reasons."""
    assessment = one.assessment
    unit, lead, carbon = spreads(assessment, search.quantity, dice)
    lines = to_cents(assessment.lines)
    return Option(
        label=label,
        total=round(math.fsum(line.amount for line in lines), 2),
        unit_price=unit,
        lead_time_days=lead,
        co2e_kg=carbon,
        lines=lines,
        steps=tuple(_reasoned(step, case) for step in assessment.steps),
        purchases=tuple(assessment.purchases),
        moves=tuple(assessment.moves),
        assumptions=_assumptions(case, one.chain, assessment),
        runner_up=_runner_up(one, search, case, network) if label == "cheapest" else None,
        gap=search.gap if label == "cheapest" else None,
    )


def to_cents(lines: Iterable[CostLine]) -> tuple[CostLine, ...]:
    """Amounts in whole cents whose sum is the rounded sum (largest remainders are raised)."""
    rows = list(lines)
    exact = [line.amount * 100 for line in rows]
    cents = [math.floor(amount) for amount in exact]
    missing = round(math.fsum(exact)) - sum(cents)
    for index in sorted(range(len(rows)), key=lambda i: cents[i] - exact[i])[:missing]:
        cents[index] += 1
    return tuple(replace(line, amount=cent / 100) for line, cent in zip(rows, cents, strict=True))


def _reasoned(step: Step, case: Case) -> Step:
    """Say how the chosen shop's price compares with the others that would take the work."""
    operation = next(
        op
        for routings in case.routings.values()
        for routing in routings
        for op in routing.operations
        if op.id == step.operation
    )
    seats = case.seats[step.operation]
    others = {
        seats[number].shop.name: effort.price
        for number, effort in enumerate(case.efforts(operation, step.quantity))
        if effort is not None and seats[number].shop.id != step.shop
    }
    if not others:
        return replace(step, why="the only shop in the network that takes it")
    name, price = min(others.items(), key=lambda other: other[1])
    more = (price - step.price) / step.price * 100 if step.price else 0.0
    if more >= 0:
        return replace(step, why=f"cheapest of {len(others) + 1}; next is {name}, {more:.0f} % dearer")
    return replace(
        step, why=f"{name} is {-more:.0f} % cheaper for this step alone, but not for the whole chain"
    )


def _assumptions(case: Case, chain: Chain, assessment: Assessment) -> tuple[str, ...]:
    notes: dict[str, None] = {}
    for item in case.routings:
        routing = chain.routing(case, item)
        if routing is not None:
            notes.update(dict.fromkeys(routing.assumptions))
    placed = {step.operation: step for step in assessment.steps}
    for routings in case.routings.values():
        for routing in routings:
            for operation in routing.operations:
                step = placed.get(operation.id)
                if step is not None:
                    effort = case.efforts(operation, step.quantity)[chain.seats[operation.id]]
                    notes.update(dict.fromkeys(effort.assumptions if effort else ()))
    for buy in chain.buys:
        if buy.offer is None:
            notes[f"{buy.item}: nobody offers it; {case.estimates[buy.item].basis}"] = None
    notes.update(dict.fromkeys((*RULES, *uncertainty_notes())))
    return tuple(notes)


def _runner_up(one: Found, search: Search, case: Case, network: Network) -> RunnerUp | None:
    """The next best chain that differs in one maker, judged like any other."""
    from manyworks.quoting.evaluate import evaluate

    labels = [found.label for found in search.found if found.label is not None]
    base = one.label or min(labels, key=lambda label: label.cost, default=None)
    second = search.programme.runner_up(base) if base is not None else None
    if second is None:
        return None
    label, changed = second
    chain = read_chain(label)
    try:
        assessment = evaluate(case, chain, search.quantity)
    except ChainError:
        return None
    maker = maker_of(changed)
    difference = "bought instead of made"
    if maker is not None:
        shop = case.seats[maker.operation.id][maker.seat].shop.name
        difference = f"{maker.routing.kind} ({maker.operation.name}) at {shop}"
    return RunnerUp(
        difference=difference, total=round(assessment.total, 2), why_lost=_compare(one, assessment, network)
    )


def _compare(one: Found, other: Assessment, network: Network) -> str:
    dearer = round(other.total, 2) - round(one.assessment.total, 2)  # as both are shown
    days = other.lead_days - one.assessment.lead_days
    carbon = other.co2e_kg - one.assessment.co2e_kg
    pace = f"{abs(days):.1f} days {'later' if days > 0 else 'sooner'}" if abs(days) >= 0.05 else "no sooner"
    load = f"{abs(carbon):.2f} kg CO2e {'more' if carbon > 0 else 'less'}"
    if dearer < 0:
        return f"{-dearer:.2f} {network.currency} cheaper by itself; {pace}, {load}"
    return f"{dearer:.2f} {network.currency} dearer, {pace}, {load}"
