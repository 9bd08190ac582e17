"""Processes under all their names, what is a kind of what, and what a machine's model tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from manyworks.market.catalogue import look_up
from manyworks.market.lexicon import Key, Lexicon, words
from manyworks.market.tables import csv_rows, toml_table

_LONGEST, _MOST_PARTS = 200, 8
_LETTERS_ALONE = 3
_BETWEEN = re.compile(r"\s*(?:[,;/&+、，；和及与]|\b(?:and|or|a|ac|und)\b)\s*", re.I)
_WITH = re.compile(r"\s+(?:with|plus|then|incl\.?|including|followed by)\s+", re.I)
_NUMERALS = {"three": 3, "four": 4, "five": 5, "六": 6, "五": 5, "四": 4, "三": 3}
_AXES = re.compile(
    r"\b(?P<first>[3-9]|three|four|five)(?:\s*\+\s*(?P<more>[12]))?[\s-]*ax[ie]s?\b"
    r"|(?P<wide>[三四五六3-6])轴|\b(?P<welsh>[3-6])[\s-]*echel",
    re.I,
)


@cache
def processes() -> Lexicon:
    """The lexicon of processes."""
    forms = {row["from"]: row["to"] for row in csv_rows("word_forms.csv")}
    return Lexicon(toml_table("processes.toml"), "process", forms)


def canonical(name: str) -> str | None:
    """Canonical slug of a process named in English, Chinese or Welsh; None where it is not known.

    Spelling (US or UK), case, hyphens, word order and words such as "services" do not matter. A
    name that says two unrelated things is not guessed at (see `processes_named`).
    """
    named = processes_named(name)
    return named[0] if len(named) == 1 else None


@lru_cache(maxsize=100_000)
def processes_named(name: str) -> tuple[str, ...]:
    """Canonical slugs of all processes a text names: ``CNC milling and turning`` names two.

    What several share may stand once, before or after them (``laser and plasma cutting``). Empty
    where a part is not understood.
    """
    if whole := processes().names_exactly(name):
        return (whole,)
    if several := _all_parts(_BETWEEN, name):
        return several
    whole = processes().find(name)
    return (whole,) if whole else _all_parts(_WITH, name)


def _all_parts(between: re.Pattern[str], name: str) -> tuple[str, ...]:
    """Slugs of the processes that a text names apart; empty where one of them is not understood."""
    parts = [part for part in between.split(name[:_LONGEST]) if part.strip()]
    found = [_part_of(part, parts) for part in parts] if 1 < len(parts) <= _MOST_PARTS else []
    return tuple(dict.fromkeys(slug for slug in found if slug)) if all(found) else ()


@lru_cache(maxsize=100_000)
def may_mean(name: str) -> tuple[str, ...]:
    """Processes that a name may mean besides what it is taken for (``spinning``: of yarn or of metal)."""
    return _ambiguous().get(processes().key(name), ())


@cache
def _ambiguous() -> dict[Key, tuple[str, ...]]:
    return {
        processes().key(name): tuple(slugs) for name, slugs in toml_table("processes.toml")["may"].items()
    }


def _part_of(part: str, parts: list[str]) -> str | None:
    """One of several processes named together, with the words it shares with the first or last."""
    first, last = parts[0].split(), parts[-1].split()
    shared = [f"{part} {' '.join(last[at:])}" for at in range(1, len(last)) if part != parts[-1]]
    shared += [f"{' '.join(first[:at])} {part}" for at in range(1, len(first)) if part != parts[0]]
    plain = processes().find(part)
    named = [slug for text in shared if (slug := processes().find(text))]
    narrower = [slug for slug in named if plain is None or _is_narrower(slug, plain)]
    return narrower[0] if narrower else plain


def _is_narrower(slug: str, wider: str) -> bool:
    return slug != wider and processes().is_kind_of(slug, wider)


def axes_named(name: str) -> int | None:
    """Axes that a name states (``4-axis CNC milling``, ``五轴加工``), None where it does not."""
    found = _AXES.search(name[:_LONGEST])
    if not found:
        return None
    if found["more"]:
        return int(found["first"]) + int(found["more"])
    said = found["first"] or found["wide"] or found["welsh"]
    return int(said) if said.isdigit() else _NUMERALS[said.casefold()]


def axes_of(process: str) -> int | None:
    """Axes that a canonical process stands for (five of 5-axis milling); None where it stands for none."""
    axes = toml_table("processes.toml")["process"].get(process, {}).get("axes")
    return axes if isinstance(axes, int) else None


def met_by(process: str) -> tuple[str, ...]:
    """Wider processes whose plain name is taken for a canonical one too."""
    return tuple(toml_table("processes.toml")["process"].get(process, {}).get("met_by", ()))


def plain_process(process: str) -> str:
    """The process that a slug is with a certain number of axes: plain milling of 5-axis milling."""
    return processes().entries[process].parents[0] if axes_of(process) else process


def is_kind_of(process: str, wider: str) -> bool:
    """Whether ``process`` is ``wider`` or a narrower kind of it, both under any name."""
    narrow, wide = canonical(process), canonical(wider)
    return bool(narrow and wide and processes().is_kind_of(narrow, wide))


def wider_processes(process: str) -> frozenset[str]:
    """Slugs of all groups a process belongs to, without itself; empty for an unknown name."""
    slug = canonical(process)
    return processes().wider(slug) if slug else frozenset()


def known_processes() -> tuple[str, ...]:
    """All canonical slugs."""
    return tuple(processes().entries)


def nearest_process(name: str) -> str:
    """A slug with a name like this one, for hints; empty where nothing comes near."""
    return processes().nearest(name)


def process_of_machine(make: str, model: str) -> str | None:
    """What a machine mainly does, told by its make and model; None where no table knows it.

    The longest beginning of the model's name decides. Where both tables are as exact, the catalogue
    counts before the table of series.
    """
    rows = [row for table in (_catalogue(), _series()) if (row := _longest(table, make, model))]
    return (max(rows, key=lambda row: len(row[0]))[1] or None) if rows else None


@lru_cache(maxsize=100_000)
def processes_of_machine(make: str, model: str) -> tuple[str, ...] | None:
    """All that a machine does by its make and model, however they are written; empty: it makes nothing.

    None where the catalogue does not know it. A make alone tells only where all its machines do the same.
    """
    found = look_up(make, model)
    series = _longest(_series(), make, model)
    if found and not (series and len(series[0]) > len(_squeeze(found.row.model))):
        return tuple(dict.fromkeys(found.row.processes))
    process = process_of_machine(make, model)
    return (process,) if process else None


def _longest(table: dict[str, list[tuple[str, str]]], make: str, model: str) -> tuple[str, str] | None:
    """The row of a make with the longest beginning of the model's name."""
    wanted = _squeeze(model)
    rows = [row for row in table.get(_squeeze(make), ()) if _begins(wanted, row[0])]
    return max(rows, key=lambda row: len(row[0]), default=None)


def _begins(model: str, beginning: str) -> bool:
    """Whether a model's name begins so; one or two letters need a figure after them."""
    rest = model[len(beginning) :]
    short = beginning.isalpha() and len(beginning) < _LETTERS_ALONE
    return model.startswith(beginning) and (not short or not rest or rest[0].isdigit())


@cache
def _catalogue() -> dict[str, list[tuple[str, str]]]:
    rows = csv_rows("machines.csv")
    return _by_make((row["make"], row["model"], row["process"]) for row in rows)


@cache
def _series() -> dict[str, list[tuple[str, str]]]:
    rows = csv_rows("machine_series.csv")
    return _by_make(
        (row["make"], model, row["process"]) for row in rows for model in row["models"].split(";")
    )


def _by_make(rows: Iterable[tuple[str, str, str]]) -> dict[str, list[tuple[str, str]]]:
    makes: dict[str, list[tuple[str, str]]] = {}
    for make, model, process in rows:
        makes.setdefault(_squeeze(make), []).append((_squeeze(model), process))
    return makes


def _squeeze(text: str) -> str:
    return "".join(words(text))
