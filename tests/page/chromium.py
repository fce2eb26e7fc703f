"""Chromium, the static page in a folder, and a server for it with the headers of the how-to."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
DRIVER: Final = FOLDER / "node_modules" / "playwright-core"

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")

FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
    "connect-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'"
)
"""The header of the how-to."""


def missing() -> str | None:
    """What the tests in Chromium need and do not have."""
    if shutil.which("npm") is None:
        return "npm is not installed"
    if CHROMIUM is None:
        return "Chromium is not installed"
    if not DRIVER.exists():
        return "run npm install --prefix tests/page"
    return None


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 - as in the base class
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder on this machine."""
    handler = partial(_Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def browse(script: str, **values: Any) -> dict[str, Any]:
    """What a script in this folder sees."""
    done = subprocess.run(
        [shutil.which("node") or "node", str(FOLDER / script)],
        input=json.dumps({"executable": CHROMIUM, "flags": FLAGS, **values}),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen
