"""Find chains: the labels first, then the model over everything the labels could have shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from manyworks.quoting.bounds import Bounds, Wanted
from manyworks.quoting.case import Case
from manyworks.quoting.chain import Chain
from manyworks.quoting.columns import Columns, list_columns
from manyworks.quoting.evaluate import Assessment, evaluate
from manyworks.quoting.explosion import ChainError
from manyworks.quoting.programme import MOST_AMOUNTS, Label, Programme, read_chain

GOOD_ENOUGH = 0.02
"""Relative gap at which the search stops unless the exact answer is asked for."""

PATIENCE_S = 2.0
"""Seconds the model may take for one quantity; for the exact answer a thousand times that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A chain with its price, time and footprint; ``label`` where the programme proposed it."""

    chain: Chain
    assessment: Assessment
    label: Label | None = None

    @property
    def figures(self) -> tuple[float, float, float]:
        """Landed price, lead time in days, kg CO2e."""
        return self.assessment.total, self.assessment.lead_days, self.assessment.co2e_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Chains found for one quantity, cheapest first, and what is proven about the cheapest.

    ``bound`` is a price no chain can be below; ``gap`` how far above it the cheapest is, as a
    share of the cheapest.
    """

    quantity: int
    found: tuple[Found, ...]
    bound: float
    programme: Programme

    @property
    def gap(self) -> float:
        """Share of the cheapest price that is not proven to be needed."""
        best = self.found[0].assessment.total
        return max(0.0, (best - self.bound) / best) if best > 0 else 0.0


def search(case: Case, quantity: int, *, exact: bool = False) -> Search:
    """Non-dominated chains for ``quantity`` pieces; none if nobody can make or sell something.

    ``exact`` closes the gap between the cheapest chain and what is proven.
    """
    programme = Programme(case=case, quantity=float(quantity))
    found = [one for one in (_judge(case, quantity, label) for label in programme.labels()) if one]
    best = min(found, key=lambda one: one.assessment.total, default=None)
    better, bound = _share(case, quantity, best, exact=exact)
    ordered = sorted([*found, *better], key=lambda one: one.figures)
    return Search(quantity=quantity, found=_undominated(ordered), bound=bound, programme=programme)


def _judge(case: Case, quantity: int, label: Label) -> Found | None:
    # Two consumers of one item may have asked different shops for it: such a label is no chain.
    found = _found(case, read_chain(label), quantity)
    return replace(found, label=label) if found else None


def _share(case: Case, quantity: int, best: Found | None, *, exact: bool) -> tuple[list[Found], float]:
    """What the model finds below the best label (or at all), and its proven bound."""
    from manyworks.quoting.solvers.fixed_charge import FixedCharge

    quick = best is not None and not exact
    columns = list_columns(case, float(quantity), MOST_AMOUNTS if quick else None, down=quick)
    worth = best.assessment.total if best else _most(case, columns)
    bounds = Bounds(case, float(quantity), columns)
    limit = worth * (1.0 if exact else 1.0 - GOOD_ENOUGH)
    proven = bounds.bound
    while bounds.bound < limit and bounds.tighten(limit, _solver(case, columns)):
        pass
    # ways that lead above the limit were left out, so nothing above it is proven
    proven = max(proven, min(bounds.bound, limit))
    if bounds.bound >= limit or quick:
        return [], min(proven, worth)
    builder = FixedCharge(
        case=case, quantity=float(quantity), columns=columns, worth=worth, bounds=bounds, limit=limit
    )
    answer = builder.build().solve(
        gap=0.0 if exact else GOOD_ENOUGH, seconds=PATIENCE_S * (1000 if exact else 1)
    )
    proven = max(proven, min(answer.bound, limit))
    if answer.values is None:
        return [], min(proven, worth)
    found = _found(case, builder.read(answer.values), quantity)
    totals = [one.assessment.total for one in (found, best) if one is not None]
    return [found] if found else [], max(0.0, min((proven, *totals)))


def _solver(case: Case, columns: Columns) -> Callable[[Wanted, Bounds, float], float]:
    from manyworks.quoting.solvers.basket import basket_bound

    return lambda wanted, bounds, spare: basket_bound(case, columns, wanted, bounds, spare)


def _found(case: Case, chain: Chain, quantity: int) -> Found | None:
    try:
        return Found(chain=chain, assessment=evaluate(case, chain, quantity))
    except ChainError:
        # Where numbers of pieces were raised to few columns, a chain may miss a smallest lot.
        return None


def _most(case: Case, columns: Columns) -> float:
    """A price no sensible chain exceeds, for when none is known: everything at its dearest."""
    made = sum(
        max((column.effort.price for column in columns.of(operation)), default=0.0)
        for operation in columns.goods
    )
    bought = sum(
        max(good.price(0.0) / good.pieces_per_unit for good in goods)
        * max(columns.totals.get(item) or (0.0,))
        for item, goods in case.goods.items()
    )
    return 10.0 * (made + bought) + 1000.0


def _undominated(ordered: Sequence[Found]) -> tuple[Found, ...]:
    """Chains no other beats in all three figures; the first stays the cheapest."""
    kept: list[Found] = []
    for one in ordered:
        if not any(all(a <= b + 1e-9 for a, b in zip(k.figures, one.figures, strict=True)) for k in kept):
            kept.append(one)
    return tuple(kept)
