"""``orders.toml`` -> orders, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from manyworks.files.doors import hand_over
from manyworks.files.network.documents import Document, read_document, read_entry, unknown_key
from manyworks.files.network.rows import Row
from manyworks.files.network.trouble import first_few
from manyworks.files.network.vocabulary import ORDERS
from manyworks.files.sources import is_file, stands
from manyworks.model import Finding, ItemId, Order, OrderId, PlaceId, error, errors, warning

MAX_ORDERS = 100_000


def read_orders(
    path: str | Path, strict: bool = False, *, as_of: str = ""
) -> tuple[tuple[Order, ...] | None, tuple[Finding, ...]]:
    """Read an orders file.

    Parameters
    ----------
    path
        The TOML file, one ``[[order]]`` for each order.
    strict
        Raise when there is an error.
    as_of
        ISO date; due dates before it get a warning. Empty: not looked at.

    Returns
    -------
    orders, findings
        Orders in the order of the file, None where there is an error. ``Order.source`` is the
        product's path as written, relative to the file's folder; ``Order.product`` the name of
        the file without its ending, or of its folder where the file is called ``product.toml``.

    Raises
    ------
    FilesError
        If ``strict``; it carries every finding.
    """
    path = Path(path)
    document, findings = _read(path)
    rows = _order_rows(document, findings) if document else []
    told = tuple(first_few([*findings, *_check(rows, path.parent, as_of)], path.name))
    return hand_over(None if errors(told) else tuple(map(_order, rows)), told, strict=strict)


def _read(path: Path) -> tuple[Document | None, list[Finding]]:
    if not is_file(path):
        return None, [error("files.orders.file", path.name, f"{path} is not a file", "name an orders.toml")]
    return read_document(path)


def _order_rows(document: Document, findings: list[Finding]) -> list[Row]:
    findings += [
        unknown_key(
            key, ["order"], document.where("", key) if isinstance(value, dict) else document.where(key)
        )
        for key, value in document.content.items()
        if key != "order"
    ]
    entries = document.content.get("order", [])
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        findings.append(error("files.orders.empty", document.where("order"), "no [[order]] in the file"))
        return []
    if len(entries) > MAX_ORDERS:
        message = f"{len(entries)} orders, expected at most {MAX_ORDERS}"
        findings.append(error("files.orders.file", document.file, message, "split the file"))
    return [_order_row(document, entry, index, findings) for index, entry in enumerate(entries[:MAX_ORDERS])]


def _order_row(document: Document, entry: Mapping[str, Any], index: int, findings: list[Finding]) -> Row:
    row, troubles = read_entry(document, entry, ORDERS, name="order", index=index)
    findings += troubles
    lines = {f"line of {name}": document.where(name, "order", index) for name in ("product", "due")}
    return Row(row.where, {**row.values, **lines})


def _check(rows: list[Row], folder: Path, as_of: str) -> list[Finding]:
    findings: list[Finding] = []
    first: dict[str, str] = {}
    for row in rows:
        name = row.get("id")
        if name and first.setdefault(name, row.where) != row.where:
            message = f"id {name!r} is already used at {first[name]}"
            findings.append(error("files.orders.duplicate", row.where, message, "give each order its own id"))
        if row.get("product") and not stands(folder / row["product"]):
            message = f"product: found {row['product']!r}, but there is no such file or folder"
            hint = f"paths are read from the folder of the orders file, {folder}"
            findings.append(error("files.orders.product", row["line of product"], message, hint))
        if as_of and row.get("due") and row["due"] < as_of:
            message = f"due {row['due']} is before {as_of}: it will be late"
            findings.append(warning("files.orders.due", row["line of due"], message, "check the year"))
    return findings


def _order(row: Row) -> Order:
    values = row.values
    same = {name: values[name] for name in ("quantity", "due", "option", "weight", "customer")}
    return Order(
        id=OrderId(values["id"]),
        product=_product_name(values["product"]),
        source=values["product"],
        ship_to=PlaceId(values["ship_to"]),
        **same,
    )


def _product_name(source: str) -> ItemId:
    path = Path(source)
    return ItemId(path.parent.name if path.name == "product.toml" and path.parent.name else path.stem)
