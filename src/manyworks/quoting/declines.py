"""Who could, but will not or cannot: said by name, so that a buyer can argue or ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from manyworks.market import Refusal
from manyworks.model import Finding, Network, Operation, OperationId, Shop, info, warning
from manyworks.quoting.case import Case, why_declined
from manyworks.quoting.columns import Columns

MOST_NAMED = 12
"""Refusals named for one operation; the rest is counted."""


def list_declines(case: Case, columns: Columns) -> list[Finding]:
    """Shops that are able but decline this quantity, one finding a shop and operation."""
    findings: list[Finding] = []
    for routings in case.routings.values():
        for routing in routings:
            for operation in routing.operations:
                goods = columns.goods.get(operation.id, ())
                if goods:
                    findings.extend(_declined(case, operation, goods[0]))
    return findings


def _declined(case: Case, operation: Operation, good: float) -> Iterator[Finding]:
    seats = case.seats[operation.id]
    taken = {
        seat.shop.id
        for seat, effort in zip(seats, case.efforts(operation, good), strict=True)
        if effort is not None
    }
    refused: dict[str, tuple[Shop, str]] = {}
    for seat, effort in zip(seats, case.asked(operation, good), strict=True) if seats else ():
        if seat.shop.id not in taken:
            refused[seat.shop.id] = (seat.shop, why_declined(seat, good, effort.price))
    for shop, reason in refused.values():
        yield info("quoting.shop.declines", shop.id, f"{shop.name} {reason} ({operation.name})")


def explain_unseated(
    case: Case,
    columns: Columns,
    refusals: Mapping[OperationId, tuple[Refusal, ...]],
    network: Network,
    *,
    decisive: bool,
) -> list[Finding]:
    """For every operation nobody takes, who was asked and why each said no.

    A remark where the product can be made another way, a warning where that is ``decisive``.
    """
    say = warning if decisive else info
    findings: list[Finding] = []
    for item, routings in case.routings.items():
        for routing in routings:
            for operation in routing.operations:
                if any(True for _ in columns.of(operation.id)) or not columns.totals.get(item):
                    continue
                said = [f"{network.shops[r.shop].name}: {r.reason}" for r in refusals.get(operation.id, ())]
                said += [finding.message for finding in _declined(case, operation, columns.totals[item][0])]
                more = f" and {len(said) - MOST_NAMED} more" if len(said) > MOST_NAMED else ""
                reasons = "; ".join(said[:MOST_NAMED]) or "no shop names this process"
                findings.append(
                    say(
                        "quoting.operation.nobody",
                        operation.id,
                        f"nobody takes {operation.name} by way of '{routing.kind}': {reasons}{more}",
                        "add a shop to the network, relax the requirement or change the quantity",
                    )
                )
    return findings
