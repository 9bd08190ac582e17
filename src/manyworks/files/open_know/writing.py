"""A product -> an OKH manifest: version 1 as YAML, LOSH 2.4 as TOML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manyworks.files.open_know.words import spdx
from manyworks.model import Finding, Item, Product, error, info

_VERSIONS = ("1.0", "2.4")


def write_okh(product: Product, version: str = "2.4") -> tuple[str, tuple[Finding, ...]]:
    """Write the manifest of a product.

    Parameters
    ----------
    version
        ``2.4`` for OKH-LOSH in TOML, ``1.0`` for the first version in YAML.

    Returns
    -------
    The text, and findings that name what the format has no place for. With an unknown version the
    text is empty and a finding says so.
    """
    if version not in _VERSIONS:
        text = f"OKH version {version!r} cannot be written; expected was one of {', '.join(_VERSIONS)}"
        return "", (error("files.okh.version", product.root, text),)
    content = _losh(product) if version == "2.4" else _first_version(product)
    text = _toml(content) if version == "2.4" else _yaml(content)
    return text, tuple(_lost(product, version))


def _losh(product: Product) -> dict[str, Any]:
    root = product.item
    content: dict[str, Any] = {"okhv": "2.4", "name": root.name or root.id}
    _add(content, "version", root.revision)
    _add(content, "license", root.licence)
    _add(content, "function", root.description)
    _add(content, "documentation-language", "en")
    _add(content, "fork-of", root.derived_from)
    _add(content, "bom", _file(root, "bill"))
    _measures(content, root)
    content["part"] = [_losh_part(item) for item in _parts(product)]
    return content


def _losh_part(item: Item) -> dict[str, Any]:
    content: dict[str, Any] = {"name": item.name or item.id}
    _add(content, "material", item.material or "")
    _add(content, "manufacturer", item.manufacturer)
    _add(content, "mpn", item.mpn)
    _add(content, "manufacturing-process", item.processes[0] if item.processes else "")
    paths = [reference.path for reference in item.files if reference.role not in ("bill", "positions")]
    if paths:
        content["source"] = paths
    _measures(content, item)
    return content


def _measures(content: dict[str, Any], item: Item) -> None:
    if item.mass_kg is not None:
        content["mass"] = round(item.mass_kg * 1000, 6)
    if item.size_mm is not None:
        content["outer-dimensions"] = dict(zip(("width", "depth", "height"), item.size_mm, strict=True))


def _first_version(product: Product) -> dict[str, Any]:
    root = product.item
    content: dict[str, Any] = {"okh-manifest-version": "1.0.0", "title": root.name or root.id}
    _add(content, "description", root.description)
    _add(content, "version", root.revision)
    if root.licence:
        content["license"] = {"hardware": root.licence}
    if root.derived_from:
        content["derivative-of"] = [{"title": root.derived_from}]
    _add(content, "bom", _file(root, "bill"))
    files = [r.path for item in _parts(product) for r in item.files if r.role not in ("bill", "positions")]
    if files:
        content["design-files"] = [{"path": path, "title": path.rpartition("/")[2]} for path in files]
    content["bom-atoms"] = [
        {"description": product.items[line.item].name or line.item, "quantity": line.quantity}
        for line in root.bill
        if line.fitted
    ]
    return content


def _add(content: dict[str, Any], key: str, value: str) -> None:
    if value:
        content[key] = value


def _file(item: Item, role: str) -> str:
    return next((reference.path for reference in item.files if reference.role == role), "")


def _parts(product: Product) -> Iterator[Item]:
    """Items below the root that are made or named for themselves."""
    for line in product.item.bill:
        if line.fitted:
            yield product.items[line.item]


def _lost(product: Product, version: str) -> Iterator[Finding]:
    where = product.root
    root = product.item
    if root.licence and not spdx(root.licence)[1]:
        text = f"the licence {root.licence[:80]!r} is no SPDX identifier; it is written as it is"
        yield info("files.okh.licence", where, text)
    deeper = [item.id for item in product.items.values() if item.bill and item.id != product.root]
    if deeper:
        text = f"the format has one level; the bills of {', '.join(deeper[:10])} are not written"
        yield info("files.okh.lost", where, text, "point to their parts lists as files")
    if version == "2.4" and any(line.quantity != 1 for line in root.bill if line.fitted):
        yield info("files.okh.lost", where, "the format has no quantities of parts; they are not written")
    if version == "1.0" and any(item.material or item.mass_kg for item in _parts(product)):
        text = "version 1 has no place for materials and masses of parts; they are not written"
        yield info("files.okh.lost", where, text)


def _yaml(content: dict[str, Any]) -> str:
    import yaml

    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return text


def _toml(content: dict[str, Any]) -> str:
    """A table of texts, numbers, lists and tables, and lists of tables, as TOML."""
    lines = [f"{key} = {_value(value)}" for key, value in content.items() if not _is_table(value)]
    for key, value in content.items():
        if isinstance(value, dict):
            lines += ["", f"[{key}]", *(f"{k} = {_value(v)}" for k, v in value.items())]
    for key, value in content.items():
        if isinstance(value, list) and _is_table(value):
            for row in value:
                lines += ["", f"[[{key}]]", *(f"{k} = {_value(v)}" for k, v in row.items())]
    return "\n".join(lines) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and all(isinstance(v, dict) for v in value))


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _quoted(value) if isinstance(value, str) else repr(float(value))


def _quoted(text: str) -> str:
    """A basic string: what TOML does not allow inside quotation marks is escaped."""
    short = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(short.get(c) or (c if c.isprintable() else _escaped(c)) for c in text) + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
