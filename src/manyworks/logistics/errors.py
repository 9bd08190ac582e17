"""The room's own exception."""

from manyworks.model import FindingsError


class LogisticsError(FindingsError):
    """Raised where a place or a network cannot be understood; carries every finding."""
