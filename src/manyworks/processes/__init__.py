"""What each manufacturing process needs, how long it takes, what it costs, emits and spoils.

`route` turns designs into routings; `estimate` prices an operation at many quantities on many
machines at once, from first principles and the rates of a `rate_card`.
"""

from manyworks.processes.estimates import Estimate, estimate
from manyworks.processes.frame import COST_KINDS, Station
from manyworks.processes.rates import known_countries, rate_card
from manyworks.processes.routes import Routes, route
from manyworks.processes.tables import (
    ProcessesError,
    check_coefficients,
    processes,
    unknown_coefficients,
)

__all__ = [
    "COST_KINDS",
    "Estimate",
    "ProcessesError",
    "Routes",
    "Station",
    "check_coefficients",
    "estimate",
    "known_countries",
    "processes",
    "rate_card",
    "route",
    "unknown_coefficients",
]
