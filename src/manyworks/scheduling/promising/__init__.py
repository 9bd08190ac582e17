"""When could this be done? A schedule prepared once, and each question answered in milliseconds."""

from manyworks.scheduling.promising.promise import Promise, Promiser, places_without

__all__ = ["Promise", "Promiser", "places_without"]
