"""The demo: the use cases of the API's page, the same in each run."""

from __future__ import annotations

import re
from datetime import timedelta
from statistics import mean
from typing import Any

import pytest

from leadquery import Leads, Query, from_payload, periods
from leadquery.cli.demo import NOW, OWNERS, SEVERAL_REQUESTS, USE_CASES
from leadquery.emulator import demo_leads, demo_users
from leadquery.query.describe import describe_count
from tests.cli.shell import leadquery

LEADS = list(demo_leads(10_000, now=NOW))
DEMO = leadquery("demo").output
PARTS = re.split(r"^\d\. ", DEMO, flags=re.MULTILINE)[1:]


def created_in(lead: dict[str, str], period: periods.Period) -> bool:
    """Whether a lead was created in a period."""
    return f"{period.start:%F %T}" <= lead["CreatedOn"] <= f"{period.end:%F %T}"


def numbers(part: str) -> list[list[str]]:
    """The rows of the table in a part, split at spaces."""
    return [line.split() for line in part.rstrip().rpartition("──\n")[2].splitlines()]


def test_the_use_cases_are_those_of_the_page() -> None:
    """In order."""
    titles = [part.partition(" ─")[0] for part in PARTS]

    assert titles == [
        "Leads created last month with low engagement (score below 20)",
        "Leads that came from one source last week",
        "Leads at one stage",
        "The average engagement of the leads of some owners",
        *SEVERAL_REQUESTS,
    ]


def test_the_plan_of_several_requests() -> None:
    """Its Python, its steps, and the owners by name."""
    (query,) = SEVERAL_REQUESTS.values()
    python, _, rest = PARTS[-1].partition("─\n")[2].partition("\nclient.")
    names: dict[str, Any] = {}
    exec(python, names)  # noqa: S102 - our own output

    assert names["query"] == query
    assert rest.startswith("run(query)")
    assert "4 requests and 3 that watch for changes" in rest
    assert numbers(PARTS[-1])[0][:2] == ["Arjun", "Bose"]
    assert len(numbers(PARTS[-1])) == 5


@pytest.mark.parametrize("part", PARTS[: len(USE_CASES)])
def test_python_json_and_sentence_are_of_one_query(part: str) -> None:
    python, _, rest = part.partition("─\n")[2].partition("\nclient.")
    sentence, _, rest = rest.partition("\n\n")[2].partition("\n\n")
    names: dict[str, Any] = {}
    exec(python, names)  # noqa: S102 - our own output
    query = names["query"]
    expected = query.describe() if isinstance(query, Query) else describe_count(query)
    sent = from_payload(re.sub(r'": \n"', '": "', rest[: rest.index("\n}\n") + 2]))

    assert query.filters == sent.filters
    assert query.dates == sent.dates
    assert query.users == sent.users
    assert query in USE_CASES.values()
    assert " ".join(sentence.split()) == expected


def test_the_dates_are_periods() -> None:
    """As a user would write them."""
    assert '.created_in(periods.last_month(now="2026-03-15 12:00"))' in PARTS[0]
    assert '.created_in(periods.last_week(now="2026-03-15 12:00"))' in PARTS[1]
    assert ".created_between(" not in DEMO


def test_the_counts_are_those_of_a_plain_loop() -> None:
    """With bars."""
    month, week = periods.last_month(now=NOW), periods.last_week(now=NOW)
    low = [lead for lead in LEADS if int(lead["EngagementScore"] or 99) < 20]
    counts = [
        sum(created_in(lead, month) for lead in low),
        sum(created_in(lead, week) and lead["Source"].lower() == "website" for lead in LEADS),
        sum(lead["ProspectStage"] == "Customer" for lead in LEADS),
    ]

    assert [numbers(part)[0][2] for part in PARTS[:3]] == [f"{count}" for count in counts]
    assert all(numbers(part)[0][3] for part in PARTS[:3])
    assert all(numbers(part)[1][2:] == ["10,000", "█" * 18] for part in PARTS[:3])


def test_the_averages_are_those_of_a_plain_loop() -> None:
    """One owner has no leads."""
    ids = [user["UserID"] for user in demo_users() if user["EmailAddress"] in OWNERS]
    rows = {row[0]: row[1:] for row in numbers(PARTS[3])}

    assert set(rows) == set(ids)
    for owner, (count, *average) in rows.items():
        own = [lead["EngagementScore"] for lead in LEADS if lead["OwnerId"] == owner]
        scores = [int(score) for score in own if score]
        assert count == f"{len(own):,}"
        assert average[:1] == ([f"{mean(scores):.2f}"] if scores else [])


def test_each_run_shows_the_same() -> None:
    """On any day."""
    dates = set(re.findall(r"\d{4}-\d\d-\d\d", DEMO))

    assert leadquery("demo").output == DEMO
    assert dates == {"2026-03-15", "2026-02-01", "2026-02-28", "2026-03-02", "2026-03-08"}
    assert list(demo_leads(9, now=NOW)) != list(demo_leads(9, now=NOW + timedelta(days=1)))


@pytest.mark.parametrize("width", [80, 100])
def test_the_demo_fits_a_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In colour, with complete ids and bars on every result."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(width))

    output = leadquery("demo").output

    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    assert "\x1b[" in output
    assert max(map(len, plain.splitlines())) == width
    assert all("█" in part for part in re.split(r"^\d\. ", plain, flags=re.MULTILINE)[1:])
    assert all(user["UserID"] in plain for user in demo_users() if user["EmailAddress"] in OWNERS)


def test_a_piped_demo_is_plain() -> None:
    """With a fixed width, without colour."""
    assert "\x1b" not in DEMO
    assert max(map(len, DEMO.splitlines())) == 100
    assert Leads not in USE_CASES.values()
