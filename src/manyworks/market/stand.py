"""All machines of one process side by side, as columns, so that thousands are judged at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from manyworks.market.answers import Candidate
from manyworks.market.packages import find_package, squeeze
from manyworks.market.taxonomy import axes_named, axes_of
from manyworks.model import Capability, Certificate, Shop, ShopId

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]
Thing = TypeVar("Thing", bound=Hashable)
Holdings = tuple[tuple[Certificate, ...], bool]
"""Certificates of a shop, and whether it says that there are no others."""

AXES = 3
"""Numbers an envelope is compared on; a longer tuple counts by its largest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One row: a machine, whether its shop names only a wider group of the process, and the shop.

    ``kind`` is the canonical process that the machine was found under.
    """

    candidate: Candidate
    vague: bool
    shop: Shop
    kind: str = ""


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

    def distinct(self, rows: NDArray[np.intp]) -> tuple[Candidate, ...]:
        """Candidates of the rows (ascending), one for each machine and lot range."""
        candidates, codes, count = self._candidates
        if count < len(self):
            first = np.full(count, -1)
            first[codes[rows][::-1]] = rows[::-1]
            rows = np.sort(first[first >= 0])
        return tuple(candidates[rows].tolist())

    @cached_property
    def _candidates(self) -> tuple[NDArray[np.object_], NDArray[np.intp], int]:
        keys = [
            (row.candidate.machine, row.candidate.capability.min_lot, row.candidate.capability.max_lot)
            for row in self.rows
        ]
        distinct, codes = _coded(keys)
        candidates = np.empty(len(self), dtype=object)
        candidates[:] = [row.candidate for row in self.rows]
        return candidates, codes, len(distinct)

    @cached_property
    def vague(self) -> Truths:
        """Rows whose shop names only a wider group of the process."""
        return np.array([row.vague for row in self.rows], dtype=bool)

    @cached_property
    def closed(self) -> Truths:
        """Rows whose shop is not open."""
        return np.array([row.shop.status.strip().casefold() != "open" for row in self.rows], dtype=bool)

    @cached_property
    def none(self) -> Truths:
        """False for every row."""
        return np.zeros(len(self), dtype=bool)

    def numbers(self, name: str) -> Numbers:
        """A field of the capabilities as floats, NaN where not stated."""
        if name not in self._numbers:
            values = [getattr(row.candidate.capability, name) for row in self.rows]
            if name == "axes":
                values = [
                    self._axes(row) if v is None else v for v, row in zip(values, self.rows, strict=True)
                ]
            self._numbers[name] = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        return self._numbers[name]

    @staticmethod
    def _axes(row: Place) -> int | None:
        """Axes that the name of the process tells: a 5-axis machining centre has five."""
        return axes_named(row.candidate.capability.process) or axes_of(row.kind)

    @cached_property
    def smallest_orders(self) -> Numbers:
        """Smallest order of each row's shop, NaN where it cannot be compared."""
        return np.array([row.shop.smallest_order for row in self.rows], dtype=np.float64)

    @cached_property
    def _packages(self) -> tuple[list[str], NDArray[np.intp]]:
        return _coded([squeeze(row.candidate.capability.smallest_package or "") for row in self.rows])

    def places(self, package: str) -> Truths:
        """Rows whose smallest package has this very name (squeezed)."""
        names, column = self._packages
        return np.array([name == package for name in names], dtype=bool)[column]

    @cached_property
    def sides(self) -> NDArray[np.intp]:
        """How many sides of its envelope each row states."""
        return np.asarray(np.count_nonzero(~np.isnan(self.envelopes), axis=1), dtype=np.intp)

    @cached_property
    def narrowest_mm(self) -> Numbers:
        """Shorter side of the smallest package each places, NaN where not stated or not known."""
        names, column = _coded([row.candidate.capability.smallest_package or "" for row in self.rows])
        found = [find_package(name) for name in names]
        return np.array([p.narrow_mm if p else np.nan for p in found], dtype=np.float64)[column]

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
    def _certificates(self) -> tuple[list[Holdings], NDArray[np.intp]]:
        return _coded([(row.shop.certificates, row.shop.certificates_complete) for row in self.rows])

    def by_materials(self, judge: Callable[[tuple[str, ...]], int]) -> NDArray[np.int8]:
        """Judge every distinct list of materials once; verdicts by row."""
        return _judged(self._materials, judge)

    def by_certificates(self, judge: Callable[[Holdings], int]) -> NDArray[np.int8]:
        """Judge every distinct set of certificates once; verdicts by row."""
        return _judged(self._certificates, judge)


def build_stand(
    process: str,
    kinds: Mapping[str, bool],
    machines: Mapping[str, list[tuple[int, Candidate]]],
    shops: Mapping[ShopId, Shop],
) -> Stand:
    """Collect the machines of all ``kinds`` (slug -> whether it is only a wider group)."""
    found = [(at, c, vague, slug) for slug, vague in kinds.items() for at, c in machines.get(slug, ())]
    rows = [
        Place(candidate=candidate, vague=vague, shop=shops[candidate.shop], kind=slug)
        for _, candidate, vague, slug in sorted(found, key=lambda entry: entry[0])
    ]
    return Stand(process, rows)


def _coded(things: list[Thing]) -> tuple[list[Thing], NDArray[np.intp]]:
    codes: dict[Thing, int] = {}
    column = np.array([codes.setdefault(thing, len(codes)) for thing in things], dtype=np.intp)
    return list(codes), column


def _judged(coded: tuple[list[Thing], NDArray[np.intp]], judge: Callable[[Thing], int]) -> NDArray[np.int8]:
    things, column = coded
    verdicts = np.array([judge(thing) for thing in things], dtype=np.int8)
    return verdicts[column]
