"""Who can do or supply each step."""
