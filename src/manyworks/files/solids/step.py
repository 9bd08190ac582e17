"""STEP (ISO 10303-21) and IGES files: looked over here, read by the kernel in its worker process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from manyworks.files.limits import COORDINATE_MM
from manyworks.files.solids.contents import SolidContents, Standing
from manyworks.files.solids.kernel.columns import EDGE_COLUMNS, FACE_COLUMNS
from manyworks.files.solids.kernel.process import KERNEL, KernelError, is_installed
from manyworks.files.solids.limits import STEP_BYTES, STEP_TRIANGLES
from manyworks.files.solids.meshes import oversized
from manyworks.files.solids.part21 import look_over
from manyworks.files.sources import Source
from manyworks.model import Finding, error, info, warning

if TYPE_CHECKING:
    from manyworks.files.solids.kernel.messages import Arrays
    from manyworks.shapes import Shape

# The first line of an IGES file: 72 columns of text, the letter of the section, a number.
_IGES = re.compile(rb"[^\r\n]{72}S[ 0]*1[ \t]*[\r\n]")
_INSTALL = 'pip install "manyworks[solids]"'
_TROUBLE = {
    "slow": ("files.solid.kernel-slow", "simplify the part, or export its bodies one by one"),
    "memory": ("files.solid.kernel-memory", "simplify the part, or export its bodies one by one"),
    "large": ("files.solid.too-large", "simplify the part, or export its bodies one by one"),
    "crash": ("files.solid.kernel-crash", "export the part anew, or as STL"),
    "unreadable": ("files.solid.malformed", "export the part anew"),
}


def read_step(source: Source) -> tuple[SolidContents | None, tuple[Finding, ...]]:
    """Read a STEP file's solids through the modelling kernel.

    Returns
    -------
    Bodies in the order of the file with exact measures (mm, mm2, mm3), faces in the order the
    kernel explores them; None with an error finding.
    """
    schema = look_over(source)
    if isinstance(schema, Finding):
        return None, (schema,)
    return _ask(source, "step", f"STEP {schema}" if schema else "STEP of an unknown schema")


def read_iges(source: Source) -> tuple[SolidContents | None, tuple[Finding, ...]]:
    """Read an IGES file's solids through the modelling kernel; its loose surfaces are sewn together.

    Returns
    -------
    As `read_step`.
    """
    if not _IGES.match(source.data):
        text = "this is no IGES file: its first line is not marked as the start section"
        return None, (error("files.solid.malformed", source.name, text, "export the part as STEP"),)
    return _ask(source, "iges", "IGES")


def _ask(source: Source, form: str, said: str) -> tuple[SolidContents | None, tuple[Finding, ...]]:
    if len(source.data) > STEP_BYTES:
        return None, (oversized(source, STEP_BYTES),)
    if not is_installed():
        text = f"{form.upper()} files need the solid modelling kernel, which is not installed"
        return None, (error("files.solid.kernel-missing", source.name, text, _INSTALL),)
    try:
        head, arrays = KERNEL.ask(source.data, STEP_TRIANGLES, form)
    except KernelError as trouble:
        return None, (_explain(trouble, source.name),)
    findings = tuple(_remarks(head, said, source.name))
    bodies = tuple(
        _standing(number, body, arrays)
        for number, body in enumerate(head["bodies"])
        if len(arrays[f"{number}.triangles"]) and body["volume"] > 0
    )
    refusal = _senseless(bodies, source.name) if bodies else _no_body(head, source.name)
    if refusal is not None:
        return None, (*findings, refusal)
    whole = not any(body["unmeshed"] for body in head["bodies"])
    return SolidContents(bodies=bodies, watertight=whole), findings


def _senseless(bodies: Sequence[Standing], name: str) -> Finding | None:
    import numpy as np

    figures = [
        part for body in bodies for part in (body.shape.vertices, body.boxes, np.array(body.shape.volume))
    ]
    if not all(np.isfinite(part).all() for part in figures):
        text = "corners or measures that are infinite or no number"
        return error("files.solid.not-finite", name, text, "export the part anew")
    if any(np.abs(body.boxes).max() > COORDINATE_MM for body in bodies):
        return error(
            "files.solid.too-far", name, f"corners further than {COORDINATE_MM:g} mm from the origin"
        )
    return None


def _explain(trouble: KernelError, name: str) -> Finding:
    code, hint = _TROUBLE[trouble.kind]
    return error(code, name, f"the modelling kernel gives up on it: {trouble.message or trouble.kind}", hint)


def _no_body(head: dict[str, Any], name: str) -> Finding:
    surfaces = head["open_shells"] + head["loose_faces"]
    text = "the file holds no solid body" + (f", only {surfaces} open surfaces" if surfaces else "")
    return error("files.solid.no-body", name, text, "close the surfaces to a solid in the CAD program")


def _remarks(head: dict[str, Any], said: str, name: str) -> Iterator[Finding]:
    units = ", ".join(head["units"]) or "no unit"
    yield info("files.solid.exact", name, f"{said}, lengths in {units.lower()}, read as mm")
    if head["sewn"]:
        text = f"loose surfaces are sewn together to {head['sewn']} closed bodies"
        yield warning("files.solid.sewn", name, text, "export it as a solid")
    if head["closed_up"]:
        text = f"{head['closed_up']} closed skins that the file does not call solids are taken for solids"
        yield info("files.solid.closed-up", name, text)
    yield from _left_out(head, name)
    invalid = [number for number, body in enumerate(head["bodies"], 1) if not body["valid"]]
    if invalid:
        text = f"the kernel finds faults in {_listed(invalid)}; measures may be off"
        yield warning("files.solid.invalid", name, text, "check and repair it in the CAD program")
    unmeshed = sum(body["unmeshed"] for body in head["bodies"])
    if unmeshed:
        text = f"{unmeshed} faces could not be meshed and are missing in walls, views and features"
        yield warning("files.solid.unmeshed", name, text, "repair these faces in the CAD program")


def _listed(bodies: list[int]) -> str:
    shown = ", ".join(map(str, bodies[:10])) + (" ..." if len(bodies) > 10 else "")
    return f"body {shown}" if len(bodies) == 1 else f"bodies {shown}"


def _left_out(head: dict[str, Any], name: str) -> Iterator[Finding]:
    left = {
        "open surfaces": head["open_shells"],
        "single faces": head["loose_faces"],
        "single curves": head["loose_edges"],
    }
    said = " and ".join(f"{count:,} {what}" for what, count in left.items() if count)
    if said:
        yield warning("files.solid.surfaces", name, f"{said} belong to no solid and are not used")
    if head["skipped"]:
        text = f"{head['skipped']:,} parts of the assembly beyond what is read are left out"
        yield warning("files.solid.too-many", name, text, "split the assembly")
    hollow = [
        body["name"] or str(number)
        for number, body in enumerate(head["bodies"], 1)
        if body["volume"] <= 0 or not body["faces"]
    ]
    if hollow:
        yield warning("files.solid.flat", name, f"without volume, left out: {', '.join(hollow[:10])}")


def _standing(number: int, body: dict[str, Any], arrays: Arrays) -> Standing:
    places: Any = arrays[f"{number}.places"]
    boxes: Any = arrays[f"{number}.boxes"]
    return Standing(shape=_shape(number, body, arrays), places=places, boxes=boxes)


def _shape(number: int, body: dict[str, Any], arrays: Arrays) -> Shape:
    from manyworks.shapes import EdgeTable, FaceTable, Shape

    faces: dict[str, Any] = {name: arrays[f"{number}.faces.{name}"] for name in FACE_COLUMNS}
    edges: dict[str, Any] = {name: arrays[f"{number}.edges.{name}"] for name in EDGE_COLUMNS}
    mesh: dict[str, Any] = {name: arrays[f"{number}.{name}"] for name in ("vertices", "triangles", "face_of")}
    return Shape(
        **mesh,
        faces=FaceTable(**faces),
        edges=EdgeTable(**edges),
        exact=True,
        volume=body["volume"],
        area=body["area"],
        name=body["name"],
    )
