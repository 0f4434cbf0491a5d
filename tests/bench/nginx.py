"""nginx with sendfile: what the program's own file serving is compared with."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.processes import free_port

_START_S = 10.0
_CONFIG = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes auto;
events {{ worker_connections 512; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {root};
    }}
}}
"""


@asynccontextmanager
async def nginx(root: Path, folder: Path) -> AsyncIterator[str]:
    """Serve the files in `root`, until the block ends.

    Args:
        root: What it serves.
        folder: Where it may write; made here.

    Yields:
        Its address, with a slash at its end.
    """
    executable = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if executable is None:
        raise RuntimeError("no nginx: run `make install`")
    port = free_port()
    config = _write_config(root, folder, port)
    process = await asyncio.create_subprocess_exec(
        *(executable, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(config))
    )
    try:
        await _until_open(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        await process.wait()


def _write_config(root: Path, folder: Path, port: int) -> Path:
    folder.mkdir()
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers may not read our files
    config = folder / "nginx.conf"
    text = _CONFIG.format(user=user, folder=folder, root=root, port=port)
    config.write_text(text, encoding="utf-8")
    return config


async def _until_open(port: int) -> None:
    end_s = time.perf_counter() + _START_S
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.perf_counter() > end_s:
                raise
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return
