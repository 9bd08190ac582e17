"""The bill lines of a product file: what contains what, and whether that makes sense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from manyworks.files.limits import HINTS
from manyworks.files.product_fields import Entry
from manyworks.model import BillLine, Finding, Item, ItemId, error, warning


def add_lines(
    entries: Sequence[Entry], root: ItemId, items: dict[ItemId, Item], findings: list[Finding]
) -> None:
    """Put the lines of a product file behind the bills that parts lists gave its items."""
    bills: dict[ItemId, list[BillLine]] = {}
    told = {finding.where for finding in findings}
    for entry in entries:
        line = _read_line(entry, root, items, findings, told)
        if line is not None:
            bills.setdefault(line[0], []).append(line[1])
    for parent, lines in bills.items():
        items[parent] = replace(items[parent], bill=(*items[parent].bill, *lines))


def _read_line(
    entry: Entry, root: ItemId, items: Mapping[ItemId, Item], findings: list[Finding], told: set[str]
) -> tuple[ItemId, BillLine] | None:
    """The item a line belongs to and the line; ``told`` are places that something was said about."""
    values = entry.values
    before = len(findings)
    for key in ("item", "quantity"):
        if key not in values and entry.where(key) not in told:
            told.add(entry.where())
            text = f"the line has no {key}"
            findings.append(error("files.product.missing-key", entry.where(), text, f"add {key} = ..."))
    parent, item = values.get("parent", root), values.get("item")
    named = [
        ("parent", parent),
        ("item", item),
        *(("substitutes", other) for other in values.get("substitutes", ())),
    ]
    for key, name in named:
        if name is not None and name not in items:
            known = items if len(findings) < HINTS else {}
            findings.append(_unknown_item(name, known, entry.where(key)))
    if len(findings) > before or item is None or "quantity" not in values:
        return None
    line = BillLine(
        item=ItemId(item),
        quantity=values["quantity"],
        designators=values.get("designators", ()),
        fitted=values.get("fitted", True),
        substitutes=tuple(ItemId(other) for other in values.get("substitutes", ())),
        step=values.get("step", ""),
        where=entry.where(),
    )
    return ItemId(parent), line


def _unknown_item(name: str, items: Mapping[ItemId, Item], where: str) -> Finding:
    near = get_close_matches(name, list(items), n=1)
    hint = f"did you mean {near[0]!r}?" if near else "add an [[item]] with this id"
    return error("files.product.unknown-item", where, f"no item has the id {name[:100]!r}", hint)


def check_shape(
    root: ItemId, items: Mapping[ItemId, Item], entries: Mapping[ItemId, Entry], file: str
) -> Iterator[Finding]:
    """Whether the bills form a tree of things: no item within itself, none left over, no empty product."""
    reached, ring = _reach(root, items)
    if ring:
        entry = entries.get(ring[0])
        where = entry.where() if entry is not None else file
        text = "an item contains itself: " + " > ".join(ring)
        yield error("files.product.cycle", where, text, "remove one of these bill lines")
        return
    if not items[root].bill and items[root].design is None:
        text = f"{root!r} has neither a design nor a bill: nothing to make"
        yield warning(
            "files.product.empty", entries[root].where(), text, "add design = ... or [[bill]] lines"
        )
    for key, entry in entries.items():
        if key not in reached:
            text = f"{key!r} is in no bill of the product"
            yield warning(
                "files.product.item-unused", entry.where("id"), text, "add a [[bill]] line or remove it"
            )


def _reach(root: ItemId, items: Mapping[ItemId, Item]) -> tuple[set[ItemId], list[ItemId]]:
    """All items below the root, and the first ring found (its first and last name are the same)."""
    done: set[ItemId] = set()
    for start in (root, *items):
        path: list[ItemId] = []
        stack = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                path.pop()
                done.add(name)
            elif name in path:
                return done, [*path[path.index(name) :], name]
            elif name not in done:
                path.append(name)
                stack.append((name, True))
                stack.extend((line.item, False) for line in items[name].bill)
        if start == root:
            reached = set(done)
    return reached, []
