"""Whether there is more of a film already than when it was opened: it is still being recorded."""

import asyncio

from server.core.errors import MediaError
from server.media.library import Entry
from server.media.probe import probe
from server.media.sameness import require_same

LOOKS_S = (5.0, 15.0, 30.0)
"""How long after it was opened: some recorders write only every ten seconds, or more rarely."""

_SLACK_S = 0.5
"""By so much two looks at one file may differ in its length."""


async def goes_on(entry: Entry) -> bool:
    """Look a few times, and return whether the film is longer by then than it was said to be.

    One that is being copied grows, too; where it tells its whole length from the start, nothing
    is missing of that. A film that can't be read any more is told by whoever needs it.
    """
    slept_s = 0.0
    for look_s in LOOKS_S:
        await asyncio.sleep(look_s - slept_s)
        slept_s = look_s
        if await _is_longer(entry):
            return True
    return False


async def _is_longer(entry: Entry) -> bool:
    try:
        size = await entry.disk.ask(lambda: require_same(entry.path, entry.mark))
        if entry.mark is None or size == entry.mark.size:
            return False
        return (await probe(entry.path)).duration_s > entry.facts.duration_s + _SLACK_S
    except (MediaError, OSError):  # nor can one that can't be looked at just now
        return False
