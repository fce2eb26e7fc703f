"""`leadquery fields --search`: fields by any of their names."""

from __future__ import annotations

import pytest

from leadquery.expr.field_types import Choice, Number
from leadquery.testing import FakeLeadSquared
from leadquery.wire.enums import VARIABLES
from tests.cli.shell import Write, failure, leadquery

OPERATORS = "==, !=, .contains(), .does_not_contain(), .is_in(), .has_data(), .has_no_data()"
STAGE = f"ProspectStage  Choice  Lead Stage    {OPERATORS}"
STANDARD = f"The standard fields; for those of your account set {', '.join(VARIABLES)}."


@pytest.fixture
def no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_account")
@pytest.mark.parametrize("text", ["stage", "Lead stage", "prospect_stage", "PROSPECTSTAGE"])
def test_standard_fields_without_an_account(text: str) -> None:
    result = leadquery("fields", "--search", text)

    assert result.stdout.splitlines()[1:] == [STAGE]
    assert result.stderr == f"{STANDARD}\n"


@pytest.mark.usefixtures("no_account")
def test_an_alias_and_a_derived_column() -> None:
    lines = leadquery("fields", "--search", "owner name").stdout.splitlines()

    assert lines[1:] == ["OwnerIdName  DerivedColumn  OwnerIdName   none"]


def test_the_fields_of_the_account(leadsquared: FakeLeadSquared) -> None:
    leadsquared.load([], fields=[Number("mx_A", "Stages passed"), Choice("mx_B", "Mood")])

    result = leadquery("fields", "--search", "stage")

    assert [line.split("  ")[0] for line in result.stdout.splitlines()] == [
        "field",
        "mx_A",
        "ProspectStage",
    ]
    assert result.stderr == ""


def test_the_fields_of_a_file(write: Write) -> None:
    write("ours.py", "from leadquery.fields import Number\nFee = Number('mx_Fee', 'Fee')\n")

    result = leadquery("fields", "--search", "fee", "--from", "ours.py")

    assert [line.split()[:2] for line in result.stdout.splitlines()[1:]] == [["mx_Fee", "Number"]]


@pytest.mark.usefixtures("no_account")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ProspctStage", "no field has 'ProspctStage' in a name; did you mean 'ProspectStage'?"),
        ("xyz", "no field has 'xyz' in a name"),
    ],
)
def test_nothing_is_found(text: str, message: str) -> None:
    assert failure(leadquery("fields", "--search", text)) == (1, f"Error: {message}")


def test_options_of_files_have_no_meaning() -> None:
    assert failure(leadquery("fields", "--search", "a", "--out", "b")) == (
        2,
        "Error: --search prints a list; leave out the options of files",
    )
