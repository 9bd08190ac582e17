"""Reports beside the layers: what they tell of layers, drill spans and tools.

Altium: ``.EXTREP``, ``.REP``, ``.LDP``, ``.DRR``; KiCad: the drill report; Eagle: ``.dri``; and the Gerber
job file (Ucamco, The Gerber Job Format Specification, revision 2023.08).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from manyworks.files.fabrication.drill_header import Tool
from manyworks.files.fabrication.kinds import report_of
from manyworks.files.fabrication.limits import DRILL_TOOLS, FILES, JOB_BYTES, REPORT_BYTES
from manyworks.files.fabrication.numbers import INCH_MM
from manyworks.files.sources import Source, decode
from manyworks.model import Finding, warning

_EXTENSION = re.compile(r"^\.([A-Za-z0-9]{1,8})[ \t]+(\S.*?)\s*$", re.MULTILINE)
_GENERATED = re.compile(r"^Generating\s*:\s*(.+?)\s*$\s*^\s*File\s*:\s*(.+?)\s*$", re.MULTILINE)
_PAIR = re.compile(r"DrillFile=([^|\r\n]*)\|DrillLayers=([^|\r\n]*)")
_LAYER_PAIR = re.compile(r"^(?:Layer Pair|MicroVia|[A-Za-z ]*Via)\s*:\s*(.+?)\s+to\s+(.+?)\s*$")
_DRILL_FILE = re.compile(r"^ASCII\s+(.*?)File\s*:\s*(.+?)\s*$")
_ALTIUM_TOOL = re.compile(r"^T(\d+)\s+\S+\s*(?:mil|mm|in\w*)?\s*\(?([\d.]+)\s*mm\)?.*?\b(NPTH|PTH)\b")
_KICAD_FILE = re.compile(r"^Drill file '(.+?)' contains")
_KICAD_PAIR = re.compile(r"layer pair:? '?(.+?) and (.+?)'?(?:\s|$|:)")
_KICAD_TOOL = re.compile(r"^\s*T(\d+)\s+([\d.]+)mm\b")
_EAGLE_FILE = re.compile(r"^\s*(?:Data File|Drill File)\s*:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_EAGLE_TOOL = re.compile(r"^\s*T(\d+)\s+([\d.]+)\s*(mm|inch|mil)\b", re.MULTILINE)
_UNITS = {"mm": 1.0, "inch": INCH_MM, "mil": 0.0254}


@dataclass(slots=True)
class DrillFacts:
    """What reports tell of one drill file: its layers by name, its plating, its tools."""

    first: str = ""
    last: str = ""
    plated: bool | None = None
    tools: dict[int, Tool] = field(default_factory=dict)


@dataclass(slots=True)
class Facts:
    """Everything reports tell about a set. File names are in lower case without folders.

    ``descriptions`` are layers as the program calls them, by ending; ``files`` the same by file name;
    ``order`` endings of copper layers from the top; ``functions`` file functions of a job file;
    ``finish``, ``thickness_mm``, ``layers``, ``copper_um``, ``mask_colour``, ``flexible`` are those of
    a job file; ``min_track_mm`` and ``min_space_mm`` its rules.
    """

    descriptions: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    drills: dict[str, DrillFacts] = field(default_factory=dict)
    functions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    thickness_mm: float | None = None
    finish: str = ""
    layers: int | None = None
    size_mm: tuple[float, float] | None = None
    copper_um: float | None = None
    mask_colour: str = ""
    flexible: bool | None = None
    castellated: bool | None = None
    edge_plated: bool | None = None
    min_track_mm: float | None = None
    min_space_mm: float | None = None


def read_report(source: Source, facts: Facts) -> str:
    """Take in a report; returns what it is, and whether anything in it is used (empty: nothing)."""
    report = report_of(source)
    if report is None or not report.kind:
        return ""
    text = decode(source.data[:REPORT_BYTES])[0]
    _READERS[report.kind](text, facts)
    return report.name


def _extensions(text: str, facts: Facts) -> None:
    for match in list(_EXTENSION.finditer(text))[:FILES]:
        facts.descriptions[match[1].lower()] = match[2].strip()


def _generated(text: str, facts: Facts) -> None:
    for match in list(_GENERATED.finditer(text))[:FILES]:
        facts.files[match[2].lower()] = match[1]


def _pairs(text: str, facts: Facts) -> None:
    for match in list(_PAIR.finditer(text))[:FILES]:
        layers = [name.strip().lower() for name in match[2].split(",") if name.strip()]
        if len(layers) > len(facts.order):
            facts.order = layers
        for name in match[1].lower().split(","):
            if name.strip() and layers:
                drill = facts.drills.setdefault(name.strip(), DrillFacts())
                drill.first, drill.last = "." + layers[0], "." + layers[-1]


def _drills(text: str, facts: Facts) -> None:
    pair: tuple[str, str] = ("", "")
    current: list[DrillFacts] = []
    fresh = True
    for line in text.splitlines()[:REPORT_BYTES]:
        if match := _LAYER_PAIR.match(line):
            pair, current = (match[1], match[2]), []
        elif match := _DRILL_FILE.match(line):
            current = current if fresh else []
            drill = facts.drills.setdefault(match[2].lower(), DrillFacts())
            drill.first, drill.last = pair
            words = match[1].lower()
            drill.plated = False if "non-plated" in words else True if "plated" in words else drill.plated
            current.append(drill)
            fresh = True
        elif match := _ALTIUM_TOOL.match(line):
            fresh = False
            for drill in current:
                _note(drill, match[1], float(match[2]), plated=match[3] == "PTH")


def _note(drill: DrillFacts, number: str, diameter_mm: float, *, plated: bool | None) -> None:
    if len(drill.tools) < DRILL_TOOLS and len(number) < 7 and 0 < diameter_mm < 1000:
        drill.tools[int(number)] = Tool(diameter_mm, plated)


def _kicad_drills(text: str, facts: Facts) -> None:
    drill = DrillFacts()
    for line in text.splitlines()[:REPORT_BYTES]:
        if match := _KICAD_FILE.match(line):
            drill = facts.drills.setdefault(match[1].lower(), DrillFacts())
        elif "plated through holes" in line and "Total" not in line:
            drill.plated = "unplated" not in line and "non-plated" not in line
        elif match := _KICAD_PAIR.search(line):
            drill.first, drill.last, drill.plated = match[1], match[2], True
        elif match := _KICAD_TOOL.match(line):
            _note(drill, match[1], float(match[2]), plated=drill.plated)


def _eagle_drills(text: str, facts: Facts) -> None:
    named = _EAGLE_FILE.search(text)
    if named is None:
        return
    name = re.split(r"[\\/]", named[1])[-1].lower()
    drill = facts.drills.setdefault(name, DrillFacts())
    for match in _EAGLE_TOOL.finditer(text):
        _note(drill, match[1], float(match[2]) * _UNITS[match[3]], plated=None)


_READERS = {
    "extensions": _extensions,
    "generated": _generated,
    "pairs": _pairs,
    "drills": _drills,
    "kicad_drills": _kicad_drills,
    "eagle_drills": _eagle_drills,
}


def read_job(source: Source, facts: Facts) -> list[Finding]:
    """Take in a Gerber job file."""
    try:
        if len(source.data) > JOB_BYTES:
            raise ValueError(f"more than {JOB_BYTES:,} bytes")
        job = json.loads(decode(source.data)[0])
        if not isinstance(job, dict):
            raise ValueError("no list of names and values")
    except (ValueError, RecursionError) as trouble:
        text = f"this job file cannot be read: {str(trouble)[:100]}"
        return [warning("files.fabrication.job", source.name, text, "write the job file anew")]
    _job_files(job, facts)
    _job_board(job, facts)
    _job_stack(job, facts)
    _job_rules(job, facts)
    return []


def _rows(job: dict[str, Any], key: str) -> list[dict[str, Any]]:
    rows = job.get(key)
    return [row for row in rows[:FILES] if isinstance(row, dict)] if isinstance(rows, list) else []


def _job_files(job: dict[str, Any], facts: Facts) -> None:
    for row in _rows(job, "FilesAttributes"):
        path, function = row.get("Path"), row.get("FileFunction")
        if isinstance(path, str) and isinstance(function, str):
            name = re.split(r"[\\/]", path)[-1].lower()
            facts.functions[name] = tuple(part.strip() for part in function.split(","))


def _job_board(job: dict[str, Any], facts: Facts) -> None:
    specs = job.get("GeneralSpecs")
    if not isinstance(specs, dict):
        return
    facts.thickness_mm = _positive(specs.get("BoardThickness"))
    layers = _positive(specs.get("LayerNumber"))
    facts.layers = int(layers) if layers else None
    facts.finish = _said(specs.get("Finish"))
    facts.castellated = _flag(specs.get("Castellated"))
    facts.edge_plated = _flag(specs.get("EdgePlating"))
    size = specs.get("Size")
    if isinstance(size, dict):
        x, y = _positive(size.get("X")), _positive(size.get("Y"))
        facts.size_mm = (x, y) if x and y else None


def _job_stack(job: dict[str, Any], facts: Facts) -> None:
    stack = _rows(job, "MaterialStackup")
    copper = [_positive(row.get("Thickness")) for row in stack if row.get("Type") == "Copper"]
    if copper and copper[0]:
        facts.copper_um = round(copper[0] * 1000, 3)
    for row in stack:
        if row.get("Type") == "SolderMask" and not facts.mask_colour:
            facts.mask_colour = _said(row.get("Color"))


def _job_rules(job: dict[str, Any], facts: Facts) -> None:
    rules = _rows(job, "DesignRules")
    widths = [_positive(row.get("MinLineWidth")) for row in rules]
    spaces = [_positive(row.get(key)) for row in rules for key in ("TrackToTrack", "PadToTrack", "PadToPad")]
    facts.min_track_mm = min((width for width in widths if width), default=None)
    facts.min_space_mm = min((space for space in spaces if space), default=None)


def _positive(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < 10_000 else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _said(value: object) -> str:
    return value.strip()[:60] if isinstance(value, str) and value.strip().lower() not in ("none", "") else ""
