"""Cable harnesses in the WireViz format -> `HarnessDesign` and their parts."""

from manyworks.files.harnesses.harness import is_harness, read_harness

__all__ = ["is_harness", "read_harness"]
