"""`leadquery mcp` as a process, by the SDK's own client over stdio.

A fuzzing client makes random calls. None reaches the mock API that no draft named, the budget is
never passed, and neither a key nor a value of a lead leaves the process but as rows.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, TextIO

import anyio
import pytest

pytest.importorskip("mcp", reason="the SDK is not installed")

from mcp import Client
from mcp.client.context import ClientRequestContext
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.types import ElicitRequestParams, ElicitResult

from leadquery.cli import main
from leadquery.emulator.server import EmulatorServer
from leadquery.mcp.assistant import Assistant
from leadquery.mcp.refusals import MOST_LISTED
from leadquery.mcp.tools import BY_NAME
from tests.cli.shell import HOME
from tests.mcp.accounts import ACCESS, SECRET, Journal, demo_account
from tests.mcp.test_assistant import LIST, MEDIAN, PAYLOAD, SEVERAL, SUSPICIOUS
from tests.mcp.test_query_reader import WRONG
from tests.mcp.test_server import text

SUGGESTION = re.compile(
    "write|add|leave|close|make|pass|did you mean|such as|expected|find_fields|search|it takes"
    "|they are|wait|describe|missing;|or a|the tools are|its warnings"
)


@pytest.fixture(scope="module")
def server() -> Iterator[EmulatorServer]:
    with demo_account()[0].server() as server:
        yield server


@pytest.fixture
def account(server: EmulatorServer) -> dict[str, str]:
    """The environment of the process."""
    demo_account()[1].clear()
    return {
        "LEADQUERY_HOST": server.url,
        "LEADQUERY_ACCESS_KEY": ACCESS,
        "LEADQUERY_SECRET_KEY": SECRET,
        "PYTHONPATH": HOME,
        **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE")},
    }


def started(
    use: Callable[[Client], Awaitable[None]],
    environment: dict[str, str],
    errors: TextIO,
    *options: str,
    era: str = "auto",
    person: Any = None,
) -> None:
    """Use a client of a new process."""
    arguments = ["-m", "leadquery", "mcp", *options]
    parameters = StdioServerParameters(
        command=sys.executable, args=arguments, env=environment, cwd=HOME
    )

    async def run() -> None:
        transport = stdio_client(parameters, errlog=errors)
        async with Client(transport, mode=era, elicitation_callback=person) as client:
            await use(client)

    anyio.run(run)


class Fuzzer:
    """Makes random calls, and checks after each what has reached the mock API."""

    def __init__(self, seed: int, budget: int) -> None:
        self.random = Random(seed)  # noqa: S311
        self.journal: Journal = demo_account()[1]
        self.budget = budget
        self.approved = 0
        self.drafts: dict[str, Any] = {}
        self.ran = 0
        self.refused = 0

    async def respond(self, _: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        """A person who accepts one question in three, if it is about few requests."""
        (requests,) = map(int, re.findall(r"Send (\d+) request", params.message))
        if self.random.random() > 0.3 or requests > 60:
            return ElicitResult(action="decline")
        self.approved += requests
        return ElicitResult(action="accept")

    async def make_calls(self, client: Client, number: int) -> None:
        """Make so many calls."""
        for _ in range(number):
            tool, arguments = self.call()
            before = len(self.journal.payloads)
            result = await client.call_tool(tool, arguments)
            new = self.journal.payloads[before:]
            self.check_text(text(result), is_error=bool(result.is_error))
            response = result.structured_content or {}
            if tool in ("run", "count") and not result.is_error:
                self.ran += 1
                assert len(new) == response["requests"]
                self.check_requests(arguments["draft"], new)
            elif tool in ("run", "count"):
                # One that stopped was a draft's, too.
                assert not new or arguments["draft"] in self.drafts
            else:
                assert new == []
                if tool.startswith("draft") and not result.is_error:
                    self.drafts[response["draft"]] = response
            assert len(self.journal.requests) <= self.budget + self.approved

    def check_text(self, found: str, *, is_error: bool) -> None:
        """A message is short and says what to do; no key is in anything."""
        assert ACCESS not in found
        assert SECRET not in found
        assert len(found) < 60_000
        if is_error:
            self.refused += 1
            lines = found.splitlines()
            assert 1 <= len(lines) <= MOST_LISTED + 2
            assert SUGGESTION.search(found), found

    def check_requests(self, name: str, payloads: list[dict[str, Any]]) -> None:
        """What was sent is about the draft: it shows its columns, or counts leads."""
        expected = {*self.drafts[name]["columns"], "ProspectID", "Count", "OwnerIdName"}
        for payload in payloads:
            output = payload["Output"]
            columns = output.get("IncludeCSV", "").split(",")
            assert not {one for one in columns if one} - expected or len(payloads) > 1

    def call(self) -> tuple[str, dict[str, Any]]:
        """A call, often a right one."""
        random = self.random
        tool = random.choice([*BY_NAME, "run", "draft", "sql_query", "rum"])
        arguments: dict[str, Any] = {}
        if random.random() < 0.8 and tool in BY_NAME:
            arguments = {name: self.argument(name) for name in BY_NAME[tool].arguments}
            for name in [one for one in arguments if one not in BY_NAME[tool].required]:
                if random.random() < 0.7:
                    del arguments[name]
        if random.random() < 0.2:
            arguments[random.choice(["draft", "payload", "query", "limit", "x"])] = self.junk()
        return tool, arguments

    def argument(self, name: str) -> Any:
        """A value for an argument."""
        random = self.random
        names = [*self.drafts, "draft-999"]
        choices: dict[str, Callable[[], Any]] = {
            "draft": lambda: random.choice(names[-20:]),
            "query": lambda: random.choice([LIST, SEVERAL, MEDIAN, SUSPICIOUS, *WRONG.values()]),
            "sql": lambda: random.choice(
                ["SELECT Phone FROM leads", "SELECT COUNT(*) FROM leads", "DROP TABLE leads", "x"]
            ),
            "payload": lambda: random.choice([PAYLOAD, json.dumps(PAYLOAD), {"Output": {}}, "{"]),
            "text": lambda: random.choice(["", "stage", "shoe size"]),
            "exporter": lambda: random.choice(["curl", "json", "crul"]),
            "limit": lambda: random.choice([1, 50, 1000, 5000]),
            "accept_warnings": lambda: random.choice([["LQ606"], ["NOTE"], []]),
            "max_requests": lambda: random.choice([1, 6, 50]),
            "dialect": lambda: random.choice(["postgres", "foxpro"]),
        }
        return choices[name]() if random.random() < 0.95 else self.junk()

    def junk(self) -> Any:
        """A value that belongs nowhere."""
        deep: Any = 0
        for _ in range(self.random.randrange(60)):
            deep = [deep] if self.random.random() < 0.5 else {"any": deep}
        return self.random.choice(
            [None, True, -1, 10**30, 1.5, "", "draft-1 ", "\u0000\u202e", "x" * 3_000, [], deep]
        )


def fuzzed(calls: int, account: dict[str, str], folder: Path, seed: int) -> Fuzzer:
    """A fuzzer that has made its calls."""
    fuzzer = Fuzzer(seed, budget=calls // 2)
    options = ["--budget", str(fuzzer.budget)]
    errors = folder / "errors.txt"
    with errors.open("w") as file:

        async def use(client: Client) -> None:
            await fuzzer.make_calls(client, calls)

        started(use, account, file, *options, era="auto", person=fuzzer.respond)
    # Neither keys nor rows are logged, nor anything else.
    assert errors.read_text() == ""
    return fuzzer


def test_a_fuzzing_client(account: dict[str, str], tmp_path: Path) -> None:
    fuzzer = fuzzed(120, account, tmp_path, seed=5)

    assert fuzzer.ran > 5
    assert fuzzer.refused > 30


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_fuzzing_client_with_2000_calls(
    seed: int, account: dict[str, str], tmp_path: Path
) -> None:
    fuzzer = fuzzed(2_000, account, tmp_path, seed)

    assert fuzzer.ran > 100
    assert fuzzer.refused > 500


def test_an_older_client_and_the_demo(tmp_path: Path) -> None:
    """With the handshake of 2025, and without keys."""

    async def use(client: Client) -> None:
        assert client.session.protocol_version == "2025-11-25"
        await client.call_tool("draft", {"query": {"select": ["FirstName"]}})
        ran = await client.call_tool("run", {"draft": "draft-1"})
        assert ran.structured_content["total"] == 10_000

    with (tmp_path / "errors.txt").open("w") as errors:
        started(use, {"PYTHONPATH": HOME}, errors, "--demo", era="legacy")


def run_command(*options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "leadquery", "mcp", *options]
    environment = {name: value for name, value in os.environ.items() if "LEADQUERY" not in name}
    return subprocess.run(
        command,
        input="",
        capture_output=True,
        text=True,
        check=False,
        cwd=HOME,
        timeout=60,
        env={**environment, **variables},
    )


def test_without_keys_it_says_what_to_set() -> None:
    ended = run_command()

    assert ended.returncode == 1
    assert "LEADQUERY_HOST" in ended.stderr
    assert ended.stdout == ""


def test_a_person_who_starts_it_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assistants: list[Assistant] = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("leadquery.mcp.server.serve", assistants.append)
    main(["mcp", "--demo", "--budget", "7"], standalone_mode=False)

    assert capsys.readouterr().err == (
        "leadquery mcp waits for an assistant on stdin; press Ctrl-C to end it.\n"
    )
    assert [assistant.budget.limit for assistant in assistants] == [7]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another event there")
def test_ctrl_c_ends_it() -> None:
    command = [sys.executable, "-m", "leadquery", "mcp", "--demo"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=HOME, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        process.stdin.flush()
        # It serves.
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == -signal.SIGINT


def test_without_the_sdk_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(SystemExit):
        main(["mcp", "--demo"])

    assert capsys.readouterr().err.startswith(
        "Error: leadquery mcp needs mcp, which is not installed; run pip install 'leadquery[mcp]'"
    )
