"""Matinee beside what people use today: the same clip, timeline, disturbances and true clock."""
