"""The clients that run exported documents, and how each is called if it is installed.

Those of npm are installed by `npm install` in this folder, but for Bruno's `bru`: it comes
with npm's @usebruno/cli, which is 275 MB.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from attrs import frozen

from leadquery.exporters import get_exporter
from leadquery.exporters.base import Exporter
from leadquery.query.query import Query
from tests.exporters.mock_server import ACCESS, SECRET, SIMPLE_ACCESS, MockServer

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
    """A client that runs the documents of an exporter, with the command that sends a file."""

    exporter: str
    name: str
    command: Callable[[str, MockServer], list[str]]
    prints_response: bool = True
    """Whether it writes the response, and nothing else, to its output."""
    script: bool = False
    """Whether it runs the script of an exporter that writes a command, too."""
    access: str = ACCESS

    @property
    def target(self) -> Exporter:
        """The exporter that writes its documents."""
        return get_exporter(self.exporter, script=self.script)

    def export(self, query: Query, **options: Any) -> str:
        """The document of a query."""
        return query.to_request(self.exporter, script=self.script, **options)

    def send(
        self, file: Path, server: MockServer, **variables: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a file against a server, with the keys of the server in the environment."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        keys = {"LEADQUERY_ACCESS_KEY": self.access, "LEADQUERY_SECRET_KEY": SECRET}
        return subprocess.run(
            self.command(str(file), server),
            env={**kept, **keys, "LEADQUERY_HOST": server.host, "NO_COLOR": "1", **variables},
            cwd=file.parent,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )


DECOYS: Final = {"y": "replaced", "z": "replaced"}
"""Variables whose names appear in texts, where none may be replaced."""


def _python(file: str, package: str) -> list[str]:
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    return [sys.executable, "-W", "error", file]


def _shell(shell: str, file: str) -> list[str]:
    tool("curl")
    return [tool(shell), file]


def _httpyac(file: str, server: MockServer) -> list[str]:
    # As a user does in the editor for a server on this machine.
    text = Path(file).read_text("utf-8")
    Path(file).write_text(text.replace("@scheme = https\n", "@scheme = http\n"), "utf-8")
    variables = {
        "host": server.host.partition("://")[2],
        "accessKey": quote(ACCESS, safe=""),
        "secretKey": quote(SECRET, safe=""),
        **DECOYS,
    }
    settings = [f"{name}={value}" for name, value in variables.items()]
    return [tool("httpyac"), "send", file, "--all", "--var", *settings]


def _newman(file: str, server: MockServer) -> list[str]:
    variables = {"host": server.host, "accessKey": ACCESS, "secretKey": SECRET, **DECOYS}
    settings = [f"--env-var={name}={value}" for name, value in variables.items()]
    return [tool("newman"), "run", file, *settings]


def _insomnia(file: str, server: MockServer) -> list[str]:
    package("nunjucks")
    scheme, _, host = server.host.partition("://")
    # As a user does in Insomnia for a server on this machine.
    text = Path(file).read_text("utf-8").replace("https://{{", f"{scheme}://{{{{")
    Path(file).write_text(text, "utf-8")
    return [tool("node"), str(NPM.parent / "insomnia.js"), file, host, ACCESS, SECRET]


def _bruno(file: str, _: MockServer) -> list[str]:
    collection = {"version": "1", "name": "queries", "type": "collection"}
    Path(file).with_name("bruno.json").write_text(json.dumps(collection), "utf-8")
    return [tool("bru"), "run", Path(file).name]


def _command(shell: str) -> Client:
    return Client(
        "curl",
        f"command in {shell}",
        lambda file, _: _shell(shell, file),
        prints_response=False,
        access=SIMPLE_ACCESS,
    )


COMMANDS: Final = [_command(shell) for shell in ("bash", "dash", "zsh")]
"""Those that run the command for curl, which prints the response, but does not check it."""

CLIENTS: Final = [
    Client("curl", "bash", lambda file, _: _shell("bash", file), script=True),
    Client("curl", "dash", lambda file, _: _shell("dash", file), script=True),
    *COMMANDS,
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
    Client("http", "httpyac", _httpyac, prints_response=False),
    Client("postman", "newman", _newman, prints_response=False),
    Client("insomnia", "nunjucks", _insomnia, prints_response=False),
    Client("bruno", "bru", _bruno, prints_response=False),
]
