"""What schedules, delays and changes are in plain sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta

from manyworks.model import ResourceId, Work, WorkId, Workload
from manyworks.scheduling.calendars import held
from manyworks.scheduling.explaining.difference import Difference, OrderChange, WorkChange
from manyworks.scheduling.explaining.lateness import Cause, LateOrder
from manyworks.scheduling.explaining.placement import Alternative, Placement
from manyworks.scheduling.explaining.waiting import Stretch

MOST_CHANGES = 20
"""Works and orders whose changes are told one by one."""
LARGEST_CAUSES = 4
MOST_WAYS = 6
"""Other ways to do a work that are told."""
LEAST_SHARE = 0.02
"""Stretches shorter than this share of an order's time are only told when there are few."""
MOST_STRETCHES = 12


def tell_duration(seconds: float) -> str:
    """``45 s``, ``12 min``, ``3 h 05 min``, ``2 days 4 h``."""
    whole = round(abs(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02d} min" if minutes else f"{hours} h"
    days, hours = divmod(round(whole / 3600), 24)
    return f"{days} {'day' if days == 1 else 'days'}" + (f" {hours} h" if hours else "")


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


class Speaker:
    """Tells about the works of a workload, by the names its resources and works have.

    Parameters
    ----------
    workloads
        The later ones are asked for what the earlier ones do not know, such as works that are new.
    """

    def __init__(self, *workloads: Workload) -> None:
        self._epoch = workloads[0].epoch
        self._works: dict[WorkId, Work] = {}
        self._names: dict[ResourceId, str] = {}
        for one in reversed(workloads):
            self._works.update({work.id: work for work in one.works})
            self._names.update({name: resource.name or name for name, resource in one.resources.items()})

    # ---- names ---------------------------------------------------------------------------------

    def moment(self, seconds: int) -> str:
        """``Fri 4 Dec 14:30``, by the epoch's clock."""
        moment = self._epoch + timedelta(seconds=seconds)
        return f"{moment:%a} {moment.day} {moment:%b %H:%M}"

    def resource(self, name: ResourceId | None) -> str:
        """Name of a machine, person or tool."""
        return self._names.get(name, str(name)) if name is not None else "it"

    def work(self, name: WorkId | None) -> str:
        """What a work is called, with its order."""
        work = self._works.get(name) if name is not None else None
        if work is None:
            return str(name)
        return f"{work.name or work.process} of order {work.order}"

    # ---- why late ------------------------------------------------------------------------------

    def late(self, one: LateOrder) -> list[str]:
        """Why an order is late: what its time went to, and what it waited for step by step."""
        total = max(one.end_s, 1)
        largest = [self._share(cause, seconds) for cause, seconds in one.seconds[:LARGEST_CAUSES]]
        sentences = [
            f"Order {one.order} ends {self.moment(one.end_s)}, {tell_duration(one.late_s)} late.",
            f"Its {tell_duration(total)} since the plan begins: {_listed(largest)}.",
        ]
        if one.bottleneck is not None:
            seconds = sum(s.seconds for s in one.stretches if s.resource == one.bottleneck and _is_wait(s))
            name = self.resource(one.bottleneck)
            sentences.append(f"The bottleneck is {name}: the order waits {tell_duration(seconds)} for it.")
        least = LEAST_SHARE * total if len(one.stretches) > MOST_STRETCHES else 0
        told = [self.stretch(stretch) for stretch in one.stretches if stretch.seconds >= least]
        return sentences + told

    def _share(self, cause: Cause, seconds: int) -> str:
        """``3 h work on Mill 1``."""
        name, resource = cause[0], self.resource(cause[1])
        whats = {
            "run": f"work on {resource}",
            "setup": f"set-up of {resource}",
            "busy": f"waiting for {resource}",
            "gap": f"waiting for a longer gap on {resource}",
            "closed": f"closed hours of {resource}",
            "release": "until it can begin",
            "travel": "transport and resting between steps",
            "idle": "time in which nothing is in the way",
        }
        return f"{tell_duration(seconds)} {whats[name]}"

    def stretch(self, one: Stretch) -> str:
        """One piece of an order's time as a sentence."""
        period = f"{self.moment(one.start_s)} to {self.moment(one.end_s)}"
        return f"{period} ({tell_duration(one.seconds)}): {self._what(one)}."

    def _what(self, one: Stretch) -> str:
        resource, work, by = self.resource(one.resource), self.work(one.work), self.work(one.by)
        short = f"before {by} begins" if one.by is not None else "before closing time"
        return {
            "run": f"{work} runs on {resource}",
            "setup": f"{resource} is set up for {work}",
            "busy": f"{work} waits for {resource}, which does {by}",
            "gap": f"{work} waits: {resource} is free, but not for long enough {short}",
            "closed": f"{work} waits until {resource} is at work again",
            "release": f"{work} cannot begin: what it needs is not there yet",
            "travel": f"after {by}, until its parts have arrived and rested for {work}",
            "idle": f"nothing is in the way of {work}",
        }[one.cause]

    # ---- why here, why now ---------------------------------------------------------------------

    def placement(self, one: Placement) -> list[str]:
        """Why a work is done here and now."""
        work = self._works[one.work]
        machine = self.resource(work.modes[one.done.mode].machine)
        period = f"{self.moment(one.done.start_s)} to {self.moment(one.done.end_s)}"
        began = "its release" if one.before is None else self.work(one.before)
        sentences = [
            f"{_upper(self.work(one.work))} is done on {self._crew(work, one.done.mode)}, {period}.",
            f"Why now: it could begin {self.moment(one.ready_s)}, by {began}"
            + ("." if one.waits else f", and that is when {machine} and all else it holds take it."),
        ]
        sentences += [self.stretch(stretch) for stretch in one.waits]
        if work.fixed is not None:
            sentences.append("It is fixed: it runs already, or was promised so.")
        sentences += self._alternatives(work, one)
        if one.slack_s is not None:
            sentences.append(
                f"It could end {tell_duration(one.slack_s)} later before something else would have to move."
                if one.slack_s
                else "If it ends later, something else has to move or is late."
            )
        return sentences

    def _alternatives(self, work: Work, one: Placement) -> Iterator[str]:
        """Its own mode, then the others, the best first."""
        own = [other for other in one.alternatives if other.mode == one.done.mode]
        rest = [other for other in one.alternatives if other.mode != one.done.mode]
        rest.sort(key=lambda other: math.inf if other.end_s is None else other.end_s)
        for other in (*own, *rest[:MOST_WAYS]):
            yield self._alternative(work, one, other)
        if len(rest) > MOST_WAYS:
            yield f"{len(rest) - MOST_WAYS} more ways to do it end no sooner than these."

    def _crew(self, work: Work, number: int) -> str:
        machine, *others = held(work.modes[number])
        people = f" with {_listed([self.resource(name) for name in others])}" if others else ""
        return f"{self.resource(machine)}{people}"

    def _alternative(self, work: Work, one: Placement, other: Alternative) -> str:
        crew = self._crew(work, other.mode)
        if other.start_s is None or other.end_s is None:
            return f"On {crew} it finds no room before the calendars end."
        later = other.end_s - one.done.end_s
        if other.mode == one.done.mode:
            if later >= 0:
                return f"Here, on {crew}, it cannot end sooner without moving something else."
            return f"Here, on {crew}, it could end {tell_duration(later)} sooner."
        compared = _sooner_or_later(later) if later else "at the same time"
        reasons = self._because(work, one, other)
        return f"On {crew} it would end {self.moment(other.end_s)}, {compared}{reasons}."

    def _because(self, work: Work, one: Placement, other: Alternative) -> str:
        """What makes another mode end when it does."""
        reasons = []
        run = work.modes[other.mode].duration_s - work.modes[one.done.mode].duration_s
        if run:
            reasons.append(f"the run takes {tell_duration(run)} {'longer' if run > 0 else 'less'}")
        setup = other.setup_s - one.done.setup_s
        if setup:
            reasons.append(f"set-up takes {tell_duration(setup)} {'longer' if setup > 0 else 'less'}")
        longest = max(other.waits, key=lambda stretch: stretch.seconds, default=None)
        if longest is not None and longest.cause == "busy":
            busy = f"{self.resource(longest.resource)} does {self.work(longest.by)}"
            reasons.append(f"{busy} until {self.moment(longest.end_s)}")
        elif longest is not None and longest.cause == "closed":
            reasons.append(
                f"{self.resource(longest.resource)} is not at work before {self.moment(longest.end_s)}"
            )
        return f": {_listed(reasons)}" if reasons else ""

    # ---- what has changed ----------------------------------------------------------------------

    def difference(self, one: Difference) -> list[str]:
        """What differs between two schedules."""
        both = [change for change in one.works if change.old is not None and change.new is not None]
        sentences = [
            f"Works: {one.same} unchanged, {len(one.moved)} on another machine, "
            f"{sum(change.handed_over for change in both)} with other people or tools, "
            f"{len(one.shifted)} at another time; "
            f"{sum(change.old is None for change in one.works)} new, "
            f"{sum(change.new is None for change in one.works)} done or no longer planned."
        ]
        sentences += self._totals(one)
        sentences += list(_first(one.orders, [self._order(change) for change in one.orders], "orders"))
        return sentences + list(_first(both, [self._work(change) for change in both], "works"))

    def _totals(self, one: Difference) -> Iterator[str]:
        saved = one.setup_s[0] - one.setup_s[1]
        if saved:
            yield f"Set-ups take {tell_duration(saved)} {'less' if saved > 0 else 'more'} in all."
        ends = one.makespan_s[1] - one.makespan_s[0]
        if ends and one.makespan_s[1]:
            yield f"The last work ends {_sooner_or_later(ends)}."

    def _order(self, one: OrderChange) -> str:
        if one.old_end_s is None and one.new_end_s is not None:
            ends = f"Order {one.order} is new and ends {self.moment(one.new_end_s)}"
        elif one.new_end_s is None:
            return f"Order {one.order} has nothing left to do."
        else:
            later = one.new_end_s - (one.old_end_s or 0)
            ends = f"Order {one.order} ends {_sooner_or_later(later)}" if later else f"Order {one.order}"
        late, before = _lateness(one.new_late_s), _lateness(one.old_late_s)
        if one.new_late_s == one.old_late_s or one.old_end_s is None:
            return f"{ends}, {late}."
        return f"{ends}: {late} instead of {before}."

    def _work(self, one: WorkChange) -> str:
        parts = []
        if one.moved:
            parts.append(f"goes from {self.resource(one.machine[0])} to {self.resource(one.machine[1])}")
        if one.handed_over:
            names = [_listed([self.resource(name) for name in side]) or "nobody" for side in one.others]
            parts.append(f"goes from {names[0]} to {names[1]}")
        if one.shift_s:
            parts.append(f"starts {_sooner_or_later(one.shift_s)}")
        if not parts and one.old is not None and one.new is not None:
            parts.append(f"ends {self.moment(one.new.end_s)} instead of {self.moment(one.old.end_s)}")
        return f"{_upper(self.work(one.work))} {_listed(parts)}."


def _sooner_or_later(seconds: int) -> str:
    return f"{tell_duration(seconds)} {'later' if seconds > 0 else 'sooner'}"


def _lateness(seconds: int) -> str:
    return f"{tell_duration(seconds)} late" if seconds else "in time"


def _first(things: Sequence[object], sentences: Sequence[str], what: str) -> Iterator[str]:
    yield from sentences[:MOST_CHANGES]
    if len(things) > MOST_CHANGES:
        yield f"{len(things) - MOST_CHANGES} more {what} change."


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _is_wait(one: Stretch) -> bool:
    return one.cause in ("busy", "gap")
