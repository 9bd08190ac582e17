"""Files of a set as they are worked on: what each is, its role, what was read from it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from manyworks.files.fabrication.gerber import Layer, read_attributes, read_gerber
from manyworks.files.fabrication.kinds import Kind, kind_of
from manyworks.files.fabrication.limits import LAYER_BYTES
from manyworks.files.fabrication.naming import (
    UNKNOWN,
    Role,
    ending_of,
    from_function,
    from_name,
    from_words,
    words_of,
)
from manyworks.files.fabrication.plotter import TooMuchError
from manyworks.files.fabrication.sidecars import Facts
from manyworks.files.sources import Source, decode
from manyworks.model import BoardLayer, Finding, error, warning

_COMMENT = re.compile(rb"(?:\A|[\r\n])(?:G0?4|;|%TF\.(?:CreationDate|GenerationSoftware|ProjectId))[^\r\n]*")
_SPACE = b" \t\n\r\x0b\x0c"
# Without these a board would be measured wrongly; without another layer it is only known less well.
_NEEDED = ("copper", "outline", "drill")
_ATTRIBUTE_CHARACTERS = 60_000
_PHYSICAL = re.compile(r"Layer_Physical_Order=(\d{1,3})")


@dataclass(slots=True)
class Member:
    """A file of a set.

    ``role`` is what it is taken for, ``used`` whether measures come from it, ``remark`` why not;
    ``layer`` is filled when it is drawn.
    """

    source: Source
    kind: Kind
    role: Role = UNKNOWN
    used: bool = False
    remark: str = ""
    number: int | None = None
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    layer: Layer | None = None

    @property
    def name(self) -> str:
        """How findings call the file."""
        return self.source.name

    @property
    def base(self) -> str:
        """The file's name without folders, in lower case."""
        return self.source.path.name.lower()

    @property
    def ending(self) -> str:
        """The file's ending in lower case."""
        return ending_of(self.base)

    @property
    def text(self) -> str:
        """The file as text."""
        return decode(self.source.data[:LAYER_BYTES])[0]

    @property
    def physical(self) -> int | None:
        """Place in the stack that Altium writes as a comment."""
        match = _PHYSICAL.search(self.source.data[:4000].decode("latin-1"))
        return int(match[1]) if match else None

    @property
    def negative(self) -> bool:
        """Whether what is drawn is where the copper is not (planes); known once it is drawn."""
        told = self.attributes.get(".FilePolarity", ("",))[0] == "Negative"
        return told or (self.layer is not None and self.layer.negative)

    def draw(self, findings: list[Finding]) -> Layer | None:
        """What a Gerber file draws, read once; None, with a finding, where it is beyond any board."""
        if self.layer is None and not self.remark.startswith("not read"):
            try:
                if len(self.source.data) > LAYER_BYTES:
                    raise TooMuchError(f"more than {LAYER_BYTES:,} bytes")
                self.layer = read_gerber(self.text)
            except TooMuchError as trouble:
                self.remark = f"not read: {trouble}"
                say = error if self.role.role in _NEEDED else warning
                findings.append(say("files.fabrication.too-large", self.name, f"not read: {trouble}"))
                return None
            findings.extend(_remarks(self.layer, self.name))
        return self.layer

    def as_layer(self) -> BoardLayer:
        """The file as it is named in the design."""
        role = {"mechanical": "drawing", "keepout": "drawing"}.get(self.role.role, self.role.role)
        why = "; ".join(part for part in (self.role.why, self.remark) if part)
        return BoardLayer(
            name=self.name, role=role, side=self.role.side, number=self.number, used=self.used, why=why
        )

    def content(self) -> str:
        """A key that files with the same objects share, whatever their comments say."""
        return hashlib.sha256(_COMMENT.sub(b"", self.source.data).translate(None, _SPACE)).hexdigest()


def _remarks(layer: Layer, name: str) -> Iterable[Finding]:
    for text in layer.guessed:
        yield warning("files.fabrication.guessed", name, f"the file tells {text}", "plot it as RS-274X")
    if layer.malformed:
        count = sum(layer.malformed.values())
        first = "; ".join(text for text, _ in layer.malformed.most_common(3))
        yield warning("files.fabrication.malformed", name, f"{count} statements not understood: {first}")


def members_of(sources: Iterable[Source]) -> list[Member]:
    """The fabrication files among sources, with their kinds and attributes."""
    found = []
    for source in sources:
        kind = kind_of(source)
        if kind is Kind.NONE:
            continue
        member = Member(source, kind)
        if kind in (Kind.GERBER, Kind.DRILL):
            head = decode(source.data[:_ATTRIBUTE_CHARACTERS])[0]
            member.attributes = read_attributes(head)
        found.append(member)
    return found


def give_role(member: Member, facts: Facts, shared: int) -> None:
    """Decide what a file is: attribute, job file, reports, name; see also `settle_unknown`."""
    member.role = _simple(member) or _told(member, facts) or _named(member, facts, shared)
    if member.kind is Kind.DRILL and member.role.role != "drill":
        member.role = Role(role="drill", why="content")


def _simple(member: Member) -> Role | None:
    roles = {
        Kind.JOB: Role(role="report", why="Gerber job file"),
        Kind.REPORT: Role(role="report", why="content"),
        Kind.NETLIST: Role(role="netlist", why="content"),
        Kind.MAP: Role(role="drawing", why="drill map"),
        Kind.ODB: Role(role="unknown", why="ODB++ data"),
        Kind.IPC2581: Role(role="unknown", why="IPC-2581 data"),
    }
    return roles.get(member.kind)


def _told(member: Member, facts: Facts) -> Role | None:
    own = from_function(member.attributes.get(".FileFunction", ()), "X2 attribute")
    return own or from_function(facts.functions.get(member.base, ()), "Gerber job file")


def _named(member: Member, facts: Facts, shared: int) -> Role:
    role = from_name(member.source.path.name, shared)
    description = facts.files.get(member.base) or facts.descriptions.get(member.ending)
    if member.kind is Kind.DRILL:
        return role if role.role == "drill" else Role(role="drill", why="content")
    if role.role == "drill":  # a Gerber file that is only called so is a picture of the holes
        return replace(role, role="drawing", why=f"{role.why}; a Gerber file without drill attributes")
    if not description or role.role not in ("mechanical", "keepout", "unknown"):
        return role
    said = from_words(words_of(description + "."), words_of(description + "."), f"report: {description!r}")
    if role.role == "unknown":
        return said or role
    if said is not None and said.role in ("outline", "drawing"):
        return said
    return replace(role, why=f"{role.why}, report: {description!r}")


def tell_unknown(members: Iterable[Member]) -> Iterable[Finding]:
    """A warning for every layer that nothing identifies."""
    for member in members:
        if member.role.role == "unknown" and member.kind is Kind.GERBER:
            text = "this layer is not identified: neither attributes, name nor content tell what it is"
            hint = "plot it with X2 attributes or give it a usual name, such as F_Cu or .GTL"
            yield warning("files.fabrication.unknown-layer", member.name, text, hint)
