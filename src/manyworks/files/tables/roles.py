"""Which column means what: names looked up in the vocabulary, doubtful ones decided by their cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from manyworks.files.tables.designators import looks_like_designators
from manyworks.files.tables.grid import Grid, Row
from manyworks.files.tables.sellers import likely_seller, seller_of
from manyworks.files.vocabulary import says_not_fitted, squeeze, vocabulary

UNKNOWN = "unknown"
_BRACKETS = re.compile(r"[(\[{（][^)\]}）]*[)\]}）]")
_TAIL_NUMBER = re.compile(r"^(.*?\D)(\d)$")
_TAIL_UNIT = re.compile(r"^(.{2,}?)(?:mm|mils?|inch)$")
_INTEGER = re.compile(r"^\d{1,9}$")
_AMOUNT = re.compile(r"^\d{1,9}([.,]\d+)?$")
_PAIR = re.compile(r"^\(?\s*-?\d+(?:\.\d+)?[\s,;]+-?\d+(?:\.\d+)?\s*\)?$")
# Roles of which a table has one; a second column becomes `alternative_<role>` or unknown.
_ALTERNATIVES = {
    "mpn": "alternative_mpn",
    "manufacturer": "alternative_manufacturer",
    "supplier": "alternative_supplier",
    "supplier_part": "alternative_supplier_part",
    "supplier_link": "alternative_supplier_link",
    "quantity": "quantity_alternative",
    "quantity_alternative": "quantity_alternative",
    "description": "notes",
    "value": "value_generic",
}
_MANY = frozenset(
    {"ignore", "notes", "datasheet", "compliance", "price", "image", "line", "dnp", *_ALTERNATIVES.values()}
) - {"value_generic"}
_LOOK_ROWS = 300
_NAME_LENGTH = 200
_AND = re.compile(r"/|&|,|\bor\b|\band\b|\bund\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What was understood of one column.

    Parameters
    ----------
    name
        As written; empty where the table has no names.
    role
        Its meaning; ``unknown`` where it is not used.
    seller
        The seller it is named after, or whose numbers its cells are.
    why
        ``name`` where the name alone says the role, ``cells`` where its cells decided.
    """

    name: str
    role: str
    seller: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The role of every column, in file order, and the sellers that columns are named after."""

    roles: tuple[str, ...]
    names: tuple[str, ...]
    sellers: tuple[str, ...]
    by_cells: frozenset[int] = frozenset()

    def index(self, role: str) -> int | None:
        """The column with a role, or None."""
        return self.roles.index(role) if role in self.roles else None

    def cell(self, row: Row, role: str) -> str:
        """What a row says in a role; empty where it says nothing."""
        index = self.index(role)
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    def cells(self, row: Row, role: str) -> Iterator[str]:
        """What a row says in every column of a role, empty cells left out."""
        return (cell for cell, own in zip(row.cells, self.roles, strict=False) if own == role and cell)

    def has(self, *roles: str) -> bool:
        """Whether every one of the roles has a column."""
        return all(role in self.roles for role in roles)

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the quantity columns of a table with one column for every model."""
        return tuple(role[9:-1] for role in self.roles if role.startswith("quantity["))

    @property
    def understood(self) -> tuple[Column, ...]:
        """What was understood of every column, in file order."""
        return tuple(
            Column(
                name=self.names[index] if index < len(self.names) else "",
                role=role,
                seller=self.sellers[index],
                why="" if role == UNKNOWN else "cells" if index in self.by_cells else "name",
            )
            for index, role in enumerate(self.roles)
        )


@dataclass(frozen=True, slots=True)
class _Meaning:
    role: str
    seller: str = ""


@cache
def _sure() -> dict[str, _Meaning]:
    words = {header_key(name): _Meaning(row["name"]) for row in vocabulary()["role"] for name in row["names"]}
    for row in vocabulary()["distributor"]:
        words.update({header_key(name): _Meaning("supplier_part", row["name"]) for name in row["names"]})
    return words


@cache
def _perhaps() -> dict[str, tuple[str, ...]]:
    words: dict[str, tuple[str, ...]] = {}
    for row in vocabulary()["role"]:
        for name in row.get("perhaps", ()):
            key = header_key(name)
            words[key] = (*words.get(key, ()), row["name"])
    return words


def header_key(name: str) -> str:
    """A column name as it is looked up: without case, blanks, punctuation and unit in brackets."""
    name = name[:_NAME_LENGTH]
    bare = _BRACKETS.sub("", name)
    key = squeeze((bare if bare.strip() else name).lstrip("#$ ").replace("#", " number ") or name)
    unit = _TAIL_UNIT.match(key)
    return unit[1] if unit and len(key) > 3 else key


def is_known(cell: str) -> bool:
    """Whether a cell is a column name of the vocabulary."""
    key = header_key(cell)
    return bool(key) and (_meaning(key) is not None or key in _perhaps())


def _double(name: str) -> _Meaning | None:
    """The meaning of a name that says two things, ``Description / Value``: that of the first one known."""
    pieces = _AND.split(name[:_NAME_LENGTH])
    found = (_meaning(header_key(piece)) for piece in pieces if len(pieces) > 1 and piece.strip())
    return next((meaning for meaning in found if meaning is not None), None)


def _meaning(key: str) -> _Meaning | None:
    """The sure meaning of a key; `Quantity 2` is an alternative of `Quantity`."""
    sure = _sure().get(key)
    tail = _TAIL_NUMBER.match(key)
    if sure is not None or tail is None or len(tail[1]) < 3 or tail[1] not in _sure():
        return sure
    base = _sure()[tail[1]]
    if tail[2] in "01" or base.role not in _ALTERNATIVES:
        return base
    return _Meaning(_ALTERNATIVES[base.role], base.seller)


def assign_roles(grid: Grid) -> Columns:
    """A role for every column of a table, `unknown` where nothing is known."""
    if grid.header is None:
        return _guess(grid)
    names = grid.names
    columns = _columns(grid, len(names))
    keys = [header_key(name) for name in names]
    roles = [UNKNOWN] * len(names)
    sellers = [""] * len(names)
    for index, key in enumerate(keys):
        meaning = (
            (_meaning(key) or (_double(names[index]) if key not in _perhaps() else None)) if key else None
        )
        if meaning is not None and key not in _perhaps():
            _take(roles, index, meaning.role)
            sellers[index] = meaning.seller if roles[index] != UNKNOWN else ""
    by_cells = set()
    for index, key in enumerate(keys):
        if roles[index] == UNKNOWN and key in _perhaps():
            _take(roles, index, _doubtful(key, columns[index], roles))
            by_cells.add(index)
    _models(roles, names, columns)
    _name_sellers(roles, sellers, columns)
    return Columns(
        roles=tuple(roles), names=tuple(names), sellers=tuple(sellers), by_cells=frozenset(by_cells)
    )


def _columns(grid: Grid, width: int) -> list[list[str]]:
    """The filled cells of each column, from the first rows."""
    sample = grid.body[:_LOOK_ROWS]
    return [[row.cells[i] for row in sample if i < len(row.cells) and row.cells[i]] for i in range(width)]


def _take(roles: list[str], index: int, role: str) -> None:
    if role in _MANY or role not in roles:
        roles[index] = role
    else:
        other = _ALTERNATIVES.get(role, UNKNOWN)
        roles[index] = other if other in _MANY or other not in roles else UNKNOWN


def _doubtful(key: str, cells: list[str], roles: list[str]) -> str:
    """The first role a doubtful name may have that is still free and that its cells look like."""
    for role in _perhaps()[key]:
        if role not in roles and _fits(role, cells, roles):
            return role
    sure = _meaning(key)
    return sure.role if sure is not None else UNKNOWN


def _fits(role: str, cells: list[str], roles: Sequence[str]) -> bool:
    if role == "internal_part":
        return "mpn" in roles
    if role == "rotation":
        return "x" in roles
    if role == "dnp":
        return bool(cells) and all(map(says_not_fitted, cells))
    if role == "supplier_part" and "mpn" in roles:
        return _mostly(cells, _is_sold)
    test = _TESTS.get(role)
    return test is None or _mostly(cells, test)


_TESTS: dict[str, Callable[[str], bool]] = {
    "designator": looks_like_designators,
    "quantity": lambda cell: bool(_AMOUNT.match(cell)),
    "line": lambda cell: bool(_INTEGER.match(cell)),
    "supplier_part": lambda cell: bool(seller_of(cell)),
    "xy": lambda cell: bool(_PAIR.match(cell)),
}


def _mostly(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    return bool(cells) and sum(1 for cell in cells if test(cell)) * 10 > len(cells) * 6


def _models(roles: list[str], names: tuple[str, ...], columns: list[list[str]]) -> None:
    """A mechanical list may have one quantity column for every model of the product."""
    if "quantity" in roles or "designator" in roles:
        return
    for index, role in enumerate(roles):
        amounts = sum(1 for cell in columns[index] if _AMOUNT.match(cell))
        if role == UNKNOWN and len(names[index]) > 1 and amounts * 2 > len(columns[index]):
            roles[index] = f"quantity[{names[index]}]"


def _name_sellers(roles: Sequence[str], sellers: list[str], columns: list[list[str]]) -> None:
    """A column of seller's numbers that no seller's name stands above may show whose they are."""
    for index, role in enumerate(roles):
        if role in ("supplier_part", "alternative_supplier_part") and not sellers[index]:
            found = {seller_of(cell) or likely_seller(cell) for cell in columns[index]} - {""}
            sellers[index] = found.pop() if len(found) == 1 and _mostly(columns[index], _is_sold) else ""


def _is_sold(cell: str) -> bool:
    """Whether a cell has the form of a seller's number, be it one a maker's number may have too."""
    return bool(seller_of(cell) or likely_seller(cell))


def _guess(grid: Grid) -> Columns:
    """Roles of a table without column names, from the cells alone."""
    width = max((len(row.cells) for row in grid.body[:_LOOK_ROWS]), default=0)
    columns = _columns(grid, width)
    tests = {**_TESTS, "quantity": _TESTS["line"]}
    roles = [UNKNOWN] * width
    for index in range(width):
        wanted = (role for role in ("supplier_part", "quantity", "designator") if role not in roles)
        roles[index] = next((role for role in wanted if _mostly(columns[index], tests[role])), UNKNOWN)
    sellers = [""] * width
    _name_sellers(roles, sellers, columns)
    used = frozenset(index for index, role in enumerate(roles) if role != UNKNOWN)
    return Columns(roles=tuple(roles), names=(), sellers=tuple(sellers), by_cells=used)
