"""Boards in the files of the programs that drew them -> `BoardDesign` and the footprints on it."""

from manyworks.files.boards.eagle import is_eagle, read_eagle
from manyworks.files.boards.elements import BoardFile, Footprint
from manyworks.files.boards.kicad import read_board, read_kicad
from manyworks.files.boards.legacy import is_legacy, read_legacy

__all__ = [
    "BoardFile",
    "Footprint",
    "is_eagle",
    "is_legacy",
    "read_board",
    "read_eagle",
    "read_kicad",
    "read_legacy",
]
