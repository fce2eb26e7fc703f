"""Questions of analysts, and how many requests each takes with nothing known of empty fields.

Lookups of the values of keys and the users count, the three requests that watch for changes do not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import pytest

from leadquery import Client, Leads, Query, count, periods, users
from leadquery.emulator import Emulator
from leadquery.fields import (
    CreatedOn,
    DoNotCall,
    LastVisitDate,
    OwnerId,
    OwnerIdName,
    ProspectStage,
    Score,
    Source,
    mx_City,
)
from leadquery.query.aggregation import NO_STEPS
from leadquery.query.base import replace
from tests.plain_loop import Lead, expected_rows, same_rows

USERS: Final = [
    {"UserID": f"{role}-{team}", "Role": role, "Team": team}
    for role in ("User", "Manager", "Admin")
    for team in ("a", "b")
]
"""Each owner is named by role and team, which `plain_loop` reads from the lead."""


def leads(count: int = 120) -> list[Lead]:
    """Leads of half a year, some without data in a field, and spellings that differ in case."""
    random = Random(1)  # noqa: S311
    start = datetime(2025, 10, 1)
    return [
        {
            "ProspectID": f"{number:03}",
            "Score": random.choice([None, *map(str, range(0, 130, 3))]),
            "Source": random.choice([None, "Web", "web", "Fair", "Referral"]),
            "mx_City": random.choice([None, "Delhi", "Delhi", "Pune", "Agra"]),
            "ProspectStage": random.choice(["Prospect", "Lead", "Customer"]),
            "DoNotCall": random.choice([None, "0", "0", "1"]),
            "LastVisitDate": random.choice(
                [None, _text(start + timedelta(days=random.random() * 200))]
            ),
            # Some in the very second in which a month begins, in UTC or in India.
            "CreatedOn": random.choice(
                [
                    *[_text(start + timedelta(days=random.random() * 182))] * 8,
                    "2026-01-01 00:00:00",
                    "2026-01-31 18:30:00",
                ]
            ),
            "Role": (owner := random.choice(USERS))["Role"],
            "Team": owner["Team"],
            "OwnerId": owner["UserID"],
            "UserID": owner["UserID"],
        }
        for number in range(count)
    ]


def _text(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="seconds")


LEADS: Final = leads()
INDIA: Final = "Asia/Kolkata"
LAST, THIS = periods.quarter(2025, 4), periods.quarter(2026, 1)
DELHI, HIGH, LOW = mx_City == "Delhi", Score > 80, Score < 20
MIDDLE: Final = (Score >= 40) & (Score <= 60)
WEB: Final = Source == "Web"
MAY_CALL: Final = ~(DoNotCall == True)  # noqa: E712
ALL: Final = Leads

QUESTIONS: Final[list[tuple[str, Query[Any], int]]] = [
    (
        "How many leads does each owner have?",
        ALL.group_by(OwnerId).count(),
        1,
    ),
    (
        "What do the leads of each source score on average?",
        ALL.group_by(Source).average(Score),
        1,
    ),
    (
        "How many leads are there?",
        ALL.aggregate(count()),
        1,
    ),
    (
        "Who has the leads from Delhi or with a high score?",
        ALL.where(DELHI | HIGH).group_by(OwnerId).count(),
        3,
    ),
    (
        "Who has the leads from Delhi with a high score, and those from Pune with a low one?",
        ALL.where((DELHI & HIGH) | ((mx_City == "Pune") & LOW)).group_by(OwnerId).count(),
        2,
    ),
    (
        "How many leads are from Delhi, have a high score or came from the web, by stage?",
        ALL.where(DELHI | HIGH | (Source == "Web")).group_by(ProspectStage).count(),
        7,
    ),
    (
        "How many leads of each source are not from Delhi, also those whose city nobody entered?",
        ALL.where((mx_City != "Delhi") | mx_City.has_no_data()).group_by(Source).count(),
        2,
    ),
    (
        "How many leads of each stage are from Delhi or Pune?",
        ALL.where(DELHI | (mx_City == "Pune")).group_by(ProspectStage).count(),
        1,
    ),
    (
        "How many leads have a very low or a very high score, by owner?",
        ALL.where(LOW | (Score > 100)).group_by(OwnerId).count(),
        2,
    ),
    (
        "How many leads from Delhi or the web have a low or a high score, by stage?",
        ALL.where(DELHI | WEB, LOW | HIGH).group_by(ProspectStage).count(),
        6,
    ),
    (
        "Who has the leads with a high score from Delhi, the web or a fair?",
        ALL.where((HIGH & DELHI) | (HIGH & WEB) | (HIGH & (Source == "Fair")))
        .group_by(OwnerId)
        .count(),
        3,
    ),
    (
        "What do the leads with a low, middling or very high score have on average, by owner?",
        ALL.where(LOW | MIDDLE | (Score > 100)).group_by(OwnerId).average(Score),
        3,
    ),
    (
        "What is the average score of the leads from Delhi or the web, by stage?",
        ALL.where(DELHI | (Source == "Web")).group_by(ProspectStage).average(Score),
        6,
    ),
    (
        "How many leads may be called, and what do they score in all, by owner?",
        ALL.where(MAY_CALL).group_by(OwnerId).sum(Score),
        1,
    ),
    (
        "Number, average and sum of scores side by side, by stage?",
        ALL.group_by(ProspectStage).aggregate(count(), Score.average(), Score.sum()),
        2,
    ),
    (
        "How many leads of each stage does each owner have?",
        ALL.group_by(OwnerId, ProspectStage).count(),
        4,
    ),
    (
        "How many leads of each source may be called, and how many not?",
        ALL.group_by(Source, DoNotCall).count(),
        4,
    ),
    (
        "How many leads came in each month of the last quarter, by the clock in India?",
        ALL.created_in(periods.quarter(2026, 1, tz=INDIA))
        .group_by(CreatedOn.month(tz=INDIA))
        .count(),
        3,
    ),
    (
        "How many leads did each source bring in each month of the last quarter?",
        ALL.created_in(THIS).group_by(CreatedOn.month(), Source).count(),
        3,
    ),
    (
        "How many leads came in each of two quarters, by owner?",
        ALL.group_by(CreatedOn.in_periods(last=LAST, this=THIS), OwnerId).count(),
        2,
    ),
    (
        "How many leads have a low, middle or high score, by source?",
        ALL.group_by(Score.bins(20, 80), Source).count(),
        4,
    ),
    (
        "Which five owners got most leads this quarter, and how many last?",
        ALL.group_by(OwnerId)
        .count()
        .compare(LAST, THIS, on=CreatedOn)
        .order_by(count().after.desc())
        .limit(5),
        2,
    ),
    (
        "Which sources grew by more than a tenth?",
        ALL.group_by(Source)
        .count()
        .compare(LAST, THIS, on=CreatedOn)
        .having(count().change_pct > 10),
        2,
    ),
    (
        "How did the average score of each stage change?",
        ALL.group_by(ProspectStage).average(Score).compare(LAST, THIS, on=CreatedOn),
        2,
    ),
    (
        "Which owners have more than 20 leads?",
        ALL.group_by(OwnerId).count().having(count() > 20),
        1,
    ),
    (
        "Who are the three owners with the best average, among those with at least 15 leads?",
        ALL.group_by(OwnerId)
        .aggregate(count(), Score.average())
        .having(count() >= 15)
        .order_by(Score.average().desc())
        .limit(3),
        1,
    ),
    (
        "How many leads does each salesperson have, by name?",
        ALL.owned_by(users.Role == "User").group_by(OwnerId).count().with_owner_names(),
        2,
    ),
    (
        "What is the lowest, the median and the highest score?",
        ALL.aggregate(Score.min(), Score.median(), Score.max()),
        1,
    ),
    (
        "Which score do nine of ten leads from Delhi not exceed?",
        ALL.where(DELHI).aggregate(Score.quantile(0.9)),
        1,
    ),
    (
        "When did the leads of each stage visit last?",
        ALL.group_by(ProspectStage).aggregate(LastVisitDate.max()),
        4,
    ),
    (
        "How many different sources are there?",
        ALL.aggregate(Source.count_distinct()),
        1,
    ),
    (
        "How many owners work on the leads from Delhi or with a high score?",
        ALL.where(DELHI | HIGH).aggregate(OwnerId.count_distinct()),
        3,
    ),
    (
        "How many leads does everybody but two managers have, by stage?",
        ALL.owned_by(~users.UserID.is_in(["Manager-a", "Manager-b"]))
        .group_by(ProspectStage)
        .count(),
        2,
    ),
    (
        "How many leads have a high score or belong to a manager, by source?",
        ALL.where((users.Role == "Manager") | HIGH).group_by(Source).count(),
        3,
    ),
    (
        "What is the average score of all leads?",
        ALL.aggregate(Score.average()),
        1,
    ),
    (
        "What do the customers score in all, on average, and how many are there?",
        ALL.where(ProspectStage == "Customer").aggregate(count(), Score.average(), Score.sum()),
        2,
    ),
    (
        "Which leads are from Delhi or have a high score?",
        ALL.where(DELHI | HIGH).select("ProspectID", Score, Source),
        3,
    ),
    (
        "Which five leads from the web have the highest score?",
        ALL.where(Source == "Web").select("ProspectID", Score).order_by(Score.desc()).limit(5),
        1,
    ),
    (
        "Which ten leads from Delhi came since March or have a low score?",
        ALL.where(DELHI, (CreatedOn >= "2026-03-01") | LOW).select("ProspectID").limit(10),
        3,
    ),
]


def emulator(leads: list[Lead]) -> Emulator:
    """The mock API with some leads and the users."""
    stored = [
        {name: value for name, value in lead.items() if name not in USERS[0]} for lead in leads
    ]
    return Emulator(stored, USERS, [Score, mx_City, CreatedOn, LastVisitDate])


def run(query: Query[Any], emulator: Emulator) -> tuple[list[dict[str, Any]], int]:
    """The rows of a query, and the number of requests that it took."""
    session = emulator.session()
    sent: list[object] = []
    session.hooks["response"].append(lambda response, **_: sent.append(response))
    with Client("api.example.com", "key", "secret", session, rate=None) as client:
        rows = client.run(query, progress=False, on_change="ignore").rows
    return list(rows), len(sent)


@pytest.mark.parametrize(("question", "query", "requests"), QUESTIONS)
def test_a_question_takes_few_requests(question: str, query: Query[Any], requests: int) -> None:
    rows, sent = run(query, emulator(LEADS))

    assert sent == requests, question
    steps = query._local or NO_STEPS
    expected = expected_rows(query, LEADS, USERS)
    found = [{name: row[name] for name in row if name != OwnerIdName.name} for row in rows]
    if steps.limit and not steps.order:
        # Any leads of those that meet the conditions will do.
        unlimited = expected_rows(replace(query, "_local", None), LEADS, USERS)
        assert len(found) == len(expected)
        assert all(row in unlimited for row in found)
    else:
        assert same_rows(query, found, expected)


def test_all_questions_take_at_most_100_requests() -> None:
    assert len(QUESTIONS) >= 34
    assert sum(requests for _, _, requests in QUESTIONS) == 96
