"""The few options a buyer looks at."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.quoting.invented import invent

from manyworks.model import CostLine, Network
from manyworks.quoting.options import choose, pick_by_date, to_cents, write_option
from manyworks.quoting.search import search
from manyworks.quoting.spread import Dice

law = settings(max_examples=40, derandomize=True, deadline=None, database=None)
seeds = st.integers(min_value=0, max_value=10**6)
NETWORK = Network(name="invented", currency="GBP", as_of="2026-01-05")


def searched(seed):
    case, quantity = invent(seed), 1 + seed % 3
    result = search(case, quantity)
    assume(result.found)
    return case, result


def written(seed):
    case, result = searched(seed)
    options = [write_option(label, one, result, case, NETWORK, Dice(0)) for label, one in choose(result)]
    return options, result


# ---- cents -----------------------------------------------------------------------------------

money = st.floats(min_value=0.0, max_value=1e6, allow_nan=False, allow_infinity=False)


@given(st.lists(money, max_size=60))
@settings(max_examples=200, derandomize=True, deadline=None, database=None)
def test_lines_in_cents_sum_to_the_rounded_sum(values):
    lines = [CostLine(kind="part", what="x", where="w", amount=value) for value in values]
    cents = [line.amount * 100 for line in to_cents(lines)]
    assert all(abs(cent - round(cent)) < 1e-6 for cent in cents)
    assert sum(round(cent) for cent in cents) == round(math.fsum(value * 100 for value in values))


@given(st.lists(money, max_size=60))
@settings(max_examples=200, derandomize=True, deadline=None, database=None)
def test_no_line_is_off_by_a_cent_or_more(values):
    lines = [CostLine(kind="part", what="x", where="w", amount=value) for value in values]
    for line, shown in zip(lines, to_cents(lines), strict=True):
        assert abs(shown.amount - line.amount) < 0.01 + 1e-6


# ---- which options ---------------------------------------------------------------------------


@given(seeds)
@law
def test_each_label_and_each_chain_is_there_once(seed):
    _, result = searched(seed)
    chosen = choose(result)
    assert len({label for label, _ in chosen}) == len(chosen)
    assert len({id(one) for _, one in chosen}) == len(chosen)


@given(seeds)
@law
def test_the_cheapest_comes_first(seed):
    _, result = searched(seed)
    label, first = choose(result)[0]
    assert label == "cheapest"
    assert first.figures[0] == min(one.figures[0] for _, one in choose(result))


@given(seeds)
@law
def test_labels_keep_their_word(seed):
    _, result = searched(seed)
    chosen = dict(choose(result))
    for label, figure in (("fastest", 1), ("cleanest", 2)):
        if label in chosen:
            assert chosen[label].figures[figure] == min(one.figures[figure] for one in result.found)


@given(seeds)
@law
def test_no_option_beats_another_in_everything(seed):
    _, result = searched(seed)
    for (_, one), (_, other) in itertools.permutations(choose(result), 2):
        assert any(a > b + 1e-9 for a, b in zip(one.figures, other.figures, strict=True))


@given(seeds)
@law
def test_lines_of_an_option_sum_to_its_total(seed):
    options, _ = written(seed)
    for option in options:
        assert sum(round(line.amount * 100) for line in option.lines) == round(option.total * 100)


@given(seeds)
@law
def test_the_runner_up_is_reasoned_and_dearer_or_said_to_be_cheaper(seed):
    options, _ = written(seed)
    second = options[0].runner_up
    assume(second is not None)
    assert second.difference
    if second.total < options[0].total - 0.01:
        assert "cheaper" in second.why_lost
    else:
        assert "dearer" in second.why_lost


@given(seeds)
@law
def test_only_the_cheapest_states_a_gap_and_it_is_a_share(seed):
    options, _ = written(seed)
    assert 0 <= options[0].gap < 1
    assert all(option.gap is None for option in options[1:])


@given(seeds)
@law
def test_every_step_says_why_its_shop(seed):
    options, _ = written(seed)
    assert all(step.why for option in options for step in option.steps)


# ---- by a date -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(0, 40, 3))
def test_by_date_is_the_cheapest_of_those_in_time(seed):
    case, quantity = invent(seed), 1 + seed % 3
    result = search(case, quantity)
    for days in sorted(one.figures[1] for one in result.found):
        in_time = [one.figures[0] for one in result.found if one.figures[1] <= days]
        assert pick_by_date(result, days).figures[0] == min(in_time)
    assert pick_by_date(result, -1.0) is None
