"""A program that uses leadquery: the code under test in test_report.py."""

from __future__ import annotations

import requests

from leadquery import Client, Leads, Query
from leadquery.errors import ApiError
from leadquery.fields import EngagementScore, FirstName, OwnerId, Score


def quiet(limit: int) -> Query:
    """The owners with the number of their leads with a low engagement score."""
    return Leads.where(EngagementScore < limit).group_by(OwnerId).count()


def report(limit: int = 20) -> str:
    """A line for each owner, or one that says why there is none."""
    try:
        rows = Client.from_env(max_attempts=2).run_page(quiet(limit))
    except ApiError as error:
        return f"no report: {type(error).__name__}"
    return "\n".join(f"{row['OwnerId']}: {row['Count']}" for row in rows)


def best() -> list[str]:
    """The leads with a score above 50."""
    rows = Client.from_env().run_page(Leads.where(Score > 50).select(FirstName))
    return [row["FirstName"] for row in rows]


def by_hand(payload: object) -> int:
    """The status of a call without leadquery."""
    url = "https://api.leadsquared.com/Leads/LeadDistribution/FilterByLeadField"
    keys = {"accessKey": "leadsquared-access", "secretKey": "leadsquared-secret"}
    return requests.post(url, params=keys, json=payload, timeout=10).status_code
