"""Facility files (OKW as YAML or JSON) and the tables of machine maps -> shops, machines, places."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from manyworks.files.limits import FINDINGS_PER_KIND, PATTERN_BYTES
from manyworks.files.open_know.machine_tables import MachineRow, read_machine_table
from manyworks.files.open_know.measures import number_of
from manyworks.files.open_know.words import machine_process, text_of, texts_of
from manyworks.files.parts import slug
from manyworks.files.sources import Source, decode
from manyworks.files.yaml_text import load_yaml
from manyworks.model import (
    Capability,
    Certificate,
    Finding,
    Machine,
    MachineId,
    Place,
    PlaceId,
    Shop,
    ShopId,
    error,
    errors,
    info,
    warning,
)

_MOST = 50_000
# Addresses of people are not carried into the network.
_PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d[\d ()/-]{7,}\d")
_REPLACED = "�"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facilities:
    """Shops with their machines and places, as files of others have them.

    ``supplies`` and ``products`` hold what a facility says it has and makes, in words, by shop.
    """

    shops: tuple[Shop, ...] = ()
    machines: tuple[Machine, ...] = ()
    places: tuple[Place, ...] = ()
    supplies: Mapping[ShopId, tuple[str, ...]] = field(default_factory=dict)
    products: Mapping[ShopId, tuple[str, ...]] = field(default_factory=dict)


def read_okw(source: Source) -> tuple[Facilities | None, tuple[Finding, ...]]:
    """Read a facility file or a table of machines or of facilities.

    Machines keep make and model; their class becomes a process where the vocabulary knows it, and
    working travel the envelope (mm). Classes that are not known, machines that do not work, odd
    coordinates and units are told, with counts. Addresses and telephone numbers are left out.

    Returns
    -------
    The facilities, or None with an error where the file is none of these.
    """
    if len(source.data) > PATTERN_BYTES:
        text = f"the file has {len(source.data):,} bytes; at most {PATTERN_BYTES:,} are read"
        return None, (error("files.okw.too-large", source.name, text, "split it"),)
    ending = source.path.suffix.lower()
    if ending in (".yml", ".yaml", ".json"):
        return _read_document(source, as_json=ending == ".json")
    rows, findings = read_machine_table(source)
    if rows is None:
        return None, findings
    facilities, more = _assemble(rows, source.name)
    return facilities, (*findings, *more)


def _read_document(source: Source, *, as_json: bool) -> tuple[Facilities | None, tuple[Finding, ...]]:
    text, _ = decode(source.data)
    findings: list[Finding] = []
    if as_json:
        raw = _json(text, source.name, findings)
    else:
        raw, trouble = load_yaml(text, source.name)
        findings.extend(trouble)
    if not isinstance(raw, dict):
        if not errors(findings):
            findings.append(error("files.okw.malformed", source.name, "a facility is a mapping of keys"))
        return None, tuple(findings)
    if "$schema" in raw and "definitions" in raw:
        text = "this is the schema of facility files, not a facility"
        return None, (*findings, error("files.okw.schema", source.name, text, "give a file that follows it"))
    return _facility(raw, source, findings), tuple(findings)


def _json(text: str, name: str, findings: list[Finding]) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as trouble:
        findings.append(error("files.okw.malformed", name, f"this is not JSON: {str(trouble)[:100]}"))
        return None


# Keys of a facility file that are understood; the rest is named.
_KEYS = {
    "title", "name", "description", "location", "address", "latitude", "longitude", "country", "equipment",
    "machines", "tool-list", "tool-list-atoms", "inventory-atoms", "supply-atoms", "supplies-atom",
    "product-atoms", "processes", "certifications", "bom", "contact", "contributors", "version",
    "development-stage", "license", "licensor", "documentation-home", "archive-download", "status", "id",
}  # fmt: skip


def _facility(raw: Mapping[str, Any], source: Source, findings: list[Finding]) -> Facilities:
    unknown = [str(key)[:60] for key in raw if str(key) not in _KEYS]
    if unknown:
        listed = ", ".join(unknown[:FINDINGS_PER_KIND])
        findings.append(info("files.okw.keys-unknown", source.name, f"keys not used: {listed}"))
    name = text_of(raw.get("title")) or text_of(raw.get("name"))
    if not name:
        text = f"the facility has no name; {source.stem} is taken"
        findings.append(warning("files.okw.name", source.name, text, "add a title"))
    shop_id = ShopId(slug(text_of(raw.get("id")) or name or source.stem))
    place = _place(shop_id, raw, source.name, findings)
    shop = Shop(
        id=shop_id,
        name=_public(name or source.stem),
        place=place.id,
        status=text_of(raw.get("status")) or "open",
        certificates=tuple(Certificate(name=text) for text in texts_of(raw.get("certifications"))),
        description=_public(text_of(raw.get("description"))),
    )
    rows = list(_equipment(raw, shop_id))
    machines = tuple(_machines(rows, findings, source.name))
    supplies = tuple(_named(raw, "inventory-atoms", "supply-atoms", "supplies-atom"))
    return Facilities(
        shops=(shop,),
        machines=machines,
        places=(place,),
        supplies={shop_id: (*supplies, *texts_of(raw.get("bom")))},
        products={shop_id: (*_named(raw, "product-atoms"), *_named(raw, "processes"))},
    )


def _named(raw: Mapping[str, Any], *keys: str) -> Iterator[str]:
    for key in keys:
        value = raw.get(key)
        for row in value if isinstance(value, list) else []:
            if isinstance(row, dict):
                text = text_of(row.get("description")) or text_of(row.get("identifier"))
            else:
                text = text_of(row)
            if text:
                yield text


def _equipment(raw: Mapping[str, Any], shop: ShopId) -> Iterator[MachineRow]:
    tools = list(_named(raw, "tool-list-atoms"))
    words = [part.strip() for text in texts_of(raw.get("tool-list")) for part in re.split(r"[,;]", text)]
    for name in dict.fromkeys(filter(None, [*tools, *words])):
        yield MachineRow(shop=str(shop), name=name, where=str(shop))
    for key in ("equipment", "machines"):
        value = raw.get(key)
        for row in value if isinstance(value, list) else []:
            yield _equipment_row(row, shop)


def _equipment_row(row: object, shop: ShopId) -> MachineRow:
    if not isinstance(row, dict):
        return MachineRow(shop=str(shop), name=text_of(row), where=str(shop))
    raw_envelope = row.get("envelope_mm")
    sides = [number_of(side) for side in raw_envelope] if isinstance(raw_envelope, list) else []
    envelope = tuple(side for side in sides if side is not None and side > 0)
    return MachineRow(
        shop=str(shop),
        name=text_of(row.get("name")) or text_of(row.get("title")),
        make=text_of(row.get("make")) or text_of(row.get("brand")),
        model=text_of(row.get("model")),
        kind=text_of(row.get("class")) or text_of(row.get("type")),
        process=text_of(row.get("process")),
        envelope_mm=envelope if len(envelope) == len(sides) and envelope else None,
        count=int(number_of(row.get("quantity")) or 1),
        materials=texts_of(row.get("materials")),
        where=str(shop),
    )


def _place(shop: ShopId, raw: Mapping[str, Any], where: str, findings: list[Finding]) -> Place:
    stated = raw.get("location")
    location: Mapping[str, Any] = stated if isinstance(stated, dict) else raw
    latitude, longitude = (number_of(location.get(key)) for key in ("latitude", "longitude"))
    known = _on_earth(latitude, longitude)
    if not known:
        text = "the facility does not say where it stands; its place is not known"
        findings.append(warning("files.okw.place", where, text, "add latitude and longitude"))
    return Place(
        id=PlaceId(shop),
        name=_public(text_of(location.get("city")) or text_of(raw.get("address"))),
        country=text_of(location.get("country")).upper()[:2],
        latitude=latitude if known and latitude is not None else float("nan"),
        longitude=longitude if known and longitude is not None else float("nan"),
    )


def _on_earth(latitude: float | None, longitude: float | None) -> bool:
    if latitude is None or longitude is None:
        return False
    return abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0.0, 0.0)


def _public(text: str) -> str:
    return _PRIVATE.sub("", text).strip()


def _assemble(rows: list[MachineRow], name: str) -> tuple[Facilities, tuple[Finding, ...]]:
    """Rows of a machine table, one shop for each lab."""
    findings: list[Finding] = []
    if len(rows) > _MOST:
        text = f"{len(rows):,} rows; the first {_MOST:,} are read"
        findings.append(warning("files.okw.too-many", name, text, "split the table"))
        rows = rows[:_MOST]
    labs: dict[ShopId, MachineRow] = {}
    for row in rows:
        labs.setdefault(ShopId(slug(row.shop)), row)
    places = tuple(_lab_place(shop, row) for shop, row in labs.items())
    shops = tuple(
        Shop(id=shop, name=_public(row.lab or row.shop), place=PlaceId(shop), status=row.status or "open")
        for shop, row in labs.items()
    )
    machines = tuple(_machines([row for row in rows if row.name or row.kind], findings, name))
    findings += _lab_findings(places, shops, name)
    return Facilities(shops=shops, machines=machines, places=places), tuple(findings)


def _lab_place(shop: ShopId, row: MachineRow) -> Place:
    known = _on_earth(row.latitude, row.longitude)
    return Place(
        id=PlaceId(shop),
        name=_public(row.city),
        country=row.country.upper()[:2],
        latitude=row.latitude if known and row.latitude is not None else float("nan"),
        longitude=row.longitude if known and row.longitude is not None else float("nan"),
    )


def _lab_findings(places: Iterable[Place], shops: Iterable[Shop], name: str) -> Iterator[Finding]:
    nowhere = [place.id for place in places if place.latitude != place.latitude]
    if nowhere:
        listed = ", ".join(nowhere[:FINDINGS_PER_KIND])
        text = f"{len(nowhere)} facilities without a place on the map: {listed}"
        yield warning("files.okw.place", name, text, "add latitude and longitude")
    spoiled = [shop.id for shop in shops if _REPLACED in shop.name or "?" in shop.name]
    if spoiled:
        text = f"{len(spoiled)} names have letters that were lost before: {', '.join(spoiled[:10])}"
        yield info("files.okw.letters", name, text)


def _machines(rows: list[MachineRow], findings: list[Finding], name: str) -> Iterator[Machine]:
    """Machines in order; ids count machines of one name in one shop."""
    seen: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    idle: list[str] = []
    for row in rows:
        shop = ShopId(slug(row.shop))
        title = _public(row.name or " ".join(filter(None, (row.make, row.model))) or row.kind)
        key = f"{shop}-{slug(title)}"
        seen[key] += 1
        process = row.process or machine_process(row.kind, row.sub_kind)
        if process is None:
            unknown[f"{row.kind} {row.sub_kind}".strip() or "no class"] += 1
        if not row.working:
            idle.append(row.where)
        capable = bool(process) and row.working
        capability = Capability(process=process or "", materials=row.materials, envelope_mm=row.envelope_mm)
        yield Machine(
            id=MachineId(key if seen[key] == 1 else f"{key}-{seen[key]}"),
            shop=shop,
            name=title,
            capabilities=(capability,) if capable else (),
            make=row.make,
            model=row.model,
            count=max(1, row.count),
        )
    findings += _machine_findings(unknown, idle, name)


def _machine_findings(unknown: Counter[str], idle: list[str], name: str) -> Iterator[Finding]:
    if unknown:
        listed = ", ".join(f"{kind} x {count}" for kind, count in unknown.most_common(FINDINGS_PER_KIND))
        text = f"machines of classes without a process here, kept without a capability: {listed}"
        yield warning("files.okw.class-unknown", name, text, "state the process of each")
    if idle:
        listed = ", ".join(idle[:FINDINGS_PER_KIND])
        text = f"{len(idle)} machines do not work and get no capability: {listed}"
        yield info("files.okw.not-working", name, text)
