"""One way to get a quantity, in lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from manyworks.cli.saying import indent, lay_out
from manyworks.model import ItemId, Move, Option, Purchase, Quote, ShopId, Spread, Step
from manyworks.report.naming import Names


def describe_options(quote: Quote) -> list[str]:
    """All options of one quantity, one line each."""
    rows = [
        (
            option.label,
            f"{option.unit_price.mean:.2f}",
            _range(option.unit_price, ".2f"),
            f"{option.total:.2f}",
            f"{option.lead_time_days.mean:.1f}",
            _range(option.lead_time_days, ".1f"),
            f"{option.co2e_kg.mean:.4g}",
            _range(option.co2e_kg, ".3g"),
            "" if option.gap is None else f"at most {100 * option.gap:.1f} %",
        )
        for option in quote.options
    ]
    head = (
        "option",
        "each",
        "P10-P90",
        "total",
        "days",
        "P10-P90",
        "kg CO2e",
        "P10-P90",
        "could be cheaper by",
    )
    return lay_out(head, rows, " rrrrrrrr")


def _range(spread: Spread, form: str) -> str:
    return f"{spread.p10:{form}}-{spread.p90:{form}}"


def describe_option(option: Option, names: Names, compared: Option | None, *, verbose: bool) -> Iterator[str]:
    """Steps, purchases, moves, cost and runner-up; beside another option only the steps that differ."""
    if compared is None:
        yield f"{option.label}: who does what"
        yield from indent(_describe_steps(option.steps, names))
        yield from indent(_describe_supply(option, names, verbose))
        yield from indent(_describe_cost(option))
    else:
        yield from _describe_difference(option, compared, names)
    if option.runner_up is not None:
        second = option.runner_up
        yield f"  runner-up: {second.total:.2f} with {second.difference}; {second.why_lost}"
    if verbose:
        yield from (f"  assumed: {' '.join(text.split())}" for text in option.assumptions)


def nearest_option(option: Option, others: Sequence[Option]) -> Option | None:
    """The one of several options that shares most steps with this one."""
    return min(others, key=lambda other: len(_new_steps(option, other)), default=None)


def _new_steps(option: Option, compared: Option) -> list[Step]:
    known = {(step.operation, step.shop) for step in compared.steps}
    return [step for step in option.steps if (step.operation, step.shop) not in known]


def _new_moves(option: Option, compared: Option) -> list[Move]:
    known = {(move.origin, move.destination, move.mode) for move in compared.moves}
    return [move for move in option.moves if (move.origin, move.destination, move.mode) not in known]


def _describe_difference(option: Option, compared: Option, names: Names) -> Iterator[str]:
    steps, moves = _new_steps(option, compared), _new_moves(option, compared)
    yield (
        f"{option.label}: as {compared.label}, but"
        if steps or moves
        else f"{option.label}: as {compared.label}"
    )
    yield from indent(_describe_steps(steps, names))
    yield from indent(_describe_moves(moves, names))


def _describe_steps(steps: Iterable[Step], names: Names) -> list[str]:
    rows = [
        (
            names.item(step.item),
            step.process,
            names.shop(step.shop),
            _country(step.shop, names),
            f"{step.quantity:g}",
            f"{step.price:.2f}",
            step.why,
        )
        for step in steps
    ]
    return lay_out(("item", "step", "shop", "", "good", "price", "why"), rows, "    rr") if rows else []


def _country(shop: ShopId, names: Names) -> str:
    found = names.network.shops.get(shop)
    place = names.network.places.get(found.place) if found is not None else None
    return place.country if place is not None else ""


def _describe_supply(option: Option, names: Names, verbose: bool) -> Iterator[str]:
    if verbose:
        yield from _list_purchases(option.purchases, names)
    else:
        yield from _sum_purchases(option.purchases, names)
    yield from _describe_moves(option.moves, names)


def _list_purchases(purchases: Iterable[Purchase], names: Names) -> list[str]:
    rows = [
        (
            names.item(one.item),
            names.shop(one.seller) if one.seller else "nobody: typical price",
            f"{one.units:g} {names.offer_unit(one.offer)}",
            f"{one.unit_price:.4g}",
            f"{one.amount:.2f}",
            one.condition,
        )
        for one in purchases
    ]
    return lay_out(("bought", "from", "units", "of", "price", "condition"), rows, "  rrr") if rows else []


def _sum_purchases(purchases: Iterable[Purchase], names: Names) -> Iterator[str]:
    """What is bought from whom, one line for each seller."""
    sums: dict[ShopId | None, float] = {}
    items: dict[ShopId | None, dict[ItemId, None]] = {}
    for one in purchases:
        sums[one.seller] = sums.get(one.seller, 0.0) + one.amount
        items.setdefault(one.seller, {})[one.item] = None
    for seller, amount in sorted(sums.items(), key=lambda pair: -pair[1]):
        who = f"buys from {names.shop(seller)}" if seller else "nobody offers, typical price taken"
        yield f"{who}: {amount:.2f}, {'; '.join(names.item(item) for item in items[seller])}"


def _describe_moves(moves: Iterable[Move], names: Names) -> Iterator[str]:
    for move in moves:
        if move.origin == move.destination:
            continue
        duty = f", duty and entry {move.duty + move.entry_fee:.2f}" if move.duty + move.entry_fee else ""
        yield (
            f"moves {names.place(move.origin)} to {names.place(move.destination)}: {move.mode}, "
            f"{move.mass_kg:.3g} kg, {move.transit_days.mean:.1f} days, {move.freight:.2f}{duty}"
        )


def _describe_cost(option: Option) -> Iterator[str]:
    sums: dict[str, float] = {}
    for line in option.lines:
        sums[line.kind] = sums.get(line.kind, 0.0) + line.amount
    told = (f"{kind} {amount:.2f}" for kind, amount in sorted(sums.items(), key=lambda pair: -pair[1]))
    yield f"of the total: {', '.join(told)}"
