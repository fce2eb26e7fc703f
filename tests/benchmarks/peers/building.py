"""The same query in other query builders."""

# mypy: ignore-errors
# The peers are not there when types are checked.

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from boto3.dynamodb.conditions import Attr, ConditionExpressionBuilder
from elasticsearch.dsl import Search
from pypika import Query, Table as Named, functions
from sqlalchemy import Column, DateTime, Float, MetaData, String, Table, func, select
from sqlalchemy.dialects import sqlite

from tests.benchmarks.race import Contest
from tests.benchmarks.workloads import ONE, OTHER, built, literal

OWNERS = [ONE, OTHER]
SOURCES = ["Web", "Fair"]
START, END = "2017-11-10 12:00:00", "2018-11-10 12:00:00"
MOMENTS = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (START, END)]

LEADS = Table(
    "leads",
    MetaData(),
    Column("EngagementScore", Float),
    Column("Source", String),
    Column("Company", String),
    Column("CreatedOn", DateTime),
    Column("OwnerId", String),
)
SQLITE = sqlite.dialect()
NAMED = Named("leads")


def by_sqlalchemy() -> str:
    """SQL, compiled anew each time."""
    lead = LEADS.c
    statement = (
        select(lead.OwnerId, func.avg(lead.EngagementScore), func.count())
        .where(
            lead.EngagementScore < 20, lead.Source.in_(SOURCES), lead.Company.contains("Holdings")
        )
        .where(lead.CreatedOn.between(*MOMENTS), lead.OwnerId.in_(OWNERS))
        .group_by(lead.OwnerId)
        .limit(10)
    )
    return str(statement.compile(dialect=SQLITE, compile_kwargs={"render_postcompile": True}))


def by_pypika() -> str:
    """SQL with literal values."""
    return (
        Query.from_(NAMED)
        .select(NAMED.OwnerId, functions.Avg(NAMED.EngagementScore), functions.Count("*"))
        .where(NAMED.EngagementScore < 20)
        .where(NAMED.Source.isin(SOURCES))
        .where(NAMED.Company.like("%Holdings%"))
        .where(NAMED.CreatedOn.between(START, END))
        .where(NAMED.OwnerId.isin(OWNERS))
        .groupby(NAMED.OwnerId)
        .limit(10)
        .get_sql()
    )


def by_elasticsearch() -> str:
    """The JSON of a search."""
    statement = (
        Search()
        .filter("range", EngagementScore={"lt": 20})
        .filter("terms", Source=SOURCES)
        .filter("match_phrase", Company="Holdings")
        .filter("range", CreatedOn={"gte": START, "lte": END})
        .filter("terms", OwnerId=OWNERS)[:10]
    )
    statement.aggs.bucket("owners", "terms", field="OwnerId").metric(
        "average", "avg", field="EngagementScore"
    )
    return json.dumps(statement.to_dict())


def by_boto3() -> str:
    """Only the conditions, because DynamoDB has no groups."""
    condition = (
        Attr("EngagementScore").lt(20)
        & Attr("Source").is_in(SOURCES)
        & Attr("Company").contains("Holdings")
        & Attr("CreatedOn").between(START, END)
        & Attr("OwnerId").is_in(OWNERS)
    )
    return ConditionExpressionBuilder().build_expression(condition).condition_expression


def contests() -> Iterator[Contest]:
    """One query, built and serialized."""
    runners = {
        "leadquery": built,
        "SQLAlchemy": by_sqlalchemy,
        "PyPika": by_pypika,
        "elasticsearch dsl": by_elasticsearch,
        "boto3, only the conditions": by_boto3,
        "a dict and json.dumps": literal,
    }
    assert built() == literal()
    assert all(text.count("OwnerId") >= 2 for text in (by_sqlalchemy(), by_pypika()))
    assert all(owner in by_elasticsearch() for owner in OWNERS)
    assert by_boto3().count("AND") == 5
    yield Contest(
        "Build and serialize a query",
        "Three conditions, a date range and two owners; the average for each owner, ten rows. "
        "leadquery writes the payload, the others SQL, a search or a condition.",
        runners,
    )
