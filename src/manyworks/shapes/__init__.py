"""What a shape asks of a process: holes, walls, set-ups, undercuts, bends, sections, supports, nests.

Geometry in, nouns out. Lengths in mm, areas in mm2, volumes in mm3, angles in degrees unless said
otherwise.
"""

from manyworks.shapes.shape import EdgeTable, FaceKind, FaceTable, Shape

__all__ = ["EdgeTable", "FaceKind", "FaceTable", "Shape"]
