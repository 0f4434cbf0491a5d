"""A sound card for machines that have none: a PulseAudio of our own that plays into nothing.

A host's window has sound, and then its picture follows the clock of the sound; without a
card it would not, and the bench would measure something easier.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.report import progress

_START_S = 10.0


@asynccontextmanager
async def sound_card() -> AsyncIterator[dict[str, str]]:
    """Run it until the block ends.

    Yields:
        The environment of programs that are to use it; empty where there is no PulseAudio.
    """
    executable = shutil.which("pulseaudio")
    if executable is None:
        progress("no pulseaudio: the window plays without sound")
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="matinee-bench-") as folder:
        door = Path(folder, "native")
        process = await asyncio.create_subprocess_exec(
            *(executable, "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"),
            *("--disable-shm=yes", "--log-target=null"),
            # With rewinds, this sink fakes 1 to 2 s of lag.
            *("--load=module-null-sink norewinds=1",),
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
