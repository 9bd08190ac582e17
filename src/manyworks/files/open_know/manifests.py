"""OKH manifests, version 1 (YAML) and LOSH 1.0 to 2.x (TOML) -> `Manifest`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from manyworks.files.limits import FINDINGS_PER_KIND
from manyworks.files.open_know.measures import mass_kg, number_of, size_mm
from manyworks.files.open_know.words import (
    all_keys,
    field_of,
    process_of,
    spdx,
    text_of,
    texts_of,
    vocabulary,
)
from manyworks.files.sources import Source, decode
from manyworks.files.toml_text import TomlError, parse_toml
from manyworks.files.yaml_text import load_yaml
from manyworks.model import Finding, Parameter, error, errors, info, warning

_OKH_TOML = re.compile(r"^\s*okhv\s*=", re.MULTILINE)
_OKH_YAML = re.compile(
    r"^(?:okh-manifest-version|manifest-author|manifest-language|development-stage|made-independently)\s*:|"
    r"^%Open know-how",
    re.MULTILINE | re.IGNORECASE,
)
_FACILITY = re.compile(r"^(?:inventory-atoms|supply-atoms|equipment|machines)\s*:", re.MULTILINE)
_DIRECTIVE = re.compile(r"\A%Open know-how[^\n]*\n", re.IGNORECASE)
_HEAD = 200_000
_MOST_PARTS = 5_000
_PATH = re.compile(r"^(?:https?://|/)|^[^\s,]+\.\w{1,6}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """A thing named by a knowledge base (Wikidata) or in words: a supply, a tool, a product."""

    name: str
    identifier: str = ""
    quantity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestPart:
    """A part as a manifest has it; None and empty where it says nothing.

    ``process`` is a process name here, found from ``codes`` and the words of the file.
    """

    name: str
    files: tuple[str, ...] = ()
    material: str = ""
    process: str = ""
    codes: tuple[str, ...] = ()
    mass_kg: float | None = None
    size_mm: tuple[float, float, float] | None = None
    quantity: float | None = None
    manufacturer: str = ""
    mpn: str = ""
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a manifest says of a thing.

    Parameters
    ----------
    format
        ``okh-1`` (YAML) or ``okh-losh`` with the version it states.
    bom
        Path or address of the parts list; empty where the manifest lists parts in words only.
    parts, atoms, tools
        Parts with files, supplies named in words or by a knowledge base, tools in words.
    codes
        TsDC codes of the whole.
    files
        Paths and addresses by what they are: ``design``, ``instructions``.
    derived_from
        Titles or addresses of what it was made from.
    """

    format: str
    name: str
    version: str = ""
    licence: str = ""
    licensor: str = ""
    description: str = ""
    language: str = ""
    repo: str = ""
    bom: str = ""
    parts: tuple[ManifestPart, ...] = ()
    atoms: tuple[Atom, ...] = ()
    tools: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    material: str = ""
    mass_kg: float | None = None
    size_mm: tuple[float, float, float] | None = None
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    derived_from: tuple[str, ...] = ()


def is_okh(source: Source) -> bool:
    """Whether a YAML or TOML file is a manifest, by keys that only manifests have."""
    text, _ = decode(source.data[:_HEAD])
    if source.path.suffix.lower() == ".toml":
        return bool(_OKH_TOML.search(text))
    return bool(_OKH_YAML.search(text)) and not _FACILITY.search(text)


def read_okh(source: Source) -> tuple[Manifest | None, tuple[Finding, ...]]:
    """Read a manifest; keys it does not know are named, texts of an unfilled template count as absent.

    Returns
    -------
    The manifest, or None with an error where the file is no YAML or TOML mapping; lengths in mm,
    masses in kg.
    """
    raw, findings = _load(source)
    if raw is None:
        return None, tuple(findings)
    reading = _Reading(raw=raw, where=source.name, findings=findings)
    manifest = reading.manifest(toml=source.path.suffix.lower() == ".toml")
    return manifest, tuple(reading.findings)


def _load(source: Source) -> tuple[Mapping[str, Any] | None, list[Finding]]:
    text, _ = decode(source.data)
    findings: list[Finding] = []
    if source.path.suffix.lower() == ".toml":
        try:
            return parse_toml(text), findings
        except TomlError as trouble:
            where = f"{source.name}:{trouble.line}" if trouble.line else source.name
            return None, [error("files.okh.malformed", where, f"this is not TOML: {trouble}")]
    raw, trouble_found = load_yaml(_DIRECTIVE.sub("\n", text), source.name)
    findings.extend(trouble_found)
    if not isinstance(raw, dict) and not errors(findings):
        text = "a manifest is a mapping of keys to values"
        findings.append(error("files.okh.malformed", source.name, text))
    return (raw if isinstance(raw, dict) else None), findings


@dataclass(slots=True)
class _Reading:
    raw: Mapping[str, Any]
    where: str
    findings: list[Finding]
    odd_keys: Counter[str] = field(default_factory=Counter)

    def manifest(self, *, toml: bool) -> Manifest:
        fields = self._fields()
        stated = text_of(self.raw.get("okhv" if toml else "okh-manifest-version"))
        parts = list(self._parts(fields.get("parts", [])))
        self._tell_odd_keys()
        atoms = [atom for value in fields.get("atoms", []) for atom in _atoms(value)]
        bom, words = _bom(fields.get("bom", []))
        manifest = Manifest(
            format=f"okh-losh {stated}".strip() if toml else "okh-1",
            name=_first(fields, "name"),
            version=_first(fields, "version"),
            licence=self._licence(fields.get("licence", [])),
            licensor=_person(fields.get("licensor", [])),
            description=_first(fields, "description"),
            language=_first(fields, "language"),
            repo=_first(fields, "repo"),
            bom=bom,
            parts=tuple(parts),
            atoms=tuple(atoms) or words,
            tools=_tools(fields),
            standards=_all(fields, "standards"),
            codes=_all(fields, "codes"),
            material=_first(fields, "material"),
            mass_kg=self._mass(fields.get("mass", []), self.where),
            size_mm=self._size(fields.get("size", []), self.where),
            files={"design": _all(fields, "design_files"), "instructions": _all(fields, "instructions")},
            derived_from=(*_all(fields, "derived"), *_all(fields, "sub")),
        )
        self._judge(manifest)
        return manifest

    def _fields(self) -> dict[str, list[Any]]:
        """Values by field; keys that mean nothing here are named in one finding."""
        fields: dict[str, list[Any]] = {}
        unknown: list[str] = []
        for key, value in self.raw.items():
            name = field_of(str(key))
            fields.setdefault(name, []).append(value)
            if not name:
                unknown.append(str(key)[:60])
        if unknown:
            listed = ", ".join(map(_with_hint, unknown[:FINDINGS_PER_KIND]))
            more = f" and {len(unknown) - FINDINGS_PER_KIND} more" if len(unknown) > FINDINGS_PER_KIND else ""
            self.findings.append(info("files.okh.keys-unknown", self.where, f"keys not used: {listed}{more}"))
        return fields

    def _parts(self, values: list[Any]) -> Iterator[ManifestPart]:
        rows = [row for value in values for row in (value if isinstance(value, list) else [value])]
        if len(rows) > _MOST_PARTS:
            text = f"{len(rows):,} parts; the first {_MOST_PARTS:,} are read"
            self.findings.append(warning("files.okh.too-many", self.where, text))
        for number, row in enumerate(rows[:_MOST_PARTS], 1):
            where = f"{self.where}:part {number}"
            if not isinstance(row, dict):
                text = "a part is a table with a name"
                self.findings.append(warning("files.okh.part", where, text))
                continue
            yield self._part(row, where)

    def _part(self, row: Mapping[str, Any], where: str) -> ManifestPart:
        codes = texts_of(row.get("tsdc"))
        words = (*texts_of(row.get("printing-process")), *texts_of(row.get("manufacturing-process")), *codes)
        name = text_of(row.get("name"))
        if not name:
            self.findings.append(warning("files.okh.part", where, "a part without a name", "name it"))
        parameters = tuple(_settings(row))
        self._unused(row, {p.name for p in parameters})
        return ManifestPart(
            name=name,
            files=(*texts_of(row.get("export")), *texts_of(row.get("source"))),
            material=text_of(row.get("material")),
            process=next(filter(None, map(process_of, words)), ""),
            codes=codes,
            mass_kg=self._mass([row["mass"]] if "mass" in row else [], where),
            size_mm=self._size([row["outer-dimensions"]] if "outer-dimensions" in row else [], where),
            quantity=number_of(row.get("quantity")),
            manufacturer=text_of(row.get("manufacturer")),
            mpn=text_of(row.get("mpn")),
            parameters=parameters,
        )

    def _unused(self, row: Mapping[str, Any], used: set[str]) -> None:
        known = set(vocabulary()["keys"]["part"]) | used
        for key in row:
            if str(key) not in known:
                self.odd_keys[str(key)[:60]] += 1

    def _tell_odd_keys(self) -> None:
        if self.odd_keys:
            listed = ", ".join(f"{key} x {n}" for key, n in self.odd_keys.most_common(FINDINGS_PER_KIND))
            self.findings.append(
                info("files.okh.keys-unknown", self.where, f"keys of parts not used: {listed}")
            )

    def _licence(self, values: list[Any]) -> str:
        value = values[0] if values else None
        if isinstance(value, dict):
            kinds = ("hardware", "documentation", "software")
            value = next((value[kind] for kind in kinds if text_of(value.get(kind))), None)
        text = text_of(value)
        if not text:
            return ""
        meant, exact = spdx(text)
        if not exact:
            hint = f"write {meant}" if meant != text else "write its SPDX identifier, as CERN-OHL-S-2.0"
            told = f"the licence is written {text[:80]!r}, which is no SPDX identifier"
            self.findings.append(warning("files.okh.licence", self.where, told, hint))
        return meant

    def _mass(self, values: list[Any], where: str) -> float | None:
        if _is_blank(values):
            return None
        found = mass_kg(values[0])
        if found is None:
            self._odd("mass", values[0], where, "write grams")
        return found

    def _size(self, values: list[Any], where: str) -> tuple[float, float, float] | None:
        if _is_blank(values):
            return None
        found = size_mm(values[0])
        if found is None:
            self._odd("outer-dimensions", values[0], where, "write width, depth and height in mm")
        return found

    def _odd(self, what: str, value: object, where: str, hint: str) -> None:
        text = f"{what} is {str(value)[:80]!r}, which is not understood"
        self.findings.append(info("files.okh.measure", where, text, hint))

    def _judge(self, manifest: Manifest) -> None:
        """What every manifest must say."""
        needed = {"name": manifest.name, "licence": manifest.licence, "description": manifest.description}
        for what, value in needed.items():
            if not value:
                text = f"the manifest has no {what}, or only that of a template"
                self.findings.append(warning("files.okh.missing", self.where, text, f"state its {what}"))


def _settings(row: Mapping[str, Any]) -> Iterator[Parameter]:
    """Numbers and switches of a part that have no field of their own (infill, supports)."""
    known = set(vocabulary()["keys"]["part"])
    for key, value in row.items():
        number = float(value) if isinstance(value, bool) else number_of(value)
        if str(key) not in known and number is not None:
            unit = "mm" if str(key).endswith("-mm") else ""
            yield Parameter(name=str(key)[:80], value=number, unit=unit)


def _is_blank(values: list[Any]) -> bool:
    """Nothing stated, or the noughts of a template."""
    value = values[0] if values else None
    if isinstance(value, dict):
        return not any(number_of(side) or isinstance(side, str) for side in value.values())
    return value in (None, "", 0, [])


def _with_hint(key: str) -> str:
    near = get_close_matches(key.casefold(), all_keys(), n=1, cutoff=0.8)
    return f"{key!r} (did you mean {near[0]!r}?)" if near else repr(key)


def _first(fields: Mapping[str, list[Any]], name: str) -> str:
    return next((text for value in fields.get(name, []) for text in texts_of(value)), "")


def _all(fields: Mapping[str, list[Any]], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for value in fields.get(name, []) for text in texts_of(value)))


def _person(values: list[Any]) -> str:
    """The licensor's name; addresses are left away."""
    name = next((text for value in values for text in texts_of(value)), "")
    return re.sub(r"\s*<[^>]*>", "", name)


def _bom(values: list[Any]) -> tuple[str, tuple[Atom, ...]]:
    """Where the parts list is, or the things a text lists."""
    text = next((text for value in values for text in texts_of(value)), "")
    if not text or _PATH.search(text):
        return text, ()
    names = [part.strip(" .;") for part in re.split(r"[,;]", text)]
    return "", tuple(Atom(name=name) for name in names if name)


def _atoms(value: Any) -> Iterator[Atom]:
    for row in value if isinstance(value, list) else []:
        if isinstance(row, dict):
            name = text_of(row.get("description")) or text_of(row.get("title")) or text_of(row.get("name"))
            identifier = text_of(row.get("identifier"))
            if name or identifier:
                quantity = number_of(row.get("quantity"))
                yield Atom(name=name or identifier, identifier=identifier, quantity=quantity)
        elif text_of(row):
            yield Atom(name=text_of(row))


def _tools(fields: Mapping[str, list[Any]]) -> tuple[str, ...]:
    named = [atom.name for value in fields.get("tool_atoms", []) for atom in _atoms(value)]
    words = [
        part.strip()
        for value in fields.get("tools", [])
        for text in texts_of(value)
        for part in re.split(r"[,;]", text)
    ]
    return tuple(dict.fromkeys(filter(None, [*named, *words])))
