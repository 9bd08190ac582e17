"""The quote as JSON: stable, documented in the reference, lines in whole cents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manyworks.model import (
    CostLine,
    Move,
    Network,
    Option,
    Product,
    Purchase,
    Quote,
    QuoteSet,
    Spread,
    Step,
    finding_to_json,
)


def quotes_to_json(quotes: QuoteSet, product: Product, network: Network) -> dict[str, Any]:
    """Plain data for ``json.dumps``; money in ``currency``, lead times in days, footprints in kg CO2e."""
    return {
        "product": {"id": product.root, "name": product.item.name, "source": product.source},
        "network": network.name,
        "network_hash": quotes.network_hash,
        "currency": quotes.currency,
        "quotes": [quote_to_json(quote) for quote in quotes.quotes],
        "break_evens": [
            {"item": b.item, "before": b.before, "after": b.after, "quantity": b.quantity}
            for b in quotes.break_evens
        ],
        "findings": [finding_to_json(finding) for finding in quotes.findings],
    }


def quote_to_json(quote: Quote) -> dict[str, Any]:
    """One quantity of a quote."""
    return {
        "quantity": quote.quantity,
        "ship_to": quote.ship_to,
        "as_of": quote.as_of,
        "valid_until": quote.valid_until,
        "incoterm": quote.incoterm,
        "product_hash": quote.product_hash,
        "options": [option_to_json(option) for option in quote.options],
        "findings": [finding_to_json(finding) for finding in quote.findings],
    }


def option_to_json(option: Option) -> dict[str, Any]:
    """One way to get the quantity; ``lines`` sum to ``total``."""
    return {
        "label": option.label,
        "total": option.total,
        "unit_price": _spread(option.unit_price, 6),
        "lead_time_days": _spread(option.lead_time_days, 2),
        "co2e_kg": _spread(option.co2e_kg, 4),
        "lines": [_line(line) for line in option.lines],
        "steps": [_step(step) for step in option.steps],
        "purchases": [_purchase(purchase) for purchase in option.purchases],
        "moves": [_move(move) for move in option.moves],
        "assumptions": list(option.assumptions),
        "runner_up": _runner_up(option),
        "gap": option.gap,
    }


def _spread(spread: Spread, digits: int) -> dict[str, float]:
    return {name: round(getattr(spread, name), digits) for name in ("mean", "p10", "p50", "p90")}


def _line(line: CostLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "what": line.what,
        "where": line.where,
        "amount": line.amount,
        "visible_to": line.visible_to,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "item": step.item,
        "routing": step.routing,
        "operation": step.operation,
        "process": step.process,
        "shop": step.shop,
        "machine": step.machine,
        "quantity": step.quantity,
        "starts": step.starts,
        "setup_s": round(step.setup_s, 3),
        "run_s": round(step.run_s, 3),
        "attended_s": round(step.attended_s, 3),
        "queue_days": step.queue_days,
        "price": round(step.price, 4),
        "why": step.why,
    }


def _purchase(purchase: Purchase) -> dict[str, Any]:
    return {
        "item": purchase.item,
        "operation": purchase.operation or None,
        "offer": purchase.offer,
        "seller": purchase.seller,
        "units": purchase.units,
        "pieces": purchase.pieces,
        "unit_price": purchase.unit_price,
        "amount": round(purchase.amount, 4),
        "condition": purchase.condition,
        "lead_days": purchase.lead_days,
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "origin": move.origin,
        "destination": move.destination,
        "operation": move.operation,
        "items": list(move.items),
        "mode": move.mode,
        "lane": move.lane,
        "mass_kg": round(move.mass_kg, 6),
        "volume_m3": round(move.volume_m3, 8),
        "chargeable_kg": round(move.chargeable_kg, 6),
        "distance_km": round(move.distance_km, 1),
        "freight": round(move.freight, 4),
        "entry_fee": round(move.entry_fee, 4),
        "duty": round(move.duty, 4),
        "transit_days": _spread(move.transit_days, 2),
        "co2e_kg": round(move.co2e_kg, 6),
    }


def _runner_up(option: Option) -> Mapping[str, Any] | None:
    second = option.runner_up
    if second is None:
        return None
    return {"difference": second.difference, "total": second.total, "why_lost": second.why_lost}
