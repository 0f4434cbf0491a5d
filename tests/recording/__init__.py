"""Records the vectors that hold the Python and JavaScript cores together.

Run `python -m tests.recording` after a change that was meant; the diff of
tests/vectors/ then shows what behaves otherwise. Inputs are rounded before
use, so that both languages read the very same numbers.
"""
