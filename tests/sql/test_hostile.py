"""Text of any characters: the mock API, DuckDB and SQLite find and group the same."""

# ruff: noqa: RUF001 - letters that look like others are the subject.

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, note, settings, strategies as st

from leadquery import Leads, Query, count
from leadquery.fields import Source, mx_City
from leadquery.sql import Table
from tests.plain_loop import Lead, expected_rows, same_rows
from tests.plan.test_law import client_of, with_ids
from tests.sql.support import duckdb_table, sqlite_table

# Characters whose lower case and case folding differ, or have several characters; letters of
# several alphabets; and what SQL and LIKE read as more than a character.
ALPHABET = (
    "ßẞſSsKkKÅåİiIıΣςσﬁfiﬀﬆtŉǰΐᾼᾳẛÉé\u0301eǄǅǆᎠꭰᏸᏰ𐐀𐐨µμϐβϑθàÀжЖաԱ"
    "%_\\[]'\"`;-/* \n\t\u200b\u202e🙂ﷺ日"
)

texts = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=3) | st.sampled_from(
    ["Straße", "STRASSE", "straſse", "DELHİ", "delhi", "ΣΑΣ", "σας", "ﬁn", "FIN", "100%", "a_b"]
)

hostile_leads: st.SearchStrategy[Lead] = st.fixed_dictionaries(
    {
        "Source": st.none() | texts,
        "mx_City": st.none() | texts,
        **dict.fromkeys(("Score", "mx_Own", "DoNotCall", "LastVisitDate"), st.none()),
        "CreatedOn": st.just("2026-01-31 18:30:00"),
        "Role": st.just("User"),
        "Team": st.just("a"),
    }
)


@st.composite
def text_questions(draw: st.DrawFn) -> Query[Any]:
    """Queries about text."""
    field = draw(st.sampled_from([Source, mx_City]))
    value = draw(texts)
    condition = draw(
        st.sampled_from(
            [
                field == value,
                field != value,
                field.contains(value),
                field.does_not_contain(value),
                field.is_in([value, draw(texts), draw(texts)]),
                field.has_data(),
                field.has_no_data(),
            ]
        )
    )
    leads = draw(st.sampled_from([Leads, Leads.where(condition)]))
    grouped = leads.group_by(Source).count()
    shapes: list[Query[Any]] = [
        leads.select("ProspectID", Source),
        grouped,
        leads.group_by(Source, mx_City).count(),
        leads.aggregate(count(), Source.count_distinct()),
        grouped.order_by(count().desc()),
        leads.select("ProspectID", Source).order_by(Source.desc()),
    ]
    return draw(st.sampled_from(shapes))


@settings(max_examples=200)
@given(query=text_questions(), rows=st.lists(hostile_leads, max_size=10))
@example(Leads.where(Source == "a\0b").select("ProspectID", Source), [])
@example(Leads.where(Source != "a\0b").select("ProspectID", Source), [])
@pytest.mark.parametrize("make", [duckdb_table, sqlite_table])
def test_text_is_compared_as_by_the_api(
    make: Callable[..., Table], query: Query[Any], rows: list[Lead]
) -> None:
    rows = with_ids(rows)
    note(repr(query))
    table = make(rows, [{"UserID": "x"}], typed_=True)
    note(table.to_sql(query))

    found = table.run(query).rows

    expected = expected_rows(query, rows, [])
    note(f"{found}\n{expected}")
    assert same_rows(query, found, expected)
    answered = client_of(rows).run(query, progress=False, on_change="ignore")
    assert same_rows(query, found, answered.rows)


@pytest.mark.parametrize("make", [duckdb_table, sqlite_table])
@pytest.mark.parametrize("value", ["a\0", "a\ud800"])
def test_text_that_no_database_holds_is_found_nowhere(
    make: Callable[..., Table], value: str
) -> None:
    [row] = with_ids([{"Source": "a", "CreatedOn": "2026-01-01 00:00:00", "Role": "", "Team": ""}])
    table = make([row], [{"UserID": "x"}], typed_=True)
    listed = {
        name: len(table.run(Leads.where(condition).select("ProspectID")))
        for name, condition in {
            "==": Source == value,
            "!=": Source != value,
            "is_in": Source.is_in([value, "a"]),
            "contains": Source.contains(value),
            "does not contain": Source.does_not_contain(value),
        }.items()
    }

    assert listed == {"==": 0, "!=": 1, "is_in": 1, "contains": 0, "does not contain": 1}
