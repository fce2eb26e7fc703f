"""Queries in English."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import count, periods, testing, users
from leadquery.errors import UnsupportedQueryError
from leadquery.expr import Field
from leadquery.fields import CreatedOn, EngagementScore, OwnerId, Phone, Score, Source
from leadquery.query.describe import describe
from leadquery.query.leads import Leads
from leadquery.query.query import Query
from leadquery.testing.strategies.queries import calls

ROLE, TEAM = users.Role, users.Attribute("Team")
TABLE = [
    (Leads.select("Phone"), "List of Phone of all leads."),
    (Leads.select("Phone", "mx_x", "and"), 'List of Phone, mx_x and "and" of all leads.'),
    (
        Leads.where(EngagementScore < 20, Source == "Web").select(Phone),
        'List of Phone of leads with EngagementScore below 20 and Source equal to "Web".',
    ),
    (
        Leads.where(EngagementScore < 20)
        .created_between("2017-11-10 12:00:00", "2018-11-10 12:00:00")
        .group_by(OwnerId)
        .average(EngagementScore),
        (
            "Average EngagementScore and number of leads per OwnerId, of leads created from "
            "2017-11-10 12:00:00 to 2018-11-10 12:00:00 (UTC) with EngagementScore below 20."
        ),
    ),
    (
        Leads.group_by(OwnerId).sum("Score").page(2, 50),
        "Sum of Score and number of leads per OwnerId, of all leads, page 2 of 50 rows each.",
    ),
    (Leads.group_by(OwnerId).count(), "Number of leads per OwnerId, of all leads."),
    (
        Leads.group_by(OwnerId).count("Phone").page(None),
        "Number of leads per OwnerId with Phone to count, of all leads, without paging.",
    ),
    (
        Leads.where(Source.is_in(["a", "1", "b"]), Phone.has_data()).select(Phone),
        'List of Phone of leads with Source one of "a", 1 or "b" and Phone that has data.',
    ),
    (
        Leads.where((Source == "Web") | (ROLE == "a") | ~(TEAM == "b")).select(Phone),
        (
            'List of Phone of leads with (Source equal to "Web" or an owner with (Role equal to '
            '"a") or an owner without (Team equal to "b")).'
        ),
    ),
    (
        Leads.owned_by("a", "b").select(Phone),
        'List of Phone of leads owned by users with UserID one of "a" or "b".',
    ),
    (
        Leads.where(Phone.has_data())
        .owned_by(((ROLE == "a") | (ROLE == "b")) & TEAM.matches("sw", "c"))
        .select(Phone),
        (
            "List of Phone of leads with Phone that has data and owned by users with "
            '(Role equal to "a" OR Role equal to "b") AND Team "sw" "c".'
        ),
    ),
    (
        Leads.group_by(OwnerId, CreatedOn.month(tz="Asia/Kolkata"))
        .aggregate(count(), Score.average(), total=Score.sum())
        .having(count() > 10, (Score.average() < 3) | (Score.max() >= 9))
        .order_by(count().desc(), OwnerId)
        .limit(5),
        (
            'Number of leads, average of Score and sum of Score as "total" per OwnerId and month '
            "of CreatedOn in Asia/Kolkata, of all leads, only groups with number of leads above 10 "
            "and (average of Score below 3 or maximum of Score at least 9), sorted by number of "
            "leads from high to low and OwnerId, the first 5 rows."
        ),
    ),
    (
        Leads.group_by(
            CreatedOn.week(week_starts="sunday", fill=True), Score.bins(0, 20.5)
        ).aggregate(Score.quantile(0.9), Source.count_distinct()),
        (
            "Quantile 0.9 of Score and number of different values of Source per week from Sunday "
            "of CreatedOn in UTC with empty weeks and range of Score (edges 0, 20.5), of all leads."
        ),
    ),
    (
        Leads.group_by(CreatedOn.in_periods(a=periods.month(2026, 1), b=periods.month(2026, 2)))
        .aggregate(CreatedOn.min(), CreatedOn.max())
        .having(CreatedOn.max() < "2026-01-15 12:00:00"),
        (
            "Minimum of CreatedOn and maximum of CreatedOn per period of CreatedOn "
            '("a" from 2026-01-01 00:00:00 to 2026-01-31 23:59:59 or '
            '"b" from 2026-02-01 00:00:00 to 2026-02-28 23:59:59 in UTC), of all leads, '
            "only groups with maximum of CreatedOn below 2026-01-15 12:00:00."
        ),
    ),
    (
        Leads.group_by(OwnerId)
        .count()
        .compare(periods.month(2026, 1), periods.month(2026, 2), on=CreatedOn)
        .with_owner_names()
        .order_by(count().change_pct),
        (
            "Number of leads per OwnerId, of all leads, compared by CreatedOn "
            "from 2026-01-01 00:00:00 to 2026-01-31 23:59:59 and "
            "from 2026-02-01 00:00:00 to 2026-02-28 23:59:59 in UTC, with the names of owners, "
            "sorted by change in per cent of number of leads."
        ),
    ),
    (Leads.aggregate(Score.median()), "Median of Score, of all leads."),
    (Leads.select(Phone).limit(1), "List of Phone of all leads, any 1 row."),
    (
        Leads.created_between("2018-01-01", "2018-01-01")
        .modified_between("2018-01-01", "2018-01-01")
        .select(Phone),
        (
            "List of Phone of leads created from 2018-01-01 00:00:00 to 2018-01-01 23:59:59 (UTC) "
            "and modified from 2018-01-01 00:00:00 to 2018-01-01 23:59:59 (UTC)."
        ),
    ),
]


@pytest.mark.parametrize(("query", "sentence"), TABLE)
def test_a_query_is_one_sentence(query: Query, sentence: str) -> None:
    """With every part of the query."""
    assert describe(query) == sentence


texts = st.sampled_from(["a", "b", "1", "1.0", 'a" and Source equal to "b', "AND", "a or b"])
conditions = st.builds(
    lambda name, value, several: Field(name).is_in([value, *several]),
    texts,
    texts,
    st.lists(texts, max_size=2),
)
owners = st.recursive(
    st.builds(
        lambda name, op, value: users.Attribute(name).matches(op, value), texts, texts, texts
    ),
    lambda inner: (
        st.builds(lambda a, b: a & b, inner, inner) | st.builds(lambda a, b: a | b, inner, inner)
    ),
    max_leaves=4,
)
queries = st.builds(
    lambda filters, owner, column: (
        Leads.where(*filters).owned_by(*owner) if owner else Leads.where(*filters)
    ).select(Field(column)),
    st.lists(conditions, max_size=2),
    st.lists(owners, max_size=1),
    texts,
)


@given(queries, queries)
def test_different_queries_have_different_sentences(one: Query, other: Query) -> None:
    assert (describe(one) == describe(other)) == (one == other)


@given(testing.queries(), calls)
def test_one_more_part_is_described(query: Query, call: tuple[str, Any, Any]) -> None:
    """A refined query has the same sentence only if it is equal."""
    method, given_, named = call
    try:
        other = getattr(query, method)(*given_, **named)
    except UnsupportedQueryError:
        # More owners than one query can name.
        return

    assert (describe(query) == describe(other)) == (query == other)
