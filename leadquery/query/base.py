"""What every state of a question can still be told: which leads, and which page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

import attrs

from leadquery.errors import Misuse, QueryError, UsageError, check_call
from leadquery.expr._guards import QUERY, NotBoolean, frozen_with_message, misplaced_message
from leadquery.expr.field import BaseField
from leadquery.expr.predicate import Predicate, condition_error
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

    _messages: ClassVar = QUERY

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

    @check_call
    def where(self, *conditions: Predicate) -> Self:
        """Only leads that meet every condition. (API page: Lead Filters)

        >>> from leadquery import Leads
        >>> from leadquery.fields import EngagementScore, Source
        >>> Leads.where(EngagementScore < 20, Source == "Web").select("Phone").describe()
        'List of Phone of leads with EngagementScore below 20 and Source equal to "Web".'
        """
        joined = dict(self.conditions)
        for condition in conditions:
            if not isinstance(condition, Predicate):
                raise condition_error(condition, conditions)
            joined |= condition.conditions
        return self._with("conditions", joined)

    @check_call
    def created_between(
        self, start: DateLike, end: DateLike, *, tz: TimeZone | None = None
    ) -> Self:
        """Only leads created from `start` to `end`, both included.

        Text and dates are read in `tz`, UTC unless given; a bare date is its whole day.
        QueryError for a naive datetime without `tz`. (API page: Date Filter)

        >>> from leadquery import Leads
        >>> Leads.created_between("2026-03-01", "2026-03-31", tz="Asia/Kolkata")
        Leads.created_between("2026-02-28 18:30:00", "2026-03-31 18:29:59")
        """
        return self._between(_CREATED, start, end, tz)

    @check_call
    def modified_between(
        self, start: DateLike, end: DateLike, *, tz: TimeZone | None = None
    ) -> Self:
        """Only leads last modified from `start` to `end`; as `created_between`."""
        return self._between(DateField.MODIFIED, start, end, tz)

    @check_call
    def created_in(self, period: Period) -> Self:
        """Only leads created in a period. (API page: Date Filter)

        >>> from leadquery import Leads, periods
        >>> Leads.created_in(periods.quarter(2026, 1))
        Leads.created_between("2026-01-01 00:00:00", "2026-03-31 23:59:59")
        """
        return self._in(DateField.CREATED, period)

    @check_call
    def modified_in(self, period: Period) -> Self:
        """Only leads last modified in a period."""
        return self._in(DateField.MODIFIED, period)

    @check_call
    def created_since(
        self, start: DateLike, *, tz: TimeZone | None = None, now: DateLike | None = None
    ) -> Self:
        """Only leads created from `start` until now, which is the moment of this call."""
        from leadquery.periods import since

        return self._in(DateField.CREATED, since(start, tz=tz, now=now))

    @check_call
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

    @check_call
    def owned_by(self, *owners: str | UserPredicate) -> Self:
        """Only leads of these users: ids, e-mail addresses, or conditions on users.

        Ids and addresses in one call are joined by OR, conditions by AND; a second call
        narrows the first. (API page: User Filter)

        >>> from leadquery import Leads, users
        >>> Leads.owned_by("ann@example.com").owned_by(users.Role == "Sales_User")
        Leads.owned_by((users.EmailAddress == "ann@example.com") & (users.Role == "Sales_User"))
        """
        asked = _parse_owners(owners)
        both = asked if self.users is None else self.users & asked
        return self._with("users", both)

    @check_call
    def page(self, index: int | None, size: int = FIRST_PAGE.size) -> Self:
        """The page of the answer, from 1, and its size in rows; None asks without paging.

        (API page: Paging)

        >>> from leadquery import Leads
        >>> Leads.select("Phone").page(2, 500).to_payload()["Paging"]
        {'PageIndex': 2, 'PageSize': 500}
        """
        numbers = type(index) is int and type(size) is int
        if numbers and 1 <= index <= MAX_INT and 1 <= size <= MAX_INT:  # type: ignore[operator]
            return self._with("paging", Paging(index, size))  # type: ignore[arg-type]
        if index is None and size != FIRST_PAGE.size:
            raise QueryError("page(None) asks without paging, so it takes no size")
        return self._with("paging", None if index is None else _paging(index, size))

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


def _paging(index: object, size: object) -> Paging:
    """A page whose numbers may be of a subclass of int, or no numbers at all."""
    for what, number in (("page", index), ("size", size)):
        if page_number(number) is None:
            valid = (
                page_number(index, digits=True) or FIRST_PAGE.index,
                page_number(size, digits=True) or FIRST_PAGE.size,
            )
            raise QueryError(
                f"a {what} is a whole number from 1 to {MAX_INT}, not {number!r}; write page{valid}"
            )
    # A subclass may have another repr.
    return Paging(int(index), int(size))  # type: ignore[call-overload]


def page_number(number: object, *, digits: bool = False) -> int | None:
    """A number that counts pages or rows, also in a text of digits; None for anything else."""
    short = isinstance(number, str) and len(number) < len(str(MAX_INT))
    if digits and short and number.isdecimal():  # type: ignore[attr-defined]
        number = int(number)  # type: ignore[call-overload]
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MAX_INT:
        return None
    return int(number)


def _parse_owners(owners: tuple[str | UserPredicate, ...]) -> UserPredicate:
    """The condition that owners are, or the error for what names none."""
    if not owners:
        raise QueryError("owned_by() names nobody; give it ids, e-mail addresses or conditions")
    conditions: list[UserPredicate] = []
    ids: list[str] = []
    addresses: list[str] = []
    for position, owner in enumerate(owners):
        if isinstance(owner, str) and owner.strip():
            (addresses if "@" in owner else ids).append(owner)
        elif isinstance(owner, UserPredicate):
            conditions.append(owner)
        else:
            raise _owner_error(owner, position)
    if not conditions:
        return _by_id_or_address(ids, addresses)
    if ids or addresses:
        raise QueryError(
            "owned_by takes ids and addresses, or conditions, not both; write a second owned_by"
        )
    return conditions[0] if len(conditions) == 1 else combine(LogicalOperator.AND, *conditions)


def _owner_error(owner: object, position: int) -> QueryError:
    """The error for an argument that names no owner."""
    misuse = Misuse("not an owner", value=owner, position=position)
    message = misplaced_message(owner)
    if message is not None:
        return UsageError(message, misuse)
    if isinstance(owner, (list, tuple, set, frozenset)):
        return QueryError("owned_by takes owners one by one; write owned_by(*owners)", misuse)
    what = "ids or e-mail addresses"
    if not isinstance(owner, str):
        what = f"{what} as text, or user conditions"
    return QueryError(f"owned_by takes {what}, not {owner!r}", misuse)


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
