"""Which amounts are worth a thought at all."""

from __future__ import annotations

import math

from manyworks.quoting.case import Good


def amounts(good: Good, most: float) -> list[tuple[float, float]]:
    """Ranges of units worth buying of a good when at most ``most`` pieces are wanted, one a price break.

    Nobody buys more than is enough, save to reach a break or the seller's smallest order.
    """
    multiple = good.offer.multiple
    enough = math.ceil(most / good.pieces_per_unit / multiple - 1e-9) * multiple
    breaks = good.offer.breaks
    smallest = good.seller.smallest_order
    ranges: list[tuple[float, float]] = []
    for number, step in enumerate(breaks):
        least = math.ceil(max(step.min_quantity, multiple) / multiple - 1e-9) * multiple
        after = breaks[number + 1].min_quantity if number + 1 < len(breaks) else math.inf
        last = math.ceil(after / multiple - 1e-9) * multiple - multiple if math.isfinite(after) else math.inf
        for_order = (
            math.ceil(smallest / step.unit_price / multiple - 1e-9) * multiple
            if smallest and step.unit_price
            else 0.0
        )
        upmost = min(last, max(enough, least, for_order), good.most_units)
        if upmost >= least - 1e-9:
            ranges.append((least, upmost))
    return ranges


def enough(good: Good, pieces: float) -> tuple[float, ...]:
    """The fewest units that hold ``pieces``, and the starts of higher price breaks; () beyond the stock."""
    least = good.least_units(pieces)
    if not math.isfinite(least):
        return ()
    offer = good.offer
    if len(offer.breaks) == 1 or offer.breaks[-1].min_quantity <= least:
        return (least,)
    return (least, *(start for start, _ in amounts(good, pieces) if start > least))
