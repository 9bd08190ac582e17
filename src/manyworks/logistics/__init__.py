"""Moving things: lanes between places, transit, packing, duty, CO2e.

`Logistics` answers for a network which services carry a consignment between two places and what
duty falls due; `find_place` turns what people write into a place; `packed` says what a unit weighs
and takes up on the way.
"""

from manyworks.logistics.commodities import Commodity, find_commodity
from manyworks.logistics.customs import Duty, Vat, vat
from manyworks.logistics.distances import great_circle_km, road_km, sea_km
from manyworks.logistics.emissions import emission_factor
from manyworks.logistics.errors import LogisticsError
from manyworks.logistics.gazetteer import find_place
from manyworks.logistics.packing import Packed, packed
from manyworks.logistics.services import Logistics, Service

__all__ = [
    "Commodity",
    "Duty",
    "Logistics",
    "LogisticsError",
    "Packed",
    "Service",
    "Vat",
    "emission_factor",
    "find_commodity",
    "find_place",
    "great_circle_km",
    "packed",
    "road_km",
    "sea_km",
    "vat",
]
