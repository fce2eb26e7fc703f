"""Rows that move between pages are detected, and a run always ends."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from leadquery import Leads
from leadquery.client.paginator import fetch_all
from leadquery.errors import PaginationDriftError, PaginationDriftWarning, QueryError
from leadquery.query.query import Query
from tests.client.pages.scripted_pages import (
    NAMELESS,
    QUERY,
    Page,
    Script,
    pages_of,
    script,
    values,
)

SCORES = Leads.select("Score").page(1, 8)
STILL = "narrow the query by date to leads that no longer change, or write on_change='warn'"


def seen(api: Script, query: Query = QUERY, **options: Any) -> tuple[list[Any], list[str]]:
    """The values of a run, and the changes."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = fetch_all(pages_of(api, query, **options), "warn", progress=False)
    warned = {str(one.message).partition(": ")[2] for one in caught}

    assert warned <= {str(change) for change in result.changes}
    assert bool(warned) == bool(result.changes)
    return values([result]), [f"{change.kind}: {change}" for change in result.changes]


TOTAL = "page 2: TotalCount was 4 and is"


@pytest.mark.parametrize(
    ("pages", "got", "changes"),
    [
        ([("ab", 4), ("cd", 4)], "abcd", []),
        ([("ab", 3), ("c", 3)], "abc", []),
        ([("", 0)], "", []),
        ([("ab", 4), ("cd", 5), ("e", 5)], "abcde", [f"total: {TOTAL} 5"]),
        ([("ab", 4), ("d", 3)], "abd", [f"total: {TOTAL} 3"]),
        (
            [("ab", 4), ("bc", 5), ("d", 5)],
            "abcd",
            [
                f"total: {TOTAL} 5",
                "rows: page 2: 1 of its rows were on an earlier page, and are kept once",
            ],
        ),
        (
            [("ab", 6), ("ab", 6), ("ef", 6)],
            "abef",
            ["page: page 2: it has the rows of an earlier page"],
        ),
        (
            [("ab", 6), ("c", 6), ("ef", 6)],
            "abcef",
            ["size: page 2: it has 1 rows, not 2"],
        ),
        (
            [("ab", 6), ("", 6), ("ef", 6)],
            "abef",
            ["size: page 2: it has 0 rows, not 2"],
        ),
        (
            [("ab", 4), ("c", 4), ("d", 4)],
            "abcd",
            [
                "size: page 2: it has 1 rows, not 2",
                "size: page 3: it has 1 rows, not 0",
            ],
        ),
        (
            [("abcd", 4)],
            "abcd",
            ["size: page 1: it has 4 rows, not 2"],
        ),
    ],
)
def test_signs_that_rows_moved(pages: list[Page], got: str, changes: list[str]) -> None:
    """A changed total, a repeated row or page, and a page of another size."""
    assert seen(script(*pages)) == (list(got), changes)


def test_an_api_with_smaller_pages_is_read_to_the_end() -> None:
    """The message says which page size to use."""
    api = script(("a", 3), ("b", 3), ("c", 3))

    got, changes = seen(api)

    assert got == ["a", "b", "c"]
    assert changes[0] == (
        "size: page 1: it has 1 rows, not 2; if the API limits the page size, write page(1, 1)"
    )


def test_rows_without_ids_are_kept() -> None:
    """Leads may have equal rows."""
    assert seen(script(((7, 7), 4), ((7, 7), 4)), NAMELESS) == ([7, 7, 7, 7], [])


def test_a_repeated_page_without_ids() -> None:
    """It is detected if it has many distinct rows."""
    page = list(range(8))

    assert seen(script((page, 16), (page, 16)), SCORES) == (
        page * 2,
        ["page: page 2: it has the rows of an earlier page"],
    )
    assert seen(script(([*page[:7], 0], 16), ([*page[:7], 0], 16)), SCORES)[1] == []


def test_leads_without_an_id_are_all_new() -> None:
    assert seen(script(((None, None), 3), ((None,), 3))) == ([None, None, None], [])


def test_ids_need_not_be_strings() -> None:
    assert seen(script(((1, [2]), 4), (([2], 3), 4)))[0] == [1, [2], 3]


GROUPS = Leads.group_by("Source").count().page(1, 2)


def test_groups_are_identified_by_their_group_value() -> None:
    """A repeated one is reported and kept, because its count may differ."""
    got, changes = seen(script(("ab", 4), ("bc", 4)), GROUPS)

    assert [value for value in got if value is not None] == ["a", "b", "b", "c"]
    assert changes == ["rows: page 2: 1 of its groups were on an earlier page"]


@pytest.mark.parametrize("query", [QUERY, NAMELESS, GROUPS])
def test_a_query_without_paging_is_one_page(query: Query) -> None:
    """Missing rows are reported."""
    assert seen(Script({0: ("ab", 2)}), query.page(None))[1] == []
    assert seen(Script({0: ("ab", 9)}), query.page(None))[1] == [
        "size: page 1: it has 2 rows, not 9"
    ]
    assert seen(Script({0: ("ab", 0)}), query.page(None))[1] == [
        "size: page 1: it has 2 rows, not 0"
    ]


def endless(api: Script, query: Query = QUERY) -> str:
    """The error of a run that would not end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PaginationDriftWarning)
        with pytest.raises(PaginationDriftError) as caught:
            fetch_all(pages_of(api, query), "warn", progress=False)
    return str(caught.value)


def test_several_pages_without_new_rows_end_a_run() -> None:
    """Whatever the total."""
    assert endless(script(("ab", 10**18), total=10**18)) == (
        "pages 2 to 4 have no new rows, although TotalCount is 1,000,000,000,000,000,000; "
        "later rows are missing; narrow the query by date, write another page size, or export it "
        "with window=True (--window)"
    )


def test_one_page_again_and_again_ends_a_run() -> None:
    """An API that ignores paging."""
    api = Script(dict.fromkeys(range(1, 50), ("ab", 90)))

    assert endless(api).startswith("pages 2 to 4 have no new rows, although TotalCount is 90;")


def test_ever_more_rows_end_a_run() -> None:
    """Leads are added faster than they are read."""
    api = Script({n: ((f"a{n}", f"b{n}"), n * 2 + 2) for n in range(1, 50)})

    assert endless(api) == (
        "received 14 rows, and there are ever more (16 by now); "
        "set the end of the query's dates to a time in the past"
    )


def test_changes_are_raised_by_choice() -> None:
    """At the first page with one."""
    with pytest.raises(PaginationDriftError) as caught:
        fetch_all(pages_of(script(("ab", 4), ("bc", 5), ("d", 5))), "raise", progress=False)

    assert str(caught.value) == (
        f"rows moved while they were read: page 2: TotalCount was 4 and is 5; {STILL}"
    )
    assert [change.kind for change in caught.value.changes] == ["total", "rows"]


class Settling(Script):
    """Rows move in the first runs only."""

    def __init__(self, unsettled: int) -> None:
        super().__init__({1: ("ab", 4), 2: ("cd", 4)})
        self._unsettled = unsettled
        self.runs = 0

    def result(self, query: Query) -> Any:
        if query == QUERY:
            self.runs += 1
            moved = self.runs <= self._unsettled
            self.pages = {1: ("ab", 4), 2: ("bc" if moved else "cd", 4)}
        return super().result(query)


@pytest.mark.parametrize("unsettled", [0, 1, 2])
def test_a_refetch_starts_from_the_first_page(unsettled: int) -> None:
    """The result is that of a run without changes."""
    api = Settling(unsettled)

    result = fetch_all(pages_of(api), "refetch", progress=False)

    assert (values([result]), result.changes) == (["a", "b", "c", "d"], ())
    assert api.runs == unsettled + 1


def test_a_refetch_has_an_end() -> None:
    """After three tries."""
    api = Settling(9)

    with pytest.raises(PaginationDriftError) as caught:
        fetch_all(pages_of(api), "refetch", progress=False)

    assert api.runs == 3
    assert str(caught.value) == (
        "rows moved each of the 3 times they were read: "
        f"page 2: 1 of its rows were on an earlier page, and are kept once; {STILL}"
    )


def test_each_kind_of_change_is_warned_of_once() -> None:
    """At the caller's line; the result has the first hundred changes."""
    api = script(*((f"{n:03}"[-1:], 400) for n in range(200)), total=400)
    api.pages = {n: ((f"{n}",), 400) for n in range(1, 401)}

    with pytest.warns(PaginationDriftWarning) as caught:
        result = fetch_all(pages_of(api), "warn", progress=False)

    assert [one.filename for one in caught] == [__file__]
    assert str(caught[0].message).startswith(
        "rows moved while they were read, so some may be missing: page 1: it has 1 rows"
    )
    assert (len(result), len(result.changes)) == (400, 100)


def test_invalid_on_change_is_rejected() -> None:
    with pytest.raises(QueryError) as caught:
        fetch_all(pages_of(script(("", 0))), "never", progress=False)  # type: ignore[arg-type]

    assert str(caught.value) == (
        "on_change='never' is not one of 'raise', 'warn', 'refetch', 'ignore'"
    )
