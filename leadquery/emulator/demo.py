"""Demo leads and users, generated from a seed, with the flaws of a real account."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from leadquery._util.text import describe_json
from leadquery.errors import QueryError
from leadquery.expr import BaseField, Choice, Number
from leadquery.fields import OwnerId, OwnerIdEmailAddress, OwnerIdName, ProspectStage, Source
from leadquery.periods import start_of
from leadquery.wire.endpoints import (
    ACTIVITY_CODES,
    LEAD_IDS,
    OVERDUE,
    PENDING,
    STATUS,
    Endpoint,
)
from leadquery.wire.enums import FALSE, TRUE
from leadquery.wire.types import format_timestamp

T = TypeVar("T")


class Stage(NamedTuple):
    """A stage: how many leads of a thousand are at it, and how they score."""

    name: str
    leads: int
    score: int
    spread: int


STAGES: Final = (
    Stage("Prospect", 520, 12, 9),
    Stage("Lead", 240, 34, 14),
    Stage("Opportunity", 120, 68, 20),
    Stage("Customer", 60, 105, 25),
    Stage("Disqualified", 50, 5, 5),
    # As if somebody had imported a spreadsheet.
    Stage("prospect ", 10, 8, 6),
)
UNCLEAN_VALUES: Final = frozenset({"prospect ", "web", "Web ", "website", "Referral  Sites", ""})
"""Values that are not options of their dropdowns."""

SOURCES: Final = {
    "Website": 340,
    "Organic Search": 210,
    "Pay per Click Ads": 160,
    "Referral Sites": 110,
    "Social Media": 80,
    "Inbound Phone call": 50,
    "web": 12,
    "Web ": 8,
    "website": 15,
    "Referral  Sites": 5,
    "": 10,
}
CITIES: Final = {
    "Bengaluru": 260,
    "Mumbai": 210,
    "Delhi": 160,
    "Pune": 100,
    "Chennai": 80,
    "Kochi": 40,
    "bangalore": 15,
    "São Paulo": 10,
    "": 125,
}
JOBS: Final = {"Manager": 30, "Director": 12, "Engineer": 25, "Teacher": 15, "Student": 18, "": 40}

FIRST_NAMES: Final = (
    *("Aarav", "Ananya", "Arjun", "Diya", "Elena", "Farah", "Ishaan", "Jonas", "Kavya", "Li"),
    *("Maria", "Meera", "Noah", "Priya", "Rahul", "Rosa", "Samir", "Tara", "Vikram", "Zoë"),
)
LAST_NAMES: Final = (
    *("Sharma", "Patel", "Iyer", "Khan", "Nair", "Reddy", "Singh", "Das", "Mehta", "Rao"),
    *("D'Souza", "Müller", "Silva", "Chen", "Okafor", "Smith", "Gupta", "Bose", "Jain", "Roy"),
)
COMPANIES: Final = ("Acme", "Initech", "Globex", "Umbrella, Inc.", "Hooli", 'The "Best" School', "")

ROLES: Final = ("Administrator", "Marketing_User", "Sales_Manager", "Sales_Manager")
"""The roles of the first users; all others are Sales_User."""

USERS: Final = 12
VALUE_SCORE: Final = 50
"""Leads have a deal value only at stages with a higher score."""

SPAN: Final = timedelta(days=730)
EARLIEST: Final = datetime.min.replace(tzinfo=UTC) + SPAN


def demo_users(seed: int = 1) -> list[dict[str, str]]:
    """A dozen users, most of them in sales, one of them inactive.

    >>> [user["Role"] for user in demo_users()][:3]
    ['Administrator', 'Marketing_User', 'Sales_Manager']
    """
    random = Random(f"users {seed}")
    ids = [_guid(random) for _ in range(USERS)]
    managers = ids[2 : len(ROLES)]
    return [_user(random, index, ids[index], managers) for index in range(USERS)]


def _user(random: Random, index: int, user_id: str, managers: list[str]) -> dict[str, str]:
    first, last = FIRST_NAMES[index], LAST_NAMES[-1 - index]
    role = ROLES[index] if index < len(ROLES) else "Sales_User"
    team = index % len(managers)
    return {
        "UserID": user_id,
        "FirstName": first,
        "LastName": last,
        "EmailAddress": f"{_ascii(first)}.{_ascii(last)}@example.com",
        "Role": role,
        # "1" is inactive.
        "StatusCode": "1" if index == USERS - 1 else "0",
        "TeamId": f"team-{team + 1}",
        "ManagerUserId": managers[team] if role == "Sales_User" else "",
        "Department": "Sales" if role.startswith("Sales") else "Marketing",
        "PhoneMain": _phone(random),
        "TimeZone": "Asia/Kolkata",
    }


def demo_fields() -> tuple[BaseField[Any], ...]:
    """The fields of demo leads that have options or are not standard.

    >>> [field.name for field in demo_fields()]
    ['ProspectStage', 'Source', 'mx_Deal_Value']
    """
    stages = [stage.name for stage in STAGES if stage.name not in UNCLEAN_VALUES]
    sources = [source for source in SOURCES if source not in UNCLEAN_VALUES]
    return (
        Choice(ProspectStage.name, ProspectStage.label, options=stages),
        Choice(Source.name, Source.label, options=sources),
        Number("mx_Deal_Value", "Deal Value"),
    )


def demo_leads(
    size: int = 10_000, seed: int = 1, now: datetime | None = None
) -> Iterator[dict[str, str]]:
    """An iterator over leads created in the two years before `now`.

    `now` is the start of the current hour in UTC unless given. The same seed, size and `now` make
    the same leads. Their owners are the users of `demo_users` with the same seed, and one user
    who no longer exists.

    Raises QueryError for a size below 0, a naive `now`, and one before the year 3.

    >>> lead = next(demo_leads())
    >>> lead["ProspectStage"] in [stage.name for stage in STAGES]
    True
    """
    if type(size) is not int or size < 0:
        raise QueryError(f"size: {describe_json(size)} is not a number of leads; write 0 or more")
    # Programs that run one after the other within an hour see the same leads.
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    end = hour if now is None else start_of(now, what="now")
    if end < EARLIEST:
        raise QueryError(
            f"now: {format_timestamp(end)!r} has no two years before it; "
            f"write {format_timestamp(EARLIEST)!r} or later"
        )
    random = Random(f"leads {seed} {size}")
    return _leads(size, random, demo_users(seed), end)


ACTIVITIES: Final = {"21": 40, "22": 35, "30": 25}
"""Codes of activities, with how often each is drawn."""

TASK_TYPES: Final = {"Call": 50, "Meeting": 30, "Follow-Up": 20}

TASK_STATUSES: Final = {"Completed": 50, PENDING: 25, OVERDUE: 20, "Cancelled": 5}


def demo_activities(leads: Iterable[str], seed: int = 1) -> Iterator[dict[str, str]]:
    """Activities of the leads with these ids: none of some, up to three of others.

    >>> len(list(demo_activities(["a", "b", "c", "d"])))
    6
    """
    random = Random(f"activities {seed}")
    codes = _WeightedChoice(random, ACTIVITIES)
    for lead in leads:
        for _ in range(random.randrange(4)):
            yield {LEAD_IDS[0]: lead, ACTIVITY_CODES[0]: codes()}


def demo_tasks(leads: Iterable[str], seed: int = 1) -> Iterator[dict[str, str]]:
    """Tasks of the leads with these ids: none of most, one or two of others."""
    random = Random(f"tasks {seed}")
    types, statuses = (_WeightedChoice(random, one) for one in (TASK_TYPES, TASK_STATUSES))
    for lead in leads:
        for _ in range(max(0, random.randrange(5) - 2)):
            kind = Endpoint.PENDING_TASKS.kind
            yield {LEAD_IDS[0]: lead, kind: types(), STATUS: statuses()}


def _leads(
    size: int, random: Random, users: list[dict[str, str]], now: datetime
) -> Iterator[dict[str, str]]:
    sellers = [user["UserID"] for user in users if user["Role"].startswith("Sales")]
    # The first has most leads; the last is no user any more.
    owners = _WeightedChoice(
        random, {owner: 1000 // rank for rank, owner in enumerate([*sellers, _guid(random)], 1)}
    )
    known = {user["UserID"]: user for user in users}
    stages = _WeightedChoice(random, {stage: stage.leads for stage in STAGES})
    sources, cities, jobs = (_WeightedChoice(random, table) for table in (SOURCES, CITIES, JOBS))
    for number in range(1, size + 1):
        stage = stages()
        yield {
            "ProspectID": _guid(random),
            **_person(random, number),
            "JobTitle": jobs(),
            "mx_City": cities(),
            "Source": sources(),
            **_owner(owner := owners(), known.get(owner)),
            "ProspectStage": stage.name,
            **_numbers(random, stage),
            **_dates(random, now),
            "DoNotEmail": TRUE if random.random() < 0.04 else FALSE,
        }


def _person(random: Random, number: int) -> dict[str, str]:
    first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
    return {
        "FirstName": first,
        "LastName": last if random.random() < 0.9 else "",
        "EmailAddress": (f"{_ascii(first)}{number}@example.com" if random.random() < 0.93 else ""),
        "Phone": _phone(random) if random.random() < 0.8 else "",
        "Company": random.choice(COMPANIES),
    }


def _owner(owner: str, user: Mapping[str, str] | None) -> dict[str, str]:
    """The fields of an owner, by id, with those that the API derives from the user."""
    return {
        OwnerId.name: owner,
        OwnerIdName.name: f"{user['FirstName']} {user['LastName']}" if user else "",
        OwnerIdEmailAddress.name: user["EmailAddress"] if user else "",
    }


def _numbers(random: Random, stage: Stage) -> dict[str, str]:
    """Scores depend on the stage; only leads at late stages have a deal value."""
    engagement = max(0, round(random.gauss(stage.score, stage.spread)))
    has_value = stage.score > VALUE_SCORE and random.random() < 0.85
    return {
        "EngagementScore": str(engagement) if random.random() < 0.97 else "",
        "Score": str(engagement + random.randrange(20)),
        "mx_Deal_Value": str(round(random.lognormvariate(9, 1), -2)) if has_value else "",
    }


def _dates(random: Random, now: datetime) -> dict[str, str]:
    """Recent leads are more frequent, and most are not touched for long."""
    age = int(SPAN.total_seconds() * random.random() ** 1.6)
    quiet = age - int(age * random.random() ** 4)
    active = random.randint(quiet, age)
    return {
        "CreatedOn": format_timestamp(now - timedelta(seconds=age)),
        "ModifiedOn": format_timestamp(now - timedelta(seconds=quiet)),
        "ProspectActivityDate_Max": (
            format_timestamp(now - timedelta(seconds=active)) if random.random() < 0.85 else ""
        ),
    }


class _WeightedChoice(Generic[T]):
    """Draws values by their weights."""

    def __init__(self, random: Random, weights: Mapping[T, int]) -> None:
        self._random = random
        self._values = tuple(weights)
        self._sums = tuple(accumulate(weights.values()))

    def __call__(self) -> T:
        return self._values[bisect(self._sums, self._random.randrange(self._sums[-1]))]


def _guid(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def _phone(random: Random) -> str:
    """A number from the range reserved for fiction."""
    return f"+1-{random.randrange(201, 990)}-555-01{random.randrange(100):02}"


def _ascii(name: str) -> str:
    return name.encode("ascii", "ignore").decode().lower().replace("'", "")
