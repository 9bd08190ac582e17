"""Requirements and shops as plain statements (JSON objects): read into the nouns, every trouble told at once.

Field names carry their unit (``size_mm``, ``tolerance_in``, ``finish_ra_uin``, ``copper_oz``); the list
stands in `statement_fields`. What is not stated is not asked, or has to be asked of the shop.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from manyworks.market.materials import is_family_of, is_same_material, takes
from manyworks.market.statement_fields import MACHINE, REQUIREMENT, SHOP, StatedField, known_names
from manyworks.market.statement_values import Money, StatementError, read_day, read_value
from manyworks.market.taxonomy import canonical, processes_named
from manyworks.model import (
    Capability,
    Certificate,
    Finding,
    Machine,
    MachineId,
    Network,
    PlaceId,
    Requirement,
    Shop,
    ShopId,
    error,
    warning,
)

MAX_MACHINES = 1000
MAX_CHARACTERS = 1_000_000
_SHOWN = 60

_REQUIREMENT_FIELDS = frozenset(Requirement.__dataclass_fields__)
_CAPABILITY_FIELDS = frozenset(Capability.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A requirement as stated: one or several processes with the same limits, and the terms of the order.

    ``on`` is the day certificates are needed, empty where no day is stated.
    """

    requirement: Requirement
    processes: tuple[str, ...]
    one_shop: bool = False
    quantity: float | None = None
    budget: Money | None = None
    on: str = ""


def read_json(text: str, where: str) -> tuple[Mapping[str, Any] | None, tuple[Finding, ...]]:
    """A JSON object within reason; None with findings where the text is none."""
    twice: list[str] = []

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        twice.extend(name for name in set(names) if names.count(name) > 1)
        return dict(pairs)

    if len(text) > MAX_CHARACTERS:
        return None, (_trouble(where, f"{len(text):,} characters, expected at most {MAX_CHARACTERS:,}"),)
    try:
        found = json.loads(text, object_pairs_hook=collect)
    except (ValueError, RecursionError) as trouble:
        reason = "nested too deeply" if isinstance(trouble, RecursionError) else str(trouble)[:200]
        return None, (_trouble(where, f"is not JSON: {reason}"),)
    if not isinstance(found, dict):
        return None, (_trouble(where, f"found {_shown(found)}, expected a JSON object"),)
    findings = tuple(
        _trouble(where, f"{name} is stated twice", "state it once") for name in sorted(set(twice))
    )
    return found, findings


def read_requirement(statement: Mapping[str, Any], where: str) -> tuple[Asked | None, tuple[Finding, ...]]:
    """Read a requirement; None where anything of it cannot be judged, with a finding for each trouble."""
    values, findings = _read(statement, REQUIREMENT, where)
    processes = _processes(values)
    if not processes and "process" not in statement and "processes" not in statement:
        findings.append(_trouble(where, "no process is stated", "state process, such as CNC milling"))
    if any(finding.severity == "error" for finding in findings):
        return None, tuple(findings)
    kept = {name: value for name, value in values.items() if name in _REQUIREMENT_FIELDS - {"process"}}
    asked = Asked(
        requirement=Requirement(process=processes[0], **kept),
        processes=processes,
        one_shop=values.get("one_shop", False),
        quantity=values.get("quantity"),
        budget=values.get("budget"),
        on=values.get("needed_on", ""),
    )
    return asked, tuple(findings)


def _processes(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Processes asked for; a name of several asks for each."""
    stated = (*([values["process"]] if "process" in values else []), *values.get("processes", ()))
    each = (named if len(named := processes_named(text)) > 1 else (text,) for text in stated)
    return tuple(dict.fromkeys(text for texts in each for text in texts))


def read_shop(
    statement: Mapping[str, Any], asked: Asked, where: str
) -> tuple[Network | None, tuple[Finding, ...]]:
    """Read one shop as a network of its own, in the currency of the asked budget.

    ``asked`` decides which entry of a table of thicknesses by material counts. None where a statement
    cannot be read: it might be the very limit that fails.
    """
    values, findings = _read(statement, SHOP, where)
    machines = list(_machines(statement, values, asked, where, findings))
    certificates = list(
        _certificates(statement.get("certificates", statement.get("certificate")), where, findings)
    )
    if any(finding.severity == "error" for finding in findings):
        return None, tuple(findings)
    shop = Shop(
        id=ShopId("shop"),
        name=str(statement.get("name", "shop")),
        place=PlaceId("place"),
        status=values.get("status", "open"),
        certificates=tuple(c for c, begins in certificates if not (asked.on and begins > asked.on)),
        certificates_complete=statement.get("certificates", statement.get("certificate")) is not None,
        smallest_order=_smallest_order(values.get("smallest_order"), asked.budget),
    )
    network = Network(
        name=shop.name,
        currency=asked.budget.currency if asked.budget else "",
        as_of="",
        shops={shop.id: shop},
        machines={machine.id: machine for machine in machines},
    )
    return network, tuple(findings)


def _smallest_order(least: Money | None, budget: Money | None) -> float:
    """Amount in the budget's currency; NaN where the two cannot be compared."""
    if least is None or least.amount == 0:
        return 0.0
    return least.amount if budget is None or budget.currency == least.currency else math.nan


def _machines(
    statement: Mapping[str, Any], shared: Mapping[str, Any], asked: Asked, where: str, findings: list[Finding]
) -> Iterator[Machine]:
    """Machines of the shop; where it states none at all, one of which nothing is known."""
    stated = statement.get("machines", [{}])
    if not isinstance(stated, list) or len(stated) > MAX_MACHINES:
        expected = f"a list of at most {MAX_MACHINES} machines"
        findings.append(_trouble(where, f"machines: found {_shown(stated)}, expected {expected}"))
        return
    for at, one in enumerate(stated):
        name = f"{where} machine {at + 1}"
        own = {"process": one} if isinstance(one, str) else one
        if not isinstance(own, Mapping):
            findings.append(_trouble(name, f"found {_shown(one)}, expected a JSON object"))
            continue
        values, troubles = _read(own, MACHINE, name)
        findings.extend(troubles)
        yield _machine(MachineId(f"machine-{at + 1}"), {**shared, **values}, asked)


def _machine(id_: MachineId, values: Mapping[str, Any], asked: Asked) -> Machine:
    named = [values["process"]] if "process" in values else []
    processes = tuple(dict.fromkeys((*named, *values.get("processes", ())))) or ("",)
    fields = {name: value for name, value in values.items() if name in _CAPABILITY_FIELDS - {"process"}}
    table = fields.get("max_thickness_mm")
    if isinstance(table, Mapping):
        fields["max_thickness_mm"] = _thickness(table, asked.requirement)
        fields.setdefault("materials", tuple(table))
    capabilities = tuple(Capability(process=process, **fields) for process in processes)
    make, model = values.get("make", ""), values.get("model", "")
    name = " ".join(filter(None, (make, model))) or str(id_)
    return Machine(id=id_, shop=ShopId("shop"), name=name, make=make, model=model, capabilities=capabilities)


def _thickness(table: Mapping[str, float], requirement: Requirement) -> float | None:
    """Thickness that counts for what is asked: of the narrowest entry that covers each asked material.

    Without a material asked, the table only decides where all its entries agree.
    """
    if not requirement.materials:
        least, most = min(table.values(), default=None), max(table.values(), default=None)
        asked = requirement.thickness_mm
        if least is None or most is None or asked is None or asked <= least:
            return least
        return most if asked > most else None
    found = [_entry(table, material) for material in requirement.materials]
    told = [thick for thick in found if thick is not None]
    short = [thick for thick in told if requirement.thickness_mm and thick < requirement.thickness_mm]
    return min(short or told) if told and (short or len(told) == len(found)) else None


def _entry(table: Mapping[str, float], material: str) -> float | None:
    """Thickness of the same material, else of the narrowest family, else of any grade of an asked family."""
    covering = [name for name in table if takes((name,), material)]
    same = [name for name in covering if is_same_material(name, material)]
    families = [name for name in covering if is_family_of(name, material)]
    narrowest = [name for name in families if not any(is_family_of(name, other) for other in families)]
    return max((table[name] for name in same or narrowest or covering), default=None)


def _certificates(stated: Any, where: str, findings: list[Finding]) -> Iterator[tuple[Certificate, str]]:
    """Certificates with the day each begins (empty: not stated)."""
    listed = [] if stated is None else stated if isinstance(stated, list) else [stated]
    if len(listed) > MAX_MACHINES:
        findings.append(
            _trouble(where, f"certificates: {len(listed)} entries, expected at most {MAX_MACHINES}")
        )
        return
    for one in listed:
        try:
            yield _certificate({"name": one} if isinstance(one, str) else one)
        except StatementError as trouble:
            message = f"certificates: found {_shown(one)}, expected {trouble.expected}"
            findings.append(_trouble(where, message, trouble.hint))


def _certificate(stated: Any) -> tuple[Certificate, str]:
    known = {"name", "scope", "valid_to", "valid_until", "expires", "valid_from", "number", "issuer", "body"}
    if not isinstance(stated, Mapping) or not isinstance(stated.get("name"), str) or set(stated) - known:
        raise StatementError('a name, or {"name": "ISO 9001", "valid_to": "2027-03-31"}')
    if not stated["name"].strip() or not isinstance(stated.get("scope", ""), str):
        raise StatementError("a name that is not empty, and a scope in words")
    ends = next((stated[name] for name in ("valid_to", "valid_until", "expires") if stated.get(name)), None)
    begins = stated.get("valid_from")
    certificate = Certificate(
        name=stated["name"],
        scope=stated.get("scope", ""),
        valid_to=read_day(ends) if ends is not None else "",
    )
    return certificate, read_day(begins) if begins else ""


def _read(
    statement: Mapping[str, Any], fields: tuple[StatedField, ...], where: str
) -> tuple[dict[str, Any], list[Finding]]:
    """Values by where they go, and a finding for each that cannot be read. Null is not stated."""
    known = known_names(fields)
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for name, value in statement.items():
        reading = known.get(name)
        if reading is None:
            findings.append(_strange(name, list(known), where))
            continue
        if value is None or reading.field.kind == "noted":
            continue
        try:
            read = read_value(value, reading)
        except StatementError as trouble:
            message = f"{name}: found {_shown(value)}, expected {trouble.expected}"
            findings.append(error("market.statement.value", where, message, trouble.hint))
            continue
        if values.get(reading.field.into, read) != read:
            message = f"{name} contradicts another statement of the same"
            findings.append(_trouble(where, message, "state it once, in one unit"))
        values[reading.field.into] = read
    return values, findings


def _strange(name: str, known: list[str], where: str) -> Finding:
    near = get_close_matches(name[:100], known, n=1)
    units = [one for one in known if one.startswith(f"{name}_")]
    hint = f"did you mean {(units or near)[0]}?" if units or near else "leave out what cannot be judged"
    return error("market.statement.unknown", where, f"no field is called {_shown(name)}", hint)


def _trouble(where: str, message: str, hint: str = "") -> Finding:
    return error("market.statement.value", where, message, hint)


def _shown(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 256:
        return "a number of very many digits"
    text = (
        repr(value)
        if not isinstance(value, dict | list)
        else json.dumps(value, ensure_ascii=False, default=str)
    )
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def unread_words(asked: Asked, where: str) -> tuple[Finding, ...]:
    """Warnings for processes of the requirement that no lexicon knows: only the same words match them."""
    return tuple(
        warning(
            "market.process.unknown",
            where,
            f"the process {_shown(process)} is not known, so only the very same words match it",
            "name it by a process of the taxonomy",
        )
        for process in asked.processes
        if canonical(process) is None
    )
