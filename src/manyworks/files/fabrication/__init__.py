"""Fabrication files of boards: Gerber layers, drill files and the reports beside them."""

from manyworks.files.fabrication.kinds import is_fabrication
from manyworks.files.fabrication.reader import fingerprint, read_fabrication

__all__ = ["fingerprint", "is_fabrication", "read_fabrication"]
