"""Cable harnesses: wires, what is at their ends, and what has to be done to them. Lengths in mm."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessConnector:
    """A connector, splice or ferrule: ``terminations`` counts its wired positions."""

    name: str
    kind: str
    positions: int
    terminations: int
    subtype: str = ""
    manufacturer: str = ""
    mpn: str = ""
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessWire:
    """One core from one position to another; ends are ``connector:position`` or empty where open."""

    cable: str
    core: str
    start: str
    end: str
    length_mm: float | None
    gauge_mm2: float | None = None
    colour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessDesign:
    """A cable harness: cores, connectors, and the work in them.

    ``cut_wires`` is the number of pieces cut to length (a multi-core cable is one), ``wire_mm``
    their total length where every length is known.
    """

    connectors: tuple[HarnessConnector, ...]
    wires: tuple[HarnessWire, ...]
    cut_wires: int
    terminations: int
    wire_mm: float | None
    min_gauge_mm2: float | None = None
    longest_mm: float | None = None
