"""What is to be scheduled: operations, modes, resources, links, objective; and what comes back."""
