"""Matinee's server: the session, the media and the page, free of Qt.

Owns the version of the whole program, which the build, `--version` and the protocol's welcome read.
"""

__version__ = "0.1.0"
