"""The pages: what goes on each, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from manyworks.model import (
    Finding,
    ItemId,
    Network,
    OrderId,
    PlannedOrder,
    Product,
    Quote,
    QuoteSet,
    Schedule,
    Workload,
)
from manyworks.report.charts.pareto import Way, draw_pareto
from manyworks.report.charts.price_curve import Change, PricePoint, draw_price_curve
from manyworks.report.check_rows import CheckRow
from manyworks.report.formats import format_days, format_mass, format_number
from manyworks.report.naming import Names
from manyworks.report.option_view import OptionView, is_private, share_assumptions, view_option
from manyworks.report.read_view import view_items, view_tree
from manyworks.report.rendering import Purse, count_troubles, fill_template, group_findings
from manyworks.report.timeline import letter_orders, view_timeline

WIDE, NARROW = 545.0, 358.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """One quantity: its options and how they compare."""

    key: str
    quote: Quote
    options: tuple[OptionView, ...]
    pareto_wide: str
    pareto_narrow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """One order of a plan."""

    letter: str
    tone: int
    planned: PlannedOrder
    names: Names
    view: OptionView
    purse: Purse


def quote_page(
    quote_set: QuoteSet, product: Product, network: Network, findings: Sequence[Finding] = ()
) -> str:
    """One self-contained HTML page with every quantity and every option of a quote.

    Parameters
    ----------
    quote_set
        What was quoted; may hold quantities that nobody can make.
    product, network
        What the quote was asked for, for names and places. Add the place the goods go to to the
        network's places where the network does not hold it: a place that is not there is called
        by its id and cannot be drawn.
    findings
        Anything said on the way here that the quotes do not hold themselves.

    Returns
    -------
    str
        HTML. It asks no other host for anything.
    """
    names, purse = Names(product=product, network=network), Purse(currency=quote_set.currency)
    views = [_view_quote(i, quote, names, purse) for i, quote in enumerate(quote_set.quotes)]
    wide, narrow = (_price_curve(quote_set, names, purse, *size) for size in ((WIDE, 320.0), (NARROW, 280.0)))
    groups = group_findings(findings, quote_set.findings, *(quote.findings for quote in quote_set.quotes))
    return fill_template(
        "quote.html",
        title=f"Quote: {names.item(quote_set.product)}",
        quote_set=quote_set,
        quotes=views,
        first=views[0].quote if views else None,
        names=names,
        purse=purse,
        is_private=is_private,
        network=network,
        common=share_assumptions(option for quote in quote_set.quotes for option in quote.options),
        curve_wide=wide,
        curve_narrow=narrow,
        finding_groups=groups,
        troubles=count_troubles(groups),
    )


def plan_page(
    orders: Sequence[PlannedOrder],
    workload: Workload,
    schedule: Schedule,
    network: Network,
    findings: Sequence[Finding],
    *,
    late_reasons: Mapping[OrderId, Sequence[str]] = MappingProxyType({}),
) -> str:
    """One self-contained HTML page with a plan: orders, schedule, and each order's chain and cost.

    Parameters
    ----------
    orders
        The orders in the order they are shown and lettered.
    workload, schedule
        What was scheduled, and the schedule.
    network
        For names and places.
    findings
        Anything said on the way here; the findings of the orders' quotes are shown as well.
    late_reasons
        Why late orders are late, in sentences.
    """
    letters = letter_orders([planned.order.id for planned in orders])
    views = [_view_order(i, planned, letters[planned.order.id], network) for i, planned in enumerate(orders)]
    groups = group_findings(findings, *(planned.quote.findings for planned in orders))
    return fill_template(
        "plan.html",
        title="Production plan",
        orders=views,
        timeline=view_timeline(workload, schedule, network, [planned.order for planned in orders]),
        schedule=schedule,
        workload=workload,
        network=network,
        is_private=is_private,
        common=share_assumptions(planned.option for planned in orders),
        totals=_sum_orders(orders),
        late=sum(planned.late_days > 0 for planned in orders),
        late_reasons=late_reasons,
        finding_groups=groups,
        troubles=count_troubles(groups),
    )


def read_page(
    product: Product,
    findings: Sequence[Finding],
    checks: Sequence[CheckRow] = (),
    understood: Mapping[ItemId, str] = MappingProxyType({}),
) -> str:
    """One self-contained HTML page with what was understood of a design.

    Parameters
    ----------
    checks
        Manufacturability checks of the product's items, if they were made.
    understood
        What bought parts are taken for, in words.
    """
    network = Network(name="", currency="", as_of="")
    groups = group_findings(findings)
    return fill_template(
        "read.html",
        title=f"Design: {product.item.name or product.root}",
        product=product,
        tree=view_tree(product),
        items=view_items(product, checks),
        understood=understood,
        names=Names(product=product, network=network),
        finding_groups=groups,
        troubles=count_troubles(groups),
    )


def _view_quote(number: int, quote: Quote, names: Names, purse: Purse) -> QuoteView:
    key = f"q{number}"
    options = tuple(view_option(f"{key}o{i}", option, quote, names) for i, option in enumerate(quote.options))
    ways = [_way(view, purse) for view in options]
    return QuoteView(
        key=key,
        quote=quote,
        options=options,
        pareto_wide=draw_pareto(ways, width=WIDE, height=340.0, write_price=purse.axis),
        pareto_narrow=draw_pareto(ways, width=NARROW, height=320.0, write_price=purse.axis),
    )


def _way(view: OptionView, purse: Purse) -> Way:
    option, co2e = view.option, f"{format_mass(view.option.co2e_kg.mean)} CO\N{SUBSCRIPT TWO}e"
    price, days = purse.piece(option.unit_price.mean), format_days(option.lead_time_days.mean)
    return Way(
        name=view.name,
        price=option.unit_price,
        days=option.lead_time_days,
        co2e_kg=option.co2e_kg.mean,
        detail=f"{price} a piece, {days}, {co2e} for the lot",
        co2e_words=co2e,
    )


def _price_curve(quote_set: QuoteSet, names: Names, purse: Purse, width: float, height: float) -> str:
    points = [
        PricePoint(
            quantity=quote.quantity,
            price=quote.options[0].unit_price,
            words=purse.piece(quote.options[0].unit_price.mean),
            quantity_words=format_number(quote.quantity),
        )
        for quote in quote_set.quotes
        if quote.options
    ]
    changes = [
        Change(quantity=b.quantity, words=f"{format_number(b.quantity)}: {names.item(b.item)} {b.after}")
        for b in quote_set.break_evens
    ]
    return draw_price_curve(points, changes, width=width, height=height, write_price=purse.axis)


def _view_order(number: int, planned: PlannedOrder, letter: str, network: Network) -> OrderView:
    names = Names(product=planned.product, network=network)
    return OrderView(
        letter=letter,
        tone=number % 8,
        planned=planned,
        names=names,
        view=view_option(f"order{number}", planned.option, planned.quote, names),
        purse=Purse(currency=planned.quote.currency),
    )


def _sum_orders(orders: Sequence[PlannedOrder]) -> list[str]:
    """What all orders cost together, in each currency that occurs."""
    totals: dict[str, float] = {}
    for planned in orders:
        totals[planned.quote.currency] = totals.get(planned.quote.currency, 0.0) + planned.option.total
    return [Purse(currency=currency).amount(total) for currency, total in sorted(totals.items())]
