"""Copper layers in their order from the top, numbered from 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from manyworks.files.fabrication.limits import COPPER_LAYERS
from manyworks.files.fabrication.members import Member
from manyworks.files.fabrication.naming import BOTTOM_PLACE, TOP_PLACE
from manyworks.files.fabrication.sidecars import Facts
from manyworks.model import Finding, error, info, warning

_INNER = re.compile(r"in(?:ner)? ?(?:layer)? ?(\d+)")
_LAYER = re.compile(r"l(?:ayer)? ?(\d+)")


@dataclass(frozen=True, slots=True)
class Stack:
    """Copper layers from the top, and what reports call them."""

    members: tuple[Member, ...]
    descriptions: dict[str, str]

    @property
    def count(self) -> int:
        """Number of copper layers."""
        return len(self.members)

    def number_of(self, word: str) -> int | None:
        """Number of the layer that a drill file's name or a report calls ``word``."""
        text = " ".join(re.split(r"[^0-9a-z]+", word.lower())).strip()
        for member in self.members:
            described = self.descriptions.get(member.ending, "").lower()
            if word.lower() in (f".{member.ending}", described) and member.number:
                return member.number
        if re.match(r"front|top|f cu|component", text):
            return 1
        if re.match(r"back|bottom|bot|b cu|solder", text):
            return max(1, self.count)
        if match := _INNER.match(text):
            return self._within(int(match[1]) + 1)
        if match := _LAYER.match(text):
            return self._within(int(match[1]))
        return None

    def _within(self, number: int) -> int | None:
        return number if 1 <= number <= self.count else None


def build_stack(members: Sequence[Member], facts: Facts, findings: list[Finding]) -> Stack:
    """Order the copper layers; two files for one outer layer are an error, gaps a warning."""
    copper = [m for m in members if m.role.role == "copper" and not m.remark]
    if len(copper) > COPPER_LAYERS:
        text = f"{len(copper)} copper layers; no board has more than {COPPER_LAYERS}"
        findings.append(error("files.fabrication.stack", copper[0].name, text, "give the files of one board"))
        copper = copper[:COPPER_LAYERS]
    order = _order(copper, facts, findings)
    for number, member in enumerate(order, start=1):
        member.number = number
        side = "top" if number == 1 else "bottom" if number == len(order) else "inner"
        if not member.role.side or member.role.placed:
            member.role = replace(member.role, side=side)
    findings.extend(_doubts(order, facts))
    return Stack(tuple(order), facts.descriptions)


def _order(copper: list[Member], facts: Facts, findings: list[Finding]) -> list[Member]:
    told = {id(m): m.role.place for m in copper if m.role.sure and m.role.place is not None}
    if len(told) == len(copper):
        return sorted(copper, key=lambda m: told[id(m)] or 0)
    physical = {id(m): m.physical for m in copper if m.physical is not None}
    if len(physical) == len(copper) == len(set(physical.values())):
        return sorted(copper, key=lambda m: physical[id(m)] or 0)
    listed = facts.order or list(facts.descriptions)
    if copper and all(m.ending in listed for m in copper) and len({m.ending for m in copper}) == len(copper):
        return sorted(copper, key=lambda m: listed.index(m.ending))
    planes = [m for m in copper if m.role.plane]
    if planes and any(m.role.side == "inner" and not m.role.plane for m in copper):
        text = "nothing tells in what order signal layers and planes lie inside; planes are taken to be lower"
        hint = "add the extension report, or plot with X2 attributes"
        findings.append(warning("files.fabrication.stack-order", planes[0].name, text, hint))
    return sorted(copper, key=_by_name)


def _by_name(member: Member) -> tuple[int, bool, int, str]:
    side = {"top": TOP_PLACE, "bottom": 2}.get(member.role.side, 1)
    place = member.role.place if member.role.place is not None else BOTTOM_PLACE
    return side, member.role.plane, place, member.name


def _doubts(order: list[Member], facts: Facts) -> list[Finding]:
    found: list[Finding] = []
    for side in ("top", "bottom"):
        same = [m.name for m in order if m.role.side == side]
        if len(same) > 1:
            text = f"{len(same)} files for the {side} copper layer: {', '.join(same[:5])}"
            found.append(
                error("files.fabrication.layer-twice", same[0], text, "give one file for each layer")
            )
    if order and not any(m.role.side == "top" for m in order):
        found.append(_single(order, "top"))
    elif order and len(order) > 1 and not any(m.role.side == "bottom" for m in order):
        found.append(_single(order, "bottom"))
    found += _gaps(order, facts)
    return found


def _single(order: list[Member], side: str) -> Finding:
    text = f"no {side} copper layer among {len(order)} copper layer(s)"
    if len(order) == 1:
        return info("files.fabrication.layer-missing", order[0].name, f"{text}: a single-sided board")
    return warning("files.fabrication.layer-missing", order[0].name, text, f"add the {side} copper layer")


def _gaps(order: list[Member], facts: Facts) -> list[Finding]:
    numbers = [m.role.place for m in order if m.role.sure and m.role.place is not None]
    highest = max([*numbers, facts.layers or 0], default=0)
    if len(numbers) == len(order) and highest > len(order):
        absent = ", ".join(f"L{n}" for n in range(1, highest + 1) if n not in numbers)
        text = f"{highest} copper layers are announced and {len(order)} are here; missing: {absent}"
        return [warning("files.fabrication.layer-missing", order[0].name, text, "add the missing layers")]
    return []
