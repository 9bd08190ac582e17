"""What the page of a design shows of a manufacturability check, whoever made it."""
# ruff: noqa: D102 - the names say it; what they mean stands with the checks themselves

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from manyworks.model import ItemId


class CheckPlace(Protocol):
    """Somewhere on a part: a point in mm, or words, or both."""

    @property
    def at_mm(self) -> tuple[float, ...]: ...
    @property
    def words(self) -> str: ...


class CheckRow(Protocol):
    """What the page shows of a manufacturability check."""

    @property
    def number(self) -> int: ...
    @property
    def item(self) -> ItemId: ...
    @property
    def body(self) -> int: ...
    @property
    def process(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def hint(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def places(self) -> Sequence[CheckPlace]: ...
    @property
    def shops_able(self) -> Sequence[str]: ...
    @property
    def shops_unable(self) -> Sequence[tuple[str, str]]: ...
