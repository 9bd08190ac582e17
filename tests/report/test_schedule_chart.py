"""The chart of a schedule: the time axis, bars, rows of many machines alike, due dates."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.report_cases import EPOCH, make_farm, make_network

from manyworks.model import (
    ItemId,
    Machine,
    MachineId,
    Network,
    Order,
    OrderId,
    PlaceId,
    ResourceId,
    Schedule,
    ShopId,
    WorkId,
    Workload,
)
from manyworks.report.charts.gantt import Band, Bar, Layer, Pool, Row, Stretch, draw_pool, draw_row
from manyworks.report.charts.time_axis import Mark, draw_axis, draw_dues, fit_span
from manyworks.report.machine_rows import MANY, group_rows, merge, stack_busy
from manyworks.report.rendering import write_flag
from manyworks.report.tasks import Telling, resolve_tasks
from manyworks.report.timeline import view_timeline

DAY, HOUR = 86_400, 3600
MORNING = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)


def rects(drawing: str, class_: str) -> list[dict[str, str]]:
    return [node.attrib for node in ET.fromstring(drawing).iter("rect") if node.get("class") == class_]


def texts(drawing: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(drawing).iter("text")]


def bar(start: int, end: int, **more: object) -> Bar:
    fields = {"letter": "A", "tone": 0, "words": "Print", "detail": "d", "setup_s": 0}
    return Bar(start=start, end=end, **{**fields, "segments": ((start, end),), **more})


def mark(at: int, short: str = "A due 21 Nov", tone: int = 0) -> Mark:
    return Mark(tone=tone, at=at, short=short, words=short)


def test_the_axis_begins_and_ends_at_midnight():
    span = fit_span(MORNING, [HOUR, 3 * DAY])
    assert span.moment(span.start).isoformat() == "2026-11-20T00:00:00+00:00"
    assert span.moment(span.end).hour == 0
    assert span.end > 3 * DAY


def test_the_usual_view_is_the_work_however_far_off_the_due_date():
    near, far = fit_span(MIDNIGHT, [0, 3 * DAY]), fit_span(MIDNIGHT, [0, 3 * DAY], [60 * DAY])
    assert (near.start, near.work_end, near.fit) == (0, 4 * DAY, 1.0)
    assert (far.start, far.work_end) == (0, 4 * DAY)
    assert far.end > 60 * DAY
    assert far.fit == pytest.approx(far.days / 4)


def test_an_old_due_date_does_not_push_the_work_aside():
    assert fit_span(MIDNIGHT, [5 * DAY, 6 * DAY], [-90 * DAY]) == fit_span(MIDNIGHT, [5 * DAY, 6 * DAY])


@given(st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=6), st.lists(st.integers(-(10**8), 10**8)))
def test_all_work_lies_in_the_usual_view_and_all_later_dues_in_the_whole(work, dues):
    span = fit_span(MORNING, work, dues)
    assert span.start <= min(work) <= max(work) < span.work_end <= span.end
    assert all(due < span.end for due in dues if due < max(work) + 1000 * DAY)
    assert span.fit >= 1.0


def test_every_bar_is_drawn_where_its_time_is():
    drawing = draw_row(Row(name="M", bars=(bar(DAY // 4, DAY // 2),)), fit_span(MIDNIGHT, [0, DAY - 1]))
    assert [(r["x"], r["width"]) for r in rects(drawing, "work")] == [("25.000%", "25.000%")]


def test_the_shortest_work_can_still_be_seen():
    drawing = draw_row(Row(name="M", bars=(bar(0, 1),)), fit_span(MIDNIGHT, [0, 90 * DAY]))
    assert [float(r["width"]) for r in rects(drawing, "least")] == [4.0]


def test_a_name_may_stand_beside_its_bar_until_the_next_one_begins():
    row = Row(name="M", bars=(bar(0, DAY // 4), bar(DAY // 2, DAY)))
    drawing = draw_row(row, fit_span(MIDNIGHT, [0, 2 * DAY - 1]))
    free = [node.get("data-free") for node in ET.fromstring(drawing).iter("g")]
    assert free == ["12.500", "50.000"]


def test_set_up_is_hatched_over_breaks_until_it_is_used_up():
    broken = bar(0, DAY // 2, setup_s=DAY // 4, segments=((0, DAY // 8), (DAY // 4, DAY // 2)))
    drawing = draw_row(Row(name="M", bars=(broken,)), fit_span(MIDNIGHT, [0, DAY - 1]))
    assert [(r["x"], r["width"]) for r in rects(drawing, "set-up")] == [
        ("0.000%", "12.500%"),
        ("25.000%", "12.500%"),
    ]
    assert len(rects(drawing, "waiting")) == 1


def test_time_off_is_all_that_is_not_working_time():
    row = Row(name="M", bars=(bar(8 * HOUR, 9 * HOUR),), working=((8 * HOUR, 16 * HOUR),))
    assert "M0,0h480v1h-480zM960,0h480v1h-480z" in draw_row(row, fit_span(MIDNIGHT, [0, DAY - 1]))


def test_due_dates_are_marked_with_the_letters_of_their_orders():
    span = fit_span(MORNING, [0, 3 * DAY])
    assert texts(draw_dues([mark(DAY, "A, C due 21 Nov"), mark(99 * DAY)], span)) == ["A, C due 21 Nov"]


def test_a_flag_names_the_two_nearest_dates_and_counts_the_others():
    marks = [mark(n, f"{letter} due") for n, letter in enumerate("ABCD")]
    assert write_flag(marks[:1]) == "A due"
    assert write_flag(marks) == "A due · B due · 2 more"
    assert write_flag([]) == ""


def test_years_until_the_due_date_keep_the_axis_small_and_the_days_of_work_whole():
    axis = draw_axis(fit_span(MIDNIGHT, [0, 4 * DAY - 1], [1000 * DAY]))
    lines = re.findall(r'x1="([\d.]+)%"[^>]*class="(?:day|week)-line"', axis)
    assert len(lines) <= 410
    assert len([x for x in lines if float(x) < 100 * 4 / 1001 - 1e-3]) == 4


def test_years_of_work_keep_the_axis_small():
    axis = draw_axis(fit_span(MORNING, [0, 5 * 365 * DAY]))
    assert len(re.findall("day-line|week-line", axis)) <= 410


def test_the_page_can_name_months_where_weeks_are_too_narrow():
    axis = draw_axis(fit_span(MIDNIGHT, [0, DAY], [100 * DAY]))
    months = [n.text for n in ET.fromstring(axis).iter("text") if "month-name" in n.get("class", "")]
    assert months == ["Dec", "Jan 2027", "Feb"]


def rows_of(case: tuple[Workload, Schedule], network: Network) -> tuple[Band, ...]:
    telling = Telling(
        network=network, letters={OrderId("order-0"): "A", OrderId("order-1"): "B"}, epoch=EPOCH
    )
    return group_rows(resolve_tasks(*case), telling, case[0].resources)


def network_with(count: int) -> Network:
    network = make_network()
    printer = Machine(
        id=MachineId("printer"), shop=ShopId("mei-smt"), name="Printer", capabilities=(), count=count
    )
    return replace(network, machines={**network.machines, printer.id: printer})


def test_a_few_machines_alike_keep_their_own_rows():
    (band,) = rows_of(make_farm(MANY), make_network())
    assert [row.name for row in band.rows] == [f"Printer {n}" for n in range(1, MANY + 1)]


def test_many_machines_alike_become_one_row_that_opens_into_each():
    (band,) = rows_of(make_farm(12), network_with(60))
    (pool,) = band.rows
    assert isinstance(pool, Pool)
    assert (pool.name, pool.total) == ("Printer", 60)
    assert [row.name for row in pool.rows] == [f"Printer {n}" for n in range(1, 13)]


def test_machines_the_network_does_not_know_are_counted_among_the_resources():
    workload, schedule = make_farm(9)
    schedule = replace(schedule, assignments=schedule.assignments[:7])
    ((pool,),) = (band.rows for band in rows_of((workload, schedule), make_network()))
    assert (pool.name, len(pool.rows), pool.total) == ("Printer", 7, 9)


def test_machines_with_other_names_are_never_taken_together():
    workload, schedule = make_farm(10)
    renamed = {
        key: replace(r, id=ResourceId(f"lathe-{n}")) for n, (key, r) in enumerate(workload.resources.items())
    }
    (band,) = rows_of((replace(workload, resources=renamed), schedule), make_network())
    assert len(band.rows) == 10


def test_shops_and_machines_come_by_their_first_start():
    early, late = make_farm(2, shop="bay-pack", machine="late"), make_farm(2, shop="mei-smt", machine="early")
    shift = tuple(
        replace(a, work=WorkId(f"x{a.work}"), start_s=a.start_s + DAY, end_s=a.end_s + DAY, segments=())
        for a in early[1].assignments
    )
    works = (*late[0].works, *(replace(w, id=WorkId(f"x{w.id}")) for w in early[0].works))
    workload = Workload(epoch=EPOCH, works=works, resources={**early[0].resources, **late[0].resources})
    bands = rows_of((workload, replace(late[1], assignments=(*shift, *late[1].assignments))), make_network())
    assert [band.name for band in bands] == ["Mei SMT", "Bay Pack Room"]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from("AB")), min_size=1, max_size=12)
)
def test_what_is_stacked_is_what_is_busy_at_every_moment(jobs):
    workload, schedule = make_farm(len(jobs))
    works = tuple(replace(w, order=OrderId(o)) for w, (_, _, o) in zip(workload.works, jobs, strict=True))
    placed = tuple(
        replace(a, start_s=start, end_s=start + long, segments=((start, start + long),))
        for a, (start, long, _) in zip(schedule.assignments, jobs, strict=True)
    )
    tasks = resolve_tasks(replace(workload, works=works), replace(schedule, assignments=placed))
    orders = [OrderId(o) for o in dict.fromkeys(o for _, _, o in jobs)]
    stacked = stack_busy(tasks, orders)
    for at in range(40):
        top = 0
        for order in orders:
            busy = sum(start <= at < start + long for start, long, o in jobs if o == order)
            here = [one for one in stacked[order] if one.start <= at < one.end]
            assert [(one.low, one.high) for one in here] == ([(top, top + busy)] if busy else [])
            top += busy


def test_the_area_of_a_pool_is_as_high_as_machines_are_busy():
    layer = Layer(
        letter="A",
        tone=0,
        words="Print",
        detail="d",
        stretches=(
            Stretch(start=0, end=HOUR, low=0, high=2),
            Stretch(start=HOUR, end=2 * HOUR, low=0, high=1),
        ),
    )
    rows = tuple(Row(name=f"P{n}", bars=()) for n in range(8))
    drawing = draw_pool(Pool(name="P", total=8, rows=rows, layers=(layer,)), fit_span(MIDNIGHT, [0, DAY - 1]))
    path = ET.fromstring(drawing).find(".//path[@class='work']").get("d")
    assert path == "M0.00,8V6H60.00V7H120.00V8H60.00V8H0.00Z"


def test_each_order_of_a_pool_tells_how_much_it_takes():
    ((pool,),) = (band.rows for band in rows_of(make_farm(8, orders=2), network_with(8)))
    first, second = pool.layers
    assert (first.letter, second.letter) == ("A", "B")
    assert "8 pieces of work on 8 of 8 Printer units at Mei SMT, 2 at once at most" in first.detail
    assert "16.0 machine hours in all" in second.detail


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=4).map(
            lambda pairs: tuple((a, a + n) for a, n in sorted(pairs))
        ),
        max_size=4,
    )
)
def test_merged_calendars_work_when_any_of_them_does(calendars):
    merged = merge(calendars)
    for at in range(55):
        assert any(a <= at < b for a, b in merged) == any(a <= at < b for c in calendars for a, b in c)
    assert all(b < c for (_, b), (c, _) in pairwise(merged))


def order(name: str, due: str) -> Order:
    return Order(
        id=OrderId(name),
        product=ItemId("badge"),
        source="",
        quantity=1,
        ship_to=PlaceId("Cardiff, GB"),
        due=due,
    )


def test_due_dates_beyond_the_work_are_flagged_with_the_day_the_customer_named():
    workload, schedule = make_farm(2)
    works = tuple(replace(work, due_s=30 * DAY) for work in workload.works)
    view = view_timeline(
        replace(workload, works=works), schedule, make_network(), [order("order-0", "2026-12-24")]
    )
    assert [m.short for m in view.later] == ["A due 24 Dec"]
    assert "to be made by Sun 20 Dec 00:00" in view.later[0].words
    assert view.earlier == ()


def test_an_overdue_order_is_flagged_before_the_work():
    view = view_timeline(
        *make_farm(2), make_network(), [order("order-0", "2026-11-02"), order("order-1", "2026-11-09")]
    )
    assert [m.short for m in view.earlier] == ["B due 9 Nov", "A due 2 Nov"]


@pytest.mark.parametrize("due", ["", "soon", "9999-12-31", "9999-99-99"])
def test_a_due_date_that_is_none_is_left_out(due):
    view = view_timeline(*make_farm(2), make_network(), [order("order-0", due)])
    assert (view.earlier, view.later) == ((), ())


def test_a_due_date_years_away_is_flagged_but_not_drawn():
    view = view_timeline(*make_farm(2), make_network(), [order("order-0", "9000-01-01")])
    assert [m.short for m in view.beyond] == ["A due 1 Jan 9000"]
    assert view.beyond == view.later
    assert view.fit == 1.0
