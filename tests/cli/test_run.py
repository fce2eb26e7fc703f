"""`leadquery run`: the answer to a query, from demo leads or from an account."""

from __future__ import annotations

import pytest

from leadquery.client import calls
from leadquery.fields import ProspectStage
from tests.cli.shell import SOURCE, Write, leadquery, refused


def test_the_answer_of_the_demo(write: Write) -> None:
    """As text that another program can read, whatever the width."""
    write(
        "queries.py",
        "from leadquery import Leads\nfrom leadquery.fields import ProspectStage\n"
        "query = Leads.group_by(ProspectStage).count()\n",
    )

    lines = leadquery("run", "--demo", "queries.py:query").output.splitlines()

    assert lines[0].split() == [ProspectStage.name, "Count"]
    assert lines[-1] == "6 of 6 rows"
    assert sum(int(line.split()[-1].replace(",", "")) for line in lines[1:-1]) == 10_000


def test_the_answer_on_a_terminal(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a table with bars."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    write(
        "queries.py",
        "from leadquery import Leads\nquery = Leads.group_by('ProspectStage').count()\n",
    )

    assert "█" in leadquery("run", "--demo", "queries.py:query").output


def test_an_answer_without_rows(write: Write) -> None:
    """Its columns, and how many there are."""
    write("queries.py", SOURCE.replace("> 5", "> 1_000_000"))

    assert leadquery("run", "--demo", "queries.py:query").output == "Score\n0 of 0 rows\n"


def test_a_page_of_many(write: Write) -> None:
    """The rows of the page, and how many there are in all."""
    write("queries.py", SOURCE.replace("Leads.where(Score > 5).", "Leads."))

    assert leadquery("run", "--demo", "queries.py:query").output.endswith("\n100 of 10,000 rows\n")


def test_without_keys_nothing_is_sent(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the variables."""
    write("queries.py", SOURCE)
    variables = ("LEADQUERY_HOST", "LEADQUERY_ACCESS_KEY", "LEADQUERY_SECRET_KEY")
    for name in variables:
        monkeypatch.delenv(name, raising=False)

    code, message = refused(leadquery("run", "queries.py:query"))

    assert code == 1
    assert message == f"Error: the environment lacks {', '.join(variables)}; set all three"


def test_a_failed_call_is_one_line(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the client raises, without a traceback."""
    monkeypatch.setattr(calls, "FIRST_PAUSE", 0.001)
    write("queries.py", SOURCE)
    monkeypatch.setenv("LEADQUERY_HOST", "http://127.0.0.1:1")
    monkeypatch.setenv("LEADQUERY_ACCESS_KEY", "k-access")
    monkeypatch.setenv("LEADQUERY_SECRET_KEY", "k-secret")

    assert refused(leadquery("run", "queries.py:query")) == (
        1,
        (
            "Error: <Client: 127.0.0.1:1>: no connection, or it was cut off (ConnectionError) "
            "(6 attempts); see that the host is right and can be reached from here"
        ),
    )
