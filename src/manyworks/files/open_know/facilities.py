"""Facility files (OKW as YAML or JSON) and the tables of machine maps -> shops, machines, places."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from unicodedata import combining, normalize

from manyworks.files.limits import FINDINGS_PER_KIND, PATTERN_BYTES
from manyworks.files.network.cells import CellError, parse_process
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
_ID = 90
_NAME = 80
_TEXT = 500
_REMARK = 200
_MOST_OF_ONE = 10_000
_LARGEST_MM = 1e6
# Addresses of people are not carried into the network.
_PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d[\d ()/-]{7,}\d")
_NO_BRACKETS = {ord("("): "[", ord(")"): "]"}
_REPLACED = "�"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facilities:
    """Shops with their machines and places, as files of others have them.

    Parameters
    ----------
    supplies, products
        What a facility says it has and makes, in words, by shop.
    classes
        The class of machines whose process was only told by it, in the file's words.
    words
        Machines that are no more than a word a facility says it can do.
    idle
        Machines that are said not to work.
    origins
        Where a machine or shop stands in the files (``file:row N``).
    """

    shops: tuple[Shop, ...] = ()
    machines: tuple[Machine, ...] = ()
    places: tuple[Place, ...] = ()
    supplies: Mapping[ShopId, tuple[str, ...]] = field(default_factory=dict)
    products: Mapping[ShopId, tuple[str, ...]] = field(default_factory=dict)
    classes: Mapping[MachineId, str] = field(default_factory=dict)
    words: frozenset[MachineId] = frozenset()
    idle: frozenset[MachineId] = frozenset()
    origins: Mapping[str, str] = field(default_factory=dict)


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
    shop_id = _shop_id(text_of(raw.get("id")) or name or source.stem)
    place = _place(shop_id, raw, source.name, findings)
    shop = Shop(
        id=shop_id,
        name=_public(name or source.stem) or str(shop_id),
        place=place.id,
        status=_public(text_of(raw.get("status")))[:_NAME] or "open",
        certificates=tuple(map(_certificate, texts_of(raw.get("certifications")))),
        description=_public(text_of(raw.get("description"))),
    )
    rows = list(_equipment(raw, shop_id))
    park = _park(rows, findings, source.name)
    supplies = tuple(_named(raw, "inventory-atoms", "supply-atoms", "supplies-atom"))
    return Facilities(
        shops=(shop,),
        machines=tuple(park.machines.values()),
        places=(place,),
        classes=park.classes,
        words=frozenset(park.words),
        idle=frozenset(park.idle),
        origins={str(shop_id): source.name, **park.origins},
        supplies={shop_id: (*supplies, *texts_of(raw.get("bom")))},
        products={shop_id: (*_named(raw, "product-atoms"), *_named(raw, "processes"))},
    )


def _certificate(text: str) -> Certificate:
    """A certificate by its name; signs that part certificates in a table become commas."""
    return Certificate(name=_public(text.replace(";", ",").translate(_NO_BRACKETS)))


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
        count=int(min(number_of(row.get("quantity")) or 1, _MOST_OF_ONE)),
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
    """One line of printable text without addresses of people, as long as a table's cell may be."""
    plain = "".join(sign if sign.isprintable() else " " for sign in _PRIVATE.sub("", text))
    return " ".join(plain.split())[:_TEXT].strip()


def _assemble(rows: list[MachineRow], name: str) -> tuple[Facilities, tuple[Finding, ...]]:
    """Rows of a machine table, one shop for each lab."""
    findings: list[Finding] = []
    if len(rows) > _MOST:
        text = f"{len(rows):,} rows; the first {_MOST:,} are read"
        findings.append(warning("files.okw.too-many", name, text, "split the table"))
        rows = rows[:_MOST]
    labs: dict[ShopId, MachineRow] = {}
    for row in rows:
        labs.setdefault(_shop_id(row.shop), row)
    places = tuple(_lab_place(shop, row) for shop, row in labs.items())
    shops = tuple(
        Shop(
            id=shop,
            name=_public(row.lab or row.shop) or str(shop),
            place=PlaceId(shop),
            status=row.status or "open",
        )
        for shop, row in labs.items()
    )
    told, blank = _with_machine(rows)
    findings += _blank_findings(blank, name)
    park = _park(told, findings, name)
    findings += _lab_findings(places, shops, name)
    origins = {str(shop): row.where for shop, row in labs.items()}
    facilities = Facilities(
        shops=shops,
        machines=tuple(park.machines.values()),
        places=places,
        classes=park.classes,
        words=frozenset(park.words),
        idle=frozenset(park.idle),
        origins={**origins, **park.origins},
    )
    return facilities, tuple(findings)


def _with_machine(rows: list[MachineRow]) -> tuple[list[MachineRow], list[str]]:
    """Rows that name a machine, and where the others of facilities with no machine at all in them stand."""
    told = [row for row in rows if row.name or row.make or row.model or row.kind]
    blank = [row for row in rows if not (row.name or row.make or row.model or row.kind or row.only_word)]
    return told, [row.where.rpartition(":")[2] for row in blank]


def _blank_findings(blank: list[str], name: str) -> Iterator[Finding]:
    if blank:
        listed = ", ".join(blank[:FINDINGS_PER_KIND])
        yield info("files.okw.rows", name, f"{len(blank)} rows name a facility and no machine: {listed}")


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


@dataclass(slots=True)
class _Park:
    """Machines as they are gathered, with what is told of them beside."""

    machines: dict[MachineId, Machine] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    classes: dict[MachineId, str] = field(default_factory=dict)
    words: set[MachineId] = field(default_factory=set)
    idle: set[MachineId] = field(default_factory=set)
    origins: dict[str, str] = field(default_factory=dict)


def _park(rows: list[MachineRow], findings: list[Finding], name: str) -> _Park:
    """Machines of rows in order; ids count machines of one name in one shop."""
    park = _Park()
    for row in rows:
        title = _title(row)
        machine = _machine_id(f"{_shop_id(row.shop)}-{slug(title)}", park)
        park.machines[machine] = _machine(row, machine, title)
        park.origins[machine] = row.where
        if row.info:
            text = f"a remark that nothing is made of: {_public(row.info)[:_REMARK]}"
            findings.append(info("files.okw.remark", machine, text))
        if not _process(row) and row.kind:
            park.classes[machine] = f"{row.kind} {row.sub_kind}".strip()
        park.words |= {machine} if row.only_word else set()
        park.idle |= set() if row.working else {machine}
    findings += _machine_findings(rows, name)
    return park


def _machine_id(wanted: str, park: _Park) -> MachineId:
    """The id, short enough for a table, with a number where it is taken."""
    short = wanted if len(wanted) <= _ID else f"{wanted[: _ID - 9]}-{_digest(wanted)}"
    while True:
        park.used[short] += 1
        number = park.used[short]
        machine = MachineId(short if number == 1 else f"{short}-{number}")
        if machine not in park.machines:
            return machine


def _shop_id(text: str) -> ShopId:
    """The slug of a name; where that loses letters or words, with a few signs that tell it apart."""
    short = slug(text)
    lost = len(text) > _NAME or any(sign.isalpha() and not sign.isascii() for sign in _plain(text))
    return ShopId(f"{short[: _NAME - 9].strip('-')}-{_digest(text)}" if lost else short)


def _plain(text: str) -> str:
    return "".join(sign for sign in normalize("NFKD", text) if not combining(sign))


def _digest(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()[:8]


def _title(row: MachineRow) -> str:
    return _public(row.name or " ".join(filter(None, (row.make, row.model))) or row.kind) or "machine"


def _machine(row: MachineRow, machine: MachineId, title: str) -> Machine:
    process = _process(row) or machine_process(row.kind, row.sub_kind)
    materials = tuple(filter(None, (_public(one.replace(";", ",")) for one in row.materials)))
    capability = Capability(process=process or "", materials=materials, envelope_mm=_envelope(row))
    return Machine(
        id=machine,
        shop=_shop_id(row.shop),
        name=title,
        capabilities=(capability,) if process and row.working else (),
        make=_public(row.make),
        model=_public(row.model),
        count=max(1, min(row.count, _MOST_OF_ONE)),
    )


def _process(row: MachineRow) -> str:
    """The process a row states; empty where what stands there cannot be the name of one."""
    try:
        return parse_process(row.process) if row.process else ""
    except CellError:
        return ""


def _envelope(row: MachineRow) -> tuple[float, ...] | None:
    """Two or three sides of the size machines have."""
    sides = row.envelope_mm or ()
    return sides if len(sides) in (2, 3) and max(sides) <= _LARGEST_MM else None


def _machine_findings(rows: list[MachineRow], name: str) -> Iterator[Finding]:
    unknown = Counter(
        f"{row.kind} {row.sub_kind}".strip() or "no class"
        for row in rows
        if not _process(row) and machine_process(row.kind, row.sub_kind) is None
    )
    if unknown:
        listed = ", ".join(f"{kind} x {count}" for kind, count in unknown.most_common(FINDINGS_PER_KIND))
        text = f"machines of classes without a process here, kept without a capability: {listed}"
        yield warning("files.okw.class-unknown", name, text, "state the process of each")
    odd = [row.where for row in rows if row.process and not _process(row)]
    odd += [row.where for row in rows if row.envelope_mm and _envelope(row) is None]
    if odd:
        listed = ", ".join(odd[:FINDINGS_PER_KIND])
        text = f"{len(odd)} processes that can be no name, or sizes no machine has, left open: {listed}"
        yield warning("files.okw.odd", name, text, "correct them")
    idle = [row.where for row in rows if not row.working]
    if idle:
        listed = ", ".join(idle[:FINDINGS_PER_KIND])
        text = f"{len(idle)} machines do not work and get no capability: {listed}"
        yield info("files.okw.not-working", name, text)
