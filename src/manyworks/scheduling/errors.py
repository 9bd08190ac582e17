"""The exception of this room."""

from manyworks.model import FindingsError


class SchedulingError(FindingsError):
    """The work cannot be scheduled; ``findings`` say why, all of them."""
