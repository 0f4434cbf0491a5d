"""Real files for the media tests."""

from tests.media_files import media_files

__all__ = ["media_files"]
