"""Whether numbers of an instance lie where they may, and from where its machines are counted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from manyworks.model import error
from manyworks.scheduling.instances.faults import MOST_TOLD, Faults
from manyworks.scheduling.instances.number_rows import Rows
from manyworks.scheduling.problem.tables import Ints
from manyworks.scheduling.validation import LONGEST_S

MOST_RESOURCES = 200_000
"""Most machines, workers or vehicles a header may state."""


class Modes(NamedTuple):
    """Ways to do operations as they stand in a file.

    ``owner`` is the operation of each mode, ``machine`` and ``duration`` its numbers, ``line`` the line
    they stand in; all (modes,).
    """

    owner: Ints
    machine: Ints
    duration: Ints
    line: Ints


def header(rows: Rows, names: tuple[str, ...], faults: Faults) -> list[int] | None:
    """The numbers of the first row, each at least 1; None (and a fault) where it does not have them."""
    found, where = rows.row(0), faults.line(int(rows.line[0]))
    if len(found) < len(names):
        message = f"expected the numbers of {', '.join(names)}; found {len(found)} numbers"
        faults.add(
            error("scheduling.instance.header", where, message, "see the formats in the documentation")
        )
        return None
    for name, value in zip(names, found, strict=False):
        most = MOST_RESOURCES if name in {"machines", "workers", "vehicles"} else LONGEST_S
        if not (0 if name == "precedences" else 1) <= value <= most:
            message = f"states {value} {name}, expected 1 to {most}"
            faults.add(
                error("scheduling.instance.header", where, message, "see the formats in the documentation")
            )
            return None
    return found


def require_rows(rows: Rows, expected: int, what: str, faults: Faults) -> bool:
    """Whether ``expected`` rows follow the header; else a fault that names where they end."""
    found = len(rows) - 1
    if found == expected:
        return True
    last = int(rows.line[min(found, expected + 1) if found > expected else found])
    more = "truncated?" if found < expected else f"trailing lines from line {last} on?"
    message = f"expected {expected} lines of {what} after the header, found {found} ({more})"
    faults.add(error("scheduling.instance.lines", faults.line(last), message, "check the header and the end"))
    return False


def find_base(numbers: Ints, most: int, usual: int) -> int:
    """Whether machines (or workers) are counted from 0 or from 1.

    A 0 or a number equal to ``most`` tells; without either, ``usual`` is taken. Where both occur, it is 0 and
    the others will be found out of range.
    """
    if not len(numbers) or int(numbers.min()) <= 0:
        return 0
    return 1 if int(numbers.max()) >= most else usual


def count_from_zero(
    numbers: Ints, most: int, usual: int, what: str, line: Ints, faults: Faults
) -> tuple[Ints, int]:
    """Numbers of machines or workers from 0, and from where the file counts; others are faults."""
    base = find_base(numbers, most, usual)
    shifted = numbers - base
    for at in _list_some(np.flatnonzero((shifted < 0) | (shifted >= most)), faults):
        message = f"names {what} {numbers[at]}, expected {base} to {most - 1 + base}"
        hint = "check the header, or the line"
        faults.add(error("scheduling.instance.range", faults.line(int(line[at])), message, hint))
    return shifted, base


def require_times(times: Ints, line: Ints, faults: Faults, what: str = "takes") -> None:
    """Negative and absurdly long times are faults."""
    for at in _list_some(np.flatnonzero((times < 0) | (times > LONGEST_S)), faults):
        message = f"{what} {times[at]}, expected 0 to {LONGEST_S}"
        faults.add(error("scheduling.instance.time", faults.line(int(line[at])), message, "check the line"))


def _list_some(found: Ints, faults: Faults) -> list[int]:
    """The first of many; the others are counted."""
    faults.count += max(len(found) - MOST_TOLD, 0)
    some: list[int] = found[:MOST_TOLD].tolist()
    return some


def point(owners: Ints, count: int) -> Ints:
    """(count + 1,) pointers to the first of each owner's rows, for rows in the order of their owners."""
    pointers = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(owners, minlength=count), out=pointers[1:])
    return pointers
