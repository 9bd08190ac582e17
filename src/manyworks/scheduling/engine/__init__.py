"""The compiled search: one exact evaluator of any solution, and searches that move operations about."""
