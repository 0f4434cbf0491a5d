"""Every kind of file, on the host's window and in browsers: `python -m tests.matrix`.

`films` makes the files with ffmpeg, `reference` finds the frames that belong on every screen,
`screening` shows a file to the window and to guests and compares what they see, `rows` keeps that
from one run to the next, `table` makes docs/FORMATS.md of it, and `__main__` runs all.
"""
