"""Benchmarks of the real program: real processes, real sockets, real browsers, on this machine.

`python -m tests.bench [NAME] [--json]`; without a name, all of them. One module a bench;
none of them is a test, and no figure of theirs fails a build. They need Linux: its /proc, and
its one monotonic clock for all processes.
"""
