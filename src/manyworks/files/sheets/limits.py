"""How much of a drawing is looked at. Beyond any honest one, small enough to stay safe."""

# A drawing's file; reading a megabyte of DXF takes up to half a second.
DRAWING_BYTES = 20_000_000
# Things drawn, blocks and repeats written out.
ENTITIES = 60_000
# Points of all lines together, and of one line.
POINTS = 2_000_000
LINE_POINTS = 100_000
# Of one path of an SVG file, and of all; each takes some three microseconds.
PATH_CHARACTERS = 1_500_000
PATHS_CHARACTERS = 4_000_000
# Blocks in blocks, groups in groups.
DEPTH = 16
# Blocks and uses that refer to each other: ways through them.
PATHS = 20_000
# Closed contours that are sorted into parts.
CONTOURS = 20_000
# Farthest from the origin that a drawing may lie, in its own unit and in mm.
COORDINATE = 1e7
# Of texts and of names of layers.
TEXTS = 2_000
NAME_CHARACTERS = 200
TEXT_CHARACTERS = 500
LAYERS = 500
FINDINGS_PER_KIND = 20
# Contours that take part in the search for drawings of one sheet from two sides.
VIEW_CONTOURS = 5_000
# Pieces that are laid on a stock sheet one by one.
NESTED_PIECES = 30
STYLE_RULES = 2_000
