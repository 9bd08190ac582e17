"""What a basket costs at least, with whole lots and real price breaks.

Lagrangian bound: every line bears of each seller's fixed cost what the dual ascent made it pay, and
is then bought by itself at least cost, exactly. Any such shares that add up to no more than the
fixed costs give a lower bound.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from manyworks.quoting.amounts import amounts
from manyworks.quoting.bounds import Bounds, Wanted, extra_cost
from manyworks.quoting.case import Case, Good
from manyworks.quoting.columns import Columns
from manyworks.quoting.solvers.highs import Model, Terms

GAP = 0.001
NODES = 4
WORTH = 0.0005
"""Lines whose lots cost less than this share of the whole bound are left as they are."""
MOST_LOTS = 200
"""So are lines of more lots than this: there the dual bound is close, and whole lots take long."""


def basket_bound(case: Case, columns: Columns, wanted: Wanted, bounds: Bounds, spare: float) -> float:
    """Lower bound of a basket's cost as `Bounds` counts it.

    Parameters
    ----------
    spare
        Ways to buy that alone lift the basket this far above its bound are of no interest.
    """
    total = 0.0
    for i in range(len(wanted.lines)):
        net = float(wanted.ascent.net[i])
        worth = _is_coarse(case, wanted, i, WORTH * bounds.bound)
        total += _line_bound(case, columns, wanted, bounds, i, spare) if worth else net
    return total


def _is_coarse(case: Case, wanted: Wanted, i: int, least: float) -> bool:
    """Whether a line is bought in few lots of at least that price: only there does rounding matter."""
    item, pieces = wanted.lines[i]
    lots = [
        (max(good.offer.multiple, good.offer.breaks[0].min_quantity), good)
        for good in case.goods.get(item, ())
    ]
    dearest = max((units * good.price(units) for units, good in lots), default=0.0)
    finest = min((units * good.pieces_per_unit for units, good in lots), default=math.inf)
    return dearest > least and pieces <= MOST_LOTS * finest


def _line_bound(case: Case, columns: Columns, wanted: Wanted, bounds: Bounds, i: int, spare: float) -> float:
    """Least cost of one line by itself with its shares of the sellers' fixed costs."""
    item, pieces = wanted.lines[i]
    spread = wanted.ascent.slack / np.maximum(1, np.isfinite(wanted.matrix).sum(axis=0))
    model = Model()
    covered: Terms = []
    taken: dict[str, tuple[Good, Terms]] = {}
    opened: dict[int, int] = {}
    for j, good in _ways(case, wanted, i, spare):
        if j not in opened:
            opened[j] = model.binary(float(wanted.ascent.paid[i, j] + spread[j]))
        terms = _buy(model, bounds, wanted, i, j, good, opened[j])
        covered.extend(terms)
        taken.setdefault(good.offer.id, (good, []))[1].extend(terms)
    for good, terms in taken.values():
        if math.isfinite(good.most_units):
            model.at_most(terms, good.most_units * good.pieces_per_unit)
    if item in case.estimates and columns.short(case, item, wanted.place):
        covered.append((model.variable(case.estimates[item].unit_price.mean), 1.0))
    model.at_least(covered, pieces)
    return max(model.solve(gap=GAP, nodes=NODES).bound, float(wanted.ascent.net[i]))


def _ways(case: Case, wanted: Wanted, i: int, spare: float) -> Iterator[tuple[int, Good]]:
    """Facilities and goods for a line that are not far too dear."""
    item = wanted.lines[i][0]
    for j, facility in enumerate(wanted.facilities):
        for good in case.goods.get(item, ()):
            here = good.seller.id == facility.seller and good.place.id == facility.origin
            if here and extra_cost(wanted, i, j, good) <= spare:
                yield j, good


def _buy(model: Model, bounds: Bounds, wanted: Wanted, i: int, j: int, good: Good, opened: int) -> Terms:
    item, pieces = wanted.lines[i]
    duty, freight = bounds.landed(item, good, wanted.facilities[j].leg, wanted.place, wanted.bulk)
    terms: Terms = []
    for least, upmost in amounts(good, pieces):
        price = good.price(least) * (1 + duty) + freight
        chosen = model.binary(price * least)
        terms.append((chosen, least * good.pieces_per_unit))
        model.at_least([(opened, 1.0), (chosen, -1.0)])
        if upmost > least + 1e-9:
            multiple = good.offer.multiple
            span = round((upmost - least) / multiple)
            lots = model.variable(price * multiple, span, whole=True)
            model.at_most([(lots, 1.0), (chosen, -float(span))])
            terms.append((lots, multiple * good.pieces_per_unit))
    return terms
