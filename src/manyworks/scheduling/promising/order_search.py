"""Compiled: the earliest end of a whole order between settled works, by branch and bound.

Works of the order are put in one after the other, each as early as it fits; branches are which comes
next, and in which mode. Depth first, the most critical work and its earliest end first, so that the first
leaf is a good answer. A mode whose resources no other work of the order wants is the only branch
where it ends first: to take it hurts nobody.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.scheduling.engine.compiling import compiled
from manyworks.scheduling.problem.tables import FOREVER, NONE, Ints, Records, Tables
from manyworks.scheduling.promising.gaps import Gaps, find_place, put_in, take_out

NEW = np.dtype(
    [(name, np.int64) for name in ("release", "pausable", "first_mode", "modes", "first_before", "tail")]
)
CHOICE = np.dtype([(name, np.int64) for name in ("work", "mode", "start", "end", "setup", "rank")])


ASKED, CUT, DEPTH, BEST = range(4)


class NewWorks(NamedTuple):
    """Works of an order to be put in.

    Parameters
    ----------
    works
        `NEW`, one row more than works: earliest start, first row and number of modes, first of
        ``befores``, and ``tail``, the least time from its end to the end of the order.
    befores
        Work before and lag, (links, 2).
    apart
        Whether a mode, (modes, ), holds nothing that other works of the order could want at the same time.
    """

    works: Records
    befores: Ints
    apart: Ints


class Desk(NamedTuple):
    """Room for the search: open choices by depth, what is placed, the best answer, and counts.

    ``counts`` are places asked for, whether the search was cut short, the depth it is at, and the earliest
    end of the whole order so far.
    """

    choices: Records
    filled: Ints
    tried: Ints
    placed: Ints
    ends: Ints
    best: Records
    counts: Ints


def make_desk(works: int, modes: int) -> Desk:
    """Make room for so many works that have so many modes together."""
    return Desk(
        choices=np.zeros((works + 1, modes), dtype=CHOICE),
        filled=np.zeros(works + 1, dtype=np.int64),
        tried=np.zeros(works + 1, dtype=np.int64),
        placed=np.zeros(works, dtype=np.int64),
        ends=np.zeros(works, dtype=np.int64),
        best=np.zeros(works, dtype=CHOICE),
        counts=np.array([0, 0, 0, FOREVER], dtype=np.int64),
    )


@compiled
def _ready(n: NewWorks, d: Desk, work: int) -> int:
    """Earliest start of a work; `NONE` while something before it is not placed."""
    ready = n.works[work].release
    for i in range(n.works[work].first_before, n.works[work + 1].first_before):
        before = n.befores[i, 0]
        if d.placed[before] == 0:
            return NONE
        ready = max(ready, d.ends[before] + n.befores[i, 1])
    return int(ready)


@compiled
def _list_modes(p: Tables, x: Gaps, n: NewWorks, d: Desk, work: int) -> bool:
    """Add the modes of a work that can still beat the best answer; False if none can."""
    ready, depth, row, first = _ready(n, d, work), d.counts[DEPTH], n.works[work], n.works[0].first_mode
    began, soonest = d.filled[depth], NONE
    for mode in range(row.first_mode, row.first_mode + row.modes):
        place = find_place(p, x, mode, row.pausable != 0, ready)
        d.counts[ASKED] += 1
        if place[1] == NONE or place[1] + row.tail >= d.counts[BEST]:
            continue
        choice = d.choices[depth, d.filled[depth]]
        choice.work, choice.mode = work, mode
        choice.start, choice.end, choice.setup = place[0], place[1], place[2]
        least = FOREVER if soonest == NONE else d.choices[depth, soonest].end
        if choice.end < least or (choice.end == least and n.apart[mode - first] != 0):
            soonest = d.filled[depth]
        d.filled[depth] += 1
    if soonest == NONE:
        return False
    least = d.choices[depth, soonest].end
    if n.apart[d.choices[depth, soonest].mode - first] != 0:
        _swap(d, began, soonest)
        d.filled[depth] = began + 1
    for i in range(began, d.filled[depth]):
        # The most critical work first, and its earliest end first.
        d.choices[depth, i].rank = d.choices[depth, i].end - 2 * (least + row.tail)
    return True


@compiled
def _open(p: Tables, x: Gaps, n: NewWorks, d: Desk) -> None:
    """List the choices at the depth, the best first; none where some work cannot be in time any more."""
    depth = d.counts[DEPTH]
    d.filled[depth], d.tried[depth] = 0, 0
    for work in range(len(d.placed)):
        if d.placed[work] == 0 and _ready(n, d, work) != NONE and not _list_modes(p, x, n, d, work):
            d.filled[depth] = 0
            return
    for i in range(1, d.filled[depth]):
        j = i
        while j > 0 and d.choices[depth, j].rank < d.choices[depth, j - 1].rank:
            _swap(d, j, j - 1)
            j -= 1


@compiled
def _swap(d: Desk, i: int, j: int) -> None:
    """Exchange two choices at the depth."""
    one, other = d.choices[d.counts[DEPTH], i], d.choices[d.counts[DEPTH], j]
    one.work, other.work = other.work, one.work
    one.mode, other.mode = other.mode, one.mode
    one.start, other.start = other.start, one.start
    one.end, other.end = other.end, one.end
    one.setup, other.setup = other.setup, one.setup
    one.rank, other.rank = other.rank, one.rank


@compiled
def _take_next(d: Desk, n: NewWorks) -> int:
    """Go on to the next choice at the depth that can still beat the best answer; `NONE` if there is none."""
    depth = d.counts[DEPTH]
    while d.tried[depth] < d.filled[depth]:
        at = d.tried[depth]
        d.tried[depth] += 1
        choice = d.choices[depth, at]
        if choice.end + n.works[choice.work].tail < d.counts[BEST]:
            return int(at)
    return NONE


@compiled
def search_order(p: Tables, x: Gaps, n: NewWorks, d: Desk, most: int) -> None:
    """Find the earliest end of the order: ``d.counts[BEST]``; the choice for each work is in ``d.best``.

    Parameters
    ----------
    p, x
        Problem, whose modes include those of the order, and settled works.
    n, d
        The order, and room to work.
    most
        Places asked for before the search is cut short (after the first answer).
    """
    _open(p, x, n, d)
    while d.counts[DEPTH] >= 0:
        depth = d.counts[DEPTH]
        last = d.choices[depth, max(d.tried[depth] - 1, 0)].work
        if d.tried[depth] > 0 and d.placed[last] != 0:
            take_out(p, x, x.settled + last)
            d.placed[last] = 0
        if d.counts[BEST] < FOREVER and d.counts[ASKED] >= most:
            d.counts[CUT] = 1
            d.tried[depth] = d.filled[depth]
        at = _take_next(d, n)
        if at == NONE:
            d.tried[depth] = 0
            d.counts[DEPTH] -= 1
            continue
        choice = d.choices[depth, at]
        put_in(p, x, x.settled + choice.work, choice.mode, (choice.start, choice.end, choice.setup))
        d.placed[choice.work], d.ends[choice.work] = 1, choice.end
        if depth + 1 < len(d.placed):
            d.counts[DEPTH] += 1
            _open(p, x, n, d)
        else:
            _keep(d)


@compiled
def _keep(d: Desk) -> None:
    """Remember the choices taken at every depth if the order ends earlier with them."""
    latest = 0
    for end in d.ends:
        latest = max(latest, end)
    if latest >= d.counts[BEST]:
        return
    d.counts[BEST] = latest
    for i in range(len(d.placed)):
        choice = d.choices[i, d.tried[i] - 1]
        kept = d.best[choice.work]
        kept.work, kept.mode, kept.rank = choice.work, choice.mode, i
        kept.start, kept.end, kept.setup = choice.start, choice.end, choice.setup
