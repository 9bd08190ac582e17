"""Processes under all their names, what is a kind of what, and what a machine's model tells."""

from __future__ import annotations

from functools import cache

from manyworks.market.lexicon import Lexicon, words
from manyworks.market.tables import csv_rows, toml_table


@cache
def processes() -> Lexicon:
    """The lexicon of processes."""
    return Lexicon(toml_table("processes.toml"), "process")


def canonical(name: str) -> str | None:
    """Canonical slug of a process named in English, Chinese or Welsh; None where it is not known.

    Spelling (US or UK), case, hyphens, word order and words such as "services" do not matter. A
    name that says two unrelated things is not guessed at.
    """
    return processes().find(name)


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
    """What a machine does, told by its make and model; None where the catalogue does not know it.

    The longest beginning of the model's name decides.
    """
    wanted = _squeeze(model)
    rows = [row for row in _catalogue().get(_squeeze(make), ()) if wanted.startswith(row[0])]
    return max(rows, key=lambda row: len(row[0]))[1] if rows else None


@cache
def _catalogue() -> dict[str, list[tuple[str, str]]]:
    makes: dict[str, list[tuple[str, str]]] = {}
    for row in csv_rows("machines.csv"):
        makes.setdefault(_squeeze(row["make"]), []).append((_squeeze(row["model"]), row["process"]))
    return makes


def _squeeze(text: str) -> str:
    return "".join(words(text))
