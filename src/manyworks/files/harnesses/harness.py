"""Harness files in the WireViz format (YAML) -> a `HarnessDesign` and the parts it is made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from manyworks.files.harnesses.bill import (
    OF_CABLE,
    OF_CONNECTOR,
    Bill,
    add_end,
    add_run,
    in_metres,
    unknown_measures,
)
from manyworks.files.harnesses.cables import Cable, read_cable
from manyworks.files.harnesses.ends import Connector, read_connector
from manyworks.files.harnesses.limits import POSITIONS_DEFINED
from manyworks.files.harnesses.products import PRODUCT_KEYS, product_of, quantity_of
from manyworks.files.harnesses.wiring import Wiring
from manyworks.files.harnesses.words import known_keys, plain_text, text_of
from manyworks.files.harnesses.work import design_of
from manyworks.files.limits import FINDINGS_PER_KIND
from manyworks.files.pieces import DesignFile
from manyworks.files.sources import Source, decode
from manyworks.files.yaml_text import YamlList, YamlMapping, load_yaml
from manyworks.model import Finding, HarnessDesign, Severity, error, errors, info, warning

_SECTION = re.compile(rb"^(connectors|cables|connections)[ \t]*:", re.MULTILINE)
_LOOKED_AT = 200_000
_Thing = TypeVar("_Thing", Connector, Cable)


def is_harness(source: Source) -> bool:
    """Whether a YAML file has at least two of the sections that only harness files have."""
    return len(set(_SECTION.findall(source.data[:_LOOKED_AT]))) >= 2


def read_harness(source: Source) -> tuple[DesignFile[HarnessDesign] | None, tuple[Finding, ...]]:
    """Read a cable harness in the WireViz format.

    Connectors and cables count as often as the connection sets use them, as the format says; what is
    defined and never used is named and left out. Lengths come out in mm, in parts in metres.

    Returns
    -------
    The harness with its parts, or None with at least one error finding.
    """
    text, _ = decode(source.data)
    content, found = load_yaml(text, source.name)
    trouble = _Trouble(source.name, list(found))
    if isinstance(content, YamlMapping):
        file = _read(content, source, trouble)
    else:
        file = None
        if not errors(found):
            trouble.error(
                "files.harness.malformed", 1, "a harness file has sections such as connectors and cables"
            )
    findings = tuple(trouble.told())
    return (None if errors(findings) else file), findings


@dataclass(slots=True)
class _Trouble:
    """Collects findings; at most so many of one code, then their number."""

    name: str
    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, line: int, message: str, hint: str = "") -> None:
        self.findings.append(error(code, f"{self.name}:{line}", message[:400], hint))

    def warn(self, code: str, line: int, message: str, hint: str = "") -> None:
        self.findings.append(warning(code, f"{self.name}:{line}", message[:400], hint))

    def tell(self, code: str, line: int, message: str, hint: str = "") -> None:
        self.findings.append(info(code, f"{self.name}:{line}", message[:400], hint))

    def told(self) -> Iterator[Finding]:
        seen: Counter[tuple[str, Severity]] = Counter()
        for finding in self.findings:
            key = (finding.code, finding.severity)
            seen[key] += 1
            if seen[key] <= FINDINGS_PER_KIND:
                yield finding
        for (code, severity), count in seen.items():
            if count > FINDINGS_PER_KIND:
                text = f"{count - FINDINGS_PER_KIND} further findings like that"
                yield Finding(code=code, severity=severity, where=self.name, message=text)


def _read(content: YamlMapping, source: Source, trouble: _Trouble) -> DesignFile[HarnessDesign]:
    connectors = _section(content, "connectors", read_connector, trouble)
    cables = _section(content, "cables", read_cable, trouble)
    for name in sorted(set(connectors) & set(cables)):
        line = cables[name].line
        trouble.error("files.harness.name-twice", line, f"{name!r} is a connector and a cable", "rename one")
    wiring = Wiring(connectors, cables, _separator(content))
    _connect(content, wiring, trouble)
    bill = Bill(source.name)
    for end in wiring.ends.values():
        add_end(bill, end)
    for run in wiring.runs.values():
        add_run(bill, run)
    _further(content, bill, trouble)
    _remarks(content, wiring, trouble)
    metadata = content.get("metadata")
    title = text_of(metadata.get("title")) if isinstance(metadata, YamlMapping) else ""
    return DesignFile(
        design=design_of(wiring), sources=(source,), role="harness", name=title, parts=bill.parts
    )


def _section(
    content: YamlMapping,
    key: str,
    read: Callable[[str, Mapping[Any, Any], int], _Thing],
    trouble: _Trouble,
) -> dict[str, _Thing]:
    """Everything a section defines; each thing that cannot be understood is named."""
    section = content.get(key)
    things: dict[str, _Thing] = {}
    if section is None:
        return things
    if not isinstance(section, YamlMapping):
        trouble.error("files.harness.malformed", content.line_of(key), f"{key} takes names with attributes")
        return things
    unknown: Counter[str] = Counter()
    room = POSITIONS_DEFINED
    for name, given in section.items():
        line = section.line_of(name)
        attributes = given if given is not None else {}
        if not isinstance(attributes, Mapping):
            trouble.error("files.harness.malformed", line, f"{text_of(name)} takes attributes, one per line")
            continue
        try:
            thing = read(text_of(name), attributes, line)
        except ValueError as reason:
            trouble.error("files.harness.malformed", line, f"{text_of(name)}: {reason}")
            continue
        things[text_of(name)] = thing
        room -= thing.size
        if room < 0:
            text = f"more than {POSITIONS_DEFINED:,} pins or cores; the rest of {key} is not read"
            trouble.error("files.harness.too-large", line, text)
            break
        unknown.update(_unknown(attributes, key[:-1]))
    if unknown:
        listed = ", ".join(f"{one} x {count}" for one, count in unknown.most_common(20))
        text = f"attributes of {key} that are not understood: {listed}"
        trouble.tell("files.harness.unknown-keys", content.line_of(key), text)
    return things


def _unknown(attributes: Mapping[Any, Any], of: str) -> Iterable[str]:
    known = known_keys(of) | known_keys("drawing")
    return (text_of(key)[:40] for key in attributes if text_of(key) not in known)


def _separator(content: YamlMapping) -> str:
    options = content.get("options")
    stated = text_of(options.get("template_separator")) if isinstance(options, YamlMapping) else ""
    return stated[:3] or "."


def _connect(content: YamlMapping, wiring: Wiring, trouble: _Trouble) -> None:
    sets = content.get("connections")
    line = content.line_of("connections")
    if not isinstance(sets, YamlList) or not sets:
        text = "nothing is connected: a list 'connections' is expected"
        trouble.error("files.harness.no-connections", line, text, "say what is wired to what")
        return
    for index, given in enumerate(sets):
        try:
            wiring.follow(given)
        except ValueError as reason:
            trouble.error("files.harness.connection", sets.line_of(index), str(reason))


def _further(content: YamlMapping, bill: Bill, trouble: _Trouble) -> None:
    """Items that are in the parts list only."""
    items = content.get("additional_bom_items")
    if items is None:
        return
    if not isinstance(items, YamlList):
        line = content.line_of("additional_bom_items")
        trouble.error("files.harness.malformed", line, "additional_bom_items takes a list")
        return
    for index, item in enumerate(items):
        line = items.line_of(index)
        try:
            _add_item(bill, item, line)
        except ValueError as reason:
            trouble.error("files.harness.malformed", line, str(reason))


def _add_item(bill: Bill, item: object, line: int) -> None:
    if not isinstance(item, Mapping):
        raise ValueError("an item of the parts list takes keys such as description and qty")
    name = plain_text(item.get("description")) or plain_text(item.get("type"))
    if not name:
        raise ValueError("an item of the parts list has no description")
    quantity, unit = in_metres(quantity_of(item.get("qty", 1)), text_of(item.get("unit")))
    if quantity <= 0:
        raise ValueError(f"{name[:60]}: none of it is wanted")
    owners = item.get("designators")
    product = product_of({key: item.get(key) for key in PRODUCT_KEYS})
    named = [text_of(owner) for owner in owners[:500]] if isinstance(owners, list) else [text_of(owners)]
    bill.add(name, quantity, unit, product, line=line, owner=named[0] if named else "")
    for owner in named[1:]:
        bill.add(name, 0.0, unit, product, line=line, owner=owner)


def _remarks(content: YamlMapping, wiring: Wiring, trouble: _Trouble) -> None:
    """Whatever was assumed, left out or not understood."""
    for things in (wiring.connectors, wiring.cables):
        for name, thing in things.items():
            if name not in wiring.templates:
                text = f"{name} is defined but connected to nothing; it is left out"
                trouble.warn("files.harness.unused", thing.line, text, "connect it or remove it")
    for cable in {run.cable.name: run.cable for run in wiring.runs.values()}.values():
        if cable.length_mm is None:
            text = f"{cable.name} has no length; it is counted by the piece"
            trouble.warn("files.harness.no-length", cable.line, text, "say how long it is")
        _odd_gauge(cable, trouble)
    for run in wiring.runs.values():
        _branches(run.name, run.left, run.right, run.cable.line, trouble)
    for end in {end.connector.name: end for end in wiring.ends.values()}.values():
        if not end.connector.counted:
            text = f"the file does not say how many pins {end.name} has; those in use are counted"
            trouble.warn("files.harness.no-pins", end.connector.line, text, "say pincount")
        if end.connector.dropped:
            text = f"{end.connector.name} is simple, so that {end.connector.dropped} of its pins are left out"
            trouble.tell("files.harness.simple-pins", end.connector.line, text)
        if end.connector.loops:
            text = f"{end.name} has {len(end.connector.loops)} loops, whose wire is in no length"
            trouble.tell("files.harness.loops", end.connector.line, text)
    _sections_left(content, wiring, trouble)


def _odd_gauge(cable: Cable, trouble: _Trouble) -> None:
    odd = {core.gauge for core in cable.cores if core.gauge and core.gauge_mm2 is None}
    if odd:
        text = f"{cable.name}: the gauge {', '.join(sorted(odd))[:60]} is neither mm2 nor AWG"
        trouble.warn("files.harness.gauge", cable.line, text, "write it as '0.25 mm2' or '24 AWG'")


def _branches(
    name: str, left: Mapping[str, list[str]], right: Mapping[str, list[str]], line: int, trouble: _Trouble
) -> None:
    several = sorted(
        {core for side in (left, right) for core, places in side.items() if len(set(places)) > 1}
    )
    if several:
        text = f"cores {', '.join(several[:10])} of {name} end in more than one place; the first is named"
        trouble.tell("files.harness.branches", line, text)


def _sections_left(content: YamlMapping, wiring: Wiring, trouble: _Trouble) -> None:
    for key in content:
        name = text_of(key)[:60]
        if name == "tweak":
            text = "tweak only changes the drawing; it is not used"
            trouble.tell("files.harness.tweak", content.line_of(key), text)
        elif name not in known_keys("file"):
            text = f"the section {name!r} is not used, save for what is repeated from it by name"
            trouble.tell("files.harness.unknown-keys", content.line_of(key), text)
    products = [(end.connector.product, OF_CONNECTOR) for end in wiring.ends.values()]
    products += [(run.cable.product, OF_CABLE) for run in wiring.runs.values()]
    for times in sorted(unknown_measures(products)):
        text = f"the multiplier {times[:40]!r} is not known; 1 is taken"
        trouble.warn("files.harness.multiplier", 1, text, "use one such as pincount or wirecount")
