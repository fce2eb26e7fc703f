"""The command for curl, as people paste it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from leadquery import Leads
from leadquery.fields import Notes
from tests.exporters.clients import COMMANDS, TIMEOUT, Client, tool
from tests.exporters.mock_server import SECRET, SIMPLE_ACCESS, CannedResponse, MockServer
from tests.exporters.queries import EASY, LEADS
from tests.exporters.test_clients import name_of, write_file

every_client = pytest.mark.parametrize("client", COMMANDS, ids=name_of)
SHELLS = {
    "bash": ["bash"],
    "dash": ["dash"],
    "zsh": ["zsh", "-f"],
    "interactive bash": ["bash", "--norc", "-i"],
    "interactive zsh": ["zsh", "-f", "-i"],
}
TEXTS = [
    *("'", "''", "'\"'\"'", '"', "\\", "\\'", "\\n", "$HOME", "$(id)", "`id`", "!", "!!", "'!x'"),
    *("\n", "\nKEYS\n", "\r\n\t\0\x7f", "@x", "#", "%s", "{{x}}", "&", ";", "|", "*", "-o x"),
    *("語 🎈 ‘’", "\u202e", "\ud800"),
]
QUERY = Leads.where(Notes.is_in(TEXTS)).select(Notes)


def printed_by(shell: str, text: str, server: MockServer, path: str = "") -> bytes:
    """What a shell prints that gets a text on its standard input."""
    tool("curl")
    program, *options = SHELLS[shell]
    keys = {"LEADQUERY_ACCESS_KEY": SIMPLE_ACCESS, "LEADQUERY_SECRET_KEY": SECRET}
    return subprocess.run(
        [tool(program), *options],
        input=text.encode(),
        env={"PATH": path + os.environ["PATH"], "LEADQUERY_HOST": server.host, **keys},
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    ).stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_it_can_be_pasted(shell: str, server: MockServer) -> None:
    """An interactive shell also expands `!`, and zsh has no comments there."""
    printed = printed_by(shell, QUERY.to_request("curl"), server)

    assert json.loads(printed[printed.index(b"{") : printed.rindex(b"}") + 1])["Results"] == []
    [call] = server.calls
    assert json.loads(call.body) == QUERY.to_payload()
    assert call.parameters["secretKey"] == [SECRET]


@pytest.mark.parametrize("shell", SHELLS)
def test_no_argument_has_a_key(shell: str, server: MockServer, tmp_path: Path) -> None:
    """Since every user of a machine can list the arguments of its processes."""
    (tmp_path / "curl").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', "utf-8")
    (tmp_path / "curl").chmod(0o755)

    printed = printed_by(shell, QUERY.to_request("curl"), server, f"{tmp_path}{os.pathsep}")

    assert server.host.encode() in printed
    assert SIMPLE_ACCESS.encode() not in printed
    assert SECRET.encode() not in printed


@every_client
def test_the_response_is_printed(client: Client, server: MockServer, tmp_path: Path) -> None:
    text = client.export(EASY.page(2, 5), response_format="csv")

    result = client.send(write_file(tmp_path, client, text), server)

    assert result.stdout.decode().count("\r\n") == 1 + len(LEADS[5:])


@every_client
def test_an_error_is_printed(client: Client, server: MockServer, tmp_path: Path) -> None:
    """And the status says so."""
    server.responses.append(CannedResponse(b"over the limit", 500, "text/plain"))

    result = client.send(write_file(tmp_path, client, client.export(EASY)), server)

    assert result.returncode != 0
    assert result.stdout == b"over the limit"
    assert b"500" in result.stderr


@every_client
@pytest.mark.parametrize("name", ["HOST", "ACCESS_KEY", "SECRET_KEY"])
def test_a_missing_variable_is_named(
    client: Client, name: str, server: MockServer, tmp_path: Path
) -> None:
    """And nothing is sent."""
    file = write_file(tmp_path, client, client.export(EASY))

    result = client.send(file, server, **{f"LEADQUERY_{name}": ""})

    assert result.returncode != 0
    assert f"LEADQUERY_{name}: parameter".encode() in result.stderr
    assert server.calls == []


@every_client
def test_a_bare_host_means_https(client: Client, server: MockServer, tmp_path: Path) -> None:
    """A server that speaks http alone cannot answer, and hears no key."""
    file = write_file(tmp_path, client, client.export(EASY))

    result = client.send(file, server, LEADQUERY_HOST=server.host.removeprefix("http://"))

    assert result.returncode != 0
    assert server.calls == []
