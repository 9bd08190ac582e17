"""Parts lists: rows -> parts with designators, quantity and whether they are wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from manyworks.files.limits import FINDINGS_PER_KIND, TABLE_DESIGNATORS
from manyworks.files.part_kinds import PART, kind_of
from manyworks.files.tables.bill_rows import Entry, LeftRow, sort_rows
from manyworks.files.tables.designators import plain_letters, split_designators
from manyworks.files.tables.fitting import says_fitted, split_not_fitted
from manyworks.files.tables.grid import Row
from manyworks.files.tables.part_cells import PartNames, read_part_names, spoiled_cells
from manyworks.files.tables.quantities import PIECE, Amount, is_unit, read_amount, unit_in_name, unit_in_note
from manyworks.files.tables.rows import Table, remarks, too_long
from manyworks.files.vocabulary import marks_yes, names_nothing, says_not_fitted
from manyworks.model import Finding, error, info, warning


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One row of a parts list. ``quantity`` is in ``unit`` for one product; texts as written.

    Parameters
    ----------
    supplier
        Seller and its number, as far as stated: ``LCSC C137089``.
    link
        Where to buy it, as written.
    kind
        ``part``, or what its name and package say it is besides one: ``fiducial``, ``test point``,
        ``mounting hole`` ... It is still up to the reader of the list whether it is fitted.
    understood
        What was read out of the row's cells beyond their plain text, in words.
    """

    where: str
    quantity: float
    unit: str = PIECE
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
    material: str = ""
    internal_part: str = ""
    link: str = ""
    datasheet: str = ""
    notes: str = ""
    kind: str = PART
    understood: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A parts list: its parts, in file order.

    ``left_out`` are rows without a usable quantity: no parts, but they say what the list is about.
    ``other_rows`` are the rows that are no parts, each with the reason; every row of the table's
    body is in exactly one of the three.
    """

    table: Table
    parts: tuple[Part, ...] = field(default=())
    left_out: tuple[Part, ...] = field(default=())
    other_rows: tuple[LeftRow, ...] = field(default=())

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
    entries, others = sort_rows(table)
    reading = _Reading(table)
    parts: list[Part] = []
    left_out: list[Part] = []
    designators = 0
    for entry in entries:
        part = reading.part(entry)
        (parts if part.quantity else left_out).append(part)
        designators += len(part.designators)
        if designators > TABLE_DESIGNATORS:
            text = f"more than {TABLE_DESIGNATORS:,} designators; the rest is not read"
            reading.trouble.append(error("files.bill.too-long", table.where(entry.row), text))
            break
    bill = Bill(table=table, parts=tuple(parts), left_out=tuple(left_out), other_rows=tuple(others))
    cut = too_long(table)
    return bill, ((cut,) if cut else tuple(_findings(bill, reading)))


def _findings(bill: Bill, reading: _Reading) -> Iterator[Finding]:
    table = bill.table
    yield from remarks(table)
    yield from _variant_remarks(bill)
    yield from _limited(reading.trouble)
    yield from _other_rows(bill)
    yield from _read_between(bill)
    if not table.columns.has("quantity") and not table.columns.variants and bill.parts:
        yield info("files.bill.counted", table.name, "no quantity column; designators are counted")
    yield from _limited(list(_repeats(bill.parts)))
    if not bill.parts:
        yield error("files.bill.empty", table.name, "the parts list has no parts")


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


def _variant_remarks(bill: Bill) -> Iterator[Finding]:
    variants = bill.table.columns.variants
    if not variants:
        return
    text = f"one quantity column for each model ({', '.join(variants)}); {variants[0]!r} is taken"
    hint = "keep one quantity column to choose another model"
    yield warning("files.bill.variants", bill.table.name, text, hint)
    column = f"quantity[{variants[0]}]"
    cells = {row.line: bill.table.columns.cell(row, column) for row in bill.table.grid.body}
    absent = [part for part in bill.left_out if _is_none(cells.get(int(part.where.rpartition(" ")[2]), ""))]
    if absent:
        text = f"{len(absent)} rows with no quantity for {variants[0]!r}, or with 0, are of other models"
        yield info("files.bill.other-models", bill.table.name, f"{text} and left out")


def _is_none(cell: str) -> bool:
    """Whether a model's cell says that it has none of a part; words in it have a finding of their own."""
    amount = read_amount(cell, "") if cell else None
    return not cell or (amount is not None and not amount.number)


def _other_rows(bill: Bill) -> Iterator[Finding]:
    by_reason: dict[str, list[str]] = {}
    for row in bill.other_rows:
        by_reason.setdefault(row.why, []).append(row.where.rpartition(" ")[2])
    for why, lines in by_reason.items():
        listed = ", ".join(lines[:10]) + (f" ... ({len(lines)} in all)" if len(lines) > 10 else "")
        yield info("files.bill.rows-skipped", bill.table.name, f"rows that are no parts, {why}: {listed}")


def _read_between(bill: Bill) -> Iterator[Finding]:
    """That cells were read for more than they plainly say; each part keeps what that was."""
    parts = [part for part in bill.rows if part.understood]
    if parts:
        text = f"in {len(parts)} rows more was read than plain cells say, first: {parts[0].understood[0]}"
        yield info("files.bill.understood", parts[0].where, text)


class _Reading:
    """Reads the entries of one table and collects what is wrong with them."""

    def __init__(self, table: Table) -> None:
        variants = table.columns.variants
        self.table = table
        self.trouble: list[Finding] = []
        self.role = f"quantity[{variants[0]}]" if variants else "quantity"
        index = table.columns.index(self.role)
        self.header_unit = (
            unit_in_name(table.grid.names[index]) if index is not None and table.grid.names else ""
        )

    def part(self, entry: Entry) -> Part:
        """A row as a part; its quantity is 0 where the row does not say one that is of use."""
        cell = self.table.columns.cell
        row = entry.row
        names = read_part_names(self.table.columns, row)
        value, unwanted = split_not_fitted(cell(row, "value") or cell(row, "value_generic"))
        amount = self._amount(row)
        designators = self._designators(entry, amount)
        quantity = self._quantity(amount, designators, row)
        unit = amount.unit or PIECE if amount else PIECE
        self._doubts(row, names, unit)
        footprint = cell(row, "footprint")
        return Part(
            where=self.table.where(row),
            quantity=quantity,
            unit=unit,
            designators=designators,
            fitted=self._fitted(row, unwanted),
            name=cell(row, "name"),
            value=value,
            footprint=footprint,
            mpn=names.mpn,
            manufacturer=_real(cell(row, "manufacturer")),
            description="; ".join(filter(None, (cell(row, "description"), names.description))),
            supplier=f"{names.seller} {names.supplier_part}".strip() if names.supplier_part else "",
            alternatives=self._alternatives(entry, names),
            part_type=cell(row, "part_type"),
            material=cell(row, "material"),
            internal_part=cell(row, "internal_part"),
            link=names.link,
            datasheet=cell(row, "datasheet"),
            notes="; ".join(self.table.columns.cells(row, "notes")),
            kind=_kind(designators, footprint, value) if not names.mpn else PART,
            understood=tuple(_understood(entry, amount, names, unwanted)),
        )

    def _amount(self, row: Row) -> Amount | None:
        """The quantity of a row; None for an empty cell or, after a finding, for text."""
        columns = self.table.columns
        written = columns.cell(row, self.role)
        if not written:
            return None
        unit = columns.cell(row, "unit") or self.header_unit
        if not unit and not columns.has("designator"):
            unit = unit_in_note(" ".join(columns.cells(row, "notes")))
        amount = read_amount(written, unit)
        if amount is None:
            self.trouble.append(self._odd_quantity(written, row))
        return amount

    def _odd_quantity(self, written: str, row: Row) -> Finding:
        """Words in place of a quantity say that it is open; a number that is none is a mistake."""
        hint = f"write a number into {self.table.cell_name(row, self.role)}"
        text = f"the quantity is {written[:60]!r}; a number of pieces was expected"
        if _is_number(written):
            return error("files.bill.quantity", self.table.where(row), text, hint)
        counted = self.table.columns.has("designator")
        text += "; the designators are counted" if counted else "; the row is left out, and so is its cost"
        return warning("files.bill.quantity", self.table.where(row), text, hint)

    def _designators(self, entry: Entry, amount: Amount | None) -> tuple[str, ...]:
        cells = [self.table.columns.cell(row, "designator") for row in (entry.row, *entry.designator_rows)]
        odd = next((cell for cell in cells if plain_letters(cell) != cell), "")
        if odd:
            text = f"letters of another alphabet in {odd[:60]!r} are read as the Latin ones they look like"
            self.trouble.append(warning("files.bill.letters", self.table.where(entry.row), text))
        return split_designators(" ".join(cells), amount.number if amount else None)

    def _quantity(self, amount: Amount | None, designators: tuple[str, ...], row: Row) -> float:
        """The quantity of a row; 0, with a finding or for a model without this part, to leave it out."""
        where = self.table.where(row)
        if designators and (amount is None or not amount.number):
            return float(len(designators))
        if amount is None:
            if not self.table.columns.variants and not self.table.columns.cell(row, self.role):
                text = "the row has neither quantity nor designators"
                self.trouble.append(error("files.bill.no-quantity", where, text, "write how many are needed"))
            return 0.0
        if not amount.number and self.role == "quantity":
            self.trouble.append(warning("files.bill.zero", where, "the quantity is 0; the row is left out"))
        pieces = (amount.unit or PIECE) == PIECE
        if pieces and designators and amount.number != len(designators):
            self.trouble.append(_miscounted(amount.number, designators, where))
            return float(len(designators))
        return amount.number

    def _fitted(self, row: Row, unwanted: bool) -> bool:
        columns = self.table.columns
        where = self.table.where(row)
        optional = marks_yes(columns.cell(row, "optional"))
        if optional:
            text = "the row is marked optional and is left out"
            self.trouble.append(info("files.bill.optional", where, text))
        said = [
            (cell, says_fitted(role, cell))
            for role in ("dnp", "assembly")
            for cell in columns.cells(row, role)
        ]
        unclear = [cell for cell, answer in said if answer is None]
        if unclear:
            text = f"{unclear[0][:40]!r} does not say whether the part is fitted; it is taken to be"
            self.trouble.append(warning("files.bill.fitted-unclear", where, text, "write yes or no"))
        answers = [answer for _, answer in said]
        if False in answers or optional:
            return False
        words = (columns.cell(row, role) for role in ("mpn", "description", "notes"))
        return True in answers or not (unwanted or any(says_not_fitted(word) for word in words))

    def _alternatives(self, entry: Entry, names: PartNames) -> tuple[str, ...]:
        further = (read_part_names(self.table.columns, row) for row in entry.alternative_rows)
        numbers = (number for other in further for number in (other.mpn, *other.alternatives) if number)
        return tuple(dict.fromkeys((*names.alternatives, *numbers)))

    def _doubts(self, row: Row, names: PartNames, unit: str) -> None:
        where = self.table.where(row)
        for doubt in names.doubts:
            self.trouble.append(warning("files.bill.part-number", where, doubt, "correct the cell"))
        for role, text, what in spoiled_cells(self.table.columns, row):
            cell = self.table.cell_name(row, role)
            message = f"{cell} holds {text[:40]!r}, which looks like {what} made of a part number"
            hint = "format the column as text and write the number again"
            self.trouble.append(warning("files.bill.spoiled", where, message, hint))
        if not is_unit(unit):
            text = f"the unit {unit[:20]!r} is not known; it is kept as written"
            self.trouble.append(warning("files.bill.unit", where, text, "write piece, m, m2, kg or L"))


def _understood(entry: Entry, amount: Amount | None, names: PartNames, unwanted: bool) -> Iterator[str]:
    if amount and amount.why:
        yield amount.why
    if unwanted:
        yield "the value says that it is not fitted"
    yield from names.understood
    for row in entry.designator_rows:
        yield f"designators go on in row {row.line}"
    for row in entry.alternative_rows:
        yield f"row {row.line} is an alternative"


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def _miscounted(amount: float, designators: tuple[str, ...], where: str) -> Finding:
    return warning(
        "files.bill.count-differs",
        where,
        f"the quantity is {amount:g}, but {len(designators)} designators are listed "
        f"({' '.join(designators[:6])}{' ...' if len(designators) > 6 else ''}); the designators are taken",
        "correct the quantity or the list of designators",
    )


def _kind(designators: tuple[str, ...], footprint: str, value: str) -> str:
    """What all designators of a row are besides parts; ``part`` where they differ or there are none."""
    kinds = {kind_of(name, footprint, value) for name in designators[:100]}
    return kinds.pop() if len(kinds) == 1 else PART


def _real(text: str) -> str:
    return "" if names_nothing(text) else text


def _repeats(parts: Iterable[Part]) -> Iterator[Finding]:
    """Designators that stand on more than one row of pieces (cables share theirs on purpose)."""
    first: dict[str, Part] = {}
    for part in parts:
        for name in part.designators if part.unit == PIECE and part.fitted else ():
            if name in first:
                yield warning(
                    "files.bill.designator-twice",
                    part.where,
                    f"{name} is listed here and at {first[name].where}",
                    "keep it on one row",
                )
            first.setdefault(name, part)
