"""Solids as triangle meshes (STL) -> `SolidDesign`."""

from manyworks.files.solids.stl import SolidFile, read_solid

__all__ = ["SolidFile", "read_solid"]
