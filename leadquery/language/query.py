"""The three states of a question: unfinished, grouped, and a query that can be sent."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, Never

import attrs

from leadquery import slips
from leadquery.errors import QueryError
from leadquery.language.question import COMPUTED, FINISHED, Question
from leadquery.spec.forms import BLANKS
from leadquery.spec.model import FIRST_PAGE, Aggregate, Listing, ReportFilter, Request
from leadquery.spec.vocabulary import SEPARATOR, Function, OutputType
from leadquery.words.kinds import Column, Field, Number
from leadquery.words.literals import literal
from leadquery.words.owners import to_model
from leadquery.words.word import Word, kind_of, one_field, schema_name

if TYPE_CHECKING:
    from collections.abc import Callable

    Words = tuple[Word[Any], ...]


@slips.unchanging
@attrs.frozen(eq=False, repr=False, slots=False)
class Unfinished(Question):
    """Which leads, but not yet what to show of them."""

    def select(self, *columns: Word[Any] | str) -> Query:
        """A list of leads with these columns, words or schema names. (API page: Output)

        >>> from leadquery import Leads
        >>> from leadquery.fields import FirstName
        >>> Leads.select(FirstName, "mx_City").explain()
        'List of FirstName and mx_City of all leads.'
        """
        names = tuple(dict.fromkeys(map(_column, columns)))
        if not names:
            raise QueryError("select names the columns to show; write select('FirstName', 'Phone')")
        words = tuple(column for column in columns if isinstance(column, Word))
        return self._show(Listing(OutputType.LIST, names), words)

    def group_by(self, field: Word[Any] | str, *more: Never) -> Grouped:
        """One row for each value of a field; then `count`, `average` or `sum`.

        (API page: Output)

        >>> from leadquery import Leads
        >>> from leadquery.fields import ProspectStage
        >>> Leads.group_by(ProspectStage).count().explain()
        'Number of leads per ProspectStage, of all leads.'
        """
        if more:
            raise slips.miscalled(
                "group_by takes one field, for the API groups by one; ask one query for each field"
            )
        if not isinstance(field, Word):
            field = _standard(field)
        if isinstance(field, Column):
            raise QueryError(
                f"{field!r} is a column of the answer; group by a field such as OwnerId"
            )
        words: Words = ()
        if isinstance(field, Word):
            name, words = field.name, (field,)
        else:
            name = _one_field("group_by", field)
        return Grouped(self.conditions, self.dates, self.users, self.paging, name, words)

    def _show(self, output: Listing | Aggregate, words: Words) -> Query:
        return Query(self.conditions, self.dates, self.users, self.paging, output, words)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            counted = (
                "this query has no .count yet; client.count(query) is the number of leads, "
                "and .group_by(...).count() that of each group"
            )
            others = _missing(FINISHED, Grouped, Query) | {"count": counted}
            raise _unknown(self, name, others)


def _column(column: Word[Any] | str) -> str:
    if isinstance(column, (list, tuple, set, frozenset)):
        each = ", ".join(map(literal, column)) or "..."
        raise QueryError(f"select takes columns one by one; write select({each})")
    name = schema_name(column)
    if SEPARATOR in name or name != name.strip(BLANKS):
        raise QueryError(f"{name!r} cannot stand in a list of columns, which commas part")
    return name if isinstance(column, Word) else _doubted(name)


@slips.unchanging
@attrs.frozen(eq=False, repr=False, slots=False)
class Grouped(Question):
    """Which leads and by which field, but not yet what to compute."""

    group: str
    shown: Words = attrs.field(eq=False)

    def count(self, field: Word[Any] | str | None = None) -> Query:
        """The number of leads of each group.

        The API wants a field here too; it is the group's unless given. (API page: Output)
        """
        return self._compute(
            Function.COUNT, self.group if field is None else _one_field("count", field)
        )

    def average(self, field: Number | Field | str) -> Query:
        """The number of leads of each group and the average of a number field.

        (API page: Output)

        >>> from leadquery import Leads
        >>> from leadquery.fields import OwnerId, Score
        >>> Leads.group_by(OwnerId).average(Score).to_payload()["Output"]["AggregateFunction"]
        'Average'
        """
        return self._compute(Function.AVERAGE, _numeric(field, "average"))

    def sum(self, field: Number | Field | str) -> Query:
        """The number of leads of each group and the sum of a number field."""
        return self._compute(Function.SUM, _numeric(field, "sum"))

    def _compute(self, function: Function, field: str) -> Query:
        output = Aggregate(OutputType.AGGREGATE, self.group, function, field)
        return Query(self.conditions, self.dates, self.users, self.paging, output, self.shown)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            grouped = f"this query is grouped; add {COMPUTED}, or start again from Leads"
            others = dict.fromkeys(_methods(Unfinished), grouped) | _missing(COMPUTED, Query)
            raise _unknown(self, name, others)


def _standard(field: str) -> Word[Any] | str:
    """The word of a standard field that is given by its name."""
    from leadquery.fields import STANDARD

    return STANDARD.get(field, field) if isinstance(field, str) else field


def _numeric(field: Word[Any] | str, function: str) -> str:
    if not isinstance(field, Word):
        field = _standard(field)
    if isinstance(field, (Number, Field)):
        return field.name
    if isinstance(field, Word):
        raise QueryError(
            f"{field!r} is {kind_of(field)}; {function} takes a Number field, "
            "or an untyped Field(...)"
        )
    return _one_field(function, field)


def _one_field(method: str, field: Word[Any] | str) -> str:
    return field.name if isinstance(field, Word) else _doubted(one_field(method, field))


def _doubted(name: str) -> str:
    from leadquery.language.doubts import doubt

    return doubt(name)


@slips.unchanging
@attrs.frozen(eq=False, repr=False, slots=False)
class Query(Question):
    """A question that can be sent. Immutable; equal queries send the same.

    >>> from leadquery import Leads
    >>> from leadquery.fields import EngagementScore, OwnerId
    >>> low = Leads.where(EngagementScore < 20).group_by(OwnerId).average(EngagementScore)
    >>> low.to_payload()["Output"]["GroupBy"]
    'OwnerId'
    """

    output: Listing | Aggregate
    # The words that named columns: their kinds say how an answer is read, not what is sent.
    shown: Words = attrs.field(default=(), eq=False)

    def to_payload(self) -> dict[str, Any]:
        """The body of the call, as a new dict. Keys stand in the order of the page's sample."""
        from leadquery.payload.compiled import write

        return write(self._request())

    def to_json(self, indent: int | None = None) -> str:
        """The body of the call as JSON text, in ASCII."""
        if indent is None:
            return _text_writer()(self._request())
        import json

        return json.dumps(self.to_payload(), indent=indent)

    def _request(self) -> Request:
        owners = None if self.users is None else to_model(self.users)
        filters = tuple(self.conditions)
        report = ReportFilter(owners, filters) if owners or filters else None
        return Request(report, self.dates, self.output, self.paging)

    def to_python(self) -> str:
        """A Python file that builds this query."""
        from leadquery.language.source import module

        return module(self)

    def to_request(
        self, target: str, *, response_format: str = "json", all_pages: bool = False
    ) -> str:
        """The call as text for another client: "curl", "postman", … (`leadquery payload --help`).

        The answer is to be "json" or "csv". With `all_pages` it is a loop over all pages. Keys
        are variables of the client. QueryError for what the client cannot say.

        >>> from leadquery import Leads
        >>> Leads.select("Phone").to_request("curl").splitlines()[:2]
        ['#!/bin/sh', '# List of Phone of all leads.']
        """
        from leadquery.language.sending import call

        return call(self, target, response_format, every_page=all_pages)

    def explain(self) -> str:
        """One English sentence with every part of the query in it, dates in UTC."""
        from leadquery.language.english import sentence

        return sentence(self)

    def _repr_html_(self) -> str:
        import json
        from html import escape

        payload = escape(json.dumps(self.to_payload(), indent=2, ensure_ascii=False))
        return f"<p>{escape(self.explain())}</p><pre><code>{payload}</code></pre>"

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            shown = "this query already says what to show; start again from Leads"
            earlier = [*_methods(Unfinished), *_methods(Grouped)]
            raise _unknown(self, name, dict.fromkeys(earlier, shown))


@cache
def _text_writer() -> Callable[[Request], str]:
    """What writes text, loaded and made when a query is first written."""
    from leadquery.payload.compiled import text_writer

    return text_writer()


def _unknown(live: Question, name: str, others: dict[str, str]) -> AttributeError:
    """The error for a name that a state does not have."""
    from leadquery.fields import STANDARD
    from leadquery.words.naming import spoken

    return slips.no_method(live, name, _methods(type(live)), others, spoken(STANDARD))


def _methods(state: type[Question]) -> list[str]:
    """What people call on a state; what it holds is its own."""
    return [name for name in dir(state) if name[0] != "_" and callable(getattr(state, name))]


def _missing(missing: str, *later: type[Question]) -> dict[str, str]:
    """What is said of the methods of later states."""
    return {
        name: f"this query has no .{name} yet: it does not say what to show; add {missing}"
        for state in later
        for name in _methods(state)
    }


Leads: Final = Unfinished({}, (), None, FIRST_PAGE)
"""Every lead: the query that all others start from."""
