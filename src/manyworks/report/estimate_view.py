"""One operation's estimate: where the money goes, how sure it is, what was assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from manyworks.model import Finding, Spread
from manyworks.report.charts.price_curve import PricePoint, draw_price_curve
from manyworks.report.charts.waterfall import Fall, draw_waterfall
from manyworks.report.formats import capitalise, format_number, humanise
from manyworks.report.rendering import Purse, count_troubles, fill_template, group_findings
from manyworks.report.tables import index_table

WIDE, NARROW = 545.0, 358.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateRow:
    """What a lot takes at one place: money in the currency of the page, times in seconds."""

    where: str
    quantity: int
    starts: float
    price: float
    p10: float
    p50: float
    p90: float
    costs: Mapping[str, float]
    setup_s: float
    run_s: float
    attended_s: float
    energy_kwh: float
    co2e_kg: float
    water_l: float
    chemicals_kg: float
    input_kg: float
    waste_kg: float

    @property
    def each(self) -> float:
        """Price of one piece."""
        return self.price / self.quantity

    @property
    def spread(self) -> Spread:
        """Price of one piece with its range."""
        low, middle, high = (value / self.quantity for value in (self.p10, self.p50, self.p90))
        return Spread(mean=self.each, p10=low, p50=middle, p90=high)

    def as_document(self) -> dict[str, Any]:
        """All fields, with the price of one piece."""
        return {**asdict(self), "each": self.each}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number that was asked for; ``value`` None where nothing was stated or assumed."""

    name: str
    value: float | None
    unit: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LotView:
    """One lot with its waterfall in two widths."""

    row: EstimateRow
    waterfall_wide: str
    waterfall_narrow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """A place: its lots, and how the price falls with the quantity."""

    where: str
    lots: tuple[LotView, ...]
    curve_wide: str
    curve_narrow: str


def estimate_page(
    *,
    title: str,
    summary: str,
    measures: Sequence[Measure],
    rows: Sequence[EstimateRow],
    currency: str,
    cannot: Sequence[str] = (),
    assumptions: Sequence[str] = (),
    findings: Sequence[Finding] = (),
) -> str:
    """One self-contained HTML page about an operation at several places and quantities."""
    purse = Purse(currency=currency)
    groups = group_findings(findings)
    return fill_template(
        "estimate.html",
        title=f"Estimate: {title}",
        process=title,
        summary=summary,
        measures=measures,
        places=[_place(where, rows, purse) for where in dict.fromkeys(row.where for row in rows)],
        rows=rows,
        purse=purse,
        cannot=cannot,
        assumptions=assumptions,
        finding_groups=groups,
        troubles=count_troubles(groups),
    )


def _place(where: str, rows: Sequence[EstimateRow], purse: Purse) -> PlaceView:
    own = [row for row in rows if row.where == where]
    points = [
        PricePoint(
            quantity=row.quantity,
            price=row.spread,
            words=purse.piece(row.each),
            quantity_words=format_number(row.quantity),
        )
        for row in own
    ]
    curves = [
        draw_price_curve(
            points, [], width=width, height=280.0, write_price=purse.axis, caption="price per piece"
        )
        for width in (WIDE, NARROW)
    ]
    lots = tuple(
        LotView(
            row=row,
            waterfall_wide=waterfall_of(row.costs, row.price, purse, WIDE),
            waterfall_narrow=waterfall_of(row.costs, row.price, purse, NARROW),
        )
        for row in own
    )
    return PlaceView(where=where, lots=lots, curve_wide=curves[0], curve_narrow=curves[1])


def waterfall_of(costs: Mapping[str, float], price: float, purse: Purse, width: float) -> str:
    """Kinds of cost as a waterfall that ends at the price; kinds of nothing are left out."""
    kinds = index_table("cost_kinds", "kind")
    falls = [
        Fall(
            words=kinds.get(kind, {}).get("words") or capitalise(humanise(kind)),
            amount=amount,
            shown=purse.piece(amount),
            group=kinds.get(kind, {}).get("group", "other"),
        )
        for kind, amount in costs.items()
        if amount
    ]
    total = Fall(words="Price", amount=price, shown=purse.piece(price), group="total")
    return draw_waterfall(falls, total, width=width)
