"""Why a schedule is as it is: what makes an order late, why a work is here and now, what has changed.

`explain_late` follows each late order back through everything it waited for, `explain_work` weighs the
other ways to do a work, `compare_schedules` lists what differs between two schedules. All of them give
figures; a `Speaker` turns them into sentences.
"""

from manyworks.scheduling.explaining.difference import Difference, OrderChange, WorkChange, compare_schedules
from manyworks.scheduling.explaining.lateness import LateOrder, explain_late
from manyworks.scheduling.explaining.placement import Alternative, Placement, explain_work
from manyworks.scheduling.explaining.waiting import Stretch
from manyworks.scheduling.explaining.words import Speaker

__all__ = [
    "Alternative",
    "Difference",
    "LateOrder",
    "OrderChange",
    "Placement",
    "Speaker",
    "Stretch",
    "WorkChange",
    "compare_schedules",
    "explain_late",
    "explain_work",
]
