"""How much of a harness is read. Beyond any honest one, small enough to stay safe."""

CORES = 2_000
POSITIONS = 5_000
CONNECTIONS = 50_000
PARALLEL = 2_000
INSTANCES = 20_000
CORES_IN_USE = 100_000
POSITIONS_DEFINED = 200_000
CELL_CHARACTERS = 500
