"""Any instance file, its format found by what it holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from manyworks.model import Finding, error, info
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.instances.assembly import scan_assembly
from manyworks.scheduling.instances.classic import scan_job_shop
from manyworks.scheduling.instances.faults import Faults, refuse
from manyworks.scheduling.instances.flexible import scan_flexible
from manyworks.scheduling.instances.goals import set_objective
from manyworks.scheduling.instances.number_rows import Rows, read_rows
from manyworks.scheduling.instances.own_reading import scan_problem
from manyworks.scheduling.instances.scans import Scan
from manyworks.scheduling.instances.setups import scan_setups
from manyworks.scheduling.instances.source import read_bytes
from manyworks.scheduling.instances.transitions import scan_transitions
from manyworks.scheduling.instances.transport import fitting_layouts, scan_transport
from manyworks.scheduling.instances.workers import scan_workers
from manyworks.scheduling.problem.data import Objective, ProblemData

AUTO = "auto"
_ROWS: Mapping[str, Callable[[Rows, Faults], Scan | None]] = {
    "jsp": scan_job_shop,
    "fjsp": scan_flexible,
    "fjsp_assembly": scan_assembly,
    "fjsp_sdst": scan_setups,
    "fjsp_w": scan_workers,
}
_TRANSPORT = "fjspt"
_DOCUMENTS: Mapping[str, Callable[[Mapping[str, Any], Faults], Scan | None]] = {
    "sdst_jsp": scan_transitions,
    "manyworks": scan_problem,
}
_EXTENSIONS = {".fjs": "fjsp", ".jsp": "jsp", ".jss": "jsp"}
FORMATS = (AUTO, *_ROWS, _TRANSPORT, *_DOCUMENTS)
"""Names of formats; ``auto`` finds out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A problem that was read from a file.

    Parameters
    ----------
    problem
        With remarks of the reader among its ``assumptions``.
    format
        The format it was read as, one of `FORMATS`.
    scale
        Times of the problem are this many times those of the file (1, but for files with decimals).
    """

    problem: ProblemData
    format: str
    scale: int


class _Try(NamedTuple):
    """A format, what it made of a file, and what it found wrong."""

    format: str
    scan: Scan | None
    faults: Faults


def read_instance(
    path: str | Path,
    format: str = AUTO,  # noqa: A002 - what a person calls it
    objective: Objective | None = None,
    *,
    layout: str | Path | None = None,
) -> ProblemData:
    """Read a scheduling problem from a file.

    Parameters
    ----------
    path, format, objective, layout
        See `load_instance`, which says as well what the file was read as.

    Raises
    ------
    SchedulingError
        With everything that is wrong with the file, each with its line.
    """
    return load_instance(path, format, objective, layout=layout).problem


def load_instance(
    path: str | Path,
    format: str = AUTO,  # noqa: A002
    objective: Objective | None = None,
    *,
    layout: str | Path | None = None,
) -> Instance:
    """Read a scheduling problem from a file, and say what it was read as.

    Parameters
    ----------
    path
        Text or JSON, gzipped or not.
    format
        One of `FORMATS`.
    objective
        What a good schedule is; None: what the file says, else the makespan.
    layout
        File of travel times for ``fjspt``; None: the only one that fits beside the instance.

    Raises
    ------
    SchedulingError
        With every fault and its line; or with the formats that fit, where more than one does.
    """
    path = Path(path)
    if format not in FORMATS:
        message = f"there is no format {format!r}; formats are {', '.join(FORMATS)}"
        raise refuse(error("scheduling.instance.format", str(path), message, "name one of them"))
    data = read_bytes(path)
    document = _is_json(data)
    if layout is not None and (document or format not in (AUTO, _TRANSPORT)):
        message = f"a layout goes with {_TRANSPORT} alone, not with {'JSON' if document else format}"
        raise refuse(error("scheduling.instance.layout", str(layout), message, "leave it out"))
    if document:
        found, scan = _read_document(data, path, format)
    else:
        found, scan = _read_text(data, path, format, None if layout is None else Path(layout))
    name = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
    problem = scan.problem(name)
    if objective is not None:
        problem = set_objective(problem, objective)
    return Instance(problem=problem, format=found, scale=scan.scale)


def _is_json(data: bytes) -> bool:
    return data[:4096].lstrip()[:1] in (b"{", b"[")


def _read_text(data: bytes, path: Path, format_: str, layout: Path | None) -> tuple[str, Scan]:
    faults = Faults(path.name)
    rows = read_rows(data, faults)
    if rows is None and not faults.count:
        faults.add(error("scheduling.instance.empty", path.name, "holds no numbers", "give an instance"))
    if rows is None:
        raise SchedulingError(faults.findings)
    if format_ in _DOCUMENTS:
        message = f"expected JSON, as {format_} is; found rows of numbers"
        raise refuse(error("scheduling.instance.json", path.name, message, "name the format it has"))
    return _settle([_try(one, rows, path, layout) for one in _candidates(rows, path, format_, layout)], path)


def _candidates(rows: Rows, path: Path, format_: str, layout: Path | None) -> list[str]:
    """Formats that a file may have, by the numbers in its header."""
    if format_ != AUTO:
        return [format_]
    width = int(rows.widths[0])
    if layout is not None:
        return [_TRANSPORT]
    if width == 2:
        named = _EXTENSIONS.get(PurePath(path.name.removesuffix(".gz")).suffix.lower())
        return [named or "jsp", named or "fjsp", "fjsp_sdst"][bool(named) :]
    if width != 3:
        message = f"expected a header of two or three numbers, found {width}"
        hint = "a layout of travel times is given with --layout, beside its instance" if width > 3 else ""
        raise refuse(error("scheduling.instance.header", f"{path.name}:{int(rows.line[0])}", message, hint))
    vehicles = fitting_layouts(path, int(rows.values[1]))
    return ["fjsp_w", "fjsp_sdst", "fjsp_assembly", _TRANSPORT if vehicles else "fjsp"]


def _try(format_: str, rows: Rows, path: Path, layout: Path | None) -> _Try:
    faults = Faults(path.name)
    if format_ == _TRANSPORT:
        scan = scan_transport(rows, faults, layout, path)
    else:
        scan = _ROWS[format_](rows, faults)
    return _Try(format=format_, scan=None if faults.count else scan, faults=faults)


def _settle(tries: list[_Try], path: Path) -> tuple[str, Scan]:
    """The one format that fits.

    Lines that count their own operations and machines exactly are no pairs by chance: where a file fits both
    ``fjsp`` and a job shop in which jobs miss machines or come back to them, it is taken for the first.

    Raises
    ------
    SchedulingError
        Where several fit; or none, with what keeps the file from the one it comes nearest to.
    """
    fitting = {one.format: one.scan for one in tries if one.scan is not None}
    if set(fitting) == {"jsp", "fjsp"} and not fitting["jsp"].regular:
        message = "may be read as fjsp and, with jobs that come back to machines, as jsp; it is read as fjsp"
        note = info("scheduling.instance.ambiguous", path.name, message, "say --format jsp if that is meant")
        return "fjsp", replace(fitting["fjsp"], notes=(*fitting["fjsp"].notes, note))
    if len(fitting) == 1:
        return next(iter(fitting.items()))
    if fitting:
        message = f"may be read as {' and '.join(fitting)}"
        raise refuse(error("scheduling.instance.ambiguous", path.name, message, "say which with --format"))
    raise SchedulingError(_tell_nearest(tries, path))


def _tell_nearest(tries: list[_Try], path: Path) -> list[Finding]:
    nearest = min(tries, key=lambda one: one.faults.count)
    told = list(nearest.faults.findings)
    if len(tries) == 1:
        return told
    formats = ", ".join(one.format for one in tries)
    message = f"fits none of the formats {formats}; read as {nearest.format} it has the faults listed"
    return [error("scheduling.instance.unknown", path.name, message, "say which with --format"), *told]


def _read_document(data: bytes, path: Path, format_: str) -> tuple[str, Scan]:
    content = _decode(data, path)
    faults = Faults(path.name)
    if format_ == AUTO:
        own = "format" in content or "operations" in content
        format_ = "sdst_jsp" if "setup" in content and not own else "manyworks"
    if format_ not in _DOCUMENTS:
        message = f"expected rows of numbers, as {format_} has; found JSON"
        raise refuse(error("scheduling.instance.json", path.name, message, "name the format it has"))
    scan = _DOCUMENTS[format_](content, faults)
    if scan is None:
        raise SchedulingError(faults.findings)
    return format_, scan


def _decode(data: bytes, path: Path) -> dict[str, Any]:
    try:
        content = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as trouble:
        line = getattr(trouble, "lineno", None)
        where = f"{path.name}:{line}" if line else path.name
        reason = "it is nested too deep" if isinstance(trouble, RecursionError) else str(trouble)
        message = f"is no JSON: {reason[:200]}"
        raise refuse(
            error("scheduling.instance.json", where, message, "write valid JSON in UTF-8")
        ) from trouble
    if not isinstance(content, dict):
        message = "expected a JSON object, found a list"
        raise refuse(error("scheduling.instance.json", path.name, message, "see the formats"))
    return content


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")
