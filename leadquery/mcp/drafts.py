"""Drafts: queries that have been checked against the account's fields, by name.

A draft never changes. Only the server makes one, so whatever runs has no error, and a known price.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import count
from threading import Lock
from typing import Any, Final

from attrs import frozen

from leadquery.errors import QueryError
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.check import check
from leadquery.lint.report import message_text
from leadquery.lint.request_files import read_requests
from leadquery.mcp.budget import count_requests
from leadquery.mcp.refusals import (
    MOST_LISTED,
    RefusedCallError,
    diagnostic_lines,
    list_mistakes,
    plain_message,
    shorten,
)
from leadquery.plan import Plan
from leadquery.query.aggregation import result_columns
from leadquery.query.leads import without_output
from leadquery.query.query import MAX_CALLS, Query, is_limited_list
from leadquery.result.serialize import dumps
from leadquery.wire.model import FIRST_PAGE, ListOutput

MOST_DRAFTS: Final = 100
"""How many drafts are kept, the latest."""

MAX_AGE: Final = 3600.0
"""The seconds after which a draft has to be made again, and the account's fields read again."""


NOT_A_NAME: Final = (
    "draft takes the name of a draft, such as 'draft-1', not a query or a payload; make a draft of "
    "it first, by draft, draft_from_sql or draft_from_payload"
)

NOTE: Final = "NOTE"
"""The name of a warning that is of no rule."""


@frozen
class Price:
    """The requests that a query takes: exactly, or at least so many and what `more` says."""

    requests: int
    more: tuple[str, ...] = ()
    at_most: int | None = None

    @classmethod
    def of(cls, plan: Plan) -> Price:
        """The price of a plan, with the requests that watch for changes.

        A list that is sorted or joined here is read to its last page.
        """
        query, requests = plan.query, plan.calls + plan.watch_calls
        if not isinstance(query.output, ListOutput):
            return cls(requests, plan.later, requests - plan.calls + MAX_CALLS)
        is_read_whole = not query.is_one_request and not is_limited_list(query)
        return cls(requests, ("one request for each page of the leads",) if is_read_whole else ())

    @property
    def at_least(self) -> bool:
        """Whether it depends on the data."""
        return bool(self.more)

    def __str__(self) -> str:
        return f"{'at least ' if self.more else ''}{count_requests(self.requests)}"

    @property
    def explained(self) -> str:
        """The price, with what it depends on, and the most that it may be, where there is one."""
        if not self.more:
            return str(self)
        most = "" if self.at_most is None else f" and about {self.at_most:,} at most"
        return f"{self}{most}: {'; '.join(self.more)}"


@frozen
class DraftWarning:
    """What is probably not meant in a query, and the name that accepts it."""

    name: str
    text: str


@frozen
class Draft:
    """A query that has no errors for the account. `made` is the time when it was made."""

    name: str
    query: Query
    plan: Plan
    warnings: tuple[DraftWarning, ...]
    tz: str | None
    made: float

    @property
    def price(self) -> Price:
        """The requests that `run` sends."""
        return Price.of(self.plan)

    @property
    def count_price(self) -> Price:
        """The requests that `count` sends."""
        leads = without_output(self.query)
        return Price.of(leads.page(1).count().plan()) if leads._compounds else Price(1)

    def summary(self) -> dict[str, Any]:
        """What a model needs to know of it."""
        return {
            "draft": self.name,
            "sentence": shorten(self.query.describe(), 2_000),
            "columns": list(result_columns(self.query)),
            "price": self.price.explained,
            "warnings": [{"name": one.name, "warning": one.text} for one in self.warnings],
        }

    def check_accepted(self, accepted: Collection[str]) -> None:
        """Raise RefusedCallError unless every warning, and no other, is accepted."""
        names = [one.name for one in self.warnings]
        if unknown := [name for name in accepted if name not in names]:
            known = ", ".join(names) or "it has none"
            raise RefusedCallError(
                f"accept_warnings: {self.name} has no warning {unknown[0]!r}; its warnings: {known}"
            )
        if any(name not in accepted for name in names):
            raise RefusedCallError(
                f"{self.name} has {'a warning' if len(names) == 1 else 'warnings'}, so it was not "
                f"run; make another draft, or if this is intended, pass accept_warnings: "
                f"{dumps(names)}\n"
                + "\n".join(f"- {one.name}: {one.text}" for one in self.warnings[:MOST_LISTED])
            )


class Drafts:
    """The drafts of a session. Threads may share them."""

    def __init__(self) -> None:
        self._drafts: dict[str, Draft] = {}
        self._numbers = count(1)
        self._lock = Lock()

    def add(
        self,
        query: Query,
        catalog: FieldCatalog,
        made: float,
        tz: str | None = None,
        noticed: Mapping[str, str] | None = None,
    ) -> Draft:
        """A draft of a query, with what was `noticed` when it was read: texts, and their codes.

        Raises RefusedCallError if the query has an error, or takes too many requests.
        """
        page = query.paging
        if page is not None and page.index != FIRST_PAGE.index:
            raise RefusedCallError(
                f"the query asks for page {page.index}, and a draft starts at the first row; leave "
                "the page out, and pass a limit to run"
            )
        try:
            plan = query.plan(MAX_CALLS)
        except QueryError as error:
            # A scan would read the leads themselves.
            message = re.sub(r"take a scan.*?\), ", "", plain_message(error))
            raise RefusedCallError(f"the query: {message}") from None
        warnings = _warnings(plan, catalog, noticed or {})
        with self._lock:
            name = f"draft-{next(self._numbers)}"
            self._drafts[name] = draft = Draft(name, query, plan, warnings, tz, made)
            while len(self._drafts) > MOST_DRAFTS:
                del self._drafts[next(iter(self._drafts))]
        return draft

    def get(self, name: object, now: float) -> Draft:
        """The draft of a name. Raises RefusedCallError if there is none, or if it is too old."""
        if not isinstance(name, str) or name.lstrip()[:1] in ("{", "["):
            raise RefusedCallError(NOT_A_NAME)
        with self._lock:
            draft, names = self._drafts.get(name), list(self._drafts)
        if draft is None:
            known = f"the last are {', '.join(names[-3:])}" if names else "there is none yet"
            raise RefusedCallError(
                f"there is no draft {shorten(name, 60)!r}; {known}; make one by draft, "
                "draft_from_sql or draft_from_payload"
            )
        if now - draft.made > MAX_AGE:
            raise RefusedCallError(
                f"{name} is more than an hour old, and the account's fields may have changed "
                "since; make the draft again"
            )
        return draft


def _warnings(
    plan: Plan, catalog: FieldCatalog, noticed: Mapping[str, str]
) -> tuple[DraftWarning, ...]:
    """The warnings of all requests of a plan. Raises RefusedCallError if one has an error."""
    errors: dict[str, None] = {}
    found: dict[str, str] = {}
    for step in plan.steps:
        report = check(step.query.to_payload(), catalog)
        errors |= dict.fromkeys(diagnostic_lines(report, "error"))
        for one in report.all_diagnostics:
            found.setdefault(message_text(one), one.code)
    if errors:
        raise list_mistakes("the payload", errors)
    found |= noticed
    names: dict[str, int] = {}
    warnings = []
    for text, code in found.items():
        names[code] = names.get(code, 0) + 1
        name = code if names[code] == 1 else f"{code}-{names[code]}"
        warnings.append(DraftWarning(name, shorten(text)))
    return tuple(warnings)


def body_of(payload: Any) -> Any:
    """The payload that a tool is given: itself, or the body of the only request in its text."""
    requests = read_requests(payload) if isinstance(payload, str) else None
    if requests is None:
        return payload
    if len(requests.bodies) != 1:
        number = len(requests.bodies) or "no"
        raise RefusedCallError(
            f"payload: this is {requests.label} with {number} requests for this API; give the "
            "body of one"
        )
    [body] = requests.bodies
    if body.text is None:
        raise RefusedCallError(f"payload: this is {requests.label}; {body.note}")
    if body.text.unknown:
        variables = ", ".join(dict.fromkeys(body.text.unknown.values()))
        raise RefusedCallError(f"payload: replace the variables by values: {variables}")
    return body.text.text
