"""`leadquery fields`: the account's lead fields go into a file that `check --fields` reads."""

from __future__ import annotations

import json
from contextlib import redirect_stdout, suppress
from pathlib import Path

import pytest

from leadquery.cli import main
from leadquery.expr.field_types import Choice
from leadquery.testing import FakeLeadSquared
from tests.cli.shell import Write, failure, leadquery


def test_a_file_for_checks(leadsquared: FakeLeadSquared, write: Write, here: Path) -> None:
    """The output says how many there are and how to use them."""
    leadsquared.load([], fields=[Choice("mx_Kürs", "Der Kurs", options=["MBA"])])
    payload = write("p.json", '{"Output": {"Type": "list", "IncludeCSV": "mx_Kurs"}}')

    result = leadquery("fields", "--out", "fields.json")
    fields = json.loads((here / "fields.json").read_text("utf-8"))
    checked = leadquery("check", "--fields", "fields.json", str(payload))

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.output == (
        f"{len(fields)} fields in fields.json; next: leadquery check --fields fields.json FILE\n"
    )
    assert checked.exit_code == 1
    assert "'mx_Kürs'" in checked.output


def test_without_a_file(leadsquared: FakeLeadSquared) -> None:
    """The fields are printed."""
    result = leadquery("fields")

    assert json.loads(result.stdout) == leadsquared.client().lead_fields()
    assert result.stderr == ""


LABEL = "Mood \U0001f600 \x81 \ud800"
"""Characters that cp1252 lacks, and one that UTF-8 lacks."""


@pytest.mark.parametrize("out", ["-", "fields.json"])
def test_fields_are_json_whatever_the_encoding_of_stdout(
    out: str, leadsquared: FakeLeadSquared, here: Path
) -> None:
    leadsquared.load([], fields=[Choice("mx_Mood", LABEL, options=["Good"])])

    with (
        (here / "stdout").open("w", encoding="cp1252") as stdout,
        redirect_stdout(stdout),
        suppress(SystemExit),
    ):
        main(["fields", "--out", out])
    fields = json.loads((here / out.replace("-", "stdout")).read_text("utf-8"))

    assert LABEL in [field["DisplayName"] for field in fields]


@pytest.mark.usefixtures("leadsquared")
@pytest.mark.parametrize("name", ["fields.py", "fields.csv", "FIELDS.XLSX"])
def test_a_file_of_another_format(name: str, here: Path) -> None:
    code, line = failure(leadquery("fields", "--out", name))

    assert code == 2
    assert line.endswith(f"{name!r} is another file; end it with .json, or write --python FILE.py")
    assert not (here / name).exists()


def test_another_host(leadsquared: FakeLeadSquared) -> None:
    """The host of reports may have no metadata."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LEADQUERY_HOST", "reports.example.com")
        result = leadquery("fields", "--host", leadsquared.host)

    assert result.exit_code == 0
    assert json.loads(result.stdout)


@pytest.mark.usefixtures("leadsquared")
def test_a_file_that_cannot_be_written(here: Path) -> None:
    """The error names it."""
    assert failure(leadquery("fields", "--out", str(here))) == (
        1,
        f"Error: '{here}' cannot be written: Is a directory",
    )


@pytest.mark.usefixtures("leadsquared")
def test_a_full_disk_leaves_the_old_file(write: Write) -> None:
    resource = pytest.importorskip("resource")
    file = write("fields.json", "old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        result = leadquery("fields", "--out", "fields.json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert failure(result) == (
        1,
        "Error: 'fields.json' cannot be written: File too large; the file keeps its old content",
    )
    assert file.read_text("utf-8") == "old"
    assert [*file.parent.iterdir()] == [file]


def test_without_an_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the variables."""
    for name in ("LEADQUERY_HOST", "LEADQUERY_ACCESS_KEY", "LEADQUERY_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    status, message = failure(leadquery("fields"))

    assert status == 1
    assert message.startswith("Error: the environment has no LEADQUERY_HOST, ")
