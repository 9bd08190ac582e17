"""The catalogue of machines: what a make and model can do, how large, how fast, at which price.

Rows of ``data/machines.csv`` are found by make and model however people write them; where a model
is not in the catalogue, ``data/machine_words.toml`` says what a class of machines or a plain name
such as "laser cutter" stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any, TypeVar

from manyworks.market.lexicon import fold
from manyworks.market.tables import csv_rows, toml_table
from manyworks.model import Capability

Tokens = tuple[str, ...]
Thing = TypeVar("Thing")

_LONGEST = 200
_MOST_TOKENS = 24
_TOKEN = re.compile(r"[234]d(?![a-z0-9])|\d+(?:\.\d+)?|[^\W\d_]+|\+")
_SHORTEST_ALONE = 4
_SHORTEST_INSIDE = 3
_LENGTH_OFF = 2
_CLOSE = 0.86
_ROUNDED = 0.1
_NUMBERS = (
    "tolerance_mm",
    "max_thickness_mm",
    "min_track_mm",
    "min_drill_mm",
    "clamp_force_t",
    "shot_g",
    "max_diameter_mm",
    "max_length_mm",
    "max_bend_length_mm",
)
_COUNTS = ("axes", "max_layers")


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineModel:
    """One row of the catalogue; None and empty where it is not known.

    Parameters
    ----------
    make, model
        Of the catalogue; an empty model stands for any machine of the make.
    capabilities
        What it can do; none where it makes nothing (a scanner, a washer). Materials are those of
        the first.
    rated_kw
        Connected load (kW).
    speed, speed_unit, coefficient
        Of the nameplate, such as 47,000 placements/h or 22.4 kW spindle, and the name it has among
        the coefficients of the process models; empty where it has none.
    capital_usd, year
        Usual price new without tooling (USD) and when that was.
    source, confidence
        Where the figures are from; ``high``, ``medium`` or ``low``.
    """

    make: str
    model: str
    capabilities: tuple[Capability, ...] = ()
    rated_kw: float | None = None
    speed: float | None = None
    speed_unit: str = ""
    coefficient: str = ""
    capital_usd: float | None = None
    year: int | None = None
    source: str = ""
    confidence: str = "low"

    @property
    def name(self) -> str:
        """Make and model in one."""
        return f"{self.make} {self.model}".strip()

    @property
    def processes(self) -> tuple[str, ...]:
        """Slugs of what it can do."""
        return tuple(capability.process for capability in self.capabilities)

    @property
    def coefficients(self) -> Mapping[str, float]:
        """What it says about coefficients of the process models: its speed and its working space."""
        found: dict[str, float] = {}
        if self.coefficient and self.speed is not None:
            found[self.coefficient] = self.speed
        for one in self.capabilities[:1]:
            names = toml_table("machine_words.toml")["beds"].get(one.process, ())
            found |= zip(names, one.envelope_mm or (), strict=False)
        return found

    @property
    def is_part_of_line(self) -> bool:
        """Whether its price and load are those of one machine of the line its process takes."""
        return bool({*self.processes} & {*toml_table("machine_words.toml")["lines"]["processes"]})

    @property
    def is_series(self) -> bool:
        """Whether the row tells no figure: a whole series of machines that do the same."""
        plain = Capability(process="")
        sizes = (replace(one, process="", materials=(), axes=None) for one in self.capabilities)
        return all(size == plain for size in sizes) and self.capital_usd is None and self.speed is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A row of the catalogue and what it was found by: ``model``, ``make`` alone, ``name`` without a make."""

    row: MachineModel
    by: str


def find_model(make: str, model: str) -> MachineModel | None:
    """The catalogue's row for a machine, None where it does not know it.

    Spelling, case and signs do not matter; the make may be missing, stand inside the model, or have
    another of its names ("ultimaker 2+", "prusa i3 mk3s", "Stratasys uPrint SE"). The row with the
    longest part of the model's name decides.

    Examples
    --------
    >>> find_model("", "Stratasys uPrint SE").processes
    ('fdm-printing',)
    >>> find_model("shopbot tools, inc", "PRSalpha 96x48").capabilities[0].envelope_mm
    (2438.0, 1219.0, 152.0)
    """
    found = look_up(make, model)
    return found.row if found else None


@lru_cache(maxsize=65536)
def look_up(make: str, model: str) -> Found | None:
    """As `find_model`, with what the row was found by."""
    wanted = _tokens(model)
    ranked = [_best_of(known, wanted) for known in _makes_meant(_tokens(make), wanted)]
    best = max((one for one in ranked if one), key=lambda one: one[0], default=None)
    found = best[1] if best else _by_model_alone(wanted)
    return replace(found, row=_as_named(found.row, model)) if found else None


def _as_named(row: MachineModel, model: str) -> MachineModel:
    """The row with the figure that the machine's name says; the price of another size is not its price."""
    named = _figure_in_name(row, fold(model[:_LONGEST]))
    known = row.capabilities[0] if row.capabilities else Capability(process="")
    if not named or all(getattr(known, name) is not None and _is_like(known, named) for name in named):
        return row
    return replace(
        row,
        capabilities=tuple(replace(one, **named) for one in row.capabilities),
        capital_usd=None,
        source=f"{row.source}; {', '.join(named)} by its name",
    )


def _figure_in_name(row: MachineModel, text: str) -> dict[str, Any]:
    for rule in toml_table("machine_words.toml")["figure_in_name"]:
        if rule["make"] == row.make and row.processes[:1] == (rule["process"],):
            found = re.search(rule["pattern"], text)
            sizes = tuple(float(part) * rule["factor"] for part in found.groups()) if found else ()
            if sizes and min(sizes) > 0:
                return {rule["field"]: sizes if len(sizes) > 1 else sizes[0]}
    return {}


def _is_like(known: Capability, named: Mapping[str, Any]) -> bool:
    """Whether the name says the size the row has, to a tenth: names are rounded."""
    if "envelope_mm" in named:
        pairs = list(zip(known.envelope_mm or (), named["envelope_mm"], strict=False))
    else:
        pairs = [(known.clamp_force_t or 0.0, named["clamp_force_t"])]
    return all(abs(one - other) <= _ROUNDED * other for one, other in pairs)


def _best_of(make: str, wanted: Tokens) -> tuple[tuple[bool, int], Found] | None:
    """The row of one make that stands for most of the wanted name, figures before series.

    Words after the make count first: a make may be called like one of its own models.
    """
    ranked: list[tuple[tuple[bool, int], Found]] = []
    for text in dict.fromkeys((_without(wanted, make), wanted)):
        for row, tokens in _rows_of(make):
            size = _agreement(row, tokens, text)
            if size is not None:
                rank = (bool(tokens) and not row.is_series, size)
                ranked.append((rank, Found(row=row, by="model" if tokens else "make")))
        if any(size for (_, size), _ in ranked):
            break
    return max(ranked, key=lambda one: one[0], default=None)


def _makes_meant(make: Tokens, model: Tokens) -> Iterator[str]:
    """Makes of the catalogue that the make's name, or else words of the model's, may mean."""
    told = [known for name, known in _starting(_spellings(), make[:1]) if make[: len(name)] == name]
    inside = [
        known
        for name, known in _starting(_spellings(), model)
        if _holds(model, name) and (model[: len(name)] == name or len("".join(name)) >= _SHORTEST_INSIDE)
    ]
    if not told and not inside:
        told = _misspelt("".join(make))
    return iter(dict.fromkeys((*told, *inside)))


def _misspelt(make: str) -> list[str]:
    """The make whose name a text comes nearest to: of like length, with the same first letter."""
    near = [
        name
        for name in _plain_spellings()
        if name[:1] == make[:1] and abs(len(name) - len(make)) <= _LENGTH_OFF
    ]
    return [_plain_spellings()[one] for one in get_close_matches(make, near, n=1, cutoff=_CLOSE)]


def _starting(
    groups: Mapping[str, tuple[tuple[Tokens, Thing], ...]], tokens: Tokens
) -> list[tuple[Tokens, Thing]]:
    """Groups of words that begin with one of the words of a text."""
    return [group for token in dict.fromkeys(tokens) for group in groups.get(token, ())]


def _by_first(groups: Iterable[tuple[Tokens, Thing]]) -> Mapping[str, tuple[tuple[Tokens, Thing], ...]]:
    found: dict[str, tuple[tuple[Tokens, Thing], ...]] = {}
    for tokens, thing in groups:
        if tokens:
            found[tokens[0]] = (*found.get(tokens[0], ()), (tokens, thing))
    return found


def _agreement(row: MachineModel, tokens: Tokens, wanted: Tokens) -> int | None:
    """How many letters of the wanted name a row's model stands for; None where it is another model."""
    if not tokens:
        return 0
    size = len("".join(tokens))
    for at in range(len(wanted)):
        if at and size < _SHORTEST_INSIDE:
            return None
        if _starts(wanted[at : at + len(tokens)], tokens):
            return size
        if row.is_series and "".join(wanted[at:]).startswith("".join(tokens)):
            return size
    return None


def _starts(wanted: Tokens, tokens: Tokens) -> bool:
    """Whether words begin with those of a model: all alike, letters at the end may go on (``vf-2 ss``)."""
    last = tokens[-1]
    return (
        len(wanted) == len(tokens)
        and wanted[:-1] == tokens[:-1]
        and (wanted[-1] == last or (last.isalpha() and wanted[-1].startswith(last)))
    )


def _by_model_alone(wanted: Tokens) -> Found | None:
    """A model that names itself: letters and digits that only one make's row begins with."""
    hits = [
        (len("".join(tokens)), row)
        for tokens, row in _names().get(wanted[0][:1] if wanted else "", ())
        if _starts(wanted[: len(tokens)], tokens)
    ]
    longest = max((size for size, _ in hits), default=0)
    rows = [row for size, row in hits if size == longest]
    return Found(row=rows[0], by="name") if rows and len({row.make for row in rows}) == 1 else None


def _is_name(tokens: Tokens) -> bool:
    text = "".join(tokens)
    return len(text) >= _SHORTEST_ALONE and any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def find_processes(words: str, *, certain: bool = False) -> tuple[str, ...] | None:
    """Processes that a machine's class or plain name stands for (``laser cutter``, ``three_d_printer``).

    Empty for what makes nothing (a scanner), None where no word is known. A text that is a class of
    the published tables means that class; else the longest group of known words decides.

    Parameters
    ----------
    certain
        Leave aside words so plain that a class says more (``cnc``, ``laser``).
    """
    tokens = _tokens(words)
    if not certain and tokens in _classes():
        return _classes()[tokens]
    hits = [
        (len("".join(group)), processes)
        for group, processes in _starting(_words(), tokens)
        if _holds(tokens, group) and not (certain and group in _plain())
    ]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadShare:
    """Share of the connected load that a machine draws on average while it runs."""

    value: float
    low: float
    high: float
    unit: str
    source: str
    year: int
    confidence: str


@cache
def load_share() -> LoadShare:
    """What is assumed of every machine whose connected load is known and whose mean power is not."""
    return LoadShare(**toml_table("machine_words.toml")["load_share"])


@lru_cache(maxsize=65536)
def _tokens(text: str) -> Tokens:
    """Words, numbers and plus signs of a text; ``3d`` is a word of its own."""
    plain = fold(text[:_LONGEST].replace("\u00ad", ""))
    return tuple(_TOKEN.findall(plain))[:_MOST_TOKENS]


def _holds(tokens: Tokens, group: Tokens) -> bool:
    """Whether the words of a group stand in a text one after the other."""
    size = len(group)
    return any(tokens[at : at + size] == group for at in range(len(tokens) - size + 1))


def _without(tokens: Tokens, make: str) -> Tokens:
    """The model's words after the make, where the make stands among them and something is left."""
    for name in _makes()[make]:
        for at in range(len(tokens) - len(name)):
            if tokens[at : at + len(name)] == name:
                return tokens[at + len(name) :]
    return tokens


@cache
def _makes() -> Mapping[str, tuple[Tokens, ...]]:
    """Spellings of every make of the catalogue, the longest first."""
    others: Mapping[str, list[str]] = toml_table("machine_words.toml")["makes"]
    makes = dict.fromkeys(row.make for row in models())
    return {
        make: tuple(sorted({_tokens(name) for name in (make, *others.get(make, ()))}, key=len, reverse=True))
        for make in makes
    }


@cache
def _spellings() -> Mapping[str, tuple[tuple[Tokens, str], ...]]:
    return _by_first((name, make) for make, names in _makes().items() for name in names)


@cache
def _plain_spellings() -> Mapping[str, str]:
    return {"".join(name): make for make, names in _makes().items() for name in names}


@cache
def _names() -> Mapping[str, tuple[tuple[Tokens, MachineModel], ...]]:
    """Rows whose model names itself, by its first letter."""
    found: dict[str, tuple[tuple[Tokens, MachineModel], ...]] = {}
    for row, tokens in _all_rows():
        if _is_name(tokens):
            found[tokens[0][0]] = (*found.get(tokens[0][0], ()), (tokens, row))
    return found


@cache
def _rows_of(make: str) -> tuple[tuple[MachineModel, Tokens], ...]:
    return tuple((row, tokens) for row, tokens in _all_rows() if row.make == make)


@cache
def _all_rows() -> tuple[tuple[MachineModel, Tokens], ...]:
    return tuple((row, _tokens(row.model)) for row in models())


@cache
def _classes() -> Mapping[Tokens, tuple[str, ...]]:
    table: Mapping[str, list[str]] = toml_table("machine_words.toml")["classes"]
    return {_tokens(words): tuple(processes) for words, processes in table.items()}


@cache
def _plain() -> frozenset[Tokens]:
    return frozenset(map(_tokens, toml_table("machine_words.toml")["plain"]["words"]))


@cache
def _words() -> Mapping[str, tuple[tuple[Tokens, tuple[str, ...]], ...]]:
    table: Mapping[str, list[str]] = toml_table("machine_words.toml")["words"]
    return _by_first((_tokens(words), tuple(processes)) for words, processes in table.items())


@cache
def models() -> tuple[MachineModel, ...]:
    """Every row of the catalogue."""
    return tuple(map(_model, csv_rows("machines.csv")))


def _model(row: Mapping[str, str]) -> MachineModel:
    return MachineModel(
        make=row["make"],
        model=row["model"],
        capabilities=_capabilities(row),
        rated_kw=_number(row["rated_kw"]),
        speed=_number(row["speed"]),
        speed_unit=row["speed_unit"],
        coefficient=row["coefficient"],
        capital_usd=_number(row["capital_usd"]),
        year=int(row["year"]) if row["year"] else None,
        source=row["source"],
        confidence=row["confidence"],
    )


def _capabilities(row: Mapping[str, str]) -> tuple[Capability, ...]:
    if not row["process"]:
        return ()
    size = tuple(float(side) for side in row["envelope_mm"].split("x") if side.strip())
    figures: dict[str, Any] = {name: _number(row[name]) for name in _NUMBERS}
    figures |= {name: int(row[name]) if row[name] else None for name in _COUNTS}
    first = Capability(
        process=row["process"],
        materials=_listed(row["materials"]),
        envelope_mm=size or None,
        smallest_package=row["smallest_package"] or None,
        **figures,
    )
    others = (replace(first, process=process, materials=()) for process in _listed(row["also"]))
    return (first, *others)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _number(text: str) -> float | None:
    return float(text) if text else None
