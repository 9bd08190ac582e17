"""Problems from files: the formats of published benchmarks, and JSON of our own."""

from manyworks.scheduling.instances.own_reading import read_problem
from manyworks.scheduling.instances.own_writing import write_problem
from manyworks.scheduling.instances.reading import FORMATS, Instance, load_instance, read_instance

__all__ = ["FORMATS", "Instance", "load_instance", "read_instance", "read_problem", "write_problem"]
