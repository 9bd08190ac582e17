"""Outside solvers, each behind a process of its own; the engine works without them."""
