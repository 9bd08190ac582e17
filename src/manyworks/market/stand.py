"""All machines of one process side by side, as columns, so that thousands are judged at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from manyworks.market.answers import Candidate
from manyworks.market.packages import find_package
from manyworks.model import Capability, Certificate, Shop, ShopId

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]
Thing = TypeVar("Thing", bound=Hashable)

AXES = 3
"""Numbers an envelope is compared on; a longer tuple counts by its largest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One row: a machine, whether its shop names only a wider group of the process, and the shop."""

    candidate: Candidate
    vague: bool
    shop: Shop


class Stand:
    """Columns over the machines that run one process or say so in wider words.

    Parameters
    ----------
    process
        Canonical slug.
    rows
        The machines, one row for each capability, in the order of the network.
    """

    def __init__(self, process: str, rows: Sequence[Place]) -> None:
        self.process = process
        self.rows = rows
        self._numbers: dict[str, Numbers] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def capability(self, row: int) -> Capability:
        """Capability of a row."""
        return self.rows[row].candidate.capability

    @cached_property
    def shops(self) -> frozenset[ShopId]:
        """All shops on the stand."""
        return frozenset(row.candidate.shop for row in self.rows)

    @cached_property
    def repeats(self) -> bool:
        """Whether a machine stands in several rows."""
        return len({row.candidate.machine for row in self.rows}) < len(self.rows)

    @cached_property
    def vague(self) -> Truths:
        """Rows whose shop names only a wider group of the process."""
        return np.array([row.vague for row in self.rows], dtype=bool)

    @cached_property
    def closed(self) -> Truths:
        """Rows whose shop is not open."""
        return np.array([row.shop.status.strip().casefold() != "open" for row in self.rows], dtype=bool)

    def numbers(self, name: str) -> Numbers:
        """A field of the capabilities as floats, NaN where not stated."""
        if name not in self._numbers:
            values = [getattr(row.candidate.capability, name) for row in self.rows]
            self._numbers[name] = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        return self._numbers[name]

    @cached_property
    def narrowest_mm(self) -> Numbers:
        """Shorter side of the smallest package each places, NaN where not stated or not known."""
        found = (find_package(row.candidate.capability.smallest_package or "") for row in self.rows)
        return np.array([p.narrow_mm if p else np.nan for p in found], dtype=np.float64)

    @cached_property
    def envelopes(self) -> Numbers:
        """Shape (rows, AXES): envelopes in mm, largest side first, NaN where not stated."""
        sides = np.full((len(self), AXES), np.nan)
        for row, place in enumerate(self.rows):
            stated = place.candidate.capability.envelope_mm or ()
            envelope = sorted((side for side in stated if not np.isnan(side)), reverse=True)[:AXES]
            sides[row, : len(envelope)] = envelope
        return sides

    @cached_property
    def _materials(self) -> tuple[list[tuple[str, ...]], NDArray[np.intp]]:
        return _coded([row.candidate.capability.materials for row in self.rows])

    @cached_property
    def _certificates(self) -> tuple[list[tuple[Certificate, ...]], NDArray[np.intp]]:
        return _coded([row.shop.certificates for row in self.rows])

    def by_materials(self, judge: Callable[[tuple[str, ...]], int]) -> NDArray[np.int8]:
        """Judge every distinct list of materials once; verdicts by row."""
        return _judged(self._materials, judge)

    def by_certificates(self, judge: Callable[[tuple[Certificate, ...]], int]) -> NDArray[np.int8]:
        """Judge every distinct set of certificates once; verdicts by row."""
        return _judged(self._certificates, judge)


def build_stand(
    process: str,
    kinds: Mapping[str, bool],
    machines: Mapping[str, list[tuple[int, Candidate]]],
    shops: Mapping[ShopId, Shop],
) -> Stand:
    """Collect the machines of all ``kinds`` (slug -> whether it is only a wider group)."""
    found = [(at, c, vague) for slug, vague in kinds.items() for at, c in machines.get(slug, ())]
    rows = [
        Place(candidate=candidate, vague=vague, shop=shops[candidate.shop])
        for _, candidate, vague in sorted(found, key=lambda entry: entry[0])
    ]
    return Stand(process, rows)


def _coded(things: list[Thing]) -> tuple[list[Thing], NDArray[np.intp]]:
    codes: dict[Thing, int] = {}
    column = np.array([codes.setdefault(thing, len(codes)) for thing in things], dtype=np.intp)
    return list(codes), column


def _judged(coded: tuple[list[Thing], NDArray[np.intp]], judge: Callable[[Thing], int]) -> NDArray[np.int8]:
    things, column = coded
    return np.array([judge(thing) for thing in things], dtype=np.int8)[column]
