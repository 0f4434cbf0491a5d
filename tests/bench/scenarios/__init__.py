"""What happens in the room while sync is measured, one function a scenario.

Each opens a cinema, lets something happen, and returns a `Run`. `tests.bench.sync` has their
names, runs them, and takes the median of several.
"""
