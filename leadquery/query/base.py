"""What every state of a question can still be told: which leads, and which page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Never, Self

import attrs

from leadquery import _explain
from leadquery.errors import QueryError, UsageError
from leadquery.expr._guards import NotBoolean, frozen_with_message, lenient
from leadquery.expr._messages import QUERY
from leadquery.expr.field import BaseField
from leadquery.expr.predicate import Predicate
from leadquery.expr.user_predicate import UserPredicate, combine, one_condition
from leadquery.periods import DateLike, Period, TimeZone, end_of, start_of
from leadquery.periods.period import reversed_error
from leadquery.wire.enums import DateField, LogicalOperator, UserOperator
from leadquery.wire.model import FIRST_PAGE, DateRange, LeadFilter, Paging
from leadquery.wire.protocol import SEPARATOR
from leadquery.wire.types import MAX_INT

if TYPE_CHECKING:
    from leadquery.expr.predicate import Conditions


AGGREGATES: Final = "count(), average(...) or sum(...)"

MISSING_OUTPUT: Final = f"select(...), or group_by(...) and {AGGREGATES}"
"""What a question lacks that does not say what to show."""

# Read once, since reading a row off its class takes as long as a call.
_CREATED: Final = DateField.CREATED

_EQUAL: Final = UserOperator.EQUAL.token


# States are made at every step of a query, and with slots each takes longer.
@frozen_with_message
@attrs.frozen(eq=False, repr=False, slots=False)
class BaseQuery(NotBoolean):
    """What all three states share: which leads, and which page of the answer."""

    # A dict is copied without being hashed anew, so that a query may grow by one filter at a time.
    conditions: Conditions = attrs.field(eq=tuple)
    dates: tuple[DateRange, ...]
    users: UserPredicate | None
    paging: Paging | None

    _slips: ClassVar = QUERY

    @property
    def filters(self) -> tuple[LeadFilter, ...]:
        """The lead filters, in the order they were added."""
        return tuple(self.conditions)

    @property
    def words(self) -> tuple[BaseField[Any], ...]:
        """The words that built the filters, one for each."""
        return tuple(self.conditions.values())

    def _with(self, name: str, value: object) -> Self:
        """The same state but for one attribute; most of what a step of a query costs."""
        made = object.__new__(type(self))
        held = made.__dict__
        held.update(self.__dict__)
        held[name] = value
        return made

    def where(self, *conditions: Predicate, **keywords: Never) -> Self:
        """Only leads that meet every condition. (API page: Lead Filters)

        >>> from leadquery import Leads
        >>> from leadquery.fields import EngagementScore, Source
        >>> Leads.where(EngagementScore < 20, Source == "Web").select("Phone").describe()
        'List of Phone of leads with EngagementScore below 20 and Source equal to "Web".'
        """
        if keywords:
            raise _miscalls().keyword("where", keywords, self)
        joined = dict(self.conditions)
        for condition in conditions:
            if not isinstance(condition, Predicate):
                raise _explain.not_a_condition_error(condition, conditions)
            joined |= condition.conditions
        return self._with("conditions", joined)

    def created_between(
        self,
        start: DateLike,
        end: DateLike,
        *more: Never,
        tz: TimeZone | None = None,
        **wrong: Never,
    ) -> Self:
        """Only leads created from `start` to `end`, both included.

        Text and dates are read in `tz`, UTC unless given; a bare date is its whole day.
        QueryError for a naive datetime without `tz`. (API page: Date Filter)

        >>> from leadquery import Leads
        >>> Leads.created_between("2026-03-01", "2026-03-31", tz="Asia/Kolkata")
        Leads.created_between("2026-02-28 18:30:00", "2026-03-31 18:29:59")
        """
        # What was left out is `...`, as no type checker lets it be.
        if more or wrong or end is ...:  # type: ignore[comparison-overlap]
            raise _miscalls().between("created", start, end, more, wrong)
        return self._between(_CREATED, start, end, tz)

    def modified_between(
        self,
        start: DateLike,
        end: DateLike,
        *more: Never,
        tz: TimeZone | None = None,
        **wrong: Never,
    ) -> Self:
        """Only leads last modified from `start` to `end`; as `created_between`."""
        # What was left out is `...`, as no type checker lets it be.
        if more or wrong or end is ...:  # type: ignore[comparison-overlap]
            raise _miscalls().between("modified", start, end, more, wrong)
        return self._between(DateField.MODIFIED, start, end, tz)

    def created_in(self, period: Period, *more: Never) -> Self:
        """Only leads created in a period. (API page: Date Filter)

        >>> from leadquery import Leads, periods
        >>> Leads.created_in(periods.quarter(2026, 1))
        Leads.created_between("2026-01-01 00:00:00", "2026-03-31 23:59:59")
        """
        if more:
            raise _explain.wrong_call_error(
                "created_in takes one period; write created_between(start, end)"
            )
        return self._in(DateField.CREATED, period)

    def modified_in(self, period: Period, *more: Never) -> Self:
        """Only leads last modified in a period."""
        if more:
            raise _explain.wrong_call_error(
                "modified_in takes one period; write modified_between(start, end)"
            )
        return self._in(DateField.MODIFIED, period)

    def created_since(
        self, start: DateLike, *, tz: TimeZone | None = None, now: DateLike | None = None
    ) -> Self:
        """Only leads created from `start` until now, which is the moment of this call."""
        from leadquery.periods import since

        return self._in(DateField.CREATED, since(start, tz=tz, now=now))

    def modified_since(
        self, start: DateLike, *, tz: TimeZone | None = None, now: DateLike | None = None
    ) -> Self:
        """Only leads last modified from `start` until now, which is the moment of this call."""
        from leadquery.periods import since

        return self._in(DateField.MODIFIED, since(start, tz=tz, now=now))

    def _in(self, field: DateField, period: Period) -> Self:
        if not isinstance(period, Period):
            raise QueryError(f"give a period such as periods.last_month(), not {period!r}")
        return self._dated(DateRange(field, period.start, period.end))

    def _between(
        self, field: DateField, start: DateLike, end: DateLike, tz: TimeZone | None
    ) -> Self:
        first, last = start_of(start, tz), end_of(end, tz)
        if first > last:
            raise reversed_error(first, last)
        return self._dated(DateRange(field, first, last))

    def _dated(self, one: DateRange) -> Self:
        dates = self.dates if one in self.dates else (*self.dates, one)
        return self._with("dates", dates)

    def owned_by(self, *owners: str | UserPredicate, **keywords: Never) -> Self:
        """Only leads of these users: ids, e-mail addresses, or conditions on users.

        Ids and addresses in one call are joined by OR, conditions by AND; a second call
        narrows the first. (API page: User Filter)

        >>> from leadquery import Leads, users
        >>> Leads.owned_by("ann@example.com").owned_by(users.Role == "Sales_User")
        Leads.owned_by((users.EmailAddress == "ann@example.com") & (users.Role == "Sales_User"))
        """
        if keywords:
            raise _miscalls().keyword("owned_by", keywords, self)
        asked = _parse_owners(owners)
        if isinstance(asked, QueryError):
            raise asked
        both = asked if self.users is None else self.users & asked
        return self._with("users", both)

    def page(
        self, index: int | None, size: int = FIRST_PAGE.size, *more: Never, **wrong: Never
    ) -> Self:
        """The page of the answer, from 1, and its size in rows; None asks without paging.

        (API page: Paging)

        >>> from leadquery import Leads
        >>> Leads.select("Phone").page(2, 500).to_payload()["Paging"]
        {'PageIndex': 2, 'PageSize': 500}
        """
        numbers = type(index) is int and type(size) is int and not (more or wrong)
        if numbers and 1 <= index <= MAX_INT and 1 <= size <= MAX_INT:  # type: ignore[operator]
            return self._with("paging", Paging(index, size))  # type: ignore[arg-type]
        # As in created_between.
        if more or wrong or index is ...:  # type: ignore[comparison-overlap]
            raise _miscalls().page(index, size, wrong)
        if index is None and size != FIRST_PAGE.size:
            raise QueryError("page(None) asks without paging, so it takes no size")
        return self._with("paging", None if index is None else _miscalls().paging(index, size))

    # One for all states, since attrs compiles its own for each.
    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _identity(other) == _identity(self)

    def __hash__(self) -> int:
        return hash((type(self), *_identity(self)))

    def __repr__(self) -> str:
        from leadquery.query.decompile import to_expression

        return to_expression(self)


def _identity(question: BaseQuery) -> list[object]:
    """What equal questions have in common."""
    held = [(one, getattr(question, one.name)) for one in attrs.fields(type(question)) if one.eq]
    return [one.eq_key(value) if one.eq_key else value for one, value in held]


if not TYPE_CHECKING:
    lenient(BaseQuery.created_between, ...)
    lenient(BaseQuery.modified_between, ...)
    lenient(BaseQuery.page, ..., FIRST_PAGE.size)


def _miscalls() -> Any:
    """What is said of calls that go wrong, loaded with the first one."""
    from leadquery._explain import query_calls

    return query_calls


def _parse_owners(owners: tuple[str | UserPredicate, ...]) -> UserPredicate | QueryError:
    """The condition that owners are, or the error for what names none."""
    if not owners:
        raise QueryError("owned_by() names nobody; give it ids, e-mail addresses or conditions")
    conditions: list[UserPredicate] = []
    ids: list[str] = []
    addresses: list[str] = []
    for owner in owners:
        if isinstance(owner, str) and owner.strip():
            (addresses if "@" in owner else ids).append(owner)
        elif isinstance(owner, UserPredicate):
            conditions.append(owner)
        else:
            return _explain.misplaced_error(_owner_error(owner), owner, owners)
    if not conditions:
        return _by_id_or_address(ids, addresses)
    if ids or addresses:
        raise QueryError(
            "owned_by takes ids and addresses, or conditions, not both; write a second owned_by"
        )
    return conditions[0] if len(conditions) == 1 else combine(LogicalOperator.AND, *conditions)


def _owner_error(owner: object) -> QueryError:
    """The error for what names no owner."""
    text = _explain.misplaced_field_error(owner)
    if text is not None:
        return UsageError(text)
    if isinstance(owner, (list, tuple, set, frozenset)):
        return QueryError("owned_by takes owners one by one; write owned_by(*owners)")
    what = "ids or e-mail addresses"
    if not isinstance(owner, str):
        what = f"{what} as text, or user conditions"
    return QueryError(f"owned_by takes {what}, not {owner!r}")


def _by_id_or_address(ids: list[str], addresses: list[str]) -> UserPredicate:
    if not addresses:
        return _in_list("UserID", ids)
    by_address = _in_list("EmailAddress", addresses)
    return _in_list("UserID", ids) | by_address if ids else by_address


def _in_list(attribute: str, values: list[str]) -> UserPredicate:
    """Users by several values of an attribute, which the API takes comma-joined."""
    distinct = dict.fromkeys(values)
    value = SEPARATOR.join(distinct)
    if value.count(SEPARATOR) == len(distinct) - 1:
        return one_condition(attribute, _EQUAL, value)
    from leadquery.expr.user_field import Attribute

    # A value holds a comma, which is refused there.
    return Attribute(attribute).is_in(values)
