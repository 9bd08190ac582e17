"""Many orders on one network: shared capacity, calendars, and the hand-over of work to scheduling.

`plan` quotes each order on what the orders before it left in stock and schedules all of them
together; `plan_to_json`, `read_plan` and `check_plan` keep plans as documents; `read_products` reads
the designs that an orders file names.
"""

from manyworks.planning.documents import plan_to_json
from manyworks.planning.plan import Plan, PlanningError, plan, without_stock
from manyworks.planning.products import read_products
from manyworks.planning.reading import check_plan, read_plan

__all__ = [
    "Plan",
    "PlanningError",
    "check_plan",
    "plan",
    "plan_to_json",
    "read_plan",
    "read_products",
    "without_stock",
]
