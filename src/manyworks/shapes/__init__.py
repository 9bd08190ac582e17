"""What a shape asks of a process: holes, walls, set-ups, undercuts, bends, sections, supports, nests.

Geometry in, nouns out. Lengths in mm, areas in mm2, volumes in mm3, angles in degrees unless said
otherwise. `describe` measures everything about one body; the rest is its parts, for those who need
only one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from manyworks.shapes.shape import EdgeTable, FaceKind, FaceTable, Shape

if TYPE_CHECKING:
    from manyworks.shapes.corners import find_inside_corners
    from manyworks.shapes.descriptions import describe
    from manyworks.shapes.face_classes import classify_faces
    from manyworks.shapes.holes import find_holes
    from manyworks.shapes.mesh_faces import from_mesh
    from manyworks.shapes.pockets import find_pockets
    from manyworks.shapes.sheet_metal import find_sheet
    from manyworks.shapes.views import render_views

__all__ = [
    "EdgeTable",
    "FaceKind",
    "FaceTable",
    "Shape",
    "classify_faces",
    "describe",
    "find_holes",
    "find_inside_corners",
    "find_pockets",
    "find_sheet",
    "from_mesh",
    "render_views",
]

# Measuring needs numpy, and most of it a library more: loaded when first asked for.
_HOMES = {
    "classify_faces": "face_classes",
    "describe": "descriptions",
    "find_holes": "holes",
    "find_inside_corners": "corners",
    "find_pockets": "pockets",
    "find_sheet": "sheet_metal",
    "from_mesh": "mesh_faces",
    "render_views": "views",
}


def __getattr__(name: str) -> object:
    """Load a measure when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
