"""Many orders on one network: shared capacity, calendars, and the hand-over of work to scheduling."""
