"""What differs between two schedules, in figures and in words."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from tests.scheduling.replan_cases import planned
from tests.scheduling.test_promise import at, plan_of
from tests.scheduling.workloads import on, resource, work, workload, workloads

from manyworks.scheduling.explaining import Speaker, compare_schedules


def shop():
    return workload(
        [
            work("a", on("mill", 100), on("lathe", 100), order="A", due_s=120),
            work("b", on("mill", 50, workers=("ann",)), on("mill", 50, workers=("bob",)), order="B"),
            work("c", on("lathe", 30), order="C"),
        ],
        *(resource(name) for name in ("mill", "lathe")),
        *(resource(name, "worker") for name in ("ann", "bob")),
    )


OLD = plan_of(at("a", 0, 100), at("b", 100, 150), at("c", 0, 30))
NEW = plan_of(at("a", 30, 130, mode=1), at("b", 0, 50, mode=1), at("c", 0, 30))


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(workloads())
def test_a_schedule_does_not_differ_from_itself(load):
    made = planned(load)
    difference = compare_schedules(load, made, made)
    assert difference.works == difference.orders == ()
    assert difference.same == len(load.works)
    assert difference.setup_s[0] == difference.setup_s[1]


def test_moves_hand_overs_and_shifts_are_told_apart():
    difference = compare_schedules(shop(), OLD, NEW)
    assert [one.work for one in difference.moved] == ["a"]
    assert [(one.work, one.shift_s) for one in difference.shifted] == [("b", -100), ("a", 30)]
    assert [one.work for one in difference.works if one.handed_over] == ["b"]
    assert difference.same == 1


def test_orders_are_listed_with_what_they_lose_the_worst_first():
    difference = compare_schedules(shop(), OLD, NEW)
    assert [(one.order, one.old_end_s, one.new_end_s, one.new_late_s) for one in difference.orders] == [
        ("A", 100, 130, 10),
        ("B", 150, 50, 0),
    ]


def test_new_works_and_those_no_longer_planned_are_counted():
    load = shop()
    fewer = workload(load.works[1:], *load.resources.values())
    difference = compare_schedules(fewer, plan_of(*OLD.assignments[1:]), plan_of(*NEW.assignments[:2]), load)
    assert [one.work for one in difference.works if one.old is None] == ["a"]
    assert [one.work for one in difference.works if one.new is None] == ["c"]


def test_set_ups_saved_are_those_of_works_in_both():
    load = workload([work("a", on("mill", 10, setup_s=5)), work("b", on("mill", 10))], resource("mill"))
    old, new = plan_of(at("a", 0, 15, setup=5)), plan_of(at("a", 0, 10), at("b", 10, 29, setup=9))
    assert compare_schedules(load, old, new).setup_s == (5, 0)


def test_the_sentences_say_who_goes_where_and_by_how_much():
    sentences = Speaker(shop()).difference(compare_schedules(shop(), OLD, NEW))
    assert sentences[0] == (
        "Works: 1 unchanged, 1 on another machine, 1 with other people or tools, 2 at another time; "
        "0 new, 0 done or no longer planned."
    )
    assert "Order A ends 30 s later: 10 s late instead of in time." in sentences
    assert "A of order A goes from mill to lathe and starts 30 s later." in sentences
    assert "B of order B goes from ann to bob and starts 2 min sooner." in sentences
