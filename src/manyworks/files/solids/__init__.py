"""Solids as exact bodies (STEP) or meshes (STL, OBJ, 3MF, AMF, PLY) -> `SolidDesign`."""

from manyworks.files.solids.reading import SOLID_ENDINGS, read_solid, read_solid_source
from manyworks.files.solids.twins import compare_twins

__all__ = ["SOLID_ENDINGS", "compare_twins", "read_solid", "read_solid_source"]
