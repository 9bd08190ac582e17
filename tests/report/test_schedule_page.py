"""The page of a schedule: bars, strips, curve, late jobs; in a browser too."""

from __future__ import annotations

import re
from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.test_browser import BROWSER, look

from manyworks.model import warning
from manyworks.report import schedule_page
from manyworks.report.charts.improvement import draw_improvement
from manyworks.report.charts.load_strip import busy_shares
from manyworks.report.charts.number_axis import choose_steps, draw_number_axis, number_span
from manyworks.report.schedule_run import DueMark, LateJob, RunBar, RunLane, ScheduleRun, TableRow
from manyworks.report.schedule_view import MOST_STRIPS


def bar(number, start, end, **more):
    usual = {
        "mark": f"{number}.0",
        "words": "",
        "job": number,
        "detail": f"operation {number}: {start} to {end}",
        "setup": 0,
        "late": False,
    }
    return RunBar(**{**usual, "start": start, "end": end, "segments": ((start, end),), **more})


def lane(name, *bars, kind="machine", **more):
    start, end = (
        np.array([getattr(one, column) for one in bars], dtype=np.int64) for column in ("start", "end")
    )
    return RunLane(name=name, kind=kind, start=start, end=end, bars=tuple(bars), **more)


RUN = ScheduleRun(
    name="bench <1>",
    format="manyworks",
    operations=4,
    jobs=3,
    objective=46,
    objective_words="weighted tardiness, then makespan",
    bound=12.5,
    bound_words="load of lathe",
    gap=1 - 12.5 / 46,
    goals={"tardiness": 46.0, "makespan": 90.0},
    makespan=90,
    status="feasible",
    checked=True,
    seconds=12.0,
    iterations=3000,
    seed=0,
    threads=2,
    improvements=((0.02, 120.0), (0.5, 80.0), (3.0, 46.0)),
    scale=1,
    lanes=(
        lane("lathe", bar(0, 0, 30, setup=10), bar(1, 50, 90, late=True), working=((0, 40), (45, 100))),
        lane("anna", bar(2, 10, 60, segments=((10, 40), (45, 60))), kind="worker"),
    ),
    due_jobs=2,
    late=(LateJob(job="order 7", operation="knob", due=44, end=90, weight=1.0),),
    dues=(DueMark(job=1, name="order 7", at=44),),
    table=(TableRow(operation="knob", job="order 7", held="lathe", start=50, end=90, setup=0),),
)


def count(page, class_):
    return len(re.findall(rf'<[^>]*class="{class_}[ "]', page))


def test_every_operation_is_a_bar_and_set_ups_are_hatched():
    page = schedule_page(RUN)
    assert count(page, "bar") == 3
    assert count(page, "set-up") == 1
    assert count(page, "waiting") == 1
    assert page.count('late"') >= 1
    assert "operation 2: 10 to 60" in page
    order = [page.index(f">{word}<") for word in ("Machines", "lathe", "Workers", "anna")]
    assert order == sorted(order)


def test_names_are_escaped_and_no_other_host_is_asked():
    page = schedule_page(RUN)
    assert "bench &lt;1&gt;" in page
    assert "<1>" not in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "@import" not in page


def test_figures_late_jobs_and_findings_are_told():
    text = re.sub(
        r"<[^>]+>", " ", schedule_page(replace(RUN, findings=(warning("a.b.c", "here", "look at this"),)))
    )
    words = " ".join(text.split())
    assert "Weighted tardiness, then makespan 46 feasible, 1 of 2 late" in words
    assert "No schedule is below 12.5 load of lathe" in words
    assert "order 7 knob 44 90 46 1" in words
    assert "look at this" in words


def test_a_schedule_without_due_dates_does_not_speak_of_late_ones():
    page = schedule_page(replace(RUN, due_jobs=0, late=(), dues=()))
    assert "<h2>Late</h2>" not in page
    assert "0 late" not in page


def test_times_are_told_in_the_unit_of_the_file():
    words = " ".join(re.sub(r"<[^>]+>", " ", schedule_page(replace(RUN, scale=4))).split())
    assert "All done at 22.5" in words
    assert "order 7 knob 11 22.5 11.5 1" in words


@given(
    gaps=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=8),
    buckets=st.integers(1, 20),
    beyond=st.integers(1, 10),
)
def test_shares_of_busy_time_are_those_of_counting_every_moment(gaps, buckets, beyond):
    start, end, at = [], [], 0
    for gap, run in gaps:
        start.append(at + gap)
        end.append(at + gap + run)
        at += gap + run
    horizon = (at + beyond) * buckets
    start, end = np.array(start, dtype=np.int64) * buckets, np.array(end, dtype=np.int64) * buckets
    moments = np.zeros(horizon)
    for one, other in zip(start, end, strict=True):
        moments[one:other] = 1
    expected = moments.reshape(buckets, -1).mean(axis=1)
    assert busy_shares(start, end, horizon, buckets) == pytest.approx(expected)


def many(lanes, each):
    starts = np.arange(each, dtype=np.int64) * 10
    return [
        RunLane(name=f"machine {i}", kind="machine", start=starts, end=starts + 1 + i % 9)
        for i in range(lanes)
    ]


def test_a_million_operations_become_strips_of_the_busiest_on_a_page_of_bounded_size():
    run = replace(RUN, operations=1_000_000, lanes=many(1000, 1000), makespan=10_000, table=(), dues=())
    began = perf_counter()
    page = schedule_page(run)
    assert perf_counter() - began < 10.0
    assert count(page, "time-row") == MOST_STRIPS
    assert len(page) < 1_500_000
    assert "750 least busy are left out" in page
    assert 'title="machine 8"' in page
    assert 'title="machine 0"' not in page


def test_the_axis_has_round_numbers_and_finer_ones_for_zooming():
    span = number_span(1234)
    steps = choose_steps(span)
    assert (steps.major, steps.middle, steps.minor) == (200, 40, 20)
    axis = draw_number_axis(span)
    assert ">1,200<" in axis
    assert 'class="tick day-name">40<' in axis.replace(' dx="4"', "")
    assert number_span(0).end > 0
    assert ">500<" in draw_number_axis(number_span(2000), scale=2)


def test_an_empty_beginning_is_left_out():
    span = number_span(58_500, (), begin=28_800)
    assert (span.start, span.share(20_000)) == (20_000, 0.0)
    assert ">20,000<" in draw_number_axis(span)
    assert ">10,000<" not in draw_number_axis(span)
    assert number_span(1000, (), begin=100).start == 0


def test_a_far_due_date_does_not_push_the_work_aside():
    assert number_span(100, [125]).work_end > 125
    assert number_span(100, [150]).end > 150 > number_span(100, [150]).work_end
    assert number_span(100, [10_000]).end < 150


@pytest.mark.parametrize(
    "improvements", [[], [(0.0, 5.0)], [(0.0, 0.0), (0.0, 0.0)], [(i / 10, 1e6 - i) for i in range(5000)]]
)
def test_the_curve_is_drawn_for_any_course_of_a_search(improvements):
    curve = draw_improvement(improvements, 0.0, 0.0, width=800, height=300)
    assert bool(curve) == (len(improvements) > 1)
    assert "nan" not in curve
    assert len(curve) < 60_000


def test_the_curve_says_where_it_began_and_ended():
    assert "From 120 at first to 46 after 12 s; no schedule is below 12.5" in schedule_page(RUN)


PROBE = """
var axis = document.querySelector('.time-axis'), box = document.querySelector('.gantt-scroll');
var wide = function () { return axis.getBoundingClientRect().width; };
out.fit = wide();
document.querySelector('[data-zoom=in]').click();
out.zoomed = wide();
box.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
out.detail = document.querySelector('.gantt-detail').textContent;
for (var i = 0; i < 6; i++) document.querySelector('[data-zoom=in]').click();
out.finer = getComputedStyle(document.querySelector('.day-name')).display;
var bar = document.querySelector('.bar .set-up').getBoundingClientRect();
out.hatched = bar.width > 4 && getComputedStyle(document.querySelector('.stripe')).fill;
var cell = document.querySelector('.time-name').getBoundingClientRect();
out.left = cell.left - document.querySelector('.gantt').getBoundingClientRect().left;
document.querySelectorAll('details').forEach(function (e) { e.open = true; });
out.wide = document.documentElement.scrollWidth; out.screen = innerWidth;
"""


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_the_page_zooms_tells_about_bars_and_is_no_wider_than_a_phone(tmp_path):
    seen = look(schedule_page(RUN), PROBE, tmp_path)
    assert seen["zoomed"] == pytest.approx(seen["fit"] * 1.6, rel=0.01)
    assert seen["detail"] == "operation 0: 0 to 30"
    assert seen["finer"] != "none"
    assert seen["hatched"] == "none"
    assert seen["left"] <= 2
    assert seen["wide"] <= seen["screen"]
