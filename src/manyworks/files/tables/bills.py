"""Parts lists: rows -> parts with designators, quantity and whether they are wanted."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from manyworks.files.limits import FINDINGS_PER_KIND, SMALLEST, TABLE_DESIGNATORS
from manyworks.files.tables.designators import split_designators
from manyworks.files.tables.grid import Row
from manyworks.files.tables.roles import says_fitted
from manyworks.files.tables.rows import Table, remarks
from manyworks.files.vocabulary import marks_yes, names_nothing, says_not_fitted
from manyworks.model import Finding, error, info, warning

_PLAIN = re.compile(r"^[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d{1,3})?$|^[-+]?\.\d+$")
_COMMA = re.compile(r"^[-+]?\d+,(?:\d{1,2}|\d{4,})$")
_PIECES = re.compile(r"^(\d+)\s*(?:x|pcs?\.?|pieces?|st(?:k|ck|ück)?\.?|ea\.?|个|只)$", re.IGNORECASE)
_LAST_LINE = re.compile(r"[:：]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One row of a parts list. ``quantity`` is in ``unit`` for one product; texts as written."""

    where: str
    quantity: float
    unit: str = "piece"
    designators: tuple[str, ...] = ()
    fitted: bool = True
    name: str = ""
    value: str = ""
    footprint: str = ""
    mpn: str = ""
    manufacturer: str = ""
    description: str = ""
    supplier: str = ""
    alternatives: tuple[str, ...] = ()
    part_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A parts list: its parts, in file order.

    ``left_out`` are rows without a usable quantity: no parts, but they say what the list is about.
    """

    table: Table
    parts: tuple[Part, ...] = field(default=())
    left_out: tuple[Part, ...] = field(default=())

    @property
    def rows(self) -> tuple[Part, ...]:
        """Every row that names something, whether its quantity is of use or not."""
        return (*self.parts, *self.left_out)

    @property
    def designators(self) -> frozenset[str]:
        """Every designator of every row, fitted or not."""
        return frozenset(name for part in self.rows for name in part.designators)

    @property
    def wanted(self) -> frozenset[str]:
        """The designators of the rows to be fitted."""
        return frozenset(name for part in self.rows if part.fitted for name in part.designators)


def read_bill(table: Table) -> tuple[Bill, tuple[Finding, ...]]:
    """Parts of a table of kind bill or order.

    A quantity that is text, missing, negative or not finite is an error that names the row; the
    rest of the list is read all the same, so that all problems appear at once.
    """
    findings = list(remarks(table))
    quantity_role = _quantity_role(table, findings)
    parts: list[Part] = []
    left_out: list[Part] = []
    trouble: list[Finding] = []
    skipped: list[str] = []
    designators = 0
    for row in table.grid.body:
        if not _is_part(table, row):
            skipped.append(str(row.line))
            continue
        part = _read_part(table, row, quantity_role, trouble)
        (parts if part.quantity else left_out).append(part)
        designators += len(part.designators)
        if designators > TABLE_DESIGNATORS:
            text = f"more than {TABLE_DESIGNATORS:,} designators; the rest is not read"
            trouble.append(error("files.bill.too-long", table.where(row), text))
            break
    findings += _limited(trouble)
    if skipped:
        listed = ", ".join(skipped[:10]) + (" ..." if len(skipped) > 10 else "")
        findings.append(
            info("files.bill.rows-skipped", table.source.name, f"rows that are no parts: {listed}")
        )
    findings += _count_remarks(parts, table)
    findings += _repeats(parts)
    if not parts:
        findings.append(error("files.bill.empty", table.source.name, "the parts list has no parts"))
    return Bill(table=table, parts=tuple(parts), left_out=tuple(left_out)), tuple(findings)


def _limited(findings: list[Finding]) -> Iterator[Finding]:
    """At most so many of one code; the rest as a number."""
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.code] += 1
        if seen[finding.code] <= FINDINGS_PER_KIND:
            yield finding
    for finding in {f.code: f for f in findings}.values():
        more = seen[finding.code] - FINDINGS_PER_KIND
        if more > 0:
            name = finding.where.rpartition(":")[0]
            yield Finding(
                code=finding.code,
                severity=finding.severity,
                where=name,
                message=f"{more} further rows like that",
            )


def _quantity_role(table: Table, findings: list[Finding]) -> str:
    variants = table.columns.variants
    if not variants:
        return "quantity"
    findings.append(
        warning(
            "files.bill.variants",
            table.source.name,
            f"one quantity column for each model ({', '.join(variants)}); {variants[0]!r} is taken",
            "keep one quantity column to choose another model",
        )
    )
    return f"quantity[{variants[0]}]"


def _is_part(table: Table, row: Row) -> bool:
    """Not a summary line, a heading or a sum below the list."""
    filled = [cell for cell in row.cells if cell]
    if len(filled) <= 2 and len(table.columns.roles) > 2 and _LAST_LINE.search(filled[0]):
        return False
    cell = table.columns.cell
    if cell(row, "designator"):
        return True
    return any(
        cell(row, role) for role in ("value", "name", "mpn", "description", "supplier_part", "value_generic")
    )


def _read_part(table: Table, row: Row, quantity_role: str, trouble: list[Finding]) -> Part:
    """A row as a part; its quantity is 0 where the row does not say one that is of use."""
    cell = table.columns.cell
    where = table.where(row)
    unit = cell(row, "unit") or "piece"
    amount = _amount(cell(row, quantity_role), where, trouble)
    designators = split_designators(cell(row, "designator"), amount)
    quantity = _quantity(amount, designators, table, row, quantity_role, trouble)
    if unit == "piece" and designators and quantity and amount is not None and amount != len(designators):
        trouble.append(_miscounted(amount, designators, where))
        quantity = float(len(designators))
    optional = marks_yes(cell(row, "optional"))
    if optional:
        trouble.append(info("files.bill.optional", where, "the row is marked optional and is left out"))
    return Part(
        where=where,
        quantity=quantity,
        unit=_unit(unit),
        designators=designators,
        fitted=_fitted(table, row) and not optional,
        name=cell(row, "name"),
        value=cell(row, "value") or cell(row, "value_generic"),
        footprint=cell(row, "footprint"),
        mpn=_real(cell(row, "mpn")),
        manufacturer=_real(cell(row, "manufacturer")),
        description=cell(row, "description"),
        supplier=_supplier(table, row),
        alternatives=_alternatives(table, row),
        part_type=cell(row, "part_type"),
    )


def _amount(cell: str, where: str, trouble: list[Finding]) -> float | None:
    """A quantity cell as a number; None for an empty one; NaN, after a finding, for anything else."""
    if not cell:
        return None
    text = cell.strip()
    pieces = _PIECES.match(text)
    value = math.nan
    if pieces:
        value = float(pieces[1])
    elif _COMMA.match(text):
        value = float(text.replace(",", "."))
    elif _PLAIN.match(text):
        value = float(text)
    if not math.isfinite(value) or value < 0 or 0 < value < SMALLEST or value > 1e9:
        trouble.append(
            error(
                "files.bill.quantity",
                where,
                f"the quantity is {cell[:60]!r}; a number of pieces was expected",
                "write a number",
            )
        )
        return math.nan
    return value


def _quantity(
    amount: float | None,
    designators: tuple[str, ...],
    table: Table,
    row: Row,
    role: str,
    trouble: list[Finding],
) -> float:
    """The quantity of a row; 0, with a finding or for a model without this part, to leave it out."""
    if designators and not amount:
        return float(len(designators))
    if amount is None and not table.columns.variants:
        text = "the row has neither quantity nor designators"
        trouble.append(error("files.bill.no-quantity", table.where(row), text, "write how many are needed"))
    elif amount == 0 and role == "quantity":
        trouble.append(warning("files.bill.zero", table.where(row), "the quantity is 0; the row is left out"))
    return amount if amount and math.isfinite(amount) else 0.0


def _miscounted(amount: float, designators: tuple[str, ...], where: str) -> Finding:
    return warning(
        "files.bill.count-differs",
        where,
        f"the quantity is {amount:g}, but {len(designators)} designators are listed "
        f"({' '.join(designators[:6])}{' ...' if len(designators) > 6 else ''}); the designators are taken",
        "correct the quantity or the list of designators",
    )


def _unit(unit: str) -> str:
    return (
        "piece"
        if unit.casefold().rstrip(".") in ("pc", "pcs", "piece", "pieces", "ea", "each", "stk", "st")
        else unit[:20]
    )


def _fitted(table: Table, row: Row) -> bool:
    cell = table.columns.cell
    said = [says_fitted(role, cell(row, role)) for role in ("dnp", "assembly")]
    if False in said:
        return False
    words = (cell(row, role) for role in ("value", "mpn", "description"))
    return True in said or not any(says_not_fitted(word) for word in words)


def _real(text: str) -> str:
    return "" if names_nothing(text) else text


def _supplier(table: Table, row: Row) -> str:
    """Seller and its number, as far as stated: ``LCSC C137089``."""
    index = table.columns.index("supplier_part")
    number = _real(table.columns.cell(row, "supplier_part"))
    if index is None or not number:
        return ""
    seller = table.columns.sellers[index] or table.columns.cell(row, "supplier")
    return f"{seller} {number}".strip()


def _alternatives(table: Table, row: Row) -> tuple[str, ...]:
    cells = (
        cell
        for cell, role in zip(row.cells, table.columns.roles, strict=False)
        if role == "alternative_mpn" and not names_nothing(cell)
    )
    return tuple(dict.fromkeys(cells))


def _count_remarks(parts: list[Part], table: Table) -> Iterator[Finding]:
    if not table.columns.has("quantity") and not table.columns.variants and parts:
        yield info("files.bill.counted", table.source.name, "no quantity column; designators are counted")


def _repeats(parts: list[Part]) -> Iterator[Finding]:
    """Designators that stand on more than one row of pieces (cables share theirs on purpose)."""
    first: dict[str, Part] = {}
    told = 0
    for part in parts:
        for name in part.designators if part.unit == "piece" and part.fitted else ():
            if name in first and told < FINDINGS_PER_KIND:
                told += 1
                yield warning(
                    "files.bill.designator-twice",
                    part.where,
                    f"{name} is listed here and at {first[name].where}",
                    "keep it on one row",
                )
            first.setdefault(name, part)
