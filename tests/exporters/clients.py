"""The clients that run what is written for them: how each is called, if it is here.

Those of npm are installed by `npm install` in this folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from attrs import frozen

from tests.exporters.box import ACCESS, SECRET, Box

NPM: Final = Path(__file__).parent / "node_modules"
TIMEOUT: Final = 120


def tool(name: str) -> str:
    """The path of a command; the test is skipped where there is none."""
    own = NPM / ".bin" / name
    found = str(own) if own.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def package(name: str) -> Path:
    """The folder of a package of npm; the test is skipped where it is not installed."""
    if not (NPM / name).is_dir():
        pytest.skip(f"npm's {name} is not installed in tests/exporters")
    return NPM / name


@frozen
class Client:
    """A client of a target: the command that sends a file."""

    target: str
    name: str
    command: Callable[[str, Box], list[str]]
    shows: bool = True
    """Whether it writes the answer, and nothing else, to its output."""

    def send(self, file: Path, box: Box, **variables: str) -> subprocess.CompletedProcess[bytes]:
        """Run a file against a box, with the keys of the box in the environment."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        keys = {"LEADQUERY_ACCESS_KEY": ACCESS, "LEADQUERY_SECRET_KEY": SECRET}
        return subprocess.run(
            self.command(str(file), box),
            env={**kept, **keys, "LEADQUERY_HOST": box.host, "NO_COLOR": "1", **variables},
            cwd=file.parent,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )


FILLED: Final = {"y": "filled in", "z": "filled in"}
"""Variables of the names that stand in texts: none of these is to be taken for one."""


def _python(file: str, package: str) -> list[str]:
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    return [sys.executable, "-W", "error", file]


def _shell(shell: str, file: str) -> list[str]:
    tool("curl")
    return [tool(shell), file]


def _httpyac(file: str, box: Box) -> list[str]:
    # What the editor's user does for a server of this machine.
    text = Path(file).read_text("utf-8")
    Path(file).write_text(text.replace("@scheme = https\n", "@scheme = http\n"), "utf-8")
    variables = {
        "host": box.host.partition("://")[2],
        "accessKey": quote(ACCESS, safe=""),
        "secretKey": quote(SECRET, safe=""),
        **FILLED,
    }
    said = [f"{name}={value}" for name, value in variables.items()]
    return [tool("httpyac"), "send", file, "--all", "--var", *said]


def _newman(file: str, box: Box) -> list[str]:
    variables = {"host": box.host, "accessKey": ACCESS, "secretKey": SECRET, **FILLED}
    said = [f"--env-var={name}={value}" for name, value in variables.items()]
    return [tool("newman"), "run", file, *said]


CLIENTS: Final = [
    Client("curl", "bash", lambda file, _: _shell("bash", file)),
    Client("curl", "dash", lambda file, _: _shell("dash", file)),
    Client("python", "requests", lambda file, _: _python(file, "requests")),
    Client("httpx", "httpx", lambda file, _: _python(file, "httpx")),
    Client("javascript", "node", lambda file, _: [tool("node"), file]),
    Client(
        "javascript",
        "deno",
        lambda file, _: [tool("deno"), "run", "--no-remote", "--allow-env", "--allow-net", file],
    ),
    Client("javascript", "bun", lambda file, _: [tool("bun"), "run", file]),
    Client("php", "php", lambda file, _: [tool("php"), file]),
    Client("powershell", "pwsh", lambda file, _: [tool("pwsh"), "-NoProfile", "-File", file]),
    Client("http", "httpyac", _httpyac, shows=False),
    Client("postman", "newman", _newman, shows=False),
]
