"""How much of a solid's file is looked at. Beyond any honest part, small enough to stay safe."""

STEP_BYTES = 100_000_000
STEP_ENTITIES = 3_000_000
# References between them, texts and comments; a file of 100 MB has some eight million.
STEP_REFERENCES = 12_000_000
# Entities that refer to entities that refer to ...: real files have some twenty steps.
STEP_DEPTH = 2_000
STEP_TRIANGLES = 1_500_000
# Different bodies, and triangles in them, that are searched for features.
BODIES_DESCRIBED = 60
TRIANGLES_DESCRIBED = 1_000_000
DRAWN_TRIANGLES = 1_500_000
# Parts with a largest measure outside these are likely in another unit than said.
TINY_MM = 1.0
HUGE_MM = 2000.0
OBJ_BYTES = 150_000_000
PLY_HEADER_BYTES = 100_000
FACE_CORNERS = 10_000
# Of a zip archive, unpacked; archives that promise or give more are refused.
PACKED_BYTES = 300_000_000
PACKED_FILES = 2_000
INSTANCES = 20_000
COMPONENT_DEPTH = 30
# Border of an open skin over the root of its area, above which there is no body left to search.
MOST_BORDER = 4.0
