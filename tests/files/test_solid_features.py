"""Solids with and without their features: the same measures, and what is too much to search is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.files import step_writing
from tests.files.test_solid_reading import ball, binary, box

from manyworks.files.solids import designs, read_solid_source
from manyworks.files.solids.kernel.process import is_installed
from manyworks.files.sources import Source
from manyworks.model import Finding, SolidDesign
from manyworks.shapes import from_mesh

Triangles = NDArray[np.float64]


def cleft(size: float) -> Triangles:
    """Two plates one over the other, joined by nothing: each hides a part of the other."""
    return np.concatenate((box(size, size, 2), box(size / 2, size * 2, 3, (size / 4, -size / 2, 5))))


def hollow(size: float) -> Triangles:
    inner = box(size - 4, size - 4, size - 4, (2, 2, 2))
    return np.concatenate((box(size, size, size), inner[:, ::-1]))


def read(data: bytes, name: str, *, features: bool) -> tuple[SolidDesign, tuple[Finding, ...]]:
    found, findings = read_solid_source(Source(path=Path(name), name=name, data=data), features=features)
    assert found is not None, findings
    return found.design, findings


MESHES = {
    "a brick": box(30, 20, 10),
    "a ball": ball(12, 24),
    "two bodies": cleft(20),
    "a void": hollow(20),
    "a leaning brick": box(30, 20, 10) @ np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0],
    "an open skin": box(30, 20, 10)[:-1],
    "triangles turned in": box(30, 20, 10)[:, ::-1],
}


@pytest.mark.parametrize("mesh", MESHES.values(), ids=list(MESHES))
def test_measures_of_a_mesh_do_not_depend_on_its_features(mesh: Triangles) -> None:
    whole, said = read(binary(mesh), "a.stl", features=True)
    bare, also_said = read(binary(mesh), "a.stl", features=False)
    assert whole.details
    assert whole.views
    assert bare == replace(whole, details=(), views=())
    assert also_said == said


@pytest.mark.skipif(not is_installed(), reason="the solid modelling kernel is not installed")
def test_measures_of_a_step_file_do_not_depend_on_its_features() -> None:
    part = step_writing.cut(step_writing.brick(30, 20, 10), step_writing.rod(3, 10, (10, 10, 0)))
    whole, said = read(step_writing.step(part), "a.step", features=True)
    bare, also_said = read(step_writing.step(part), "a.step", features=False)
    assert [feature.kind for body in whole.details for feature in body.features]
    assert bare == replace(whole, details=(), views=())
    assert also_said == said


def test_without_features_no_face_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("manyworks.shapes.mesh_faces.find_regions", fail)
    monkeypatch.setattr("manyworks.shapes.descriptions.describe", fail)
    monkeypatch.setattr("manyworks.shapes.views.render_views", fail)
    assert read(binary(box(30, 20, 10)), "a.stl", features=False)[0].volume_mm3 == pytest.approx(6000)
    with pytest.raises(AssertionError):
        read(binary(box(30, 20, 10)), "a.stl", features=True)


def test_a_body_of_too_many_faces_to_search_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("manyworks.shapes.descriptions.MOST_FACES", 5)
    _, findings = read(binary(box(30, 20, 10)), "a.stl", features=True)
    (found,) = [finding for finding in findings if finding.code == "files.solid.not-searched"]
    assert "more than 5 faces (the most: 6)" in found.message
    assert read(binary(box(30, 20, 10)), "a.stl", features=False)[1] == ()


def test_a_body_of_few_faces_is_searched_without_a_word() -> None:
    assert read(binary(box(30, 20, 10)), "a.stl", features=True)[1] == ()


@pytest.mark.parametrize("mesh", MESHES.values(), ids=list(MESHES))
def test_half_of_a_closed_skin_throws_its_whole_shadow(mesh: Triangles) -> None:
    whole, _ = read(binary(mesh), "a.stl", features=False)
    shapes = from_mesh(mesh.astype(np.float32))
    area, _ = designs._largest_shadow(shapes, np.array(whole.size_mm), closed=False)
    assert whole.projected_mm2 == pytest.approx(area, rel=1e-6)
