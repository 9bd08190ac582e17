"""What a basket costs at least, with whole lots and real price breaks.

Lagrangian bound: every line bears of each seller's fixed cost what the dual ascent made it pay, and
is then bought by itself at least cost, exactly. Any such shares that add up to no more than the
fixed costs give a lower bound.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from manyworks.quoting.amounts import amounts
from manyworks.quoting.bounds import Bounds, Wanted
from manyworks.quoting.case import Case, Good
from manyworks.quoting.columns import Columns
from manyworks.quoting.solvers.highs import Model, Terms

SECONDS = 0.5


def basket_bound(case: Case, columns: Columns, wanted: Wanted, bounds: Bounds, spare: float) -> float:
    """Lower bound of a basket's cost as `Bounds` counts it.

    Parameters
    ----------
    spare
        Ways to buy that alone lift the basket this far above its bound are of no interest.
    """
    total = 0.0
    for i in range(len(wanted.lines)):
        total += _line_bound(case, columns, wanted, bounds, i, spare)
    return total


def _line_bound(case: Case, columns: Columns, wanted: Wanted, bounds: Bounds, i: int, spare: float) -> float:
    """Least cost of one line by itself with its shares of the sellers' fixed costs."""
    item, pieces = wanted.lines[i]
    model = Model()
    covered: Terms = []
    for j, good in _ways(case, wanted, i, spare):
        share = max(0.0, float(wanted.ascent.row[i] - wanted.matrix[i, j]))
        opened = model.binary(share) if share > 1e-12 else None
        covered.extend(_buy(model, bounds, wanted, i, j, good, opened))
    if item in case.estimates and columns.short(case, item, wanted.place):
        covered.append((model.variable(case.estimates[item].unit_price.mean), 1.0))
    model.at_least(covered, pieces)
    bound = model.solve(gap=0.0, seconds=SECONDS).bound
    return max(bound, float(wanted.ascent.row[i])) if math.isfinite(bound) else float(wanted.ascent.row[i])


def _ways(case: Case, wanted: Wanted, i: int, spare: float) -> Iterator[tuple[int, Good]]:
    """Facilities and goods for a line that are not far too dear."""
    item = wanted.lines[i][0]
    for j, facility in enumerate(wanted.facilities):
        if wanted.matrix[i, j] - wanted.ascent.row[i] > spare:
            continue
        for good in case.goods[item]:
            if good.seller.id == facility.seller and good.place.id == facility.origin:
                yield j, good


def _buy(
    model: Model, bounds: Bounds, wanted: Wanted, i: int, j: int, good: Good, opened: int | None
) -> Terms:
    item, pieces = wanted.lines[i]
    duty, freight = bounds.landed(item, good, wanted.facilities[j].leg, wanted.place, wanted.bulk)
    terms: Terms = []
    for least, upmost in amounts(good, pieces):
        price = good.price(least) * (1 + duty) + freight
        chosen = model.binary(price * least)
        terms.append((chosen, least * good.pieces_per_unit))
        if opened is not None:
            model.at_least([(opened, 1.0), (chosen, -1.0)])
        if upmost > least + 1e-9:
            multiple = good.offer.multiple
            span = round((upmost - least) / multiple)
            lots = model.variable(price * multiple, span, whole=True)
            model.at_most([(lots, 1.0), (chosen, -float(span))])
            terms.append((lots, multiple * good.pieces_per_unit))
    return terms
