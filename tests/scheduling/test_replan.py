"""Each kind of deviation, in a shop of two machines where the right answer can be seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.scheduling.replan_cases import FEW, by_work, two_machines
from tests.scheduling.workloads import on, resource, work, workload

from manyworks.model import (
    Assignment,
    Cancelled,
    ExtraTime,
    Finished,
    MachineDown,
    PartLate,
    RushOrder,
    Schedule,
    Scrapped,
    Slower,
    Started,
    WorkerAbsent,
)
from manyworks.scheduling import SchedulingError, check
from manyworks.scheduling.replanning import replan


def at(name, start, end, *, mode=0, setup=0, segments=None):
    whole = ((start, end),) if start < end else ()
    return Assignment(
        work=name, mode=mode, start_s=start, end_s=end, setup_s=setup, segments=segments or whole
    )


def plan_of(load, *assignments):
    """A schedule as it is told, accepted by the checker."""
    works = {one.id: one for one in load.works}
    late = sum(
        works[one.work].weight * max(0, one.end_s - works[one.work].due_s)
        for one in assignments
        if works[one.work].due_s is not None
    )
    made = Schedule(
        epoch=load.epoch,
        assignments=assignments,
        objective=late,
        makespan_s=max(one.end_s for one in assignments),
        bound=0.0,
        bound_kind="",
        status="feasible",
    )
    assert check(load, made) == ()
    return made


@pytest.fixture
def shop():
    load = two_machines()
    return load, plan_of(load, at("a", 0, 100), at("b", 100, 200), at("d", 100, 150), at("c", 200, 300))


def again(shop, *deviations, now=50, **more):
    made = replan(*shop, deviations, now, stop=FEW, **more)
    assert check(made.workload, made.schedule) == ()
    return made


def test_what_is_done_is_out_and_its_end_counts_for_what_follows(shop):
    made = again(shop, Finished(work="a", end_s=40), now=40)
    assert [one.work for one in made.finished] == ["a"]
    assert {one.work for one in made.schedule.assignments} == {"b", "c", "d"}
    assert next(one for one in made.workload.works if one.id == "d").links == ()


def test_an_early_finish_moves_nothing(shop):
    made = again(shop, Finished(work="a", end_s=40))
    assert made.difference.shifted == ()


def test_a_machine_that_will_be_down_while_nothing_runs_hurts_nothing(shop):
    made = again(shop, MachineDown(resource="lathe", start_s=0, end_s=100))
    assert made.difference.shifted == made.difference.moved == ()


def test_work_on_a_machine_that_goes_down_moves_to_the_other_where_that_is_in_time(shop):
    made = again(shop, MachineDown(resource="mill", start_s=100, end_s=300))
    done = by_work(made.schedule)
    assert done["b"].mode == 1
    assert done["b"].end_s <= 350
    assert done["c"].start_s == 300
    assert done["d"] == by_work(shop[1])["d"]


def test_what_may_pause_goes_on_after_a_later_outage(shop):
    made = again(shop, MachineDown(resource="mill", start_s=70, end_s=90))
    assert by_work(made.schedule)["a"].segments == ((0, 70), (90, 120))


def test_of_an_interrupted_work_only_the_rest_is_left_on_its_machine(shop):
    made = again(shop, MachineDown(resource="mill", start_s=30, end_s=60))
    done = by_work(made.schedule)["a"]
    assert (done.start_s, done.end_s) == (60, 130)
    assert [one.code for one in made.findings] == ["scheduling.replan.interrupted"]


def test_what_must_not_pause_is_done_anew_after_an_interruption():
    load = workload([work("a", on("mill", 100), pausable=False)], resource("mill"))
    shop = load, plan_of(load, at("a", 0, 100))
    done = by_work(again(shop, MachineDown(resource="mill", start_s=30, end_s=60)).schedule)["a"]
    assert (done.start_s, done.end_s) == (60, 160)


def test_the_work_of_an_absent_person_goes_to_another():
    crew = [on("mill", 100, workers=(name,)) for name in ("ann", "bob")]
    load = workload(
        [work("a", *crew, due_s=200)],
        resource("mill"),
        resource("ann", "worker"),
        resource("bob", "worker"),
    )
    shop = load, plan_of(load, at("a", 100, 200))
    made = again(shop, WorkerAbsent(resource="ann", start_s=50, end_s=900))
    assert by_work(made.schedule)["a"] == at("a", 100, 200, mode=1)
    assert [one.handed_over for one in made.difference.works] == [True]


def test_a_late_part_lets_others_go_ahead(shop):
    made = again(shop, PartLate(work="b", release_s=290))
    done = by_work(made.schedule)
    assert done["b"].start_s == 290 if done["b"].mode else done["b"].start_s >= 290
    assert done["c"].end_s <= 500


def test_a_part_that_is_late_for_what_was_to_start_holds_it_back(shop):
    made = again(shop, PartLate(work="a", release_s=60))
    done = by_work(made.schedule)
    assert done["a"].start_s >= 60
    assert done["d"].start_s >= done["a"].end_s


def test_a_rush_order_takes_the_gap_it_fits_into(shop):
    rush = work("r", on("lathe", 40), order="R", due_s=100)
    made = again(shop, RushOrder(works=(rush,)))
    assert by_work(made.schedule)["r"] == at("r", 50, 90)
    assert made.difference.shifted == ()


def test_a_rush_order_pushes_aside_what_has_time(shop):
    rush = work("r", on("mill", 80), order="R", due_s=200, weight=10.0)
    made = again(shop, RushOrder(works=(rush,)))
    assert by_work(made.schedule)["r"].end_s <= 200
    assert made.schedule.objective == 0.0


def test_scrap_is_made_again_and_what_follows_waits_for_it(shop):
    made = again(shop, Scrapped(work="a", quantity=0.5))
    done = by_work(made.schedule)
    assert done["a#again"].end_s - done["a#again"].start_s == 50
    assert done["d"].start_s >= done["a#again"].end_s


def test_a_slower_running_work_ends_later_by_its_rest(shop):
    made = again(shop, Slower(work="a", factor=2.0))
    assert by_work(made.schedule)["a"].end_s == 150


def test_a_slower_machine_makes_what_comes_on_it_longer(shop):
    made = again(shop, Slower(resource="lathe", factor=2.0))
    done = by_work(made.schedule)["d"]
    assert done.end_s - done.start_s == 100


def test_a_late_start_ends_later_and_pushes_what_follows(shop):
    made = again(shop, Started(work="a", start_s=30))
    done = by_work(made.schedule)
    assert done["a"].end_s == 130
    assert done["d"].start_s >= 130


def test_a_cancelled_order_leaves_and_nothing_else_moves(shop):
    made = again(shop, Cancelled(order="B"))
    assert "b" not in by_work(made.schedule)
    assert made.difference.shifted == ()


def test_extra_hours_are_used_where_something_would_be_late():
    load = workload(
        [work("a", on("mill", 50), due_s=150), work("b", on("mill", 50), due_s=200)],
        resource("mill", intervals=((0, 100), (500, 900))),
    )
    shop = load, plan_of(load, at("a", 0, 50), at("b", 50, 100))
    down = MachineDown(resource="mill", start_s=10, end_s=60)
    without = again(shop, down, now=10)
    extra = again(shop, down, ExtraTime(resource="mill", start_s=100, end_s=160), now=10)
    assert without.schedule.objective > 0.0
    assert extra.schedule.objective == 0.0


def test_promised_works_keep_their_place_and_those_that_cannot_are_told(shop):
    late = again(shop, PartLate(work="d", release_s=120), keep_until_s=160)
    assert [(one.code, one.where) for one in late.findings] == [("scheduling.replan.not-kept", "d")]
    kept = {one.id for one in late.workload.works if one.fixed is not None}
    assert kept == {"a", "b"}
    assert by_work(late.schedule)["b"] == by_work(shop[1])["b"]


def test_a_machine_starts_with_what_was_done_last_on_it():
    modes = [on("mill", 100, setup_s=30, family=family) for family in ("red", "red")]
    load = workload([work("a", modes[0]), work("b", modes[1])], resource("mill"))
    shop = load, plan_of(load, at("a", 0, 130, setup=30), at("b", 130, 230))
    made = again(shop, now=130)
    assert by_work(made.schedule)["b"].setup_s == 0
    assert made.workload.resources["mill"].family == "red"


def test_lateness_that_was_planned_is_no_reason_to_move_others():
    load = workload(
        [work("a", on("mill", 100)), work("b", on("mill", 100), due_s=50)],
        resource("mill"),
    )
    shop = load, plan_of(load, at("a", 10, 110), at("b", 110, 210))
    assert again(shop, now=0).difference.shifted == ()
    assert again(shop, now=0, improve=True).schedule.objective == 50.0


@pytest.mark.parametrize(
    ("deviation", "code"),
    [
        (MachineDown(resource="nobody", start_s=0, end_s=5), "unknown-resource"),
        (WorkerAbsent(resource="mill", start_s=0, end_s=5), "wrong-kind"),
        (MachineDown(resource="mill", start_s=5, end_s=5), "bad-stretch"),
        (PartLate(work="z", release_s=5), "unknown-work"),
        (Slower(factor=2.0), "bad-slower"),
        (Slower(factor=-1.0, work="a"), "bad-factor"),
        (Started(work="a", start_s=60), "in-future"),
        (Started(work="a", start_s=10, mode=7), "no-such-mode"),
        (Scrapped(work="a", quantity=2.0), "bad-quantity"),
        (Scrapped(work="c", quantity=1.0), "not-begun"),
        (Cancelled(order="Z"), "unknown-order"),
        (RushOrder(works=(work("a", on("mill", 1)),)), "known-work"),
        ("a meteor", "unknown-event"),
    ],
)
def test_deviations_that_make_no_sense_are_refused_with_the_reason(shop, deviation, code):
    with pytest.raises(SchedulingError) as caught:
        replan(*shop, [deviation], 50)
    assert [finding.code for finding in caught.value.findings] == [f"scheduling.replan.{code}"]


def test_all_that_is_wrong_is_told_at_once(shop):
    wrong = [PartLate(work="y", release_s=5), PartLate(work="z", release_s=-5), Cancelled(order="Z")]
    with pytest.raises(SchedulingError) as caught:
        replan(*shop, wrong, 50)
    assert [finding.where for finding in caught.value.findings] == ["y", "z", "z", "Z"]


def test_work_nobody_can_do_any_more_is_told(shop):
    with pytest.raises(SchedulingError) as caught:
        replan(*shop, [MachineDown(resource="mill", start_s=0, end_s=10**11)], 50)
    assert {finding.code for finding in caught.value.findings} == {"scheduling.work.never-fits"}


def test_equal_seeds_and_moves_give_equal_answers(shop):
    deviations = [MachineDown(resource="mill", start_s=100, end_s=260)]
    one, other = (replan(*shop, deviations, 50, stop=FEW, seed=3) for _ in range(2))
    assert replace(one, first_s=0.0, seconds=0.0) == replace(other, first_s=0.0, seconds=0.0)
