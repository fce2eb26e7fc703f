"""Commands that read a payload: check, explain and to-python."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click import UsageError

from leadquery import Leads, check
from leadquery.cli.files import EXPECTED, read_input
from leadquery.fields import EngagementScore, OwnerId
from leadquery.users import Role
from tests.cli.payloads import BACKWARDS, SUSPICIOUS, WRONG
from tests.cli.shell import Write, failure, leadquery

QUERY = (
    Leads.where(EngagementScore < 20, OwnerId.has_data())
    .owned_by(Role == "Sales_User")
    .created_between("2026-01-01", "2026-01-31")
    .group_by(OwnerId)
    .average(EngagementScore)
    .page(2, 50)
)
READERS = ["check", "describe", "to-python"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A clean payload."""
    path = tmp_path / "report.json"
    path.write_text(QUERY.to_json(indent=2), "utf-8")
    return path


def test_a_clean_payload(file: Path) -> None:
    """The summary, and 0."""
    result = leadquery("check", str(file))

    assert (result.exit_code, result.output) == (0, f"{check(QUERY.to_json()).summary()}\n")


def test_a_payload_with_errors(file: Path) -> None:
    """Each diagnostic with the name of the file, the summary, and 1."""
    file.write_text('{"Output": {"Type": "list"}, "Extra": 7}')
    report = check(file.read_bytes())

    result = leadquery("check", str(file))

    assert len(report.diagnostics) > 1
    assert result.exit_code == 1
    texts = (*(f"{file}:{report.format(one)}" for one in report), report.summary())
    # Lines are wrapped behind a margin.
    assert result.output.replace("|", "").split() == "\n".join(texts).replace("|", "").split()


def test_warnings_are_no_errors(file: Path) -> None:
    """The exit code is 0."""
    file.write_text('{"output": {"Type": "list", "IncludeCSV": "Phone"}}')

    result = leadquery("check", str(file))

    assert (result.exit_code, "warning" in result.output) == (0, True)


def test_a_payload_in_english(file: Path) -> None:
    assert leadquery("describe", str(file)).output == f"{QUERY.describe()}\n"


def test_a_payload_as_python(file: Path) -> None:
    """A module that builds the same query."""
    result = leadquery("to-python", str(file))
    names: dict[str, Any] = {}
    exec(result.output, names)  # noqa: S102 - our own output

    assert result.output == QUERY.to_python()
    assert names["query"] == QUERY


@pytest.mark.parametrize("command", READERS)
def test_a_payload_from_stdin(command: str, file: Path) -> None:
    """A dash."""
    named, piped = (
        leadquery(command, str(file)),
        leadquery(command, "-", stdin=file.read_bytes()),
    )

    assert piped.exit_code == 0
    assert piped.output == named.output


@pytest.mark.parametrize("command", READERS)
def test_a_file_that_is_missing(command: str, tmp_path: Path) -> None:
    """2, and what to write."""
    none = tmp_path / "none.json"

    assert failure(leadquery(command, str(none))) == (
        2,
        f"Error: {str(none)!r} does not exist; {EXPECTED}",
    )


@pytest.mark.parametrize("command", ["describe", "to-python"])
def test_a_folder_is_no_payload(command: str, tmp_path: Path) -> None:
    """It can be checked, but not explained or converted."""
    assert failure(leadquery(command, str(tmp_path))) == (
        2,
        f"Error: {str(tmp_path)!r} is a folder; name a file in it",
    )


def test_a_stdin_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in some services."""
    monkeypatch.setattr(sys, "stdin", None)

    with pytest.raises(UsageError) as caught:
        read_input("-")

    assert caught.value.message == "'-' cannot be read: stdin is closed"


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\xfa", "LQ102"),
        (b"Dear API", "LQ101"),
        (b"", "LQ101"),
        (b"[" * 100_000, "LQ103"),
        (b'{"Output": {"Type": "list"}}', "LQ203"),
    ],
)
def test_a_file_that_is_no_payload(command: str, content: bytes, code: str, file: Path) -> None:
    """1, and every diagnostic."""
    file.write_bytes(content)

    result = leadquery(command, str(file))

    assert result.exit_code == 1
    assert code in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["describe", "to-python"])
@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (WRONG, []),
        (
            SUSPICIOUS.replace('"list"', '"lst"'),
            ["to fix it: leadquery check --fix 'my report.json'"],
        ),
        (BACKWARDS, ["to fix it: leadquery check --unsafe-fixes 'my report.json'"]),
    ],
)
def test_invalid_payloads_are_reported_as_by_check(
    command: str, content: str, hint: list[str], write: Write
) -> None:
    """On stderr, with the place in the file and the command that fixes it."""
    write("my report.json", content)

    checked = leadquery("check", "my report.json")
    result = leadquery(command, "my report.json")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [*checked.stdout.splitlines(), *hint]
    assert result.stderr.startswith("my report.json:")


def condition(value: int, joiner: str | None) -> dict[str, object]:
    """A user condition with a value."""
    filled = {"LookupName": "Role", "Operator": "lik", "LookupValue": f"{value}"}
    return {**filled, "ConditionOperator": joiner}


NESTED = {
    "Condition": [*(condition(value, "OR") for value in range(64)), condition(64, None)],
    "GroupConditions": [{"Condition": [condition(65, None)]}],
    "GroupOperator": "OR",
}
PLAIN = {"Condition": [condition(66, None)]}
DEEP = {"UserFilter": {"GroupConditions": [NESTED, PLAIN]}}


def test_an_unsupported_payload_is_named(write: Write) -> None:
    """A valid payload that has no query."""
    write("deep.json", json.dumps({**QUERY.to_payload(), "ReportFilter": DEEP}))

    code, message = failure(leadquery("describe", "deep.json"))

    assert (code, message[:20]) == (1, "Error: 'deep.json': ")


def test_any_text_can_be_written(file: Path) -> None:
    """Lone surrogates are escaped."""
    file.write_text(json.dumps(Leads.select("mx_\ud800").to_payload()))

    assert r"mx_\ud800" in leadquery("describe", str(file)).output
    assert leadquery("check", str(file)).exit_code == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_payload_in_utf_16_is_fixed(encoding: str, file: Path) -> None:
    """As Windows PowerShell writes it."""
    text = Leads.select("mx_Café").to_json() + "\r\n"
    file.write_bytes(
        text.encode(encoding) if encoding == "utf-16" else f"\ufeff{text}".encode(encoding)
    )
    hint = f"to fix it: leadquery check --fix {file}"

    assert failure(leadquery("describe", str(file))) == (1, hint)
    assert leadquery("check", "--fix", str(file)).exit_code == 0
    assert file.read_bytes() == text.encode()


@pytest.mark.parametrize("args", [("schema",), ("to-python",)])
def test_output_goes_to_a_file(args: tuple[str, ...], file: Path, tmp_path: Path) -> None:
    """In UTF-8."""
    file.write_text(Leads.select("mx_Café").to_json(), "utf-8")
    args = args if args == ("schema",) else (*args, str(file))
    out = tmp_path / "out.txt"

    result = leadquery(*args, "--out", str(out))

    assert (result.exit_code, result.output) == (0, "")
    assert out.read_text("utf-8") == leadquery(*args).stdout
    assert failure(leadquery(*args, "--out", str(tmp_path))) == (
        1,
        f"Error: {str(tmp_path)!r} cannot be written: Is a directory",
    )
