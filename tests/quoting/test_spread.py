"""How far a quote may be off: laws of the draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.quoting.by_hand import case, chain

from manyworks.model import CostLine
from manyworks.quoting.evaluate import Assessment, Footprint, evaluate
from manyworks.quoting.spread import Dice, co2e_draws, lead_draws, price_draws, spreads
from manyworks.quoting.timeline import Stretch, finish

MANY = 40_000


def line(amount, shared="", shared_sigma=0.0, own_sigma=0.0, what="x"):
    return CostLine(
        kind="part", what=what, where="w", amount=amount,
        shared=shared, shared_sigma=shared_sigma, own_sigma=own_sigma,
    )  # fmt: skip


def stretch(name, days, *after, sigma=0.0, shared="", shared_sigma=0.0):
    return Stretch(
        name=name, days=days, after=after, shared=shared, shared_sigma=shared_sigma, own_sigma=sigma
    )


def test_the_mean_of_the_draws_is_the_total():
    lines = [line(100.0, "country:CN", 0.2, 0.1), line(50.0, "lane:air", 0.4, 0.0), line(20.0)]
    draws = price_draws(Assessment(lines=lines), Dice(1, MANY))
    assert draws.mean() == pytest.approx(170.0, rel=0.01)


def test_quantiles_come_in_order_and_hold_the_mean():
    unit, lead, carbon = spreads(evaluate(case(), chain(), 10), 10, Dice(0))
    for spread in (unit, lead, carbon):
        assert 0 < spread.p10 <= spread.p50 <= spread.p90
    assert unit.mean == pytest.approx(7.8074)
    assert carbon.mean == pytest.approx(13.1)


def test_the_spread_of_one_line_is_log_normal():
    draws = price_draws(Assessment(lines=[line(10.0, "country:CN", 0.3)]), Dice(2, MANY))
    assert np.log(draws).std() == pytest.approx(0.3, rel=0.02)


def test_what_is_shared_moves_together():
    together = [line(50.0, "country:CN", 0.3, what="a"), line(50.0, "country:CN", 0.3, what="b")]
    apart = [line(50.0, "country:CN", 0.3, what="a"), line(50.0, "country:GB", 0.3, what="b")]
    wide, narrow = (price_draws(Assessment(lines=rows), Dice(3, MANY)).std() for rows in (together, apart))
    assert wide / narrow == pytest.approx(math.sqrt(2), rel=0.03)


def test_what_is_a_lines_own_does_not():
    lines = [line(50.0, own_sigma=0.3, what="a"), line(50.0, own_sigma=0.3, what="b")]
    one = price_draws(Assessment(lines=lines[:1]), Dice(4, MANY))
    both = price_draws(Assessment(lines=lines), Dice(4, MANY))
    assert both.std() / one.std() == pytest.approx(math.sqrt(2), rel=0.03)
    assert np.corrcoef(one, both - one)[0, 1] == pytest.approx(0.0, abs=0.03)


def test_the_lead_time_of_parallel_paths_is_their_maximum():
    timeline = [stretch("a", 5.0), stretch("b", 3.0), stretch("both", 1.0, 0, 1)]
    assert finish(timeline) == 6.0


def test_a_maximum_is_drawn_as_a_maximum():
    """Two equal uncertain waits are longer together than either: no maximum of quantiles says that."""
    alone = Assessment(timeline=[stretch("a", 10.0, sigma=0.4)])
    both = Assessment(
        timeline=[stretch("a", 10.0, sigma=0.4), stretch("b", 10.0, sigma=0.4), stretch("c", 0.0, 0, 1)]
    )
    one, two = (lead_draws(assessment, Dice(5, MANY)) for assessment in (alone, both))
    # the median of the larger of two equal draws is the quantile of the root of a half of one
    assert np.median(two) == pytest.approx(np.quantile(one, math.sqrt(0.5)), rel=0.02)
    assert two.mean() > one.mean() * 1.15


def test_a_wait_shared_by_two_paths_is_not_drawn_twice():
    shared = [
        stretch(name, 10.0, shared="shop:a", shared_sigma=0.4) for name in ("queue for a", "queue for b")
    ]
    once = lead_draws(Assessment(timeline=shared[:1]), Dice(6, MANY))
    twice = lead_draws(Assessment(timeline=[*shared, stretch("end", 0.0, 0, 1)]), Dice(6, MANY))
    assert np.allclose(once, twice)


def test_factors_of_one_kind_are_off_together():
    parts = [Footprint(what=what, kg=5.0, shared="embodied", sigma=0.3) for what in "ab"]
    draws = co2e_draws(Assessment(footprints=parts), Dice(7, MANY))
    assert draws.std() / draws.mean() == pytest.approx(math.sqrt(math.exp(0.09) - 1), rel=0.03)


def test_the_same_seed_draws_the_same_whatever_was_asked_before():
    assessment = evaluate(case(), chain(), 10)
    other = Dice(8)
    other.normal("something else")
    assert spreads(assessment, 10, Dice(8)) == spreads(assessment, 10, other)


def test_another_seed_draws_others():
    assessment = evaluate(case(), chain(), 10)
    assert spreads(assessment, 10, Dice(8))[0].p10 != spreads(assessment, 10, Dice(9))[0].p10


def test_nothing_uncertain_has_no_spread():
    unit, lead, carbon = spreads(Assessment(lines=[line(10.0)], timeline=[stretch("a", 2.0)]), 5, Dice(0))
    assert (unit.p10, unit.p90, lead.p10, lead.p90, carbon.p90) == (2.0, 2.0, 2.0, 2.0, 0.0)
