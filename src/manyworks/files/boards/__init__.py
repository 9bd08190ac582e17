"""Boards: KiCad files of formats 4 to 9 -> `BoardDesign` and the footprints on it."""

from manyworks.files.boards.footprints import Footprint
from manyworks.files.boards.kicad import BoardFile, read_board

__all__ = ["BoardFile", "Footprint", "read_board"]
