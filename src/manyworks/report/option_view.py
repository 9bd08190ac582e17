"""Everything a page shows of one option, worked out before any template sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from manyworks.model import CostLine, Option, Purchase, Quote
from manyworks.report.breakdown import KindSum, sum_by_kind
from manyworks.report.chain import ChainView, view_chain
from manyworks.report.charts.waterfall import Fall, draw_waterfall
from manyworks.report.formats import capitalise, format_date, format_money
from manyworks.report.naming import Names

WIDE, NARROW = 545.0, 358.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierView:
    """What one seller supplies."""

    seller: str
    where: str
    amount: float
    purchases: tuple[Purchase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionView:
    """One option with its sums, charts and chain. ``key`` is unique on the page."""

    key: str
    name: str
    option: Option
    quote: Quote
    kinds: tuple[KindSum, ...]
    waterfall_wide: str
    waterfall_narrow: str
    chain: ChainView
    suppliers: tuple[SupplierView, ...]
    arrives: str
    sealed: bool


def view_option(key: str, option: Option, quote: Quote, names: Names) -> OptionView:
    """Work out everything a page shows of an option."""
    kinds = sum_by_kind(option, quote.currency)
    return OptionView(
        key=key,
        name=capitalise(option.label),
        option=option,
        quote=quote,
        kinds=kinds,
        waterfall_wide=_waterfall(kinds, option, quote.currency, WIDE),
        waterfall_narrow=_waterfall(kinds, option, quote.currency, NARROW),
        chain=view_chain(option, quote.ship_to, names),
        suppliers=_group_by_seller(option.purchases, names),
        arrives=_arrival(quote.as_of, option.lead_time_days.mean),
        sealed=any(is_private(line) for line in option.lines),
    )


def share_assumptions(options: Iterable[Option]) -> tuple[str, ...]:
    """What every one of several options assumes, so that a page needs to say it only once."""
    several = [dict.fromkeys(option.assumptions) for option in options]
    if len(several) < 2:
        return ()
    return tuple(text for text in several[0] if all(text in other for other in several[1:]))


def is_private(line: CostLine) -> bool:
    """Whether a line shows rates that belong to a shop, not to the buyer."""
    return line.visible_to not in {"", "buyer"}


def _waterfall(kinds: Sequence[KindSum], option: Option, currency: str, width: float) -> str:
    falls = [
        Fall(words=kind.words, amount=kind.shown, shown=format_money(kind.shown, currency), group=kind.group)
        for kind in kinds
    ]
    total = Fall(
        words="Total", amount=option.total, shown=format_money(option.total, currency), group="total"
    )
    return draw_waterfall(falls, total, width=width)


def _group_by_seller(purchases: Sequence[Purchase], names: Names) -> tuple[SupplierView, ...]:
    """Purchases by seller, the dearest seller first and what nobody sells last."""
    ordered = sorted(purchases, key=lambda buy: (buy.seller is None, str(buy.seller), -buy.amount))
    groups = [(seller, tuple(buys)) for seller, buys in groupby(ordered, key=lambda buy: buy.seller)]
    views = [
        SupplierView(
            seller="Nobody in the network" if seller is None else names.shop(seller),
            where="" if seller is None else names.shop_place(seller),
            amount=sum(buy.amount for buy in buys),
            purchases=buys,
        )
        for seller, buys in groups
    ]
    known = sum(seller is not None for seller, _ in groups)
    return (*sorted(views[:known], key=lambda view: (-view.amount, view.seller)), *views[known:])


def _arrival(as_of: str, days: float) -> str:
    """The day the goods should arrive if ordered on the day of the quote; empty for no sensible day."""
    try:
        return format_date((date.fromisoformat(as_of) + timedelta(days=round(days + 0.499))).isoformat())
    except (ValueError, OverflowError):
        return ""
