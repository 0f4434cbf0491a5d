"""Other people's words where Qt would take them for markup: names, titles, reasons, paths.

Markup could name a file to be opened by this program, and a file may keep it waiting for ever.
"""

import html


def as_tooltip(text: str) -> str:
    """Return a text for a tooltip, which has no format of its own to be told."""
    if "<" not in text:
        return text
    return f"<span>{html.escape(text).replace(chr(10), '<br>')}</span>"
