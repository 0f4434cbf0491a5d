"""Subtitles: inside a film or beside it, as text or as pictures, made into what a browser shows."""
