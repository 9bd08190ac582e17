"""Face classes against the labels of real machined blocks, where they are at hand."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from benchmarks.class_scores import macro_f1, wilson
from benchmarks.labelled_parts import LabelledPart, face_numbers, read_labelled_parts, turned

from manyworks.shapes.face_classes import classify_faces
from manyworks.shapes.stock_block import faces_on_block, find_block

PARTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "designs" / "solid-mfcad-labelled"
pytestmark = pytest.mark.skipif(
    not PARTS.is_dir() or find_spec("OCP") is None,
    reason="the labelled parts are not beside this repository, or the solid kernel is not installed",
)


@pytest.fixture(scope="module")
def parts() -> list[LabelledPart]:
    return list(read_labelled_parts(PARTS))


def test_the_labelled_parts_score_well_above_the_bar(parts: list[LabelledPart]) -> None:
    pairs = [pair for part in parts for pair in zip(part.classes, classify_faces(part.shape), strict=True)]
    assert macro_f1(pairs) >= 0.97


def test_turning_the_parts_changes_nothing(parts: list[LabelledPart]) -> None:
    for part in parts:
        straight = classify_faces(part.shape)
        for seed in range(20):
            assert classify_faces(turned(part.shape, seed)) == straight


def test_labels_read_by_face_number_name_stock_what_is_on_the_block(parts: list[LabelledPart]) -> None:
    for part in parts:
        on_block = faces_on_block(part.shape, find_block(part.shape))
        assert [name == "stock" for name in part.classes] == on_block.tolist()


def test_labels_read_in_the_order_of_faces_would_name_cut_faces_stock(parts: list[LabelledPart]) -> None:
    labels = json.loads((PARTS / "face_labels.json").read_text(encoding="utf-8"))["labels"]
    wrong = 0
    for part in parts:
        on_block = faces_on_block(part.shape, find_block(part.shape))
        wrong += sum((number == 15) != on for number, on in zip(labels[part.name], on_block, strict=True))
    assert wrong > 20


def test_face_numbers_are_found_whatever_the_line_breaks() -> None:
    shell = "#1=CLOSED_SHELL('',(#2,\n #3));"
    faces = "#2 = ADVANCED_FACE('7',(#9),\n#8,.T.);#3=ADVANCED_FACE ( '4',(#5),#6,.F.);"
    assert face_numbers(f"{shell}\n{faces}") == [7, 4]


def test_an_interval_of_few_trials_is_wide() -> None:
    low, high = wilson(2, 2)
    assert low == pytest.approx(0.3424, abs=1e-4)
    assert high == pytest.approx(1.0)
