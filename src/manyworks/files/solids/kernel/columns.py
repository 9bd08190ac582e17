"""Columns of the face and edge tables as they go through the pipe: kind of number, numbers a row."""

from typing import TypeAlias

Columns: TypeAlias = dict[str, tuple[type, int]]

FACE_COLUMNS: Columns = {
    "kind": (int, 1),
    "area": (float, 1),
    "centre": (float, 3),
    "normal": (float, 3),
    "origin": (float, 3),
    "axis": (float, 3),
    "radius": (float, 1),
    "major_radius": (float, 1),
    "half_angle": (float, 1),
    "sweep": (float, 1),
    "length": (float, 1),
    "hollow": (bool, 1),
}
EDGE_COLUMNS: Columns = {
    "faces": (int, 2),
    "loops": (int, 2),
    "bend": (float, 1),
    "length": (float, 1),
    "start": (float, 3),
    "middle": (float, 3),
    "end": (float, 3),
    "straight": (bool, 1),
}
