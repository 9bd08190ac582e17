"""Design rules of an Eagle board: distances with units, rings of copper, the stack."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from manyworks.files.boards.sexpr import number

# What a length of the design rules may be written in, in mm.
_UNITS_MM = {"mm": 1.0, "mil": 0.0254, "mic": 0.001, "inch": 25.4, "in": 25.4, "um": 0.001, "": 1.0}
_LENGTH = re.compile(r"\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*([a-zA-Z]*)\s*")
_BLIND_DEPTH = re.compile(r"\[\d+:|:\d+\]")
_LAYER = re.compile(r"\d+")
# The program's own defaults, which files of old versions leave out: ring as a share of the drill, and
# its least and greatest width in mm (EAGLE manual, "Design Rules: Restring": 25 %, 10 and 20 mil).
_SHARE, _LEAST_MM, _MOST_MM = 0.25, 0.254, 0.508
_SPACES = (
    "mdWireWire", "mdWirePad", "mdWireVia", "mdPadPad", "mdPadVia", "mdViaVia", "mdSmdPad", "mdSmdVia",
    "mdSmdSmd",
)  # fmt: skip


def length_mm(text: str) -> float:
    """A length of the design rules, as ``8mil`` or ``0.2mm``, in mm.

    Raises
    ------
    ValueError
        No length.
    """
    found = _LENGTH.fullmatch(text[:40])
    if found is None or found[2].lower() not in _UNITS_MM:
        raise ValueError(f"{text[:40]!r} is no length such as 8mil or 0.2mm")
    return number(found[1]) * _UNITS_MM[found[2].lower()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules by name, as written."""

    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def stack(self) -> tuple[int, ...]:
        """Numbers of the copper layers from the top, as in ``(1*2*15*16)``; empty where not given.

        Depths of blind vias, ``[2:1*...``, are no layers of their own.
        """
        setup = _BLIND_DEPTH.sub(" ", self.texts.get("layerSetup", ""))
        found = dict.fromkeys(int(text) for text in _LAYER.findall(setup) if len(text) < 3)
        return tuple(layer for layer in found if 1 <= layer <= 16)

    @property
    def space_mm(self) -> float | None:
        """Least clearance between copper of different nets that is asked for; 0 asks for nothing."""
        asked = (self.length(name, 0.0) for name in _SPACES)
        return min((space for space in asked if space > 0), default=None)

    @property
    def copper_um(self) -> float | None:
        """Thickness of the outermost copper as stated."""
        stated = list(self._lengths("mtCopper"))
        return round(stated[0] * 1000, 3) if stated and stated[0] > 0 else None

    def thickness_mm(self, layers: int) -> float | None:
        """Copper and isolation of all layers in use; None where the rules do not tell."""
        copper, isolation = list(self._lengths("mtCopper")), list(self._lengths("mtIsolate"))
        if len(copper) < 16 or len(isolation) < 15:
            return None
        stack = self.stack or (1, 16)
        total = sum(copper[layer - 1] for layer in stack)
        # Isolation is listed by the layer above it, save that a board of two layers has the first only.
        total += isolation[0] if layers <= 2 else sum(isolation[layer - 1] for layer in stack[:-1])
        return round(total, 4)

    def ring(self, kind: str, drill_mm: float) -> float:
        """Width of the ring that the rules give a hole: a share of its drill, within bounds.

        ``kind`` is ``PadTop``, ``PadInner``, ``ViaOuter`` or ``ViaInner``.
        """
        share = number(self.texts.get(f"rv{kind}", str(_SHARE)))
        least = self.length(f"rlMin{kind}", _LEAST_MM)
        return max(least, min(share * drill_mm, max(least, self.length(f"rlMax{kind}", _MOST_MM))))

    def share(self, name: str, default: float) -> float:
        """A percentage as a share of one."""
        return number(self.texts.get(name, str(default * 100))) / 100

    def length(self, name: str, default: float) -> float:
        """A length by its name."""
        return length_mm(self.texts[name]) if name in self.texts else default

    def _lengths(self, name: str) -> Iterator[float]:
        for text in self.texts.get(name, "").split()[:64]:
            yield length_mm(text)
