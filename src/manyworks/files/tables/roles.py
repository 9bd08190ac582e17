"""Which column means what: names looked up in the vocabulary, doubtful ones decided by their cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from manyworks.files.tables.designators import looks_like_designators
from manyworks.files.tables.grid import Grid, Row
from manyworks.files.vocabulary import marks_no, marks_yes, says_not_fitted, squeeze, vocabulary

UNKNOWN = "unknown"
_BRACKETS = re.compile(r"[(\[{（][^)\]}）]*[)\]}）]")
_TAIL_NUMBER = re.compile(r"^(.*?\D)(\d)$")
_INTEGER = re.compile(r"^\d{1,9}$")
_AMOUNT = re.compile(r"^\d{1,9}([.,]\d+)?$")
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
}
_MANY = frozenset(
    {"ignore", "notes", "datasheet", "compliance", "price", "image", "line", *_ALTERNATIVES.values()}
)
_LOOK_ROWS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The role of every column, in file order, and the sellers that columns are named after."""

    roles: tuple[str, ...]
    names: tuple[str, ...]
    sellers: tuple[str, ...]

    def index(self, role: str) -> int | None:
        """The column with a role, or None."""
        return self.roles.index(role) if role in self.roles else None

    def cell(self, row: Row, role: str) -> str:
        """What a row says in a role; empty where it says nothing."""
        index = self.index(role)
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    def has(self, *roles: str) -> bool:
        """Whether every one of the roles has a column."""
        return all(role in self.roles for role in roles)

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the quantity columns of a table with one column for every model."""
        return tuple(role[9:-1] for role in self.roles if role.startswith("quantity["))


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
    bare = _BRACKETS.sub("", name)
    key = squeeze((bare if bare.strip() else name).replace("#", " number "))
    return key.removesuffix("mm") if len(key) > 3 else key


def is_known(cell: str) -> bool:
    """Whether a cell is a column name of the vocabulary."""
    key = header_key(cell)
    return bool(key) and (_meaning(key) is not None or key in _perhaps())


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
    sample = grid.body[:_LOOK_ROWS]
    names = grid.names
    columns = [
        [row.cells[i] for row in sample if i < len(row.cells) and row.cells[i]] for i in range(len(names))
    ]
    keys = [header_key(name) for name in names]
    roles = [UNKNOWN] * len(names)
    sellers = [""] * len(names)
    for index, key in enumerate(keys):
        meaning = _meaning(key) if key else None
        if meaning is not None and key not in _perhaps():
            _take(roles, index, meaning.role)
            sellers[index] = meaning.seller if roles[index] != UNKNOWN else ""
    for index, key in enumerate(keys):
        if roles[index] == UNKNOWN and key in _perhaps():
            _take(roles, index, _doubtful(key, columns[index], roles))
    _models(roles, names, columns)
    return Columns(roles=tuple(roles), names=tuple(names), sellers=tuple(sellers))


def _take(roles: list[str], index: int, role: str) -> None:
    if role in _MANY or role not in roles:
        roles[index] = role
    else:
        roles[index] = _ALTERNATIVES.get(role, UNKNOWN)


def _doubtful(key: str, cells: list[str], roles: list[str]) -> str:
    """The first role a doubtful name may have that is still free and that its cells look like."""
    for role in _perhaps()[key]:
        if role not in roles and _fits(role, cells):
            return role
    sure = _meaning(key)
    return sure.role if sure is not None else UNKNOWN


def _fits(role: str, cells: list[str]) -> bool:
    if role == "designator":
        return _mostly(cells, looks_like_designators)
    if role == "quantity":
        return _mostly(cells, lambda cell: bool(_AMOUNT.match(cell)))
    if role == "line":
        return _mostly(cells, lambda cell: bool(_INTEGER.match(cell)))
    if role == "dnp":
        return bool(cells) and all(map(says_not_fitted, cells))
    return True


def _mostly(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    return bool(cells) and sum(1 for cell in cells if test(cell)) * 10 >= len(cells) * 6


def _models(roles: list[str], names: tuple[str, ...], columns: list[list[str]]) -> None:
    """A mechanical list may have one quantity column for every model of the product."""
    if "quantity" in roles or "designator" in roles:
        return
    for index, role in enumerate(roles):
        amounts = sum(1 for cell in columns[index] if _AMOUNT.match(cell))
        if role == UNKNOWN and len(names[index]) > 1 and amounts * 2 > len(columns[index]):
            roles[index] = f"quantity[{names[index]}]"


def _guess(grid: Grid) -> Columns:
    """Roles of a table without column names, from the cells alone."""
    sample = grid.body[:_LOOK_ROWS]
    width = max((len(row.cells) for row in sample), default=0)
    pattern = re.compile("|".join(vocabulary()["patterns"]["supplier_part"]))
    tests = (
        ("supplier_part", lambda cell: bool(pattern.match(cell))),
        ("quantity", lambda cell: bool(_INTEGER.match(cell))),
        ("designator", looks_like_designators),
    )
    roles = [UNKNOWN] * width
    for index in range(width):
        cells = [row.cells[index] for row in sample if index < len(row.cells) and row.cells[index]]
        found = next((role for role, test in tests if role not in roles and _mostly(cells, test)), UNKNOWN)
        roles[index] = found
    return Columns(roles=tuple(roles), names=(), sellers=("",) * width)


def says_fitted(role: str, cell: str) -> bool | None:
    """What a fitting column says of a row: True, False, or None for nothing.

    A `dnp` column says "not fitted" by a word or a mark; an `assembly` column says it by "no".
    """
    if not cell:
        return None
    if says_not_fitted(cell):
        return False
    if role == "dnp":
        return False if marks_yes(cell) else True if marks_no(cell) else None
    return False if marks_no(cell) else True if marks_yes(cell) else None
