"""One product, several quantities: the promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from manyworks.logistics import find_place
from manyworks.model import (
    Finding,
    FindingsError,
    Network,
    Option,
    Place,
    Product,
    Quote,
    QuoteSet,
    Severity,
    content_hash,
    error,
    errors,
    warning,
)
from manyworks.quoting.assumed import uncertainty
from manyworks.quoting.break_even import find_break_evens
from manyworks.quoting.build import Prepared, prepare
from manyworks.quoting.declines import explain_unseated, list_declines
from manyworks.quoting.options import choose, pick_by_date, write_option
from manyworks.quoting.search import Search, search
from manyworks.quoting.spread import Dice

LARGEST_QUANTITY = 1_000_000_000
INCOTERM = "DDP"
"""Delivered duty paid; value added tax is left to the buyer."""


class QuotingError(FindingsError):
    """The question cannot be answered as asked; carries every reason."""


def quote(
    product: Product,
    network: Network,
    *,
    quantities: Sequence[int],
    ship_to: str | Place,
    by: date | None = None,
    exact: bool = False,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> QuoteSet:
    """Find who makes what where, at every quantity, with landed price, lead time and footprint.

    Parameters
    ----------
    product, network
        As read.
    quantities
        Good pieces wanted, each at least 1.
    ship_to
        A place, its name (``Cardiff, GB``) or coordinates (``51.48,-3.18``).
    by
        Day by which all should be there; adds the cheapest option that makes it.
    exact
        Close the gap of the cheapest option completely; may take long.
    seed
        Of the draws behind the P10, P50 and P90 figures.
    progress
        Called with a short sentence before each longer step.

    Returns
    -------
    Quotes with the cheapest option first. A quantity nobody can make has no options and a finding
    of severity error.

    Raises
    ------
    QuotingError
        For quantities that are no whole number of at least 1.
    LogisticsError
        For an unknown place.
    ProcessesError
        For a shop in a country the rate book does not know.
    """
    _check(quantities)
    say = progress or (lambda _: None)
    place = ship_to if isinstance(ship_to, Place) else find_place(ship_to, network)
    say("routing the product and matching shops")
    return quote_prepared(
        prepare(product, network, place),
        network,
        quantities=quantities,
        by=by,
        exact=exact,
        seed=seed,
        progress=say,
    )


def quote_prepared(
    prepared: Prepared,
    network: Network,
    *,
    quantities: Sequence[int],
    by: date | None = None,
    exact: bool = False,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> QuoteSet:
    """Quote a case that is put together already; see `quote`."""
    _check(quantities)
    say = progress or (lambda _: None)
    dice = Dice(seed)
    product_hash = content_hash(prepared.product)
    searches: list[Search] = []
    quotes: list[Quote] = []
    for quantity in sorted(set(quantities)):
        say(f"sourcing {quantity} pieces")
        found = search(prepared.case, quantity, exact=exact)
        searches.append(found)
        quotes.append(_write(prepared, network, found, by, dice, product_hash))
    say("comparing quantities")
    return QuoteSet(
        product=prepared.case.root,
        currency=network.currency,
        network_hash=network.hash,
        quotes=tuple(quotes),
        break_evens=find_break_evens(prepared.case, searches),
        findings=_once(prepared.findings),
    )


def _check(quantities: Sequence[int]) -> None:
    problems = [
        error(
            "quoting.quantity",
            "quantity",
            f"{quantity!r} is not a whole number from 1 to {LARGEST_QUANTITY}",
            "ask for at least one piece",
        )
        for quantity in quantities
        if isinstance(quantity, bool)
        or not isinstance(quantity, int)
        or not 1 <= quantity <= LARGEST_QUANTITY
    ]
    if not quantities:
        problems = [error("quoting.quantity", "quantity", "no quantity was asked for", "name at least one")]
    if problems:
        raise QuotingError(problems)


def _write(
    prepared: Prepared, network: Network, found: Search, by: date | None, dice: Dice, product_hash: str
) -> Quote:
    case, as_of = prepared.case, date.fromisoformat(network.as_of)
    chosen = choose(found)
    findings = list_declines(case, found.programme.columns)
    findings += explain_unseated(
        case, found.programme.columns, prepared.refusals, network, decisive=not chosen
    )
    if by is not None and chosen:
        timely = pick_by_date(found, (by - as_of).days)
        if timely is None:
            findings.append(_too_late(found, by, as_of))
        else:
            chosen = [("by date", timely), *((label, one) for label, one in chosen if one is not timely)]
    if not chosen:
        findings.append(_impossible(prepared, found.quantity))
        findings += _unreachable(prepared)
    options = tuple(write_option(label, one, found, case, network, dice) for label, one in chosen)
    return Quote(
        product=case.root,
        quantity=found.quantity,
        ship_to=case.ship_to.id,
        currency=network.currency,
        as_of=network.as_of,
        valid_until=(as_of + timedelta(days=uncertainty().valid_days)).isoformat(),
        incoterm=INCOTERM,
        network_hash=network.hash,
        product_hash=product_hash,
        options=_cheapest_first(options),
        findings=_once(findings),
    )


def _cheapest_first(options: tuple[Option, ...]) -> tuple[Option, ...]:
    return tuple(sorted(options, key=lambda option: option.total))


def _too_late(found: Search, by: date, as_of: date) -> Finding:
    soonest = min(one.figures[1] for one in found.found)
    return warning(
        "quoting.date",
        by.isoformat(),
        f"{found.quantity} pieces are expected {soonest:.1f} days after {as_of} at the soonest",
        "take the fastest option, fewer pieces or a later day",
    )


def _impossible(prepared: Prepared, quantity: int) -> Finding:
    return error(
        "quoting.impossible",
        prepared.case.root,
        f"nobody in the network can make or sell {quantity} of {prepared.product.item.name}",
        "the other findings name the step that is missing",
    )


def _unreachable(prepared: Prepared) -> list[Finding]:
    """Why nobody brings the product to the buyer from the shops that could finish it."""
    case = prepared.case
    places = {
        seat.place.id: seat.place
        for routing in case.routings.get(case.root, ())
        for seat in case.seats[routing.operations[-1].id]
    }
    places |= {good.place.id: good.place for good in case.goods.get(case.root, ())}
    return [
        prepared.why_not(place, case.ship_to)
        for place in places.values()
        if not case.reaches(place, case.ship_to)
    ]


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Each finding once, the grave ones first."""
    order = list(Severity)
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: order.index(finding.severity)))


def possible(quotes: QuoteSet) -> bool:
    """Whether every quantity has at least one option."""
    return not any(errors(quote.findings) for quote in quotes.quotes)
