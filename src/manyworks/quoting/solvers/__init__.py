"""Outside solvers, one module each; imported only when a model is solved."""
