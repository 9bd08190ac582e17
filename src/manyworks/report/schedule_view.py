"""The page of a schedule: figures, Gantt chart or strips of load, the curve of the search, late jobs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from manyworks.report.charts.gantt import ROW, Bar, Row, draw_row
from manyworks.report.charts.improvement import draw_improvement
from manyworks.report.charts.load_strip import STRIP, busy_shares, draw_strip
from manyworks.report.charts.number_axis import LOW_HEAD, choose_steps, draw_number_axis, number_span
from manyworks.report.charts.time_axis import HEAD, TONES, Mark, Span, draw_dues
from manyworks.report.formats import capitalise, count_words, format_exact, format_share
from manyworks.report.rendering import count_troubles, fill_template, group_findings
from manyworks.report.schedule_run import DueMark, RunBar, RunLane, ScheduleRun
from manyworks.report.timeline import BandView, RowView

WIDE, NARROW = 1120.0, 358.0
MOST_BARS = 6_000
"""More bars than these cannot be told apart, and make a page slow: strips of load are drawn instead."""
MOST_STRIPS = 250
DENSE = 120
"""Bars on one row from which on outlines would hide them."""
MOST_LATE = 200
KINDS = {"machine": "Machines", "worker": "Workers", "tool": "Tools", "vehicle": "Vehicles"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalView:
    """A goal and its value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateView:
    """A row of the table of late jobs."""

    job: str
    operation: str
    due: str
    end: str
    late: str
    weight: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartView:
    """The drawn schedule.

    ``hidden`` is how many resources are not drawn; ``steps`` how many middle steps of the axis fit on it;
    ``hatched`` what hatching stands for, empty where nothing is hatched; ``dense`` asks for thin outlines.
    """

    axis: str
    dues: str
    bands: tuple[BandView, ...]
    head: float
    fit: float
    steps: float
    strips: bool
    hidden: int
    hatched: str
    closed: bool
    dense: bool


def schedule_page(run: ScheduleRun) -> str:
    """One self-contained HTML page about a schedule and the search that found it.

    Parameters
    ----------
    run
        Bars of lanes are drawn one by one where they are given; lanes without bars are drawn as strips of
        how busy they are, the busiest `MOST_STRIPS` of them.

    Returns
    -------
    str
        HTML. It asks no other host for anything, and stays below some megabytes for any number of
        operations.
    """
    groups = group_findings(run.findings)
    curves = (
        draw_improvement(run.improvements, run.seconds, run.bound, width=width, height=height)
        for width, height in ((WIDE, 300.0), (NARROW, 260.0))
    )
    wide, narrow = curves
    return fill_template(
        "schedule.html",
        title=f"Schedule: {run.name}",
        run=run,
        chart=_view_chart(run),
        goals=[_goal(name, value) for name, value in run.goals.items()],
        late=list(_view_late(run)),
        more_late=max(len(run.late) - MOST_LATE, 0),
        extent=_extent(run),
        curve_wide=wide,
        curve_narrow=narrow,
        finding_groups=groups,
        troubles=count_troubles(groups),
        exact=format_exact,
        show=lambda at: format_exact(at / run.scale),
    )


def _extent(run: ScheduleRun) -> str:
    kinds = [lane.kind for lane in run.lanes]
    counted = [count_words(kinds.count(kind), kind) for kind in KINDS if kind in kinds]
    return ", ".join([count_words(run.operations, "operation"), count_words(run.jobs, "job"), *counted])


def _goal(name: str, value: float) -> GoalView:
    return GoalView(name=capitalise(name), value=format_exact(value))


def _view_late(run: ScheduleRun) -> Iterator[LateView]:
    for one in run.late[:MOST_LATE]:
        yield LateView(
            job=one.job,
            operation=one.operation,
            due=format_exact(one.due / run.scale),
            end=format_exact(one.end / run.scale),
            late=format_exact((one.end - one.due) / run.scale),
            weight=format_exact(one.weight),
        )


def _view_chart(run: ScheduleRun) -> ChartView:
    strips = not any(lane.bars for lane in run.lanes)
    begin = 0 if strips else min(bar.start for lane in run.lanes for bar in lane.bars)
    span = number_span(run.makespan, [due.at for due in run.dues], begin)
    lanes = _busiest(run.lanes) if strips else list(run.lanes)
    head = HEAD if run.dues else LOW_HEAD
    row = _strip_row if strips else _bar_row
    bands = [
        BandView(name=name, rows=tuple(row(lane, span, run) for lane in lanes if lane.kind == kind))
        for kind, name in KINDS.items()
    ]
    return ChartView(
        axis=draw_number_axis(span, run.scale, head),
        dues=draw_dues([_mark(due, run) for due in run.dues], span),
        bands=tuple(band for band in bands if band.rows),
        head=head,
        fit=span.fit,
        steps=(span.end - span.start) / run.scale / choose_steps(span, run.scale).middle,
        strips=strips,
        hidden=len(run.lanes) - len(lanes),
        hatched=_hatched(lanes),
        closed=any(lane.working for lane in lanes),
        dense=any(len(lane.bars) > DENSE for lane in lanes),
    )


def _hatched(lanes: Sequence[RunLane]) -> str:
    """What is hatched: set-ups of machines, empty ways of vehicles."""
    kinds = {lane.kind for lane in lanes if any(bar.setup for bar in lane.bars)}
    words = [("set-up", bool(kinds - {"vehicle"})), ("empty way", "vehicle" in kinds)]
    return ", ".join(word for word, there in words if there)


def _busiest(lanes: Sequence[RunLane]) -> list[RunLane]:
    """The lanes with most work, in the order they were in."""
    work = [int((lane.end - lane.start).sum()) for lane in lanes]
    chosen = sorted(range(len(lanes)), key=lambda i: -work[i])[:MOST_STRIPS]
    return [lanes[i] for i in sorted(chosen)]


def _strip_row(lane: RunLane, span: Span, run: ScheduleRun) -> RowView:
    shares = busy_shares(lane.start, lane.end, run.makespan)
    busy = format_share(float((lane.end - lane.start).sum()) / max(run.makespan, 1))
    detail = f"{lane.name}: {count_words(len(lane.start), 'operation')}, busy {busy} of the time"
    return RowView(
        name=lane.name, note=busy, drawing=draw_strip(shares, run.makespan, span, detail), height=STRIP
    )


def _bar_row(lane: RunLane, span: Span, run: ScheduleRun) -> RowView:
    row = Row(name=lane.name, bars=tuple(map(_bar, lane.bars)), working=lane.working)
    return RowView(name=lane.name, drawing=draw_row(row, span), height=ROW)


def _bar(bar: RunBar) -> Bar:
    return Bar(
        letter=bar.mark,
        tone=bar.job % TONES,
        words=bar.words,
        detail=bar.detail,
        start=bar.start,
        end=bar.end,
        setup_s=bar.setup,
        segments=bar.segments,
        late=bar.late,
    )


def _mark(due: DueMark, run: ScheduleRun) -> Mark:
    at = format_exact(due.at / run.scale)
    return Mark(tone=due.job % TONES, at=due.at, short=f"{due.name} {at}", words=f"{due.name} due at {at}")
