"""Places where the measured truth is another than what is read: each with the evidence, counted anew.

The evidence is taken from the text of the files by a few lines here, not by the readers.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
from tests.files.designs import SHARED, truth

from manyworks.files import read
from manyworks.files.boards import read_board, read_eagle
from manyworks.files.fabrication import read_fabrication
from manyworks.files.sources import Source
from manyworks.model import BoardDesign
from manyworks.shapes.face_classes import FACE_CLASSES

DESIGNS = SHARED / "data" / "designs"
BLOCKS = DESIGNS / "solid-mfcad-labelled"
Point: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
STOCK = 15


def row_of(table: str, key: str, value: str) -> dict[str, str]:
    found = [row for row in truth(table) if row[key] == value]
    if not found:
        pytest.skip("the truth about the real designs is not at hand")
    return found[0]


def board_of(folder: str, name: str) -> BoardDesign:
    path = DESIGNS / folder / name
    if path.suffix == ".brd":
        board, findings = read_eagle(Source(path=path, name=name, data=path.read_bytes()))
    else:
        board, findings = read_board(path, name)
    assert board is not None, findings
    return board.design


class TestFomu:
    """The board file of Fomu is another state than its fabrication files; the truth counts the latter."""

    folder = "board-fomu-dvt1c"

    def test_the_text_of_the_files_has_249_and_247_vias(self, shared: Path) -> None:
        board = (shared / "data" / "designs" / self.folder / "tomu-fpga.kicad_pcb").read_text()
        assert len(re.findall(r"^\s*\(via ", board, re.MULTILINE)) == 249
        drills = (shared / "data" / "designs" / self.folder).glob("*.drl")
        assert sum(len(re.findall(r"^X", drill.read_text(), re.MULTILINE)) for drill in drills) == 247

    def test_each_is_read_as_it_is_and_the_difference_is_told(self, shared: Path) -> None:
        assert row_of("boards.csv", "folder", self.folder)["plated_holes"] == "247"
        assert board_of(self.folder, "tomu-fpga.kicad_pcb").plated_holes == 249
        folder = shared / "data" / "designs" / self.folder
        paths = sorted(path for path in folder.iterdir() if path.is_file())
        found, _ = read_fabrication([Source(path=p, name=p.name, data=p.read_bytes()) for p in paths])
        assert [one.design.plated_holes for one in found] == [247]
        _, findings = read(folder)
        (told,) = [finding for finding in findings if finding.code == "files.board.fabrication-differs"]
        assert "249" in told.message
        assert "247" in told.message


def test_slots_drawn_inside_a_footprint_are_cut_outs_and_not_drilled(shared: Path) -> None:
    """The truth counts two slots that no drill list has; they are read as windows of the outline."""
    row = row_of("boards.csv", "folder", "board-adafruit-feather-m0")
    assert "not in a drill list" in row["remarks"]
    design = board_of("board-adafruit-feather-m0", row["files"])
    assert (row["slots"], design.slots) == ("2", 0)
    windows = [np.ptp(np.array(ring), axis=0) for ring in design.outline_mm[1:]]
    assert len(windows) == int(row["slots"])
    for size in windows:
        assert size == pytest.approx([1.3, 0.9], abs=0.05)
    assert (design.width_mm, design.height_mm) == pytest.approx((50.8, 22.86), abs=0.02)


def test_a_cart_ends_its_lines_otherwise_than_the_truth_says(shared: Path) -> None:
    row = row_of("tables.csv", "file", "board-tomu-v0.4.6/bom-digikey.csv")
    data = (shared / "data" / "designs" / row["file"]).read_bytes()
    assert row["line_ending"] == "crlf (last line without end)"
    assert data.endswith(b"\r\n")
    assert [line.endswith(b"\r\n") for line in data.splitlines(keepends=True)] == [False] + [True] * 7


@dataclass(frozen=True)
class Face:
    """A plane face of a block: its name in the file, its outward normal and its corners."""

    name: int
    normal: Point
    corners: Point


@dataclass(frozen=True)
class Block:
    """A block with its faces in the file's order, and the pairs that meet in an inside corner."""

    labels: list[int]
    faces: list[Face]
    inside: set[tuple[int, int]]

    def classes(self, by: str) -> list[int]:
        """The label of every face, taken in the list's order or by the face's name."""
        return [self.labels[face.name if by == "name" else n] for n, face in enumerate(self.faces)]

    def is_outside(self, face: Face) -> bool:
        """Whether a face lies on the box around the block."""
        every = np.vstack([other.corners for other in self.faces])
        axis = int(np.abs(face.normal).argmax())
        border = (every.max(axis=0) if face.normal[axis] > 0 else every.min(axis=0))[axis]
        square = bool(abs(face.normal[axis]) > 1 - 1e-6)
        return square and bool(np.abs(face.corners[:, axis] - border).max() < 1e-4)

    def cuts(self) -> list[set[int]]:
        """Faces that are joined by inside corners; a face of no corner is a cut of its own."""
        groups = [{n} for n in range(len(self.faces)) if self.classes("name")[n] != STOCK]
        for pair in self.inside:
            touched = [group for group in groups if group & set(pair)]
            groups = [group for group in groups if group not in touched] + [set().union(*touched)]
        return groups


class StepText:
    """Just enough of STEP's text for bodies of plane faces and straight edges."""

    def __init__(self, text: str) -> None:
        found = re.findall(r"#(\d+)\s*=\s*(.*?);", text, re.DOTALL)
        self.lines = {number: " ".join(line.split()) for number, line in found}

    def names(self, number: str) -> list[str]:
        return re.findall(r"#(\d+)", self.lines[number])

    def numbers(self, number: str) -> Point:
        return np.array(
            [float(part) for part in self.lines[number].rpartition("(")[2].strip(") ").split(",")]
        )

    def says_true(self, number: str) -> bool:
        return self.lines[number].rstrip(") ").endswith(".T.")

    def shell(self) -> list[str]:
        (shell,) = (number for number, line in self.lines.items() if line.startswith("CLOSED_SHELL"))
        return self.names(shell)

    def normal(self, face: str) -> Point:
        axis = self.names(self.names(face)[-1])[0]
        direction = self.numbers(self.names(axis)[1])
        return direction / np.linalg.norm(direction) * (1 if self.says_true(face) else -1)

    def edges(self, face: str) -> list[tuple[str, Point, Point]]:
        """Edges of a face with start and end as they run around it, the face on their left."""
        found = []
        for bound in self.names(face)[:-1]:
            for oriented in self.names(self.names(bound)[0]):
                edge = self.names(oriented)[-1]
                start, end = (self.numbers(self.names(vertex)[0]) for vertex in self.names(edge)[:2])
                along = self.says_true(oriented) == self.says_true(bound)
                found.append((edge, start, end) if along else (edge, end, start))
        return found


def block_of(path: Path, labels: list[int]) -> Block:
    text = StepText(path.read_text(encoding="ascii"))
    faces, into = [], {}
    for n, number in enumerate(text.shell()):
        edges, normal = text.edges(number), text.normal(number)
        name = int(re.findall(r"'(\d+)'", text.lines[number])[0])
        faces.append(Face(name, normal, np.array([point for _, *ends in edges for point in ends])))
        for edge, start, end in edges:
            # From the edge into the face: the face lies left of an edge that runs around it.
            into.setdefault(edge, []).append(
                (n, np.cross(normal, (end - start) / np.linalg.norm(end - start)))
            )
    inside = {(a, b) for (a, _), (b, inwards) in into.values() if float(inwards @ faces[a].normal) > 1e-4}
    return Block(labels, faces, inside)


@cache
def blocks() -> tuple[Block, ...]:
    if not BLOCKS.is_dir():
        pytest.skip("the labelled blocks are not at hand")
    labels = json.loads((BLOCKS / "face_labels.json").read_text(encoding="utf-8"))["labels"]
    return tuple(block_of(BLOCKS / name, numbers) for name, numbers in labels.items())


class TestLabelledBlocks:
    """The label file is read by the names of the faces and with other class names than it states."""

    def test_the_file_states_another_order_and_other_names(self, shared: Path) -> None:
        said = json.loads((BLOCKS / "face_labels.json").read_text(encoding="utf-8"))
        assert "index = face order" in said["note"]
        assert said["classes"]["0"] == "rectangular_through_slot"
        assert FACE_CLASSES[0] == "chamfer"

    def test_names_of_faces_number_them_through(self) -> None:
        for block in blocks():
            assert sorted(face.name for face in block.faces) == list(range(len(block.labels)))

    @pytest.mark.parametrize(("by", "wrong"), [("name", 0), ("order", 70)])
    def test_stock_faces_lie_on_the_block_only_when_read_by_name(self, by: str, wrong: int) -> None:
        odd = [
            (label == STOCK) != block.is_outside(face)
            for block in blocks()
            for label, face in zip(block.classes(by), block.faces, strict=True)
        ]
        assert (len(odd), sum(odd)) == (205, wrong)

    @pytest.mark.parametrize(("by", "alike"), [("name", 164), ("order", 63)])
    def test_faces_of_an_inside_corner_share_a_label_only_when_read_by_name(
        self, by: str, alike: int
    ) -> None:
        pairs = [block.classes(by)[a] == block.classes(by)[b] for block in blocks() for a, b in block.inside]
        assert (len(pairs), sum(pairs)) == (164, alike)

    def test_cuts_have_as_many_faces_as_the_names_used_here_say(self) -> None:
        """A chamfer has one face, a pocket of six walls seven; by the stated names it would not be so."""
        faces: dict[str, set[int]] = {}
        for block in blocks():
            for cut in block.cuts():
                (label,) = {block.classes("name")[n] for n in cut}
                faces.setdefault(FACE_CLASSES[label], set()).add(len(cut))
        assert faces == {
            "chamfer": {1},
            "triangular_passage": {3},
            "rectangular_passage": {4},
            "triangular_through_slot": {2},
            "rectangular_through_slot": {3},
            "rectangular_through_step": {2},
            "2sides_through_step": {3},
            "slanted_through_step": {2},
            "triangular_pocket": {4},
            "rectangular_pocket": {5},
            "6sides_pocket": {7},
            "rectangular_blind_slot": {4},
            "rectangular_blind_step": {3},
        }
