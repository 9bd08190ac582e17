"""manyworks: many small factories, one works."""

__version__ = "0.1.0"
