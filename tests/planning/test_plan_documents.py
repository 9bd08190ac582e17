"""Plans as documents: what is written is what is read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scheduling.workloads import resource, workloads

from manyworks.model import Network, Schedule
from manyworks.planning import Plan, PlanningError, check_plan, plan_to_json, read_plan
from manyworks.scheduling import SchedulingError, schedule

NETWORK = Network(name="n", currency="GBP", as_of="2026-03-02")


def planned(work):
    try:
        done = schedule(work, iterations=2)
    except SchedulingError:
        done = Schedule(
            epoch=work.epoch,
            assignments=(),
            objective=0.0,
            makespan_s=0,
            bound=0.0,
            bound_kind="",
            status="",
        )
    return Plan(orders=(), workload=work, schedule=done, findings=())


@given(work=workloads(), hours=st.integers(-14, 14))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_written_is_what_is_read(work, hours, tmp_path):
    zone = timezone(timedelta(hours=hours))
    plan = planned(replace(work, epoch=work.epoch.astimezone(zone)))
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan_to_json(plan, NETWORK), allow_nan=False), encoding="utf-8")
    again, done = read_plan(path)
    assert again == plan.workload
    assert list(again.resources) == list(plan.workload.resources)
    assert done == plan.schedule


def test_different_calendars_of_one_shop_get_names_of_their_own(tmp_path):
    from tests.scheduling.workloads import workload

    machines = [resource("a", intervals=[(0, 5)]), resource("b", intervals=[(0, 9)]), resource("c")]
    document = plan_to_json(planned(workload([], *machines)), NETWORK)
    named = {one["id"]: one["calendar"] for one in document["resources"]}
    assert named["c"] is None
    assert document["calendars"][named["a"]] == [[0, 5]]
    assert document["calendars"][named["b"]] == [[0, 9]]


def test_all_that_is_wrong_is_told_at_once_with_its_place(tmp_path):
    from tests.scheduling.workloads import on, work, workload

    document = plan_to_json(planned(workload([work("k", on("m", 5))], resource("m"))), NETWORK)
    document["works"][0]["release_s"] = 1.5
    document["schedule"]["assignments"][0]["segments"] = [[0, "5"]]
    del document["resources"][0]["kind"]
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(PlanningError) as caught:
        read_plan(path)
    assert [finding.where for finding in caught.value.findings] == [
        "plan.json: resources[0]",
        "plan.json: works[0].release_s",
        "plan.json: schedule.assignments[0].segments[0]",
    ]


def test_an_order_finishes_with_its_last_work(tmp_path):
    from tests.scheduling.workloads import EPOCH, on, work, workload

    document = plan_to_json(planned(workload([work("k", on("m", 5))], resource("m"))), NETWORK)
    order = {"id": "o", "total": 1.0, "lines": [{"amount": 0.4}, {"amount": 0.6}]}
    path = tmp_path / "plan.json"
    for seconds, faults in ((5, 0), (6, 1)):
        order["finish"] = (EPOCH + timedelta(seconds=seconds)).isoformat()
        path.write_text(json.dumps({**document, "orders": [order]}), encoding="utf-8")
        assert len(check_plan(path)) == faults


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from([[], {}, [1], {"a": 1}, 2**53, -1, 10**30, "m", "k0"]),
)


def spots(content, path=()):
    """Every place in a JSON document."""
    inner = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in inner:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from spots(value, (*path, key))


@given(work=workloads(most_works=4), data=st.data())
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_stands_anywhere_in_a_plan_it_is_checked_or_refused(work, data, tmp_path):
    order = {"id": "o", "total": 1.0, "lines": [{"amount": 1.0}], "finish": work.epoch.isoformat()}
    document = {**plan_to_json(planned(work), NETWORK), "orders": [order]}
    document = json.loads(json.dumps(document))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(sorted(spots(document), key=repr)))
        holder = document
        for step in way:
            holder = holder[step]
        holder[last] = data.draw(LEAVES)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        findings = check_plan(path)
    except PlanningError as refused:
        findings = refused.findings
        assert findings
    assert all(str(finding) for finding in findings)
