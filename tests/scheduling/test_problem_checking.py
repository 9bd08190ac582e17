"""The referee of solutions finds every broken rule, by name and to the second, and accepts what is right."""

from __future__ import annotations

from itertools import permutations
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scheduling.mixed_problems import mixed_case, shop_of, values

from manyworks.scheduling.problem.builder import ProblemBuilder
from manyworks.scheduling.problem.checking import check_solution, goals_of
from manyworks.scheduling.problem.data import Solution
from manyworks.scheduling.problem.tables import CARRIES, EARLY_SETUP, FROZEN, NONE, PAUSABLE

# Two stretches with a break, and a long one.
HOURS = ((0, 100), (120, 200), (1000, 2000))
TIMES = {
    "cut": (0, 80, 20),
    "glue": (90, 155, 15),
    "turn": (90, 130, 5),
    "bore": (142, 150, 12),
    "ride": (130, 139, 7),
    "pack": (155, 165, 0),
    "stay": (150, 150, 0),
    "ship": (150, 155, 0),
    "held": (300, 310, 0),
}


def shop():
    b = ProblemBuilder("shop")
    b.set_travel([[0, 7], [9, 0]])
    saw = b.add_resource("saw", intervals=HOURS, setups={("oak", "ash"): 15})
    lathe = b.add_resource("lathe", location=1)
    ann = b.add_resource("ann", "worker", intervals=HOURS)
    chuck = b.add_resource("chuck", "tool")
    van = b.add_resource("van", "vehicle")
    job = b.add_job("order")
    o = {}
    for name, more in {
        "cut": {"due": 70, "weight": 2.0},
        "glue": {"release": 90, "deadline": 155, "pausable": True},
        "turn": {"early_setup": True},
        "bore": {"early_setup": True, "flow_weight": 3.0},
        "ride": {"carries": True},
        "pack": {},
        "stay": {"carries": True},
        "ship": {},
        "held": {},
    }.items():
        o[name] = b.add_operation(job, name, **more)
    b.add_mode(o["cut"], saw, 60, others=[ann], setup=20, family="oak")
    b.add_mode(o["glue"], saw, 30, others=[ann], setup=10, family="ash")
    b.add_mode(o["turn"], lathe, 40, others=[chuck], setup=5, family="rough")
    b.add_mode(o["turn"], saw, 400)
    b.add_mode(o["bore"], lathe, 8, others=[chuck], setup=12, family="fine")
    b.add_mode(o["ride"], van, 0)
    b.add_mode(o["pack"], saw, 10, setup=50, family="ash")
    b.add_mode(o["stay"], van, 4)
    b.add_mode(o["ship"], lathe, 5)
    b.add_mode(o["held"], lathe, 10, setup=99)
    b.add_precedence(o["cut"], o["turn"], 3, moves=True)
    for one, other in (("turn", "ride"), ("ride", "pack"), ("bore", "stay"), ("stay", "ship")):
        b.add_precedence(o[one], o[other])
    b.freeze(o["held"], 300)
    b.refer(o["cut"], 5, saw)
    b.refer(o["bore"], 140, saw)
    return b.build()


SHOP = shop()
ROW = {name: i for i, name in enumerate(SHOP.operations)}


def solution(mode=(), **times):
    """The good schedule with other (start, end, set-up) of some operations."""
    rows = [{**TIMES, **times}[name] for name in SHOP.operations]
    modes = np.array(SHOP.tables.operations["first_mode"][:-1])
    for name, number in mode:
        modes[ROW[name]] += number
    return Solution(modes, *(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)))


def faults(made, data=SHOP):
    return {(f.code.removeprefix("scheduling.check."), f.where) for f in check_solution(data, made)}


def test_the_unchanged_schedule_is_accepted():
    assert check_solution(SHOP, solution()) == ()


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"glue": (89, 154, 15)}, {("before-release", "glue")}),
        ({"glue": (91, 156, 15)}, {("deadline", "glue"), ("overlap", "pack")}),
        ({"turn": (89, 129, 5)}, {("link", "turn")}),
        ({"turn": (91, 131, 5)}, {("link", "ride"), ("setup-time", "bore")}),
        ({"bore": (141, 149, 12)}, {("setup-time", "bore")}),
        ({"bore": (142, 151, 12)}, {("duration", "bore"), ("overlap", "ship"), ("link", "stay")}),
        ({"bore": (142, 149, 12)}, {("duration", "bore")}),
        ({"bore": (142, 150, 11)}, {("setup", "bore")}),
        ({"bore": (142, 150, 13)}, {("setup", "bore"), ("setup-time", "bore")}),
        ({"ride": (129, 138, 7)}, {("link", "ride")}),
        ({"ride": (130, 140, 7)}, {("duration", "ride")}),
        ({"ride": (130, 139, 6)}, {("setup", "ride")}),
        ({"pack": (154, 164, 0)}, {("overlap", "pack")}),
        ({"pack": (190, 200, 0)}, set()),
        ({"pack": (191, 201, 0)}, {("duration", "pack"), ("late-end", "pack"), ("paused", "pack")}),
        ({"pack": (191, 1001, 0)}, {("paused", "pack")}),
        ({"pack": (1000, 1010, 0)}, set()),
        ({"pack": (999, 1010, 0)}, {("outside-hours", "pack"), ("paused", "pack")}),
        ({"pack": (160, 180, 10)}, {("setup", "pack")}),
        ({"glue": (90, 135, 0)}, {("setup", "glue"), ("duration", "glue")}),
        ({"stay": (149, 149, 0)}, {("link", "stay")}),
        ({"stay": (150, 154, 0)}, {("duration", "stay"), ("link", "ship")}),
        ({"stay": (150, 150, 9)}, {("setup", "stay")}),
        ({"held": (299, 309, 0)}, {("frozen-moved", "held")}),
        ({"held": (301, 311, 0)}, {("frozen-moved", "held"), ("deadline", "held")}),
        ({"held": (300, 311, 0)}, {("duration", "held"), ("deadline", "held")}),
        ({"held": (300, 310, 99)}, {("setup", "held")}),
        ({"ship": (296, 301, 0)}, {("overlap", "held")}),
        ({"ship": (311, 316, 0)}, set()),
        ({"pack": (-1, 9, 0)}, {("bad-times", "pack")}),
        ({"ship": (155, 150, 0)}, {("bad-times", "ship")}),
        ({"ship": (2**62, 2**62 + 5, 0)}, {("bad-times", "ship")}),
    ],
)
def test_each_broken_rule_is_found_to_the_second(times, expected):
    assert faults(solution(**times)) == expected


def test_a_worker_busy_on_another_machine_is_found():
    b = ProblemBuilder("pair")
    machines = [b.add_resource(name) for name in ("saw", "lathe")]
    ann, job = b.add_resource("ann", "worker"), b.add_job("order")
    for number, machine in enumerate(machines):
        b.add_mode(b.add_operation(job, f"o{number}"), machine, 10, others=[ann])
    zero = np.zeros(2, dtype=np.int64)
    start = np.array([0, 9])
    made = Solution(np.array([0, 1]), start, start + 10, zero)
    (finding,) = check_solution(b.build(), made)
    assert (finding.where, finding.message) == ("o1", "holds ann from 9, while o0 holds it until 10")


def test_an_early_first_set_up_begins_no_sooner_than_time_zero():
    b = ProblemBuilder("first")
    operation = b.add_operation(b.add_job("order"), "o", early_setup=True)
    b.add_mode(operation, b.add_resource("saw", intervals=((-50, 1), (4, 99))), 10, setup=3)
    row, setup = np.array([0]), np.array([3])
    for start, expected in ((5, {("setup-time", "o")}), (6, set())):
        made = Solution(row, np.array([start]), np.array([start + 10]), setup)
        assert faults(made, b.build()) == expected


def test_a_mode_of_another_operation_is_found():
    assert faults(solution(mode=[("turn", 2)])) == {("no-such-mode", "turn")}


def test_another_mode_of_the_operation_is_judged_by_its_own_rules():
    made = solution(mode=[("turn", 1)], turn=(1000, 1400, 0), ride=(1400, 1400, 0), pack=(1400, 1410, 50))
    assert ("duration", "pack") in faults(made)
    made = solution(
        mode=[("turn", 1)],
        turn=(1000, 1400, 0),
        ride=(1400, 1400, 0),
        pack=(1400, 1460, 50),
        bore=(142, 150, 12),
    )
    assert faults(made) == set()


def test_columns_of_the_wrong_kind_are_told_before_anything_else():
    good = solution()
    short = good._replace(start=good.start[:-1])
    floats = good._replace(end=good.end.astype(float))
    assert faults(short) == {("shape", "start")}
    assert faults(floats) == {("shape", "end")}


def test_messages_name_operations_times_and_what_was_expected():
    (finding,) = check_solution(SHOP, solution(turn=(89, 129, 5)))
    assert finding.message == "starts at 89, expected 90 or later: cut ends at 80, lag 3 s, way 7 s"
    (finding,) = check_solution(SHOP, solution(bore=(141, 149, 12)))
    assert finding.message == (
        "starts at 141, behind turn on lathe, with 11 s of working time since 130 for a set-up of 12 s"
    )


def test_goals_are_worked_out_from_scratch():
    assert goals_of(SHOP, solution()) == {
        "tardiness": 20.0,
        "makespan": 310.0,
        "flow": 450.0,
        "setup": 59.0,
        "moved": 1.0,
        "shift": 5.0 + 2.0,
        "deadline": 0.0,
    }


def chain_of(total):
    """One machine, operations of a second each, one behind the other."""
    b = ProblemBuilder("long")
    machine, job = b.add_resource("saw"), b.add_job("order")
    for number in range(total):
        b.add_mode(b.add_operation(job, f"o{number}"), machine, 1)
    start = np.arange(total)
    return b.build(), Solution(start.copy(), start.copy(), start + 1, np.zeros(total, dtype=np.int64))


def test_no_more_than_fifty_faults_are_listed_and_the_rest_counted_by_kind():
    data, made = chain_of(200)
    findings = check_solution(data, made._replace(end=made.end + 1))
    assert len(findings) == 51
    assert findings[-1].where == "long"
    assert "349 more faults" in findings[-1].message
    assert "overlap 199" in findings[-1].message
    assert "duration 200" in findings[-1].message
    assert {f.code for f in findings[:4]} == {"scheduling.check.overlap", "scheduling.check.duration"}


def test_an_operation_hidden_under_a_long_one_is_found_behind_a_short_one():
    data, made = chain_of(3)
    made = made._replace(start=np.array([0, 2, 5]), end=np.array([9, 3, 6]))
    assert ("overlap", "o2") in faults(made, data)


def moments(families, setups, *, links=()):
    """Operations without length on one machine, all at time 10, with the given early set-ups."""
    b = ProblemBuilder("moments")
    machine = b.add_resource("saw", setups={("a", "b"): 3, ("b", "a"): 0, ("a", "c"): 0, ("b", "c"): 2})
    job = b.add_job("order")
    for number, family in enumerate(families):
        operation = b.add_operation(job, f"o{number}", early_setup=True)
        b.add_mode(operation, machine, 0, setup=4, family=family)
    for one, other in links:
        b.add_precedence(one, other)
    data, at = b.build(), np.full(len(families), 10)
    return data, Solution(np.arange(len(families)), at, at.copy(), np.array(setups))


def test_any_order_of_operations_without_length_that_fits_is_accepted():
    for order in permutations("abc"):
        setups = {"b": 4, "a": 0, "c": 0}
        assert faults(*reversed(moments(order, [setups[family] for family in order]))) == set()


def test_operations_without_length_have_no_order_that_contradicts_links():
    data, made = moments("ab", [0, 4])
    assert faults(made, data) == set()
    data, made = moments("ab", [0, 4], links=[(0, 1)])
    assert faults(made, data) != set()


def test_two_set_ups_at_one_moment_have_no_time():
    data, made = moments("ab", [4, 3])
    assert faults(made, data) != set()


def is_open(mode, second):
    return mode.intervals is None or any(a <= second < b for a, b in mode.intervals)


def worked(mode, start, end):
    return sum(is_open(mode, second) for second in range(start, end))


class Slow:
    """The same rules, one operation and one second at a time; only for small, early times."""

    def __init__(self, shop, made):
        self.shop, self.p, self.made = shop, shop.data.tables, made
        self.mode = [
            next((mode for mode in shop.modes[o] if mode.row == row), None) for o, row in enumerate(made.mode)
        ]
        self.all = range(len(shop.operations))
        self.start, self.end, self.setup = (column.tolist() for column in made[1:])

    def place(self, o):
        return int(self.p.resources[self.mode[o].machine]["location"])

    def way(self, o):
        befores, afters = self.shop.befores[o], self.shop.afters[o]
        return (self.place(befores[0][0]) if befores else 0, self.place(afters[0]) if afters else 0)

    def still(self, o):
        return bool(self.shop.operations[o]["flags"] & CARRIES) and len(set(self.way(o))) == 1

    def fine(self):
        if None in self.mode or not all(0 <= self.start[o] <= self.end[o] for o in self.all):
            return False
        return (
            min(self.setup) >= 0
            and all(self.fits_alone(o) for o in self.all)
            and all(self.apart(o, x) for o in self.all for x in self.all if x < o)
            and all(self.machine_fine(machine) for machine in {mode.machine for mode in self.mode})
        )

    def fits_alone(self, o):
        one, mode, start, end = self.shop.operations[o], self.mode[o], self.start[o], self.end[o]
        if (
            start < one["release"]
            or end > one["deadline"]
            or (one["flags"] & FROZEN and start > one["release"])
        ):
            return False
        for before, lag, moves in self.shop.befores[o]:
            way = int(self.p.travel[self.place(before), self.place(o)]) if moves else 0
            if start < self.end[before] + lag + way:
                return False
        if one["flags"] & CARRIES:
            a, b = self.way(o)
            return end - start == (0 if a == b else int(self.p.travel[a, b]) + mode.duration)
        if one["flags"] & FROZEN:
            return end - start == mode.duration
        needed = mode.duration + (0 if one["flags"] & EARLY_SETUP else self.setup[o])
        if not is_open(mode, start) or worked(mode, start, end) != needed:
            return False
        if not one["flags"] & PAUSABLE:
            return end - start == needed
        return end == start or (needed > 0 and is_open(mode, end - 1))

    def apart(self, o, x):
        shared = set(self.mode[o].holds) & set(self.mode[x].holds)
        return (
            not shared
            or self.still(o)
            or self.still(x)
            or self.start[o] >= self.end[x]
            or self.start[x] >= self.end[o]
        )

    def machine_fine(self, machine):
        members = [o for o in self.all if self.mode[o].machine == machine and not self.still(o)]
        if any(self.setup[o] for o in self.all if self.still(o)):
            return False
        members.sort(key=lambda o: (self.start[o], self.end[o]))
        ties = {self.start[o] for o in members if self.start[o] == self.end[o]}
        groups = [[o for o in members if self.start[o] == self.end[o] == t] for t in ties]
        return any(self.order_fine(order) for order in orders(members, [g for g in groups if len(g) > 1]))

    def order_fine(self, order):
        for i, o in enumerate(order):
            if any(before in order[i + 1 :] for before, _, _ in self.shop.befores[o]):
                return False
            ahead = order[i - 1] if i else None
            expected = self.expected(ahead, o)
            since = 0 if ahead is None else self.end[ahead]
            early = self.shop.operations[o]["flags"] & (EARLY_SETUP | CARRIES)
            mode = self.mode[o]
            if self.setup[o] != expected or (early and worked(mode, since, self.start[o]) < expected):
                return False
        return True

    def expected(self, ahead, o):
        mode, machine = self.mode[o], self.p.resources[self.mode[o].machine]
        if self.shop.operations[o]["flags"] & FROZEN:
            return 0
        if self.shop.operations[o]["flags"] & CARRIES:
            left = int(machine["location"]) if ahead is None else self.way(ahead)[1]
            return int(self.p.travel[left, self.way(o)[0]])
        last = (machine["family"], machine["slot_in_matrix"])
        if ahead is not None:
            last = (self.mode[ahead].family, self.mode[ahead].slot)
        if last[1] != NONE and mode.slot != NONE:
            matrix = self.p.changes[machine["first_change"] :][: machine["width"] ** 2]
            cell = int(matrix.reshape(machine["width"], -1)[last[1], mode.slot])
            if cell != NONE:
                return cell
        return 0 if last[0] == mode.family != 0 else mode.setup


def orders(members, groups):
    """All orders of the members that differ within the groups."""
    if not groups:
        yield members
        return
    at = members.index(groups[0][0])
    for one in permutations(groups[0]):
        yield from orders([*members[:at], *one, *members[at + len(one) :]], groups[1:])


def changed(random, data, made):
    """A solution with one or two small changes."""
    columns = [column.copy() for column in made]
    for _ in range(random.choice((1, 1, 2))):
        o = random.randrange(data.tables.total)
        step = random.choice((-3, -1, -1, 1, 1, 2))
        what = random.choice(("move", "move", "start", "end", "setup", "stretch", "mode", "swap"))
        if what == "mode":
            first = data.tables.operations["first_mode"]
            columns[0][o] = random.randrange(first[o], first[o + 1])
        elif what == "swap":
            x = random.randrange(data.tables.total)
            for column in columns[1:]:
                column[[o, x]] = column[[x, o]]
        for name, touched in (
            ("start", "move start"),
            ("end", "move end stretch"),
            ("setup", "setup stretch"),
        ):
            if what in touched.split():
                columns[Solution._fields.index(name)][o] += step
    return Solution(*columns)


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_schedules_of_random_mixed_problems_are_accepted(seed):
    data, made = mixed_case(Random(seed), 12)
    assert check_solution(data, made) == ()


@settings(max_examples=250, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_changed_schedules_are_judged_as_a_second_by_second_referee_does(seed):
    random = Random(seed)
    data, made = mixed_case(random, 8)
    other = changed(random, data, made)
    assert (check_solution(data, other) == ()) == Slow(shop_of(data), other).fine()


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_goals_equal_those_added_up_one_operation_at_a_time(seed):
    data, made = mixed_case(Random(seed), 8)

    rows = [{mode.row: mode for mode in modes} for modes in shop_of(data).modes]
    times = {o: tuple(int(column[o]) for column in made[1:]) for o in range(len(rows))}
    placed = SimpleNamespace(times=times, mode=[rows[o][row] for o, row in enumerate(made.mode)])
    assert goals_of(data, made) == pytest.approx(values(shop_of(data), placed))
