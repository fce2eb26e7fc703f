"""Twenty tasks in plain words, each as somebody writes it who has read the README and the how-tos.

Each line was written before it was tried. What did not work at once was made to work, or raises an
error that shows what to write.
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import pytest

from leadquery.errors import LeadQueryError
from tests.cli.shell import leadquery

FILES = {
    "reports.py": """
from leadquery import Leads, count, periods
from leadquery.fields import OwnerId, Phone, Score, Source

by_owner = Leads.created_in(periods.last_month()).group_by(OwnerId).average(Score)
best_sources = Leads.group_by(Source).count().order_by(count().desc()).limit(5)
from_google = Leads.where(Source == "Google").select(Phone)
google = Leads.where(Source == "Google").created_in(periods.this_year()).count()
""",
    "changed.py": """
from leadquery import Leads, periods
changed = Leads.modified_since(periods.yesterday()).select("ProspectID", "Source", "ModifiedOn")
""",
    "daily.py": """
from leadquery import Leads, periods
from leadquery.fields import CreatedOn
daily = (
    Leads.created_in(periods.last_week(tz="Asia/Kolkata"))
    .group_by(CreatedOn.day(tz="Asia/Kolkata", fill=True))
    .count()
)
""",
    "hot.py": """
from leadquery import Leads
from leadquery.fields import OwnerId, Score, Source
hot = Leads.where((Score > 80) | (Source == "Referral Sites")).group_by(OwnerId).count()
""",
    "calls.py": """
from leadquery import Leads
from leadquery.fields import OwnerId, Phone
no_phone = Leads.where(Phone.has_no_data()).group_by(OwnerId).count().with_owner_names()
""",
    "one.json": (
        '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, '
        '"Paging": {"PageIndex": 1, "PageSize": 5}}'
    ),
    "two.json": (
        '{"ReportFilter": {"LeadFilters": [{"LookUpName": "Source", "LookUpValue": "Website", '
        '"SqlOperator": "equals"}]}, "Output": {"Type": "list", "IncludeCSV": "Phone"}, '
        '"Paging": {"PageIndex": 1, "PageSize": 5}}'
    ),
    "three.json": '{"Output": {"Type": "list", "IncludeCSV": "Phone",}}',
    "question.sql": "SELECT Source, COUNT(*) FROM leads WHERE Score > 50 GROUP BY Source",
}

COMMANDS = [
    (
        "the average score by owner of the leads created last month, as CSV",
        "run --demo reports.py:by_owner --out owners.csv",
        "rows in owners.csv",
    ),
    ("which of my three payload files are wrong", "check one.json two.json three.json", "of 3"),
    (
        "every lead that was modified since yesterday, as Parquet",
        "export --demo changed.py changed.parquet",
        "rows in changed.parquet",
    ),
    ("the five best sources", "run --demo reports.py:best_sources", "5 of 5 rows"),
    (
        "how many leads came from Google this year",
        "run --demo reports.py:google",
        'no leads with Source equal to "Google": its values are "Website"',
    ),
    ("what this payload asks for", "describe one.json", "List of Phone of all leads"),
    ("send this payload to the demo", "run --demo one.json", "of 10,000 rows"),
    (
        "which queries are in this file",
        "run --demo reports.py",
        "best_sources  Number of leads per",
    ),
    ("run a payload from the clipboard", "run --demo -", "of 10,000 rows"),
    (
        "this query for a colleague who uses curl",
        "payload reports.py:from_google --as curl",
        "curl --silent",
    ),
    ("this SQL statement on the demo", "run --demo question.sql", "Website"),
    ("how many requests this question takes", "plan hot.py", "3 requests"),
    ("new leads on each day of last week, in India", "run --demo daily.py", "7 of 7 rows"),
    ("leads without a phone number, per owner, with names", "run --demo calls.py", "Arjun Bose"),
]

SETUP = """
from leadquery import Client, Leads, users
from leadquery.emulator import Emulator
from leadquery.fields import *
client = Client("demo.example.com", "key", "secret", Emulator.demo(500).session())
"""

CODE = [
    (
        "leads neither from the website nor from referrals",
        'client.run(Leads.where(Source.not_in(["Website", "Referral Sites"])).select("Phone"))',
        'Leads.where(~Source.is_in(["Website", "Referral Sites"])).select("Phone")',
    ),
    (
        "leads whose first name begins with Ra",
        'client.run(Leads.where(FirstName.startswith("Ra")).select("FirstName"))',
        'FirstName.contains("Ra")',
    ),
    (
        "the leads of Arjun Bose",
        'client.run(Leads.owned_by(users.FullName == "Arjun Bose").select("FirstName", "Phone"))',
        'owned_by(users.FirstName == "Ann", users.LastName == "Lee")',
    ),
    (
        "the rows as a DataFrame",
        "client.run(Leads.select(FirstName, Score)).to_df()",
        "client.run(Leads.select(FirstName, Score)).to_pandas()",
    ),
    (
        "deals over a million",
        'print(client.run(Leads.where(Number("mx_Deal_Value") > 100_000_000).select("Phone")))',
        "mx_Deal_Value is from ",
    ),
]


def test_there_are_twenty() -> None:
    """The last one is `test_without_keys`."""
    assert len(COMMANDS) + len(CODE) + 1 == 20


@pytest.mark.parametrize(("task", "command", "expected"), COMMANDS, ids=str)
def test_a_command(
    task: str, command: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    if ".parquet" in command:
        pytest.importorskip("pyarrow")
    if ".sql" in command:
        pytest.importorskip("sqlglot")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")

    result = leadquery(*command.split(), stdin=FILES["one.json"])

    assert expected in result.output, task


@pytest.mark.parametrize(("task", "line", "expected"), CODE, ids=str)
def test_code(task: str, line: str, expected: str, tmp_path: Path) -> None:
    """An error shows the line to write."""
    file = tmp_path / "ask.py"
    file.write_text(SETUP + line, "utf-8")
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            exec(compile(SETUP + line, str(file), "exec"), {"__name__": "ask"})  # noqa: S102
        except LeadQueryError as error:
            print(error)

    assert expected in output.getvalue(), task


def test_without_keys(leadsquared: object) -> None:
    """Run my tests without keys."""
    from leadquery import Client, Leads
    from leadquery.fields import Source

    leadsquared.load(  # type: ignore[attr-defined]
        [{"ProspectID": "1", "Source": "Website"}, {"ProspectID": "2", "Source": "Google"}]
    )

    assert Client.from_env().count(Leads.where(Source == "Website")) == 1
