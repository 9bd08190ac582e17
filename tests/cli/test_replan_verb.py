"""``manyworks replan`` and ``manyworks explain``."""

from __future__ import annotations

import json

import pytest
from tests.cli.small_shop import write_network, write_orders

EVENTS = """now = {now}

[[event]]
kind = "machine-down"
resource = "printers/1"
start = {now}
end = {end}

[[event]]
kind = "rush-order"
order = "third"
like = "second"
due = 2027-02-01T00:00:00Z
"""
NOW, END = "2026-11-20T09:00:00Z", "2026-11-24T12:00:00Z"


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """A plan on disk in which the first order is late."""
    from manyworks.cli import main

    base = tmp_path_factory.mktemp("replan")
    orders, network = write_orders(base), write_network(base / "network")
    orders.write_text(orders.read_text("utf-8").replace("2027-01-29", "2026-11-23"), "utf-8")
    command = ["plan", orders, "--network", network, "--out", base / "out", "--iterations", "50"]
    assert main([str(one) for one in command]) == 0
    return base / "out"


@pytest.fixture
def events(tmp_path):
    path = tmp_path / "events.toml"
    path.write_text(EVENTS.format(now=NOW, end=END), encoding="utf-8")
    return path


def test_it_writes_a_plan_that_holds_and_a_page(run, plan, events, tmp_path):
    again = tmp_path / "again"
    code, said, _ = run("replan", plan, "--events", events, "--out", again, "--iterations", 50)
    assert code == 0
    assert "Order third is new" in said
    assert run("check", again)[0] == 0
    assert "Before and now" in (again / "index.html").read_text(encoding="utf-8")


def test_orders_follow_the_new_schedule_and_the_new_one_is_among_them(run, plan, events, tmp_path):
    again = tmp_path / "again"
    run("replan", plan, "--events", events, "--out", again, "--iterations", 50)
    document = json.loads((again / "plan.json").read_text(encoding="utf-8"))
    assert {order["id"] for order in document["orders"]} == {"first", "second", "third"}
    third = next(order for order in document["orders"] if order["id"] == "third")
    assert third["due"] == "2027-02-01"
    assert third["late_days"] == 0.0
    assert document["now_s"] == 9 * 3600


def test_a_plan_that_was_planned_again_can_be_planned_again(run, plan, events, tmp_path):
    run("replan", plan, "--events", events, "--out", tmp_path / "once", "--iterations", 50)
    later = tmp_path / "later.json"
    later.write_text(json.dumps({"now": "2026-11-24T12:00:00+00:00", "event": []}), encoding="utf-8")
    code, said, _ = run("replan", tmp_path / "once", "--events", later, "--out", tmp_path / "twice")
    assert code == 0
    assert "0 on another machine, 0 with other people or tools, 0 at another time" in said
    finished = json.loads((tmp_path / "twice" / "plan.json").read_text(encoding="utf-8"))["finished"]
    assert finished
    assert run("check", tmp_path / "twice")[0] == 0


def test_all_that_is_wrong_with_the_events_is_told_at_once(run, plan, tmp_path):
    path = tmp_path / "events.json"
    wrong = [{"kind": "meteor"}, {"kind": "slower"}, {"kind": "part-late", "work": 1, "release": "soon"}]
    path.write_text(json.dumps({"event": wrong}), encoding="utf-8")
    code, _, told = run("replan", plan, "--events", path, "--out", tmp_path / "again")
    assert code == 1
    for place in ("event[0]", "event[1]", "event[2].work", "event[2].release", "now"):
        assert place in told
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize(
    ("field", "value"), [("finish", "soon"), ("due", "Friday"), ("id", 3), ("delivered", None)]
)
def test_a_plan_with_orders_that_make_no_sense_is_refused(run, plan, events, tmp_path, field, value):
    document = json.loads((plan / "plan.json").read_text(encoding="utf-8"))
    document["orders"][0][field] = value
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    code, _, told = run("replan", path, "--events", events, "--out", tmp_path / "again")
    assert code == 1
    assert f"orders[0].{field}" in told


@pytest.mark.parametrize("text", ["now =", "now = 2026-11-20T09:00:00", "[now]\n"])
def test_events_that_cannot_be_read_are_refused(run, plan, tmp_path, text):
    path = tmp_path / "events.toml"
    path.write_text(text, encoding="utf-8")
    code, _, told = run("replan", plan, "--events", path, "--out", tmp_path / "again")
    assert code == 1
    assert "events.toml" in told


def test_an_event_about_nothing_in_the_plan_is_refused(run, plan, tmp_path):
    path = tmp_path / "events.toml"
    path.write_text(f'now = {NOW}\n[[event]]\nkind = "cancelled"\norder = "ninth"\n', encoding="utf-8")
    code, _, told = run("replan", plan, "--events", path, "--out", tmp_path / "again")
    assert code == 1
    assert "scheduling.replan.unknown-order" in told


def test_late_orders_are_explained(run, plan):
    code, said, _ = run("explain", plan)
    assert code == 0
    assert said.startswith("Order first ends")
    assert "since the plan begins" in said


def test_an_order_in_time_is_said_to_be(run, plan):
    assert run("explain", plan, "--order", "second")[1] == "The order is in time.\n"


def test_a_work_is_explained_by_its_id(run, plan):
    document = json.loads((plan / "plan.json").read_text(encoding="utf-8"))
    code, said, _ = run("explain", plan, "--work", document["works"][0]["id"])
    assert code == 0
    assert "Why now" in said


@pytest.mark.parametrize("asked", [("--order", "ninth"), ("--work", "nothing")])
def test_what_is_not_in_the_plan_cannot_be_explained(run, plan, asked):
    code, _, told = run("explain", plan, *asked)
    assert code == 1
    assert asked[1] in told


def test_the_page_of_a_plan_says_why_an_order_is_late(plan):
    page = (plan / "index.html").read_text(encoding="utf-8")
    assert "Why late" in page
    assert "since the plan begins" in page


def test_a_moment_before_the_plan_begins_is_told_with_its_date(run, plan, tmp_path):
    early = tmp_path / "early.toml"
    early.write_text("now = 2001-01-01T00:00:00Z\n", encoding="utf-8")
    code, _, findings = run("replan", plan, "--events", early, "--out", tmp_path / "again")
    assert code == 1
    assert "early.toml: now: lies before the plan begins, 20" in findings


def test_a_machine_that_broke_before_the_plan_began_is_out_from_its_beginning(run, plan, tmp_path):
    long = tmp_path / "long.toml"
    text = EVENTS.partition('[[event]]\nkind = "rush')[0].format(now=NOW, end=END)
    long.write_text(text.replace(f"start = {NOW}", "start = 2001-01-01T00:00:00Z"), encoding="utf-8")
    again = tmp_path / "again"
    assert run("replan", plan, "--events", long, "--out", again, "--iterations", 50)[0] == 0
    assert run("check", again)[0] == 0


def test_an_outage_that_ends_before_it_begins_is_told_in_dates(run, plan, tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(EVENTS.format(now=NOW, end="2026-11-20T08:00:00Z"), encoding="utf-8")
    code, _, findings = run("replan", plan, "--events", wrong, "--out", tmp_path / "again")
    assert code == 1
    assert "ends 2026-11-20 08:00:00, not after 2026-11-20 09:00:00" in findings


def test_where_nothing_is_left_nothing_ends_sooner(run, plan, tmp_path):
    late = tmp_path / "late.toml"
    late.write_text("now = 2050-01-01T00:00:00Z\n", encoding="utf-8")
    code, said, _ = run("replan", plan, "--events", late, "--out", tmp_path / "again")
    assert code == 0
    assert "has nothing left to do" in said
    assert "The last work" not in said


def test_no_events_are_no_plan(run, plan, tmp_path):
    wrong = tmp_path / "events.json"
    wrong.write_text("[1]", encoding="utf-8")
    _, _, findings = run("replan", plan, "--events", wrong, "--out", tmp_path / "again")
    assert "name a file of events" in findings


def test_an_order_and_a_work_are_not_explained_at_once(run, plan):
    assert run("explain", plan, "--order", "first", "--work", "x")[0] == 2
