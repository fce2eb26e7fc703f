"""What files, servers and user code say can neither steer a terminal nor command a workflow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from rich.console import Console

from leadquery import Leads, LeadsNotContacted, Result, check
from leadquery.cli import COMMANDS
from leadquery.cli.output import _COMMAND_ADVICE, INTERRUPTED, advice_for_commands, escape_text
from leadquery.client.auth import ApiKeys
from leadquery.client.call_errors import HINTS, CallErrors
from leadquery.client.drift import DriftDetector
from leadquery.errors import BadRequestError, InvalidResponseError, QueryError, RateLimitError
from leadquery.fields import OwnerId, Score, mx_City
from leadquery.lint.report import to_html
from leadquery.sql import from_sql
from tests.cli.shell import Write, leadquery
from tests.client.scripted_server import Reply, Script, client_of, error_response

HOSTILE = "\x1b]0;x\x07\x9b31m\u202e\u2028\r\n::error::forged\n ::stop-commands::x\n##[error]forged"
"""Terminal codes, a change of direction, line ends, and commands of GitHub Actions."""


def assert_harmless(output: str, *, workflow: bool = False) -> None:
    lines = output.split("\n")
    assert [line for line in lines if not line.isprintable()] == []
    if not workflow:
        assert [line for line in lines if line.lstrip().startswith("::") or "##[" in line] == []


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a\nb", "a\nb"),
        ("a::b", "a::b"),
        ("\x1b[1m", r"\x1b[1m"),
        ("a\r\n::x", "a\\r\n\\u003a:x"),
        ("  ::x", r"  \u003a:x"),
        ("a ##[group]", r"a ##\u005bgroup]"),
    ],
)
def test_what_is_escaped(text: str, escaped: str) -> None:
    assert escape_text(text) == escaped


@pytest.mark.parametrize("output_format", ["text", "json", "github", "sarif"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_reports(output_format: str, ascii_only: bool, here: Path) -> None:
    filters = [{"LookUpName": HOSTILE, "LookUpValue": HOSTILE, HOSTILE: 1, "SqlOperator": HOSTILE}]
    payload = {"ReportFilter": {"LeadFilters": filters}, HOSTILE: HOSTILE, "Output": HOSTILE}
    for name in ("::error::x.json", "##[error]\x1b[1m\n.json"):
        (here / name).write_text(json.dumps(payload, ensure_ascii=ascii_only), "utf-8")

    result = leadquery("check", "--format", output_format, ".", "./::error::x.json")

    assert result.exit_code == 1
    assert_harmless(result.output, workflow=output_format == "github")
    if output_format == "github":
        assert {line.split()[0] for line in result.output.splitlines()} == {"::error", "::warning"}


def test_reports_in_consoles_and_notebooks() -> None:
    """Not even where a log has lines of 80 columns."""
    for length in range(50):
        report = check({"Output": {}, f"{'x' * length} {HOSTILE}": 1})
        console = Console(width=80, force_terminal=False)
        with console.capture() as capture:
            console.print(report)

        printed = capture.get().replace("##[", "")
        assert_harmless(printed)
        assert_harmless(to_html(report), workflow=True)


@pytest.mark.parametrize(
    ("args", "exit_code"),
    [
        (("run", "--demo", "queries.py:query"), 1),
        (("run", "--demo", f"queries.py:{HOSTILE}"), 2),
        (("check", f"{HOSTILE}.json"), 2),
        (("check", f"--{HOSTILE}"), 2),
        (("rule", HOSTILE), 2),
        ((HOSTILE,), 2),
        ((f"-{HOSTILE}",), 2),
    ],
)
def test_errors(write: Write, args: tuple[str, ...], exit_code: int) -> None:
    """Those of user code, too."""
    write("queries.py", f"def query():\n    raise ValueError({HOSTILE!r})\n")

    result = leadquery(*args)

    assert result.exit_code == exit_code
    assert_harmless(result.stderr)


@pytest.mark.parametrize("colour", [{}, {"FORCE_COLOR": "1"}])
def test_tables(write: Write, colour: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The values of leads come from anyone who fills in a form."""
    from leadquery import Client
    from leadquery.emulator import Emulator

    emulator = Emulator([{"ProspectID": "::error::forged"}, {"ProspectID": "##[error]forged"}])
    client = Client("mock.example.com", "any", "keys", emulator.session())
    monkeypatch.setattr(Client, "from_env", lambda: client)
    for name, value in colour.items():
        monkeypatch.setenv(name, value)
    write("queries.py", 'from leadquery import Leads\nquery = Leads.select("ProspectID")\n')

    result = leadquery("run", "queries.py:query", color=bool(colour))

    assert result.exit_code == 0
    assert r"\u003a:error::forged" in result.output
    assert "##[" not in result.output


def test_ctrl_c(write: Write) -> None:
    write("queries.py", "raise KeyboardInterrupt\n")

    result = leadquery("run", "queries.py:query")

    assert (result.exit_code, result.stderr) == (INTERRUPTED, "")


EITHER = Leads.where((mx_City == "Delhi") | (Score > 80)).group_by(OwnerId).count()
CLIENT = client_of(Script(Reply()))
CALL = CallErrors("<Client: host>", "host", ApiKeys("a", "b", "query"))


def error_of(call: Callable[[], object]) -> str:
    with pytest.raises(QueryError) as caught:
        call()
    return str(caught.value)


def short_page() -> str:
    rows = tuple({"ProspectID": str(number)} for number in range(50))
    detector = DriftDetector(Leads.select("ProspectID").page(1, 100))
    _, changes = detector.observe(1, Result(rows, 500))
    return str(changes[0])


def wrong_host() -> str:
    with pytest.raises(InvalidResponseError) as caught:
        client_of(Script(Reply(body=b"{}"))).users()
    return str(caught.value)


def large_pages() -> str:
    reply = error_response(400, "MXInvalidInputException", "Page size cannot exceed 1000")
    with pytest.raises(BadRequestError) as caught:
        client_of(Script(reply)).run_page(Leads.select("Phone").page(1, 5_000))
    return str(caught.value)


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        (lambda: error_of(EITHER.to_payload), "'leadquery plan' shows them, 'leadquery run' sends"),
        (lambda: error_of(lambda: EITHER.plan(1)), "2 if --filled names fields that all leads"),
        (lambda: error_of(lambda: EITHER.plan(1)), "in), or pass a larger --max-calls"),
        (lambda: error_of(lambda: EITHER.plan(1)), 'for every 1,000 leads (--scan "if cheaper")'),
        (
            lambda: error_of(lambda: CLIENT.export(EITHER, "rows.csv")),
            "; to write the rows: leadquery run FILE:NAME --out rows.csv",
        ),
        (wrong_host, "set LEADQUERY_API_HOST to the ordinary API host of the account, as in"),
        (short_page, "if the API limits the page size, write --page-size 50"),
        (large_pages, "request smaller pages, as in --page-size 1000"),
        (lambda: HINTS[BadRequestError], "'leadquery check --fields FILE' names what the account"),
        (lambda: HINTS[RateLimitError], "plan, as in Client(..., rate=(10, 5.0)) in Python"),
        (lambda: str(CALL.size(1_000)), "request fewer rows at once with --page-size"),
        (
            lambda: str(CALL.of_network(requests.Timeout(), (5, 60))),
            "request fewer rows at once with --page-size",
        ),
        (
            lambda: error_of(lambda: from_sql("SELECT Phone FROM leads OFFSET 5")),
            "leave it out; 'leadquery export' gets all rows",
        ),
        (
            lambda: error_of(lambda: from_sql("SELECT Phone INTO t FROM leads")),
            "write the result with 'leadquery run --out FILE'",
        ),
        (
            lambda: error_of(lambda: LeadsNotContacted.count().to_sql("duckdb")),
            "send the query with 'leadquery run', or start from Leads",
        ),
    ],
)
def test_advice_names_the_options_of_the_commands(message: Callable[[], str], advice: str) -> None:
    assert advice in advice_for_commands(message())


def test_advice_names_options_that_exist() -> None:
    helps = "".join(leadquery(name, "--help").output for name in COMMANDS)
    named = {one for _, text in _COMMAND_ADVICE for one in re.findall(r"--[a-z][a-z-]+", text)}

    assert named - {*re.findall(r"--[a-z-]+", helps)} == set()
    assert len(named) > 9
