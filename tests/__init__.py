"""Matinee's tests; a package, so that `python -m tests.bench` runs and fakes can be shared."""
