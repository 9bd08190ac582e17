"""When, on which machine, by whom: resolved work in, a schedule that an independent checker accepted out.

`validate` says what is wrong with a workload, `schedule` makes a schedule of it within a budget of
time or of attempts, and `check` re-checks any schedule with code of its own.
"""

from manyworks.scheduling.checking import check
from manyworks.scheduling.dispatching import schedule
from manyworks.scheduling.errors import SchedulingError
from manyworks.scheduling.validation import validate

__all__ = ["SchedulingError", "check", "schedule", "validate"]
