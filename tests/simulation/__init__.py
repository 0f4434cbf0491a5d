"""Players, rooms and networks in pure Python: an hour of watching in seconds, always repeatable.

`python -m tests.simulation` runs the scenes by which the constants of `server.core.tuning` and
`server.core.clock` were chosen, and prints what each constant does.
"""
