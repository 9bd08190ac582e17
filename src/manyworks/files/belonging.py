"""Which parts list and which position file belong to which board or product."""

from __future__ import annotations

import re

from manyworks.files.found import Found
from manyworks.files.parts import slug
from manyworks.files.tables import Bill, Part, Position, Table, TableKind
from manyworks.model import ItemId, errors, info, warning

# Programs write a design's parts list as harness.bom.tsv or badge-bom.csv.
_LIST = re.compile(r"[ ._-]+bom\Z", re.IGNORECASE)


def best_bill(board: str, names: set[str], found: Found) -> Bill | None:
    """The parts list that is most like a board's designators; orders from a seller stand back.

    Lists that are more like another board are left to it.
    """
    candidates = [
        bill
        for bill in found.left()
        if found.belongs(bill.wanted, names) and not _more_like_another(bill, names, found)
    ]
    candidates.sort(
        key=lambda bill: (
            bill.table.kind is TableKind.ORDER,
            -_likeness(bill, names),
            bill.table.name,
        )
    )
    for other in candidates[1:]:
        found.passed_over.setdefault(other.table.name, (candidates[0].table.name, board))
    return candidates[0] if candidates else None


def _likeness(bill: Bill, names: set[str]) -> float:
    """Share of all designators of list and board that both have (Jaccard)."""
    wanted = set(bill.wanted)
    return len(wanted & names) / max(1, len(wanted | names))


def _more_like_another(bill: Bill, names: set[str], found: Found) -> bool:
    own = _likeness(bill, names)
    return any(_likeness(bill, other) > own for other in found.rosters)


def leave_aside(other: Bill, chosen: str, subject: str, found: Found) -> None:
    """Say that a parts list lost against another: a revision or variant needs a choice."""
    name = other.table.name
    if other.table.kind is TableKind.ORDER:
        found.reasons[name] = f"an order list; {chosen} is the parts list of {subject}"
        return
    text = f"a further parts list of {subject}; {chosen} is used"
    found.reasons[name] = text
    hint = f"give {name} itself, or name it in a product.toml, to use that one"
    found.findings.append(warning("files.bill.several", name, text, hint))


def best_positions(names: set[str], found: Found) -> tuple[tuple[Position, ...] | None, list[Table]]:
    """Position files of a board: one for each side is normal, a second full set is left aside."""
    taken: dict[str, Position] = {}
    tables: list[Table] = []
    for table, positions in sorted(found.positions, key=lambda pair: (-len(pair[1]), pair[0].source.name)):
        path = table.name
        listed = {position.designator for position in positions}
        if not listed:
            found.reasons.setdefault(path, "a position file without parts")
        elif path not in found.used and found.belongs(listed, names):
            if listed & taken.keys():
                found.reasons[path] = f"a further position file; {tables[0].source.name} is used"
                continue
            taken.update({position.designator: position for position in positions})
            tables.append(table)
    return (tuple(taken.values()) if tables else None), tables


def product_bill(found: Found, ids: set[ItemId], title: str) -> Bill | None:
    """The list of the whole product: it names designs among its parts, or stands alone."""
    ranked = [bill for bill in found.left() if any(named_design(part, ids) for part in bill.rows)]
    if not ranked and not ids:
        ranked = [
            bill for bill in found.left() if bill.table.name not in {**found.reasons, **found.passed_over}
        ]
    ranked.sort(
        key=lambda bill: (
            bill.table.kind is TableKind.ORDER,
            -sum(named_design(part, ids) is not None for part in bill.rows),
            -len(bill.parts),
            bill.table.name,
        )
    )
    for other in ranked[1:]:
        leave_aside(other, ranked[0].table.name, title, found)
    if ranked:
        found.use(ranked[0].table)
    return ranked[0] if ranked else None


def named_design(part: Part, ids: set[ItemId]) -> ItemId | None:
    """The design a row of a product's list means by its name."""
    if part.designators:
        return None
    names = (ItemId(slug(text)) for text in (part.name, part.value, part.mpn, part.description) if text)
    return next((name for name in names if name in ids), None)


def attach_own_lists(found: Found) -> None:
    """Parts lists that a program wrote beside a design that lists its parts itself (a harness)."""
    own = {slug(design.source.stem): design for design in found.designs if design.parts}
    for bill in found.left():
        source = bill.table.source
        design = own.get(slug(_LIST.sub("", source.stem)))
        if design is not None:
            found.attach(design.source.name, [source], "bill")
            found.used.add(bill.table.name)
            text = f"the parts list of {design.source.name}, which names its parts itself; not counted again"
            found.findings.append(info("files.bill.repeats", bill.table.name, text))


def explain_rest(found: Found) -> None:
    """A reason for every understood table that nothing wanted."""
    for bill in found.left():
        name = bill.table.name
        if not bill.parts and bill.table.kind is TableKind.BILL and name not in found.reasons:
            found.use(bill.table)  # nobody can tell whose it is: what is wrong with it must be told
            continue
        if name in found.passed_over and name not in found.reasons:
            leave_aside(bill, *found.passed_over[name], found)
        if name not in found.reasons and bill.wanted and (found.boards or found.sets):
            text = "a parts list with designators, too few of which are on any board here; it is not used"
            hint = "is it of another board or revision? name it in a product.toml to use it all the same"
            found.findings.append(warning("files.bill.unclaimed", name, text, hint))
        found.reasons.setdefault(name, "a parts list that belongs to no board or product here")
    for table, positions in found.positions:
        if not positions and errors(found.remarks.get(table.name, ())):
            found.use(table)
        elif positions and table.name not in found.used and table.name not in found.reasons:
            text = "a position file whose parts are on no board here; it is not used"
            hint = "is it of another board, or are its places counted from another origin?"
            found.findings.append(warning("files.positions.unclaimed", table.name, text, hint))
        found.reasons.setdefault(table.name, "a position file that belongs to no board here")
