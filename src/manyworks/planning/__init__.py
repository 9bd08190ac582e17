"""Many orders on one network: shared capacity, calendars, and the hand-over of work to scheduling.

`plan` quotes each order on what the orders before it left in stock and schedules all of them
together; `plan_again` takes up what went otherwise since; `plan_to_json`, `read_plan` and `check_plan`
keep plans as documents; `read_products` reads the designs that an orders file names.
"""

from manyworks.planning.again import PlannedAgain, plan_again
from manyworks.planning.documents import plan_to_json
from manyworks.planning.events import read_events
from manyworks.planning.plan import Plan, PlanningError, plan, without_stock
from manyworks.planning.products import read_products
from manyworks.planning.reading import check_plan, read_plan

__all__ = [
    "Plan",
    "PlannedAgain",
    "PlanningError",
    "check_plan",
    "plan",
    "plan_again",
    "plan_to_json",
    "read_events",
    "read_plan",
    "read_products",
    "without_stock",
]
