"""Two schedules as one picture: each machine as it was above how it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from manyworks.model import Finding, Network, OrderId, ResourceId, Schedule, WorkId, Workload
from manyworks.report.charts.gantt import ROW, Bar, Row, draw_row
from manyworks.report.charts.svg import element, label, tooltip
from manyworks.report.charts.time_axis import HEAD, Mark, Span, draw_axis, draw_dues, fit_span, percent
from manyworks.report.formats import MINUS, format_duration, format_moment
from manyworks.report.rendering import count_troubles, fill_template, group_findings
from manyworks.report.tasks import Task, Telling, resolve_tasks, work_name, zoned
from manyworks.report.timeline import letter_orders

Planned = tuple[Workload, Schedule]

LINKS = 14.0
MOST_MACHINES = 60
"""Machines drawn, those with most changes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineView:
    """A machine as it was and as it is, with lines from each work's old start to its new one."""

    name: str
    changes: int
    before: str
    links: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One changed work as a row of the table."""

    letter: str
    order: str
    work: str
    machine: str
    start: str
    shift: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Both:
    """The works of two schedules, and how those of both have moved."""

    old: Mapping[WorkId, Task]
    new: Mapping[WorkId, Task]

    def changed(self, work: WorkId) -> bool:
        """Whether a work is not done as before; one that is only done by now has not changed."""
        old, new = self.old.get(work), self.new.get(work)
        if old is None or new is None:
            return new is not None
        return _place(old) != _place(new)

    def remark(self, work: WorkId, machine: ResourceId) -> str:
        """What has happened to a work, as seen from a machine."""
        old, new = self.old.get(work), self.new.get(work)
        if old is None:
            return "new"
        if new is None:
            return ""
        if old.machine.id != new.machine.id:
            return f"to {new.machine.name}" if machine == old.machine.id else f"from {old.machine.name}"
        shift = new.assignment.start_s - old.assignment.start_s
        sign = "+" if shift > 0 else MINUS
        return f"{sign}{format_duration(abs(shift))}" if shift else ""


def _place(task: Task) -> tuple[object, ...]:
    done = task.assignment
    return task.machine.id, task.mode.workers, task.mode.tools, done.start_s, done.end_s


def difference_page(
    old: Planned,
    new: Planned,
    sentences: Sequence[str],
    *,
    now_s: int,
    findings: Sequence[Finding] = (),
    late_reasons: Mapping[OrderId, Sequence[str]] = MappingProxyType({}),
) -> str:
    """One self-contained HTML page with what differs between two schedules.

    Parameters
    ----------
    old, new
        Workload and schedule before and now.
    sentences
        What has changed, in words; the first sums it up.
    now_s
        When it was planned again, in seconds from the epoch.
    findings
        Anything said on the way here.
    late_reasons
        Why orders are late now, in sentences.
    """
    works = {work.id: work for workload, _ in (old, new) for work in workload.works}
    letters = letter_orders(sorted({work.order for work in works.values()}))
    telling = Telling(
        network=Network(name="", currency="", as_of=""), letters=letters, epoch=zoned(new[1].epoch)
    )
    both = _Both(
        old={task.work.id: task for task in resolve_tasks(*old)},
        new={task.work.id: task for task in resolve_tasks(*new)},
    )
    span = _span(both, telling, now_s)
    machines = _machines(both)
    groups = group_findings(findings)
    return fill_template(
        "difference.html",
        title="What has changed",
        sentences=sentences,
        late_reasons=late_reasons,
        axis=draw_axis(span),
        marks=draw_dues([_now(now_s, telling)], span),
        machines=[_view_machine(name, both, telling, span) for name in machines[:MOST_MACHINES]],
        unseen=max(0, len(machines) - MOST_MACHINES),
        changes=[_view_change(name, both, telling) for name in both.new if both.changed(name)],
        legend=_legend(both, telling),
        span=span,
        head=HEAD,
        row=ROW,
        links=LINKS,
        clock=telling.epoch.tzname() or "UTC",
        schedule=new[1],
        before=old[1],
        now=telling.moment(now_s),
        finding_groups=groups,
        troubles=count_troubles(groups),
    )


def _span(both: _Both, telling: Telling, now_s: int) -> Span:
    """From now on: what was done before has not changed."""
    shown = [*both.new.values(), *(task for task in both.old.values() if task.assignment.end_s > now_s)]
    times = [now_s, *(task.assignment.end_s for task in shown)]
    return fit_span(telling.epoch, times)


def _now(now_s: int, telling: Telling) -> Mark:
    return Mark(tone=0, at=now_s, short="now", words=f"planned again {format_moment(telling.moment(now_s))}")


def _machines(both: _Both) -> list[ResourceId]:
    """Machines on which something has changed, the one with most changes first."""
    counts: dict[ResourceId, int] = {}
    for name in both.new:
        if both.changed(name):
            tasks = filter(None, (both.old.get(name), both.new[name]))
            for machine in {task.machine.id for task in tasks}:
                counts[machine] = counts.get(machine, 0) + 1
    return sorted(counts, key=lambda machine: (-counts[machine], machine))


def _view_machine(machine: ResourceId, both: _Both, telling: Telling, span: Span) -> MachineView:
    was = [task for task in both.old.values() if task.machine.id == machine]
    now = [task for task in both.new.values() if task.machine.id == machine]
    changed = {task.work.id for task in (*was, *now) if both.changed(task.work.id)}
    known = (now or was)[0].machine
    return MachineView(
        name=known.name,
        changes=len(changed),
        before=draw_row(_row(was, both, telling, span), span),
        links=_links(was, both, telling, span),
        now=draw_row(_row(now, both, telling, span), span),
    )


def _row(tasks: Iterable[Task], both: _Both, telling: Telling, span: Span) -> Row:
    seen = [task for task in tasks if task.assignment.end_s > span.start]
    working = seen[0].machine.intervals if seen else ()
    bars = (_bar(task, both, telling, span) for task in seen)
    return Row(name="", bars=tuple(bars), working=working)


def _bar(task: Task, both: _Both, telling: Telling, span: Span) -> Bar:
    done, remark = task.assignment, both.remark(task.work.id, task.machine.id)
    segments = tuple((max(a, span.start), b) for a, b in task.segments if b > span.start)
    return Bar(
        letter=telling.letter(task.work.order),
        tone=telling.tone(task.work.order),
        words=f"{work_name(task.work)}{f' ({remark})' if remark else ''}",
        detail=f"{telling.detail(task)}{f'; {remark}' if remark else ''}",
        start=max(done.start_s, span.start),
        end=done.end_s,
        setup_s=done.setup_s if done.start_s >= span.start else 0,
        segments=segments,
        late=task.late,
    )


def _links(was: Sequence[Task], both: _Both, telling: Telling, span: Span) -> str:
    """Lines from old to new starts on a machine, and where works went or came from."""
    lines = []
    for old in was:
        new = both.new.get(old.work.id)
        if new is None or not both.changed(old.work.id) or old.assignment.start_s < span.start:
            continue
        x1, tone = percent(span.share(old.assignment.start_s)), telling.tone(old.work.order) % 8
        if new.machine.id == old.machine.id:
            x2 = percent(span.share(new.assignment.start_s))
            line = element("line", x1=x1, x2=x2, y1=0, y2="100%", class_="shift-line")
        else:
            line = label("\N{DOWNWARDS ARROW FROM BAR}", x1, 11, class_="gone")
        detail = f"{work_name(old.work)}: {both.remark(old.work.id, old.machine.id)}"
        lines.append(element("g", tooltip(detail), line, class_=f"ink-{tone}"))
    return element("svg", *lines, width="100%", height=LINKS, aria_hidden="true", class_="time-row shifts")


def _view_change(work: WorkId, both: _Both, telling: Telling) -> ChangeView:
    old, new = both.old.get(work), both.new[work]
    moved = old is not None and old.machine.id != new.machine.id
    return ChangeView(
        letter=telling.letter(new.work.order),
        order=str(new.work.order),
        work=work_name(new.work),
        machine=f"{old.machine.name} \N{RIGHTWARDS ARROW} {new.machine.name}"
        if moved and old is not None
        else new.machine.name,
        start=format_moment(telling.moment(new.assignment.start_s)),
        shift=_shift(old, new),
    )


def _shift(old: Task | None, new: Task) -> str:
    if old is None:
        return "new"
    shift = new.assignment.start_s - old.assignment.start_s
    if not shift:
        return "same start"
    return f"{format_duration(abs(shift))} {'later' if shift > 0 else 'sooner'}"


def _legend(both: _Both, telling: Telling) -> list[tuple[str, int, str]]:
    """Letter, tone and name of every order with a changed work."""
    orders = dict.fromkeys(task.work.order for name, task in both.new.items() if both.changed(name))
    return [(telling.letter(order), telling.tone(order) % 8, str(order)) for order in sorted(orders)]
