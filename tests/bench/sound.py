"""A sound card for machines that have none: a PulseAudio of our own that plays into nothing.

A window with sound lets its picture follow the clock of the sound, which a null sink keeps
badly: Qt asks it for 21 ms of buffer, and on a busy machine each gap puts the picture further
behind (−1 to −3 s after 12 s of plain QMediaPlayer, where without sound it is within 0.4 ms).
So benches use it only when asked, to see how the follower copes with that.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_START_S = 10.0


@asynccontextmanager
async def sound_card(*, wanted: bool, keeps_time: bool = True) -> AsyncIterator[dict[str, str]]:
    """Run it, if it is wanted, until the block ends.

    Args:
        wanted: Whether it is.
        keeps_time: With rewinds the sink fakes 1 to 2 s of lag after each start; without it does
            not, except on a busy machine.

    Yields:
        The environment of programs that are to use it.
    """
    if not wanted:
        yield {}
        return
    executable = shutil.which("pulseaudio")
    if executable is None:
        raise RuntimeError("no pulseaudio: run `make install`")
    with tempfile.TemporaryDirectory(prefix="matinee-bench-") as folder:
        door = Path(folder, "native")
        process = await asyncio.create_subprocess_exec(
            *(executable, "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"),
            *("--disable-shm=yes", "--log-target=null"),
            f"--load=module-null-sink norewinds={int(keeps_time)}",
            *(f"--load=module-native-protocol-unix socket={door} auth-anonymous=1",),
            env={"HOME": folder, "XDG_RUNTIME_DIR": folder, "PULSE_RUNTIME_PATH": folder},
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(_START_S):
                while not await asyncio.to_thread(door.exists):
                    await asyncio.sleep(0.05)
            yield {"PULSE_SERVER": f"unix:{door}"}
        finally:
            process.terminate()
            await process.wait()
