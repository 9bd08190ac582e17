"""How much of a board is measured. Beyond any honest board, small enough to stay quick."""

# Above so many strokes of copper, distances between them are not measured (seconds, not minutes).
COPPER_STROKES = 250_000
# Pairs of neighbours compared at once; more are compared in parts, and beyond the most not at all.
PAIRS_AT_ONCE = 1_000_000
PAIRS = 12_000_000
# For pictures; counts are always of all.
OPENINGS_SHOWN = 20_000
LANDS_SHOWN = 20_000
LEGACY_LINES = 700_000
EAGLE_ELEMENTS = 1_200_000
# A package with many elements, placed many times, is written out once for each.
EAGLE_PLACED = 200_000
EAGLE_MILLED = 2_000
LEGACY_DEPTH = 8
