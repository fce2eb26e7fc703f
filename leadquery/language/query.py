"""The three states of a question: unfinished, grouped, and a query that can be sent."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

import attrs

from leadquery import slips, users
from leadquery.errors import PayloadError, QueryError
from leadquery.payload.compiled import write
from leadquery.payload.read import read
from leadquery.payload.report import Report
from leadquery.periods import Period, end_of, start_of
from leadquery.spec.forms import BLANKS
from leadquery.spec.model import (
    Aggregate,
    DateRange,
    LeadFilter,
    Listing,
    Paging,
    ReportFilter,
    Request,
)
from leadquery.spec.vocabulary import SEPARATOR, DateField, Function, OutputType
from leadquery.users import UserCondition
from leadquery.words.kinds import Column, Field, Number
from leadquery.words.word import Condition, Word, schema_name

When = str | date | datetime
Zone = Any
_FIRST_PAGE: Final = Paging(1, 100)
_NO_OUTPUT: Any = None


@attrs.frozen(repr=False)
class Question:
    """What all three states share: which leads, and which page of the answer."""

    filters: tuple[LeadFilter, ...] = ()
    words: tuple[Word[Any], ...] = attrs.field(default=(), eq=False)
    dates: tuple[DateRange, ...] = ()
    users: UserCondition | None = None
    paging: Paging | None = _FIRST_PAGE

    def _with(
        self,
        filters: tuple[LeadFilter, ...],
        words: tuple[Word[Any], ...],
        dates: tuple[DateRange, ...],
        owners: UserCondition | None,
        paging: Paging | None,
    ) -> Self:
        return type(self)(filters, words, dates, owners, paging)

    def where(self, *conditions: Condition) -> Self:
        """Only leads that meet every condition. (API page: Lead Filters)

        >>> from leadquery import Leads
        >>> from leadquery.fields import EngagementScore, Source
        >>> Leads.where(EngagementScore < 20, Source == "Web").select("Phone").explain()
        'List of Phone of leads with EngagementScore below 20 and Source equal to "Web".'
        """
        filters, words = list(self.filters), list(self.words)
        for condition in conditions:
            if not isinstance(condition, Condition):
                _not_a_condition(condition)
            filters += condition.filters
            words += condition.words
        joined = dict(zip(filters, words, strict=True))
        return self._with(
            tuple(joined), tuple(joined.values()), self.dates, self.users, self.paging
        )

    def created_between(self, start: When, end: When, *, tz: Zone = None) -> Self:
        """Only leads created from `start` to `end`, both included.

        Text and dates are read in `tz`, UTC unless given; a bare date is its whole day.
        QueryError for a naive datetime without `tz`. (API page: Date Filter)
        """
        return self._between(DateField.CREATED, start, end, tz)

    def modified_between(self, start: When, end: When, *, tz: Zone = None) -> Self:
        """Only leads last modified from `start` to `end`; as `created_between`."""
        return self._between(DateField.MODIFIED, start, end, tz)

    def created_in(self, period: Period) -> Self:
        """Only leads created in a period: `created_in(periods.last_month())`."""
        return self._in(DateField.CREATED, period)

    def modified_in(self, period: Period) -> Self:
        """Only leads last modified in a period."""
        return self._in(DateField.MODIFIED, period)

    def created_since(self, start: When, *, tz: Zone = None, now: datetime | None = None) -> Self:
        """Only leads created from `start` until now, which is the moment of this call."""
        return self._between(DateField.CREATED, start, now or _now(), tz)

    def modified_since(self, start: When, *, tz: Zone = None, now: datetime | None = None) -> Self:
        """Only leads last modified from `start` until now, which is the moment of this call."""
        return self._between(DateField.MODIFIED, start, now or _now(), tz)

    def _between(self, field: DateField, start: When, end: When, tz: Zone) -> Self:
        first, last = start_of(start, tz), end_of(end, tz)
        if first > last:
            raise QueryError(
                f"the range from {start!r} to {end!r} ends before it starts; swap the two"
            )
        return self._dated(DateRange(field, first, last))

    def _in(self, field: DateField, period: Period) -> Self:
        if not isinstance(period, Period):
            raise QueryError(f"give a period such as periods.last_month(), not {period!r}")
        return self._dated(DateRange(field, period.start, period.end))

    def _dated(self, one: DateRange) -> Self:
        dates = self.dates if one in self.dates else (*self.dates, one)
        return self._with(self.filters, self.words, dates, self.users, self.paging)

    def owned_by(self, *owners: str | UserCondition) -> Self:
        """Only leads of these users: ids, e-mail addresses, or conditions on users.

        Ids and addresses in one call are joined by OR, conditions by AND; a second call
        narrows the first. (API page: User Filter)
        """
        asked = _asked(owners)
        if asked is None:
            return self
        both = asked if self.users is None else self.users & asked
        return self._with(self.filters, self.words, self.dates, both, self.paging)

    def page(self, index: int | None, size: int = 100) -> Self:
        """The page of the answer, from 1, and its size in rows; None asks without paging.

        (API page: Paging)
        """
        paging = None if index is None else Paging(_number("page", index), _number("size", size))
        return self._with(self.filters, self.words, self.dates, self.users, paging)

    def __bool__(self) -> NoReturn:
        slips.truth("query")

    def __iter__(self) -> NoReturn:
        slips.iteration("query")

    def __repr__(self) -> str:
        from leadquery.language.source import expression

        return expression(self)


def _not_a_condition(given: object) -> NoReturn:
    if isinstance(given, UserCondition):
        raise QueryError(f"{given!r} is about users; write owned_by({given!r})")
    if isinstance(given, Word):
        raise QueryError(f"{given!r} is a field; compare it, as in {given!r}.has_data()")
    slips.not_a_condition(given)


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _number(what: str, number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number < 2**31:
        raise QueryError(f"a {what} is a whole number from 1, not {number!r}; write page(1, 100)")
    return number


def _asked(owners: tuple[str | UserCondition, ...]) -> UserCondition | None:
    conditions = [owner for owner in owners if isinstance(owner, UserCondition)]
    if not conditions:
        return _named(owners)
    if len(conditions) < len(owners):
        raise QueryError(
            "owned_by takes ids and addresses, or conditions, not both; write a second owned_by"
        )
    first, *rest = conditions
    for condition in rest:
        first = first & condition
    return first


def _named(owners: tuple[Any, ...]) -> UserCondition | None:
    for owner in owners:
        if not isinstance(owner, str):
            raise QueryError(
                f"owned_by takes ids or e-mail addresses as text, or user conditions, not {owner!r}"
            )
    ids = [owner for owner in owners if "@" not in owner]
    addresses = [owner for owner in owners if "@" in owner]
    if not addresses:
        return users.UserID.is_in(ids) if ids else None
    by_address = users.EmailAddress.is_in(addresses)
    return users.UserID.is_in(ids) | by_address if ids else by_address


@attrs.frozen(repr=False)
class Unfinished(Question):
    """Which leads, but not yet what to show of them."""

    def select(self, *columns: Word[Any] | str) -> Query:
        """A list of leads with these columns, words or schema names. (API page: Output)"""
        if not columns:
            raise QueryError("select names the columns to show; write select('FirstName', 'Phone')")
        names = tuple(dict.fromkeys(map(_column, columns)))
        return self._show(Listing(OutputType.LIST, names))

    def group_by(self, field: Word[Any] | str) -> Grouped:
        """One row for each value of a field; then `count`, `average` or `sum`."""
        if isinstance(field, Column):
            raise QueryError(
                f"{field!r} is a column of the answer; group by a field such as OwnerId"
            )
        name = schema_name(field)
        return Grouped(self.filters, self.words, self.dates, self.users, self.paging, name)

    def _show(self, output: Listing | Aggregate) -> Query:
        return Query(self.filters, self.words, self.dates, self.users, self.paging, output)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            slips.unfinished(name, "select(...), or group_by(...) and count(), average() or sum()")


def _column(column: Word[Any] | str) -> str:
    name = schema_name(column)
    if SEPARATOR in name or name != name.strip(BLANKS):
        raise QueryError(f"{name!r} cannot stand in a list of columns, which commas part")
    return name


@attrs.frozen(repr=False)
class Grouped(Question):
    """Which leads and by which field, but not yet what to compute."""

    group: str = ""

    def _with(self, *parts: Any) -> Self:
        return type(self)(*parts, self.group)

    def count(self, field: Word[Any] | str | None = None) -> Query:
        """The number of leads of each group.

        The API wants a field here too; it is the group's unless given. (API page: Output)
        """
        return self._compute(Function.COUNT, self.group if field is None else schema_name(field))

    def average(self, field: Number | Field | str) -> Query:
        """The number of leads of each group and the average of a number field."""
        return self._compute(Function.AVERAGE, _numeric(field, "average"))

    def sum(self, field: Number | Field | str) -> Query:
        """The number of leads of each group and the sum of a number field."""
        return self._compute(Function.SUM, _numeric(field, "sum"))

    def _compute(self, function: Function, field: str) -> Query:
        output = Aggregate(OutputType.AGGREGATE, self.group, function, field)
        return Query(self.filters, self.words, self.dates, self.users, self.paging, output)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            slips.unfinished(name, "count(), average(...) or sum(...)")


def _numeric(field: Word[Any] | str, function: str) -> str:
    if isinstance(field, Word) and not isinstance(field, (Number, Field)):
        raise QueryError(
            f"{field!r} is a {type(field).__name__} field; {function} takes a Number field, "
            "or an untyped Field(...)"
        )
    return schema_name(field)


@attrs.frozen(repr=False)
class Query(Question):
    """A question that can be sent. Immutable; equal queries send the same.

    >>> from leadquery import Leads
    >>> from leadquery.fields import EngagementScore, OwnerId
    >>> low = Leads.where(EngagementScore < 20).group_by(OwnerId).average(EngagementScore)
    >>> low.to_payload()["Output"]["GroupBy"]
    'OwnerId'
    """

    output: Listing | Aggregate = _NO_OUTPUT

    def _with(self, *parts: Any) -> Self:
        return type(self)(*parts, self.output)

    def to_payload(self) -> dict[str, Any]:
        """The body of the call, as a new dict. Keys stand in the order of the page's sample."""
        owners = None if self.users is None else users.to_model(self.users)
        report = ReportFilter(owners, self.filters) if owners or self.filters else None
        return write(Request(report, self.dates, self.output, self.paging))

    def to_json(self, indent: int | None = None) -> str:
        """The body of the call as JSON text, in ASCII."""
        return json.dumps(self.to_payload(), indent=indent)

    def to_python(self) -> str:
        """A Python file that builds this query."""
        from leadquery.language.source import module

        return module(self)

    def explain(self) -> str:
        """One English sentence with every part of the query in it, dates in UTC."""
        from leadquery.language.english import sentence

        return sentence(self)

    def _repr_html_(self) -> str:
        from html import escape

        payload = escape(json.dumps(self.to_payload(), indent=2, ensure_ascii=False))
        return f"<p>{escape(self.explain())}</p><pre><code>{payload}</code></pre>"

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            slips.no_method("a query", name, dir(type(self)))


Leads: Final = Unfinished()
"""Every lead: the query that all others start from."""


def from_payload(payload: object) -> Query:
    """The query of a payload: a JSON object, its text, or its bytes in UTF-8.

    PayloadError, with every problem, for a payload with errors.

    >>> from leadquery import from_payload
    >>> from_payload('{"Output": {"Type": "list", "IncludeCSV": "Phone, Score"}}')
    Leads.select(Phone, Score).page(None)
    """
    request, problems = read(payload)
    if request is None:
        raise PayloadError(Report(payload, problems))
    return _query(request)


def _query(request: Request) -> Query:
    report = request.report or ReportFilter(None, None)
    conditions = [_condition(one) for one in report.filters or ()]
    asked = Leads.where(*conditions)
    return Query(
        asked.filters,
        asked.words,
        tuple(dict.fromkeys(request.dates or ())),
        None if report.users is None else users.from_model(report.users),
        request.paging,
        request.output,
    )


def _condition(one: LeadFilter) -> Condition:
    from leadquery.fields import STANDARD
    from leadquery.spec.model import Membership

    word = STANDARD[one.name] if one.name in STANDARD else Field(one.name)
    if isinstance(one, Membership):
        listed = Field(one.name).is_in(one.values)
        return Condition(listed.filters, (word,))
    return Condition((one,), (word,))
