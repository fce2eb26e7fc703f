"""What files, servers and user code say can neither steer a terminal nor command a workflow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from leadquery import check
from leadquery.cli.output import INTERRUPTED, escape_text
from leadquery.lint.report import to_html
from tests.cli.shell import Write, leadquery

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
