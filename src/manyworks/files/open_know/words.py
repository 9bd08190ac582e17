"""The vocabulary of manifests and facility files, and texts that say nothing."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files as resources
from typing import Any

_LONGEST = 4_000


@cache
def vocabulary() -> dict[str, Any]:
    """All of ``data/open_know.toml``."""
    return tomllib.loads(
        resources("manyworks.files").joinpath("data/open_know.toml").read_text(encoding="utf-8")
    )


@cache
def field_of(key: str) -> str:
    """The field a manifest's key is read as; ``known`` for what is only kept, empty for unknown keys."""
    plain = key.strip().casefold()
    keys: dict[str, list[str]] = vocabulary()["keys"]
    return next((name for name, spellings in keys.items() if name != "part" and plain in spellings), "")


@cache
def all_keys() -> tuple[str, ...]:
    """Every spelling of every key."""
    return tuple(dict.fromkeys(word for words in vocabulary()["keys"].values() for word in words))


def text_of(value: object) -> str:
    """A value as one line of text; empty for nothing and for texts of an unfilled template."""
    if value is None or isinstance(value, bool | dict | list):
        return ""
    text = " ".join(str(value)[:_LONGEST].split())
    return "" if _is_template(text) else text


def _is_template(text: str) -> bool:
    plain = text.casefold()
    words: list[str] = vocabulary()["template"]["words"]
    return any(plain == word.casefold() for word in words) or text.startswith(("FIXME", "TODO", "<your"))


def texts_of(value: object) -> tuple[str, ...]:
    """A text or a list of texts (or of mappings with a path or title) as texts."""
    if isinstance(value, list):
        return tuple(filter(None, (_entry(one) for one in value)))
    single = _entry(value)
    return (single,) if single else ()


def _entry(value: object) -> str:
    if isinstance(value, dict):
        keys = ("path", "location", "title", "name", "standard-title", "url", "web")
        return next((text for key in keys if (text := text_of(value.get(key)))), "")
    return text_of(value)


def spdx(text: str) -> tuple[str, bool]:
    """The SPDX identifier a licence text means, and whether it is written as one."""
    words = vocabulary()
    plain = text.strip()
    meant: str | None = words["licences"].get(re.sub(r"\s+", " ", plain.casefold()))
    if meant is not None:
        return meant, meant == plain
    known = plain in words["spdx"]["identifiers"] or any(map(plain.startswith, words["spdx"]["families"]))
    return plain, known and " " not in plain


@cache
def process_of(word: str) -> str:
    """The process a code or word names; empty where it leaves the choice open."""
    table: dict[str, str] = vocabulary()["processes"]
    return table.get(word.strip().upper(), "")


@cache
def machine_process(kind: str, sub_kind: str = "") -> str | None:
    """The process of a machine's class; empty for what makes nothing, None for an unknown class."""
    table: dict[str, str] = vocabulary()["machines"]
    first = f"{kind} {sub_kind}".strip().casefold()
    return table.get(first, table.get(kind.strip().casefold()))
