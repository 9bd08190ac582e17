"""Files -> sets: a board and its panel, or two boards, in one folder are kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from manyworks.files.fabrication.kinds import Kind
from manyworks.files.fabrication.limits import SETS
from manyworks.files.fabrication.members import Member
from manyworks.model import Finding, info, warning

_TOP = ("copper", "top")
_BOTTOM = ("copper", "bottom")


def mark_copies(members: Iterable[Member]) -> Iterable[Finding]:
    """Files that draw the same as another one are left out, and said so."""
    alike: dict[tuple[str, str, int | None, bool], list[Member]] = {}
    for member in members:
        if member.kind not in (Kind.GERBER, Kind.DRILL) or member.role.role not in ("copper", "outline"):
            continue
        role = member.role
        if role.side == "inner" and role.place is None:
            continue  # two planes may well look the same
        alike.setdefault((role.role, role.side, role.place, role.plane), []).append(member)
    copies = [pair for group in alike.values() if len(group) > 1 for pair in _same(group)]
    for member, first in copies:
        member.remark = f"the same as {first.name}"
    for member, first in copies[:20]:
        yield info("files.fabrication.copy", member.name, f"draws the same as {first.name}; read once")


def _same(members: Iterable[Member]) -> Iterable[tuple[Member, Member]]:
    """Files of one role with the earlier one that has the same content."""
    seen: dict[str, Member] = {}
    for member in members:
        first = seen.setdefault(member.content(), member)
        if first is not member:
            yield member, first


def split(members: Sequence[Member], findings: list[Finding]) -> list[list[Member]]:
    """Sets of files, the largest first. Files of no layer go with the set whose names are nearest."""
    heads = _heads(members)
    if len(heads) < 2:
        return [list(members)] if members else []
    sets: list[list[Member]] = [[] for _ in heads]
    unclear: list[Member] = []
    for member in members:
        marks = [_nearness(head, member) for head in heads]
        best = max(range(len(heads)), key=marks.__getitem__)
        if marks.count(marks[best]) > 1 and member.kind in (Kind.GERBER, Kind.DRILL):
            unclear.append(member)
        sets[best].append(member)
    sets, heads = _without_copies(sets, heads)
    if len(sets) > 1:
        findings.append(_several(heads))
        findings.extend(_unclear(unclear))
    return sorted(sets, key=len, reverse=True)


def _without_copies(sets: list[list[Member]], heads: list[Member]) -> tuple[list[list[Member]], list[Member]]:
    """A set that is only a copy of one layer of another set goes into that one."""
    whole = [index for index, members in enumerate(sets) if _complete(members)]
    by_content = {heads[index].content(): index for index in reversed(whole)}
    kept = []
    for index, members in enumerate(sets):
        twin = by_content.get(heads[index].content())
        if index in whole or twin is None:
            kept.append(index)
        else:
            sets[twin] += members
    return [sets[index] for index in kept], [heads[index] for index in kept]


def _complete(members: Sequence[Member]) -> bool:
    """Whether files could be a board of their own: more copper than one layer, or an outline."""
    roles = [member.role.role for member in members]
    return roles.count("copper") > 1 or "outline" in roles or "keepout" in roles


def _heads(members: Sequence[Member]) -> list[Member]:
    """One file for each set: the top copper layers, else the bottom ones."""
    layers = [member for member in members if member.kind is Kind.GERBER]
    for wanted in (_TOP, _BOTTOM):
        heads = [m for m in layers if (m.role.role, m.role.side) == wanted]
        if heads:
            return heads[:SETS]
    return []


def _nearness(head: Member, member: Member) -> tuple[int, float]:
    if head is member:
        return 1_000, 1.0
    a, b = PurePosixPath(head.name), PurePosixPath(member.name)
    return _alike(a.parent.parts, b.parent.parts), round(_similar(a.name.lower(), b.name.lower()), 6)


def _alike(a: Sequence[str], b: Sequence[str]) -> int:
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        count += 1
    return count


def _similar(a: str, b: str) -> float:
    """Share of a name that both begin and end with: the word in the middle says the layer."""
    start = _alike(a, b)
    end = min(_alike(a[::-1], b[::-1]), min(len(a), len(b)) - start)
    return (start + end) / max(len(a), len(b)) + start / 1000


def _several(heads: Sequence[Member]) -> Finding:
    shown = ", ".join(head.name for head in heads[:10])
    text = f"{len(heads)} sets of layers by their outer copper, each read as a board of its own: {shown}"
    hint = "say which one is to be made, for instance by a folder for each"
    return warning("files.fabrication.several-sets", heads[0].name, text, hint)


def _unclear(members: Sequence[Member]) -> Iterable[Finding]:
    if members:
        shown = ", ".join(member.name for member in members[:10])
        text = f"it is not clear which set these belong to; they are taken for the first one: {shown}"
        yield warning("files.fabrication.unclear-set", members[0].name, text, "give each set its own folder")
