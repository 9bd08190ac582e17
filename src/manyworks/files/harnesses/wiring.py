"""Connection sets of a harness file -> which core goes from which position to which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any, Literal

from manyworks.files.harnesses.cables import Cable
from manyworks.files.harnesses.ends import Connector
from manyworks.files.harnesses.limits import CONNECTIONS, CORES_IN_USE, INSTANCES, PARALLEL
from manyworks.files.harnesses.words import text_of

ARROW = re.compile(r"<?(?:-{1,3}|={1,3})>?")
_RANGE = re.compile(r"(\d{1,6})\s*-\s*(\d{1,6})")


class WiringError(ValueError):
    """A connection set that cannot be followed."""


@dataclass(slots=True)
class End:
    """One piece of a connector in use. ``positions`` are wired, ``name`` is its own or made up."""

    name: str
    connector: Connector
    named: bool
    positions: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Run:
    """One piece of a cable in use: for each core what it is wired to, on the left and the right."""

    name: str
    cable: Cable
    named: bool
    left: dict[str, list[str]] = field(default_factory=dict)
    right: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Column:
    """One step of a connection set: a piece and what of it, once for each parallel connection."""

    kind: Literal["end", "run", "arrow"]
    pieces: tuple[End | Run | None, ...]
    points: tuple[object, ...]


class Wiring:
    """Follows connection sets and collects the pieces in use.

    Parameters
    ----------
    connectors, cables
        As defined; a name is in one of them only.
    separator
        What stands between a template and the name of a piece made from it.
    """

    def __init__(
        self, connectors: Mapping[str, Connector], cables: Mapping[str, Cable], separator: str = "."
    ) -> None:
        self.connectors = connectors
        self.cables = cables
        self.separator = separator
        self.ends: dict[str, End] = {}
        self.runs: dict[str, Run] = {}
        self.mates = 0
        self.templates: set[str] = set()
        self._room = CONNECTIONS
        self._core_room = CORES_IN_USE
        self._anonymous = 0

    def follow(self, given: object) -> None:
        """Follow one connection set.

        Raises
        ------
        WiringError
            It names what is not defined, its steps do not fit together, or there are too many.
        """
        if not isinstance(given, list) or not given:
            raise WiringError("a connection set is a list of connectors and cables in turn")
        entries = [_entries(item) for item in given]
        count = _parallel(entries)
        self._room -= count * len(given)
        if self._room < 0:
            raise WiringError(f"more than {CONNECTIONS:,} connections")
        columns = [self._column(entry, count) for entry in entries]
        _check_turns(columns)
        for index, column in enumerate(columns):
            if column.kind == "run":
                self._wire(column, columns[index - 1] if index else None, columns[index + 1 : index + 2])
        self.mates += sum(column.kind == "arrow" for column in columns)

    def _column(self, entries: _Entries, count: int) -> _Column:
        names = entries.names if entries.listed else entries.names * count
        points = entries.points if entries.listed else entries.points * count
        if all(ARROW.fullmatch(name) for name in names):
            return _Column("arrow", (None,) * count, points)
        if entries.one_piece:
            piece = self._piece(names[0])
            pieces = (piece,) * len(names)
        else:
            pieces = tuple(self._piece(name) for name in names)
        kinds = {isinstance(piece, Run) for piece in pieces}
        if len(kinds) > 1:
            raise WiringError(f"connectors and cables stand side by side: {', '.join(names[:6])}")
        return _Column("run" if kinds == {True} else "end", pieces, points)

    def _piece(self, name: str) -> End | Run:
        """The piece a name means; one made anew where it names a template and no piece."""
        known = self.ends.get(name) or self.runs.get(name)
        if known is not None:
            return known
        if name in self.connectors or name in self.cables:
            defined = self.connectors.get(name) or self.cables[name]
            return self._make(name, "" if defined.anew else name)
        template, found, designator = name.partition(self.separator)
        if not found or (template not in self.connectors and template not in self.cables):
            raise WiringError(f"{name!r} is no connector or cable of this file")
        if designator in self.connectors or designator in self.cables:
            raise WiringError(f"{name!r}: {designator!r} is a connector or cable of its own")
        known = self.ends.get(designator) or self.runs.get(designator)
        return self._same_kind(known, template) if known is not None else self._make(template, designator)

    def _same_kind(self, known: End | Run, template: str) -> End | Run:
        made_from = known.connector.name if isinstance(known, End) else known.cable.name
        if made_from != template:
            raise WiringError(f"{known.name!r} was made from {made_from!r}, not from {template!r}")
        return known

    def _make(self, template: str, name: str) -> End | Run:
        self.templates.add(template)
        if template in self.cables:
            self._core_room -= len(self.cables[template].cores)
        if self._core_room < 0 or len(self.ends) + len(self.runs) >= INSTANCES:
            raise WiringError(f"more than {INSTANCES:,} pieces or {CORES_IN_USE:,} cores")
        named = bool(name)
        if not named:
            self._anonymous += 1
            name = f"{template}{self.separator}{self._anonymous}"
        if template in self.connectors:
            return self.ends.setdefault(name, End(name, self.connectors[template], named))
        return self.runs.setdefault(name, Run(name, self.cables[template], named))

    def _wire(self, column: _Column, before: _Column | None, after: Sequence[_Column]) -> None:
        """Note where every core of a step comes from and goes to."""
        following = after[0] if after else None
        for index, (piece, point) in enumerate(zip(column.pieces, column.points, strict=True)):
            if not isinstance(piece, Run):
                continue
            core = _core(piece, point)
            for other, side in ((before, piece.left), (following, piece.right)):
                ends = side.setdefault(core, [])
                if other is not None and other.kind == "end":
                    end = other.pieces[index]
                    if isinstance(end, End):
                        ends.append(_place(end, other.points[index]))


def _core(run: Run, point: object) -> str:
    if point is not None:
        return run.cable.core(point)
    if len(run.cable.cores) == 1:
        return run.cable.cores[0].name
    raise WiringError(f"which of the {len(run.cable.cores)} cores of {run.name} is meant?")


def _place(end: End, point: object) -> str:
    """``connector:position``, with the position marked as wired."""
    connector = end.connector
    if point is None:
        if len(connector.pins) > 1:
            raise WiringError(f"which of the {len(connector.pins)} pins of {end.name} is meant?")
        position = connector.pins[0] if connector.pins else "1"
    elif connector.counted:
        position = connector.position(point)
    else:
        position = text_of(point)
    end.positions[position] = end.positions.get(position, 0) + 1
    return f"{end.name}:{position}"


@dataclass(frozen=True, slots=True)
class _Entries:
    """Names and points of one step as written.

    ``listed`` says that there is one for each parallel connection; ``one_piece`` that all mean the
    same piece, as the pins of one connector do.
    """

    names: tuple[str, ...]
    points: tuple[object, ...]
    listed: bool
    one_piece: bool


def _entries(item: object) -> _Entries:
    if isinstance(item, Mapping):
        return _of_mapping(item)
    if isinstance(item, list):
        parts = [_entries(one) for one in item[: PARALLEL + 1]]
        names = tuple(name for part in parts for name in part.names)
        points = tuple(point for part in parts for point in part.points)
        return _Entries(names, points, listed=True, one_piece=False)
    name = text_of(item)
    if not name:
        raise WiringError("a step of the connection set is empty")
    return _Entries((name,), (None,), listed=False, one_piece=False)


def _of_mapping(item: Mapping[Any, Any]) -> _Entries:
    if len(item) != 1:
        raise WiringError("a step of a connection set names one connector or cable")
    ((key, value),) = item.items()
    name, points = text_of(key), tuple(islice(_points(value), PARALLEL + 1))
    if not points or len(points) > PARALLEL:
        raise WiringError(f"{name} has {len(points)} pins or cores here, expected 1 to {PARALLEL:,}")
    return _Entries((name,) * len(points), points, listed=True, one_piece=True)


def _points(value: object) -> Iterator[object]:
    """Pins or cores, ranges written out: ``[1-3, 7]``, ``4-2`` counts down."""
    for one in value[: PARALLEL + 1] if isinstance(value, list) else [value]:
        found = _RANGE.fullmatch(text_of(one))
        if found is None:
            if isinstance(one, list | Mapping) or text_of(one) == "":
                raise WiringError("a pin or core is a number, a label, a colour or a range such as 1-4")
            yield one
            continue
        first, last = int(found[1]), int(found[2])
        if abs(first - last) >= PARALLEL:
            raise WiringError(f"the range {found[0]} has more than {PARALLEL:,} members")
        step = 1 if last >= first else -1
        yield from range(first, last + step, step)


def _parallel(entries: Sequence[_Entries]) -> int:
    """How many connections run side by side; steps that list them must agree."""
    lengths = {len(entry.names) for entry in entries if entry.listed}
    if len(lengths) > 1:
        listed = ", ".join(f"{entry.names[0]} x {len(entry.names)}" for entry in entries[:8])
        raise WiringError(f"the steps list different numbers of pins and cores: {listed}")
    return lengths.pop() if lengths else 1


def _check_turns(columns: Sequence[_Column]) -> None:
    """Connectors and cables take turns; an arrow stands for a cable."""
    for first, second in pairwise(columns):
        if (first.kind == "end") == (second.kind == "end"):
            kind = "connectors" if first.kind == "end" else "cables or arrows"
            raise WiringError(f"two {kind} follow each other; connectors and cables take turns")
