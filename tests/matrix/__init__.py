"""Every kind of file, on the host's window and in browsers: `python -m tests.matrix`.

`films` makes the files with ffmpeg, `screening` shows one to the window and to guests and compares
what they see, `__main__` runs all of it and writes the table in docs/FORMATS.md.
"""
