"""Machined blocks with the cut that left each face: how their label file is to be read.

The file gives a list of class numbers per part. The lists follow the numbers that the STEP file
gives its faces as names (``ADVANCED_FACE('17', ...)``), not the order of the faces; and the numbers
follow `manyworks.shapes.face_classes.FACE_CLASSES`, not the table of names beside them. Both were
measured: read so, the faces labelled as stock are exactly those on the sides of the block, all faces
of one cut that meet in inside corners bear one label, and every cut numbered 11 has the seven
faces of a pocket of six walls.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from manyworks.files.solids.step import read_step
from manyworks.files.sources import Source
from manyworks.shapes import Shape
from manyworks.shapes.face_classes import FACE_CLASSES


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPart:
    """A body and the true class of each face, in the order of the faces."""

    name: str
    shape: Shape
    classes: tuple[str, ...]


def read_labelled_parts(folder: Path) -> Iterator[LabelledPart]:
    """Read the parts that ``face_labels.json`` in a folder lists."""
    labels = json.loads((folder / "face_labels.json").read_text(encoding="utf-8"))["labels"]
    for name, numbers in labels.items():
        data = (folder / name).read_bytes()
        contents, findings = read_step(Source(name=name, path=folder / name, data=data))
        if contents is None:
            raise SystemExit(f"{name}: {findings}")
        order = face_numbers(data.decode("ascii"))
        yield LabelledPart(
            name=name,
            shape=contents.bodies[0].shape,
            classes=tuple(FACE_CLASSES[numbers[face]] for face in order),
        )


def face_numbers(step: str) -> list[int]:
    """The numbers that serve as names of a STEP file's faces, in the order of its one shell."""
    entities = dict(re.findall(r"#(\d+)\s*=\s*([A-Z_]+\s*\(.*?\));", step, re.DOTALL))
    shell = next(text for text in entities.values() if text.startswith("CLOSED_SHELL"))
    faces = (entities[number] for number in re.findall(r"#(\d+)", shell))
    return [int(re.findall(r"'(\d+)'", face)[0]) for face in faces]


def turned(shape: Shape, seed: int) -> Shape:
    """The same body turned and moved at random."""
    random = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(random.normal(size=(3, 3)))
    turn[:, 0] *= np.sign(np.linalg.det(turn))
    shift = random.normal(size=3) * 50
    faces, edges = shape.faces, shape.edges
    return replace(
        shape,
        vertices=shape.vertices @ turn.T + shift,
        faces=replace(
            faces,
            centre=faces.centre @ turn.T + shift,
            normal=faces.normal @ turn.T,
            origin=faces.origin @ turn.T + shift,
            axis=faces.axis @ turn.T,
        ),
        edges=replace(
            edges,
            start=edges.start @ turn.T + shift,
            middle=edges.middle @ turn.T + shift,
            end=edges.end @ turn.T + shift,
        ),
    )
