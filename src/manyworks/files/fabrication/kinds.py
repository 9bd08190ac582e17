"""What a file of a fabrication set is, by its name and its first bytes."""

from __future__ import annotations

import re
from enum import StrEnum

from manyworks.files.fabrication.vocabulary import Report, vocabulary
from manyworks.files.sources import Source, decode

_HEAD = 8_000
_GERBER = re.compile(
    rb"%\s*(?:FS[LTD]?[AI]?(?:N\d)?(?:G\d)?X\d\dY\d\d|MO(?:IN|MM)\*|ADD\d+[A-Za-z_$.])"
    rb"|%\s*(?:AM[^%*]{1,60}\*|TF\.|LP[DC]\*)"
    rb"|%\s*(?:IPPOS|IPNEG|IN[^%*]{0,60}|SRX\d+Y\d+[^%*]{0,40})\*%"
    rb"|(?:\A|[\r\n*])\s?(?:G0?1)?X-?\d+Y-?\d+D0?[123]\*"
    rb"|(?:\A|[\r\n*])G54D\d+\*|(?:\A|[\r\n])G04 #@! TF\."
)
# A list of macros is a report; a layer also has a number format or a unit.
_PLOTTED = re.compile(rb"%\s*(?:FS[LTD]?[AI]?[NGX]|MO(?:IN|MM)\*)")
_DRILL = re.compile(rb"(?:\A|[\r\n])\s*M48\s*[\r\n]")
# A drill file without a header: a tool is chosen and a hole is made.
_BARE_DRILL = re.compile(
    rb"(?:\A|[\r\n])T0*\d{1,3}(?:[FSCH][\d.FSCH]*)?[ \t]*[\r\n]{1,4}(?:G\d\d[\r\n]{0,2})*"
    rb"X[+-]?[\d.]+Y[+-]?[\d.]+[ \t]*[\r\n]"
)
_NETLIST = re.compile(
    rb"(?:\A|[\r\n])(?:[PC]  (?:JOB|UNITS|CODE|DIM|TITLE|IPC-D-356)\b"
    rb"|3[12]7[^\r\n]{17,60}X[+-]\d{6}Y[+-]\d{6})"
)
_MAP = re.compile(r"drl[_ -]?map\.(pdf|ps|dxf|svg|plt|hpgl)$", re.IGNORECASE)
_ODB = re.compile(r"(^|/)matrix/matrix(\.z)?$", re.IGNORECASE)
_APERTURES = re.compile(rb"\AD\d+\s+[A-Z]+\s+[\d.]+\s+[\d.]+")
_PICTURES = (b"%PDF", b"%!PS", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04")


class Kind(StrEnum):
    """What can be done with a file."""

    GERBER = "Gerber layer"
    DRILL = "drill file"
    JOB = "Gerber job file"
    NETLIST = "netlist"
    REPORT = "report"
    MAP = "drill map"
    ODB = "ODB++ data"
    IPC2581 = "IPC-2581 data"
    NONE = ""


def kind_of(source: Source) -> Kind:
    """What a file is; ``Kind.NONE`` where it is no fabrication data. Looks at the first bytes only."""
    name = source.path.name
    if _ODB.search(source.path.as_posix()):
        return Kind.ODB
    if _MAP.search(name):
        return Kind.MAP
    if source.data.startswith(_PICTURES):
        return Kind.NONE
    head = _plain(source.data[:_HEAD])
    by_content = _by_content(head)
    if by_content is not Kind.NONE:
        return by_content
    return _by_name(name, head)


def is_fabrication(source: Source) -> bool:
    """Whether a file looks like fabrication data: a layer, drill file, netlist, job file or report."""
    return kind_of(source) is not Kind.NONE


def report_of(source: Source) -> Report | None:
    """Which of the known reports a file is."""
    head = _plain(source.data[:_HEAD])
    return next((report for report in vocabulary().reports if report.has.encode() in head), None)


def _plain(head: bytes) -> bytes:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:3] == b"\xef\xbb\xbf":
        return decode(head)[0].encode("utf-8", errors="replace")
    return head


def _by_content(head: bytes) -> Kind:
    plotted = _PLOTTED.search(head)
    if not plotted and any(report.has.encode() in head for report in vocabulary().reports):
        return Kind.REPORT
    tests = {
        Kind.IPC2581: b"<IPC-2581" in head,
        Kind.DRILL: _DRILL.search(head),
        Kind.GERBER: _GERBER.search(head),
        Kind.NETLIST: _NETLIST.search(head) or head.startswith(b"(edif"),
        Kind.REPORT: _APERTURES.match(head),
    }
    found = next((kind for kind, holds in tests.items() if holds), Kind.NONE)
    return Kind.DRILL if found is Kind.NONE and _BARE_DRILL.search(head) else found


def _by_name(name: str, head: bytes) -> Kind:
    """A file whose content is not known, but whose ending is one of fabrication alone."""
    known = vocabulary().kinds.get(name.lower().rpartition(".")[2])
    if known == "job":
        return Kind.JOB if head.lstrip().startswith(b"{") else Kind.NONE
    if known in ("report", "netlist") and b"\0" not in head and not head.lstrip().startswith(b"<"):
        return Kind.REPORT if known == "report" else Kind.NONE
    if known in ("layer", "drill") and not head.strip(b"\r\n\t *%"):
        return Kind.GERBER if known == "layer" else Kind.DRILL
    return Kind.NONE
