"""What sewing patterns call things and what markers assume (``data/garments.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files as resources
from typing import Any


@cache
def vocabulary() -> dict[str, Any]:
    """The whole vocabulary of sewing patterns."""
    text = resources("manyworks.files").joinpath("data/garments.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def text_kinds() -> dict[str, str]:
    """What the key of a text ``Key: value`` stands for."""
    return {word: kind for kind, words in vocabulary()["texts"].items() for word in words}
