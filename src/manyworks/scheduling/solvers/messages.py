"""What goes between the process that asks and the one with OR-Tools: length, then a pickled message.

Both ends are this package in processes of one user; nothing from outside is ever unpickled.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from manyworks.scheduling.problem.data import ProblemData, Solution

_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Improve a solution, or find one: the question.

    Parameters
    ----------
    whole_seconds
        Of ``seconds``, for the whole problem in one model; the rest goes into windows.
    prove
        Go through all levels of the objective and stop when that is done; no windows.
    """

    number: int
    data: ProblemData
    start: Solution | None
    seconds: float
    whole_seconds: float
    seed: int = 0
    workers: int = 1
    cutoff: float | None = None
    prove: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something better from elsewhere."""

    solution: Solution
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Stop working on the order of that number, even if it has not begun."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A better solution, left-shifted, with its price by all goals."""

    number: int
    solution: Solution
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """No schedule is better in the first level."""

    number: int
    bound: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The order is finished; ``status`` as in `cpsat.Answer`, ``solution`` the model's own."""

    number: int
    status: str
    bound: float = 0.0
    solution: Solution | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """The order failed."""

    number: int
    message: str


def send(stream: BinaryIO, message: Any) -> None:
    """Write a message.

    Raises
    ------
    OSError, ValueError
        The other end is gone.
    """
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read the next message; None where the other end is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return pickle.loads(body) if len(body) == length else None  # noqa: S301 - from our own process
