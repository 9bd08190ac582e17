"""What each manufacturing process needs, how long it takes, what it costs, emits and spoils.

`route` turns designs into routings; `estimate` prices an operation at many quantities on many
machines at once, from first principles and the rates of a `rate_card`; `make_operation` makes one
from plain measures; `changeover` says what going from one to the next takes.
"""

from manyworks.processes.calibration import Calibration, FittedFactor, Job, ProcessFit, calibrate
from manyworks.processes.changeover import Changeover, ModuleChange, changeover
from manyworks.processes.estimates import Estimate, estimate
from manyworks.processes.frame import COST_KINDS, Station
from manyworks.processes.materials import find_material, known_materials
from manyworks.processes.measures import beyond_range, make_operation, out_of_scope, typical_operation
from manyworks.processes.rates import known_countries, rate_card
from manyworks.processes.routing.routes import Routes, route
from manyworks.processes.stations import machine_station, ordinary_station, shop_rates, station_at
from manyworks.processes.tables import (
    Driver,
    Figure,
    ProcessesError,
    ProcessTable,
    check_coefficients,
    process_table,
    processes,
    unknown_coefficients,
)

__all__ = [
    "COST_KINDS",
    "Calibration",
    "Changeover",
    "Driver",
    "Estimate",
    "Figure",
    "FittedFactor",
    "Job",
    "ModuleChange",
    "ProcessFit",
    "ProcessTable",
    "ProcessesError",
    "Routes",
    "Station",
    "beyond_range",
    "calibrate",
    "changeover",
    "check_coefficients",
    "estimate",
    "find_material",
    "known_countries",
    "known_materials",
    "machine_station",
    "make_operation",
    "ordinary_station",
    "out_of_scope",
    "process_table",
    "processes",
    "rate_card",
    "route",
    "shop_rates",
    "station_at",
    "typical_operation",
    "unknown_coefficients",
]
