"""From designs to routings: every sensible way to make an item."""
