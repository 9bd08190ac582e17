"""Dispatching: place one operation after another by a rule; a first schedule of any problem, at once."""
