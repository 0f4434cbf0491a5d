"""Whether there is more of a film already than when it was opened: it is still being recorded."""

import asyncio

from server.core.errors import MediaError
from server.media.library import Entry
from server.media.probe import probe
from server.media.sameness import require_same

LOOK_S = 5.0
"""How long after it was opened: whatever records writes something in that time."""

_SLACK_S = 0.5
"""By so much two looks at one file may differ in its length."""


async def goes_on(entry: Entry) -> bool:
    """Wait a while, and return whether the film is longer now than it was said to be.

    One that is being copied grows, too; where it tells its whole length from the start, nothing
    is missing of that. A film that can't be read any more is told by whoever needs it.
    """
    await asyncio.sleep(LOOK_S)
    try:
        size = await entry.disk.ask(lambda: require_same(entry.path, entry.mark))
        if entry.mark is None or size == entry.mark.size:
            return False
        return (await probe(entry.path)).duration_s > entry.facts.duration_s + _SLACK_S
    except (MediaError, OSError):  # nor can one that can't be looked at just now
        return False
