"""Planning again after something went otherwise: what runs stays, what must move moves little.

`replan` takes note of deviations, repairs the schedule at once and then searches for a better repair.
"""

from manyworks.scheduling.replanning.replan import Replanned, replan

__all__ = ["Replanned", "replan"]
