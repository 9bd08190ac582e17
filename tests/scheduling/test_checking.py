"""Every kind of violation, put into a good schedule by hand, must be found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.scheduling.workloads import on, resource, work, workload

from manyworks.model import Link
from manyworks.scheduling import check, schedule

# Two days of two stretches each.
HOURS = ((0, 100), (120, 200), (1000, 1100), (1120, 1200))


def load():
    works = [
        work("cut", on("saw", 60, setup_s=20, family="oak", workers=("ann",)), due_s=70, weight=2.0),
        work("turn", on("lathe", 90, tools=("chuck",)), on("saw", 200), after=[Link(before="cut", lag_s=30)]),
        work("glue", on("saw", 30, setup_s=10, family="ash", workers=("ann",)), release_s=90, pausable=False),
        work("mark", on("bench", 10, tools=("chuck",)), release_s=40),
    ]
    return workload(
        works,
        resource("saw", intervals=HOURS, setups={("oak", "ash"): 15}),
        resource("lathe"),
        resource("bench", intervals=HOURS),
        resource("ann", "worker", HOURS),
        resource("chuck", "tool"),
    )


GOOD = schedule(load(), iterations=50)


def change(name, **values):
    """The good schedule with one assignment changed, and the totals it now states made right."""
    made = tuple(replace(one, **values) if one.work == name else one for one in GOOD.assignments)
    return replace(GOOD, assignments=made, makespan_s=max(one.end_s for one in made))


def move(name, start, *ends, **values):
    """The good schedule with one assignment moved to the given segments."""
    edges = (start, *ends)
    segments = tuple(zip(edges[::2], edges[1::2], strict=True))
    return change(name, start_s=start, end_s=edges[-1], segments=segments, **values)


def codes(made, of=None):
    return {finding.code.removeprefix("scheduling.check.") for finding in check(of or load(), made)}


def test_the_unchanged_schedule_is_accepted():
    assert codes(GOOD) == set()
    at = {one.work: (one.start_s, one.end_s) for one in GOOD.assignments}
    assert at == {"cut": (0, 80), "turn": (110, 200), "glue": (120, 165), "mark": (40, 50)}


def test_a_missing_work_is_found():
    made = replace(GOOD, assignments=tuple(one for one in GOOD.assignments if one.work != "mark"))
    assert codes(made) == {"work-missing"}


def test_a_work_done_twice_is_found():
    again = replace(next(one for one in GOOD.assignments if one.work == "mark"), start_s=60, end_s=70)
    made = replace(GOOD, assignments=(*GOOD.assignments, replace(again, segments=((60, 70),))))
    assert codes(made) == {"work-twice"}


def test_work_that_nobody_asked_for_is_found():
    stranger = replace(GOOD.assignments[0], work="stranger")
    assert codes(replace(GOOD, assignments=(*GOOD.assignments, stranger))) == {"unknown-work"}


@pytest.mark.parametrize("mode", [-1, 2])
def test_a_mode_that_does_not_exist_is_found(mode):
    assert "no-such-mode" in codes(change("turn", mode=mode))


def test_another_mode_with_the_wrong_duration_is_found():
    assert "duration" in codes(change("turn", mode=1))


def test_a_resource_that_does_not_exist_is_found():
    whole = load()
    lost = replace(whole, resources={key: r for key, r in whole.resources.items() if key != "chuck"})
    assert "unknown-resource" in codes(GOOD, of=lost)


def test_an_overlap_on_a_machine_is_found():
    assert "overlap" in codes(move("glue", 60, 100, setup_s=15))


def test_an_overlap_of_a_tool_is_found():
    assert codes(move("mark", 150, 160)) == {"overlap"}


def test_an_overlap_of_a_worker_is_found():
    whole = load()
    works = [
        replace(one, modes=(on("bench", 10, workers=("ann",)),)) if one.id == "mark" else one
        for one in whole.works
    ]
    assert codes(GOOD, of=replace(whole, works=tuple(works))) == {"overlap"}


def test_a_work_inside_the_pause_of_another_is_an_overlap():
    whole = workload(
        [work("long", on("m", 20)), work("short", on("m", 5))], resource("m", intervals=((0, 10), (20, 40)))
    )
    made = schedule(whole)
    broken = tuple(
        replace(one, start_s=10, end_s=15, segments=((10, 15),))
        if one.work == "short"
        else replace(one, start_s=0, end_s=30, segments=((0, 10), (20, 30)))
        for one in made.assignments
    )
    assert {"overlap", "outside-hours"} <= codes(replace(made, assignments=broken, makespan_s=30), of=whole)


def test_an_overlap_with_a_work_further_back_is_found():
    whole = workload([work(n, on("m", d)) for n, d in (("a", 100), ("b", 5), ("c", 5))], resource("m"))
    made = schedule(whole)
    spots = {"a": (0, 100), "b": (10, 15), "c": (20, 25)}
    broken = tuple(
        replace(one, start_s=spots[one.work][0], end_s=spots[one.work][1], segments=(spots[one.work],))
        for one in made.assignments
    )
    findings = check(whole, replace(made, assignments=broken, makespan_s=100))
    assert {finding.where for finding in findings if finding.code.endswith("overlap")} == {"b", "c"}


def test_a_short_change_over_is_found():
    assert codes(move("glue", 120, 160, setup_s=10)) == {"setup-short"}


def test_a_missing_first_set_up_is_found():
    assert codes(move("cut", 0, 60, setup_s=0)) == {"setup-short", "objective", "bound"}


def test_a_set_up_longer_than_needed_is_allowed():
    assert codes(move("glue", 120, 170, setup_s=20)) == set()


def test_a_broken_lag_is_found():
    assert codes(move("turn", 109, 199)) == {"link"}


def test_a_start_before_the_release_is_found():
    assert codes(move("mark", 39, 49)) == {"before-release"}


def test_work_outside_the_hours_is_found():
    assert codes(move("mark", 205, 215)) == {"outside-hours"}


def test_work_through_a_break_is_found():
    assert codes(move("mark", 95, 105)) == {"outside-hours"}


def test_work_after_the_last_hour_is_found():
    assert codes(move("mark", 1195, 1205)) == {"outside-hours"}


def test_a_pause_of_work_that_must_not_pause_is_found():
    assert codes(move("glue", 185, 200, 1000, 1030)) == {"paused"}


def test_a_pause_without_a_break_is_found():
    assert codes(move("mark", 50, 55, 60, 65)) == {"idle-pause"}


def test_a_pause_longer_than_the_break_is_found():
    assert codes(move("mark", 95, 100, 125, 130)) == {"idle-pause", "overlap"}


def test_a_run_that_is_too_short_is_found():
    assert codes(move("mark", 40, 49)) == {"duration"}


def test_a_run_that_is_too_long_is_found():
    assert codes(move("mark", 40, 51)) == {"duration"}


def test_segments_that_do_not_reach_the_ends_are_found():
    assert "segments-ends" in codes(change("mark", end_s=52))


def test_time_without_segments_is_found():
    assert {"segments-ends", "duration"} <= codes(change("mark", segments=()))


def test_segments_out_of_order_are_found():
    assert "segments-overlap" in codes(change("mark", segments=((45, 50), (40, 45))))


def test_a_backward_segment_is_found():
    assert "bad-segment" in codes(change("mark", segments=((40, 60), (60, 50))))


def test_a_negative_set_up_is_found():
    assert "bad-times" in codes(change("mark", setup_s=-5))


def test_a_wrong_objective_is_found():
    assert GOOD.objective == 20.0
    assert codes(replace(GOOD, objective=19.0)) == {"objective"}


def test_an_objective_that_is_no_number_is_found():
    assert "objective" in codes(replace(GOOD, objective=float("nan")))


def test_a_wrong_makespan_is_found():
    assert codes(replace(GOOD, makespan_s=GOOD.makespan_s - 1)) == {"makespan"}


def test_a_bound_above_the_objective_is_found():
    assert codes(replace(GOOD, bound=21.0)) == {"bound"}


def test_another_epoch_is_found():
    assert codes(replace(GOOD, epoch=GOOD.epoch + timedelta(days=1))) == {"epoch"}


def test_all_violations_are_reported_at_once():
    made = replace(change("mark", segments=()), objective=1.0, makespan_s=5)
    assert {"duration", "segments-ends", "objective", "makespan"} <= codes(made)
