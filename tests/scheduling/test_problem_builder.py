"""What is put into a builder comes out as tables, nothing lost and nothing mixed up."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scheduling.mixed_problems import Maker

from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.data import GOAL_NAMES, Objective
from manyworks.scheduling.problem.numbering import prices
from manyworks.scheduling.problem.tables import CARRIES, EARLY_SETUP, FOREVER, FROZEN, NONE, PAUSABLE

SEEDS = st.integers(0, 2**32)


def builder(seed):
    """Random drafts with everything in them, and the problem made of them."""
    maker = Maker(Random(seed), 12, shifted=True)
    maker.fill()
    return maker.builder, maker.builder.build()


def modes_of(data, o):
    first = data.tables.operations["first_mode"]
    return range(first[o], first[o + 1])


def held(data, row):
    first = data.tables.modes["first_hold"]
    return data.tables.holds[first[row] : first[row + 1]].tolist()


def intervals_of(data, calendar):
    p = data.tables
    rows = p.intervals[p.first_interval[calendar] : p.first_interval[calendar + 1]]
    return [(int(row["start"]), int(row["end"])) for row in rows]


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_operations_keep_their_dates_weights_and_flags(seed):
    b, data = builder(seed)
    for draft, row in zip(b.operations, data.tables.operations[:-1], strict=True):
        assert (row["release"], row["job"]) == (draft.release, draft.job)
        assert row["due"] == (FOREVER if draft.due is None else draft.due)
        assert (row["weight"], row["flow_weight"]) == (draft.weight, draft.flow_weight)
        flags = {PAUSABLE: draft.pausable, EARLY_SETUP: draft.early_setup, CARRIES: draft.carries}
        assert {flag: bool(row["flags"] & flag) for flag in flags} == flags
        assert (row["reference_start"], row["reference_machine"]) == (NONE, NONE)


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_modes_keep_their_machine_duration_and_all_they_hold(seed):
    b, data = builder(seed)
    for o, draft in enumerate(b.operations):
        rows = modes_of(data, o)
        assert data.mode_numbers[rows.start : rows.stop].tolist() == list(range(len(draft.modes)))
        for row, mode in zip(rows, draft.modes, strict=True):
            made = data.tables.modes[row]
            assert (made["machine"], made["duration"], made["setup"]) == (
                mode.machine,
                mode.duration,
                mode.setup,
            )
            assert held(data, row) == list(dict.fromkeys((mode.machine, *mode.others)))
    assert data.tables.slots == max(len(held(data, row)) for row in range(len(data.tables.modes) - 1))
    assert 1 << data.tables.shift >= data.tables.slots > 1 << data.tables.shift >> 1


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_links_stand_at_both_their_ends(seed):
    b, data = builder(seed)
    p = data.tables
    drafted = sorted((arc.before, arc.after, arc.lag, int(arc.moves)) for arc in b.arcs)
    for first, arcs, turned in (("first_before", p.befores, True), ("first_after", p.afters, False)):
        pairs = [
            (int(arc["operation"]), o, int(arc["lag"]), int(arc["moves"]))
            for o in range(p.total)
            for arc in arcs[p.operations[o][first] : p.operations[o + 1][first]]
        ]
        assert sorted(pairs if turned else [(o, end, *rest) for end, o, *rest in pairs]) == drafted
    assert p.sinks.tolist() == [o for o in range(p.total) if all(arc.before != o for arc in b.arcs)]


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_working_time_of_a_mode_is_what_all_it_holds_have_in_common(seed):
    b, data = builder(seed)
    for row in range(len(data.tables.modes) - 1):
        calendars = [b.resources[number].intervals for number in held(data, row)]
        number = int(data.tables.modes["calendar"][row])
        if number == NONE:
            assert not any(calendars)
            continue
        for second in range(80):
            everywhere = all(not rows or any(a <= second < z for a, z in rows) for rows in calendars)
            assert everywhere == any(a <= second < z for a, z in intervals_of(data, number))


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_set_ups_stated_by_pair_are_found_in_the_matrix_of_their_machine(seed):
    b, data = builder(seed)
    p = data.tables
    family_of = {}
    for o, draft in enumerate(b.operations):
        for row, mode in zip(modes_of(data, o), draft.modes, strict=True):
            family_of[row] = mode.family
            assert (p.modes["family"][row] == 0) == (mode.family == "")
    for one, name in family_of.items():
        for other, behind in family_of.items():
            same = p.modes["family"][one] == p.modes["family"][other]
            assert same == (name == behind)
            machine = int(p.modes["machine"][one])
            if p.modes["machine"][other] != machine:
                continue
            place = p.resources[machine]
            row, column = (int(p.modes["slot_in_matrix"][mode]) for mode in (one, other))
            stated = b.resources[machine].setups.get((name, behind))
            if NONE in (row, column):
                assert stated is None
            else:
                cell = int(p.changes[place["first_change"] + row * place["width"] + column])
                assert cell == (NONE if stated is None else stated)


def small():
    b = ProblemBuilder("small")
    saw = b.add_resource(
        "saw", intervals=((0, 10), (10, 20), (30, 40)), setups={("oak", "ash"): 4}, family="ash"
    )
    ann = b.add_resource("ann", "worker", intervals=((5, 35),))
    job = b.add_job("order")
    cut = b.add_operation(job, "cut", pausable=True)
    b.add_mode(cut, saw, 6, others=[ann, ann], family="oak")
    b.add_mode(cut, saw, 6)
    return b, cut


def test_numbers_are_given_in_the_order_of_adding():
    b, cut = small()
    assert (cut, b.add_job("next"), b.add_resource("lathe")) == (0, 1, 2)
    assert b.add_operation(1, "turn") == 1
    assert b.add_mode(cut, 2, 5) == 2


def test_touching_intervals_become_one():
    data = small()[0].build()
    assert intervals_of(data, int(data.tables.modes["calendar"][0])) == [(5, 20), (30, 35)]
    assert intervals_of(data, int(data.tables.modes["calendar"][1])) == [(0, 20), (30, 40)]
    assert data.tables.intervals["before"].tolist() == [0, 15, 0, 20]


def test_a_machine_begins_set_up_for_its_family():
    data = small()[0].build()
    saw, mode = data.tables.resources[0], data.tables.modes[0]
    assert saw["family"] not in (0, mode["family"])
    assert {int(saw["slot_in_matrix"]), int(mode["slot_in_matrix"])} == {0, 1}
    assert data.tables.modes[1]["family"] == 0


def test_a_frozen_operation_starts_at_its_release_ends_by_its_deadline_and_ignores_calendars():
    b, cut = small()
    b.operations[cut].modes.pop()
    b.freeze(cut, 23)
    row, mode = b.build().tables.operations[0], b.build().tables.modes[0]
    assert (row["release"], row["deadline"], row["flags"]) == (23, 29, PAUSABLE | FROZEN)
    assert mode["calendar"] == NONE


def test_a_reference_is_kept():
    b, cut = small()
    b.refer(cut, 12, 0)
    row = b.build().tables.operations[0]
    assert (row["reference_start"], row["reference_machine"]) == (12, 0)


def test_a_builder_can_be_changed_and_built_again():
    b, cut = small()
    one = b.build()
    b.operations[cut].due = 9
    assert (one.tables.operations["due"][0], b.build().tables.operations["due"][0]) == (FOREVER, 9)


def test_a_problem_without_operations_is_a_problem():
    assert ProblemBuilder("nothing").build().tables.total == 0


def test_a_lower_level_never_outweighs_the_one_above_and_deadlines_outweigh_all():
    price = dict(zip(GOAL_NAMES, prices(Objective(levels=({"flow": 2.0}, {"makespan": 5.0}))), strict=True))
    assert price["flow"] == 2.0
    assert price["makespan"] == pytest.approx(5e-7)
    assert price["deadline"] >= 1e6 * 2.0
    assert not any(price[name] for name in ("tardiness", "setup", "moved", "shift"))
    assert np.isfinite(list(price.values())).all()
