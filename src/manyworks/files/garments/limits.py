"""How much of a sewing pattern is looked at. Beyond any honest one, small enough to stay safe."""

PATTERN_BYTES = 10_000_000
PANELS = 500
VERTICES = 5_000
STITCHES = 5_000
# Of one kind of one piece, and for one garment.
COPIES = 200
# In the pattern's unit and in mm.
COORDINATE = 1e6
NAME_CHARACTERS = 120
FINDINGS_PER_KIND = 20
EDGES = 50_000
