"""Every fault of drafts is told, with the name of the thing, all at once."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scheduling.mixed_problems import mixed_problem

from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.problem import validation
from manyworks.scheduling.problem.builder import ModeDraft, ProblemBuilder
from manyworks.scheduling.problem.data import Objective
from manyworks.scheduling.problem.validation import validate_drafts

DAY = ((0, 100), (120, 200))


def shop():
    """Builder of a small sound problem, with the numbers of its parts."""
    b = ProblemBuilder("shop")
    b.set_travel([[0, 5], [6, 0]])
    names = SimpleNamespace(b=b)
    names.saw = b.add_resource("saw", intervals=DAY, setups={("oak", "ash"): 4})
    names.lathe = b.add_resource("lathe", location=1)
    names.ann = b.add_resource("ann", "worker", intervals=((50, 150),))
    names.chuck = b.add_resource("chuck", "tool")
    names.van = b.add_resource("van", "vehicle")
    names.job = b.add_job("order")
    for name in ("cut", "turn", "drill"):
        setattr(names, name, b.add_operation(names.job, name))
    names.ride = b.add_operation(names.job, "ride", carries=True)
    b.add_mode(names.cut, names.saw, 10, others=[names.ann], setup=3, family="oak")
    b.add_mode(names.turn, names.lathe, 20, others=[names.chuck])
    b.add_mode(names.turn, names.saw, 40)
    b.add_mode(names.drill, names.lathe, 30)
    b.add_mode(names.ride, names.van, 0)
    b.add_precedence(names.cut, names.ride)
    b.add_precedence(names.ride, names.turn)
    b.add_precedence(names.turn, names.drill, 2, moves=True)
    return names


def told(builder):
    return {(f.code.removeprefix("scheduling."), f.where) for f in validate_drafts(builder)}


def test_sound_drafts_have_no_fault():
    assert validate_drafts(shop().b) == ()


def draft(names, name):
    return names.b.operations[getattr(names, name)]


def resource(names, **more):
    names.b.add_resource("new", **more)


def with_operation(names, *modes, **more):
    number = names.b.add_operation(names.job, "new", **more)
    for machine, duration, *others in modes:
        names.b.add_mode(number, machine, duration, others=others)
    return number


def set_of(name, /, **values):
    def change(names):
        for key, value in values.items():
            setattr(draft(names, name), key, value)

    return change


def mode_of(name, /, **values):
    def change(names):
        good = {"machine": names.saw, "duration": 5, "others": (), "setup": 0, "family": ""}
        draft(names, name).modes.append(ModeDraft(**{**good, **values}))

    return change


def objective(*levels):
    return lambda names: setattr(names.b, "objective", Objective(levels=levels))


def freeze(*starts):
    def change(names):
        for name, start in starts:
            one = draft(names, name)
            one.modes = one.modes[:1]
            names.b.freeze(getattr(names, name), start)

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda n: n.b.add_precedence(n.drill, n.cut), {("link.cycle", "cut")}),
        (lambda n: n.b.add_precedence(n.cut, n.cut), {("link.cycle", "cut")}),
        (lambda n: n.b.add_precedence(n.cut, 99), {("link.unknown-operation", "precedence 3")}),
        (lambda n: n.b.add_precedence(-1, n.cut), {("link.unknown-operation", "precedence 3")}),
        (lambda n: n.b.add_precedence(n.cut, n.turn, -1), {("time.bad", "precedence 3")}),
        (lambda n: n.b.add_precedence(n.cut, n.turn, moves=2), {("link.bad-flag", "precedence 3")}),
        (with_operation, {("operation.no-mode", "new")}),
        (lambda n: with_operation(n, (99, 5)), {("mode.unknown-resource", "new mode 0")}),
        (lambda n: with_operation(n, (n.saw, 5, 99)), {("mode.unknown-resource", "new mode 0")}),
        (lambda n: with_operation(n, (n.ann, 5)), {("mode.wrong-kind", "new mode 0")}),
        (lambda n: with_operation(n, (n.saw, 5, n.lathe)), {("mode.wrong-kind", "new mode 0")}),
        (lambda n: with_operation(n, (n.van, 5)), {("mode.wrong-kind", "new mode 0")}),
        (lambda n: with_operation(n, (n.saw, 5), carries=True), {("mode.wrong-kind", "new mode 0")}),
        (mode_of("ride", machine=4, setup=5), {("transport.mode", "ride mode 1")}),
        (mode_of("ride", machine=4, others=(2,)), {("transport.mode", "ride mode 1")}),
        (mode_of("cut", duration=-1), {("time.bad", "cut mode 1")}),
        (mode_of("cut", duration=1.5), {("time.bad", "cut mode 1")}),
        (mode_of("cut", duration=10**11 + 1), {("time.bad", "cut mode 1")}),
        (mode_of("cut", setup=True), {("time.bad", "cut mode 1")}),
        (mode_of("cut", family=None), {("family.bad", "cut mode 1")}),
        (mode_of("cut", others=(2.0,)), {("mode.unknown-resource", "cut mode 1")}),
        (mode_of("cut", machine=True), {("mode.unknown-resource", "cut mode 1")}),
        (set_of("cut", job=7), {("operation.job", "cut")}),
        (set_of("cut", release=-5), {("time.bad", "cut")}),
        (set_of("cut", release=None), {("time.bad", "cut")}),
        (set_of("cut", due="soon"), {("time.bad", "cut")}),
        (set_of("cut", deadline=10**12), {("time.bad", "cut")}),
        (set_of("cut", weight=float("nan")), {("operation.bad-weight", "cut")}),
        (set_of("cut", weight=-1), {("operation.bad-weight", "cut")}),
        (set_of("cut", flow_weight=float("inf")), {("operation.bad-weight", "cut")}),
        (set_of("cut", pausable=2), {("operation.bad-flag", "cut")}),
        (set_of("cut", reference=(5, 99)), {("operation.reference", "cut")}),
        (set_of("cut", reference=(-5, 0)), {("time.bad", "cut")}),
        (set_of("cut", name="turn"), {("name.twice", "turn")}),
        (set_of("cut", name=""), {("name.bad", "operation 0")}),
        (lambda n: n.b.add_job("order"), {("name.twice", "order")}),
        (lambda n: n.b.add_resource("saw"), {("name.twice", "saw")}),
        (lambda n: resource(n, kind="oven"), {("resource.unknown-kind", "new")}),
        (lambda n: resource(n, location=2), {("resource.location", "new")}),
        (lambda n: resource(n, location=-1), {("resource.location", "new")}),
        (lambda n: resource(n, family=3), {("family.bad", "new")}),
        (lambda n: resource(n, intervals=((5, 9), (8, 12))), {("resource.bad-intervals", "new")}),
        (lambda n: resource(n, intervals=((5, 9), (1, 3))), {("resource.bad-intervals", "new")}),
        (lambda n: resource(n, intervals=((5, 5),)), {("resource.bad-intervals", "new")}),
        (lambda n: resource(n, intervals=((5, 9, 1),)), {("resource.bad-intervals", "new")}),
        (lambda n: resource(n, kind="vehicle", intervals=DAY), {("resource.vehicle-hours", "new")}),
        (lambda n: resource(n, kind="tool", setups={("a", "b"): 1}), {("resource.setups", "new")}),
        (lambda n: resource(n, setups={("a", "b"): -1}), {("time.bad", "new")}),
        (lambda n: resource(n, setups={"ab": 1}), {("resource.setups", "new")}),
        (lambda n: resource(n, setups={("a", "b", "c"): 1}), {("resource.setups", "new")}),
        (lambda n: n.b.set_travel([[0, 1]]), {("travel.not-square", "shop"), ("resource.location", "lathe")}),
        (lambda n: n.b.set_travel([[0, -1], [1, 0]]), {("time.bad", "travel")}),
        (lambda n: n.b.set_travel([[0, 0.5], [1, 0]]), {("time.bad", "travel")}),
        (objective(), {("objective.bad", "shop")}),
        (objective({}), {("objective.bad", "shop")}),
        (objective({"beauty": 1.0}), {("objective.bad", "shop level 1")}),
        (objective({"flow": 1.0}, {"setup": -1.0}), {("objective.bad", "shop level 2")}),
        (objective({"flow": 0.0}), {("objective.bad", "shop level 1")}),
        (lambda n: n.b.add_precedence(n.cut, n.ride), {("transport.links", "ride")}),
        (lambda n: n.b.add_precedence(n.ride, n.drill), {("transport.links", "ride")}),
        (lambda n: n.b.freeze(n.turn, 50), {("frozen.modes", "turn")}),
        (lambda n: n.b.freeze(n.ride, 50), {("frozen.carries", "ride")}),
        (freeze(("cut", 0), ("turn", 9)), {("frozen.too-early", "turn")}),
        (freeze(("cut", 0), ("turn", 10)), set()),
        (freeze(("turn", 30), ("drill", 51)), {("frozen.too-early", "drill")}),
        (freeze(("turn", 30), ("drill", 52)), set()),
        (freeze(("drill", 31)), {("frozen.too-early", "drill")}),
        (freeze(("drill", 32)), set()),
    ],
)
def test_each_fault_is_told_with_its_place(change, expected):
    names = shop()
    change(names)
    assert told(names.b) == expected


def test_frozen_operations_that_hold_the_same_thing_at_once_are_named():
    names = shop()
    for name, start in (("new", 100), ("newer", 129)):
        number = names.b.add_operation(names.job, name)
        names.b.add_mode(number, names.lathe, 30, others=[names.chuck])
        names.b.freeze(number, start)
    found = validate_drafts(names.b)
    assert [(f.code, f.where) for f in found] == [("scheduling.frozen.overlap", "newer")] * 2
    assert "on lathe, which new, frozen too, holds until 130" in found[0].message
    names.b.freeze(number, 130)
    assert validate_drafts(names.b) == ()


@pytest.mark.parametrize(
    ("release", "duration", "pausable", "fits"),
    [
        (0, 50, False, True),
        (0, 51, False, False),
        (0, 80, True, True),
        (0, 81, True, False),
        (70, 30, False, True),
        (71, 30, False, True),
        (71, 31, False, False),
        (130, 20, False, True),
        (131, 20, True, False),
        (150, 0, False, True),
        (151, 0, False, False),
    ],
)
def test_work_that_no_calendar_has_room_for_is_told(release, duration, pausable, fits):
    names = shop()
    number = names.b.add_operation(names.job, "new", release=release, pausable=pausable)
    names.b.add_mode(number, names.saw, duration, others=[names.ann])
    assert told(names.b) == (set() if fits else {("work.never-fits", "new")})
    names.b.add_mode(number, names.lathe, duration)
    assert told(names.b) == set()


def test_the_ring_of_a_cycle_is_named_and_every_other_ring_too():
    names = shop()
    names.b.add_precedence(names.drill, names.turn)
    one, other = (with_operation(names, (names.saw, 1)) for _ in range(2))
    names.b.operations[other].name = "newer"
    names.b.add_precedence(one, other)
    names.b.add_precedence(other, one)
    rings = [f.message for f in validate_drafts(names.b) if f.code == "scheduling.link.cycle"]
    assert sorted(rings) == [
        "operations wait for each other: new -> newer -> new",
        "operations wait for each other: turn -> drill -> turn",
    ]


def test_times_that_add_up_beyond_what_a_plan_may_last_are_told(monkeypatch):
    names = shop()
    everything = 200 + (10 + 4) + (40 + 4) + (30 + 4) + (0 + 4) + 2 + (3 + 2 * 4) * 6
    monkeypatch.setattr(validation, "LONGEST_PLAN", everything)
    assert told(names.b) == set()
    monkeypatch.setattr(validation, "LONGEST_PLAN", everything - 1)
    assert told(names.b) == {("time.too-long", "shop")}


def test_all_faults_are_told_at_once():
    names = shop()
    names.b.add_precedence(names.drill, names.cut)
    names.b.add_resource("saw", "oven")
    with_operation(names)
    draft(names, "turn").weight = -2
    with pytest.raises(SchedulingError) as caught:
        names.b.build()
    assert {f.code.removeprefix("scheduling.") for f in caught.value.findings} == {
        "link.cycle",
        "name.twice",
        "resource.unknown-kind",
        "operation.no-mode",
        "operation.bad-weight",
    }


def test_fifty_faults_of_a_kind_are_listed_and_the_rest_counted():
    b = ProblemBuilder("many")
    job = b.add_job("order")
    for number in range(1060):
        b.add_operation(job, f"o{number}")
    findings = validate_drafts(b)
    assert len(findings) == 51
    assert findings[0].where == "o0"
    assert findings[-1].message == "1,010 more of this kind"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_random_sound_problems_are_built(seed):
    assert mixed_problem(Random(seed), 12).tables.total > 0


RUBBISH = st.sampled_from([-1, 99, 10**12, 2**70, 0.5, float("nan"), None, "x", True, (), [1]])


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_rubbish_in_any_place_never_raises_anything_but_findings(data):
    names = shop()
    one = names.b.operations[data.draw(st.integers(0, 3))]
    place = data.draw(st.sampled_from(["operation", "mode", "arc", "resource", "travel"]))
    value = data.draw(RUBBISH)
    if place == "operation":
        fields = ("name", "job", "release", "due", "deadline", "weight", "flow_weight", "pausable", "frozen")
        setattr(one, data.draw(st.sampled_from(fields)), value)
    elif place == "mode":
        field = data.draw(st.sampled_from(["machine", "duration", "others", "setup", "family"]))
        value = (value,) if field == "others" else value
        good = {"machine": names.saw, "duration": 5, "others": (), "setup": 0, "family": ""}
        one.modes.append(ModeDraft(**{**good, field: value}))
    elif place == "arc":
        ends = [names.cut, names.drill, 0]
        ends[data.draw(st.integers(0, 2))] = value
        names.b.add_precedence(*ends)
    elif place == "resource":
        field = data.draw(st.sampled_from(["kind", "location", "family"]))
        names.b.add_resource("new", **{field: value})
    else:
        names.b.set_travel([[0, value], [1, 0]])
    with suppress(SchedulingError):
        names.b.build()
