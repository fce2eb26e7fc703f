"""The base class of the builder states: which leads, and which page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from leadquery._util.text import describe_json
from leadquery.errors import Misuse, QueryError, UsageError, check_call
from leadquery.expr._guards import (
    QUERY,
    NotBoolean,
    frozen_class,
)
from leadquery.expr.predicate import (
    CompoundPredicate,
    OtherOwners,
    Predicate,
    condition_error,
    conditions_of,
)
from leadquery.expr.user_field import UserPredicate, combine
from leadquery.periods import DateLike, Period, TimeZone
from leadquery.periods.parsing import not_a_period_error, parse_range
from leadquery.query.owners import parse_owners
from leadquery.wire.endpoints import NO_NODE, ReportNode
from leadquery.wire.enums import AND, DateField
from leadquery.wire.model import FIRST_PAGE, DateRange, LeadFilter, Paging
from leadquery.wire.types import MAX_INT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Condition, Conditions, JoinedConditions
    from leadquery.users import User

# jedi does not know typing.Self: with it, Tab after `Leads.where(...).` would not offer `select`.
Q = TypeVar("Q", bound="BaseQuery")
S = TypeVar("S", bound="BaseQuery")

AGGREGATES: Final = "count(), average(...), sum(...) or aggregate(...)"

MISSING_OUTPUT: Final = f"select(...), or group_by(...) and {AGGREGATES}"
"""What to add to a query that has no output yet."""

# Looked up once, because a look-up on a class takes as long as a call.
_CREATED: Final = DateField.CREATED
_new = object.__new__


# Without attrs, which would take most of the time that this package takes to load.
@frozen_class
class BaseQuery(NotBoolean):
    """A query in any state: which leads, and which page of the result. Immutable.

    `filters`, `dates`, `users` and `paging` are its parts, as the API takes them.
    """

    _joined: JoinedConditions
    dates: tuple[DateRange, ...]
    users: UserPredicate | None
    paging: Paging | None
    # Conditions joined by OR, and opposites of owners, which one request may not express.
    _compounds: tuple[Condition, ...]
    # Which report the query is for, and the node that its body has.
    _node: ReportNode

    _messages: ClassVar = QUERY
    _compared: ClassVar[tuple[str, ...]] = (
        "filters",
        "dates",
        "users",
        "paging",
        "_compounds",
        "_node",
    )

    def __init__(
        self,
        conditions: JoinedConditions,
        dates: tuple[DateRange, ...],
        users: UserPredicate | None,
        paging: Paging | None,
        compounds: tuple[Condition, ...],
        *,
        node: ReportNode = NO_NODE,
    ) -> None:
        attributes = self.__dict__
        attributes["_joined"], attributes["dates"] = conditions, dates
        attributes["users"], attributes["paging"] = users, paging
        attributes["_compounds"], attributes["_node"] = compounds, node

    @property
    def _conditions(self) -> Conditions:
        # Without a call for the usual dict; so does `where`.
        joined = self._joined
        return joined if type(joined) is dict else conditions_of(joined)

    @property
    def filters(self) -> tuple[LeadFilter, ...]:
        """The lead filters, in the order they were added."""
        return tuple(self._conditions)

    @check_call
    def where(self: Q, *conditions: Condition) -> Q:
        """Only leads that meet all conditions. (API page: Lead Filters)

        Conditions on lead fields and on users are joined by `&`, `|` and `~`, up to 100 deep. If
        the query then takes several requests, `plan()` shows them and `Client.run` combines their
        results.

        Raises UsageError for anything but a condition, UnsupportedQueryError for deeper ones.

        >>> from leadquery import Leads
        >>> from leadquery.fields import EngagementScore, Source
        >>> Leads.where(EngagementScore < 20, Source == "Web").select("Phone").describe()
        'List of Phone of leads with EngagementScore below 20 and Source equal to "Web".'
        """
        before = self._joined
        added: dict[LeadFilter, BaseField[Any]] = {}
        compounds: list[Condition] = []
        for condition in conditions:
            if isinstance(condition, Predicate):
                joined = condition._joined
                added |= joined if type(joined) is dict else conditions_of(joined)
            elif isinstance(condition, (CompoundPredicate, OtherOwners, UserPredicate)):
                compounds.append(condition)
            else:
                raise condition_error(condition, conditions)
        query = replace(self, "_joined", (before, added) if before else added)
        return query if not compounds else _with_compounds(query, compounds)

    @check_call
    def created_between(
        self: Q, start: DateLike, end: DateLike, *, tz: TimeZone | None = None
    ) -> Q:
        """Only leads created between `start` and `end`, both included.

        Text and dates are read in the time zone `tz`, by default UTC. A date without a time is the
        whole day. Raises QueryError for a naive datetime without `tz`. (API page: Date Filter)

        >>> from leadquery import Leads
        >>> Leads.created_between("2026-03-01", "2026-03-31", tz="Asia/Kolkata")
        Leads.created_between("2026-02-28 18:30:00", "2026-03-31 18:29:59")
        """
        return _between(self, _CREATED, start, end, tz)

    @check_call
    def modified_between(
        self: Q, start: DateLike, end: DateLike, *, tz: TimeZone | None = None
    ) -> Q:
        """Only leads last modified between `start` and `end`; see `created_between`."""
        return _between(self, DateField.MODIFIED, start, end, tz)

    @check_call
    def created_in(self: Q, period: Period) -> Q:
        """Only leads created in a period. (API page: Date Filter)

        >>> from leadquery import Leads, periods
        >>> Leads.created_in(periods.quarter(2026, 1))
        Leads.created_between("2026-01-01 00:00:00", "2026-03-31 23:59:59")
        """
        return _in_period(self, DateField.CREATED, period)

    @check_call
    def modified_in(self: Q, period: Period) -> Q:
        """Only leads last modified in a period."""
        return _in_period(self, DateField.MODIFIED, period)

    @check_call
    def created_since(
        self: Q,
        start: DateLike | Period,
        *,
        tz: TimeZone | None = None,
        now: DateLike | None = None,
    ) -> Q:
        """Only leads created since `start`, until the time of this call or `now`.

        Text and dates are read in the time zone `tz`, by default UTC. Of a period, such as
        `periods.yesterday()`, it is its start. (API page: Date Filter)
        """
        return _since(self, DateField.CREATED, start, tz, now)

    @check_call
    def modified_since(
        self: Q,
        start: DateLike | Period,
        *,
        tz: TimeZone | None = None,
        now: DateLike | None = None,
    ) -> Q:
        """Only leads last modified since `start`; see `created_since`."""
        return _since(self, DateField.MODIFIED, start, tz, now)

    @check_call
    def owned_by(self: Q, *owners: str | User | UserPredicate | OtherOwners) -> Q:
        """Only leads owned by these users: ids, e-mail addresses, or conditions on users.

        Ids and addresses are joined by OR, conditions by AND, and several calls by AND. A query
        sends nothing, so it cannot look up a person's name: `client.find_user("Ann Lee")` does, and
        returns a user for `owned_by`. Raises QueryError for a name, and for ids and conditions in
        one call.
        (API page: User Filter)

        >>> from leadquery import Leads, users
        >>> Leads.owned_by("ann@example.com").owned_by(users.Role == "Sales_User")
        Leads.owned_by((users.EmailAddress == "ann@example.com") & (users.Role == "Sales_User"))
        """
        users, before = parse_owners(owners), self.users
        if isinstance(users, list):
            return _with_compounds(self, users)
        return replace(self, "users", users if before is None else before & users)

    @check_call
    def page(self: Q, index: int | None, size: int = FIRST_PAGE.size) -> Q:
        """Page `index` of the result, from 1, with `size` rows. (API page: Paging)

        Without this call, page 1 with 100 rows. `page(None)` sends no paging at all.

        >>> from leadquery import Leads
        >>> Leads.select("Phone").page(2, 500).to_payload()["Paging"]
        {'PageIndex': 2, 'PageSize': 500}
        """
        are_ints = type(index) is int and type(size) is int
        if are_ints and 1 <= index <= MAX_INT and 1 <= size <= MAX_INT:  # type: ignore[operator]
            return replace(self, "paging", Paging(index, size))  # type: ignore[arg-type]
        if index is None and size != FIRST_PAGE.size:
            raise QueryError("page(None) sends no paging, so it takes no size")
        return replace(self, "paging", None if index is None else _paging(index, size))

    if not TYPE_CHECKING:

        def __and__(self, other):
            # A condition says itself what is wrong beside a query.
            if not isinstance(other, BaseQuery):
                return NotImplemented
            raise QueryError(
                "queries are not joined; join their conditions, as in Leads.where(a, b) for leads "
                "that meet both and Leads.where(a | b) for those that meet either"
            )

        __or__ = __and__

        def __call__(self, *args, **kwargs):
            message = (
                "a query is not called; write Leads without brackets, "
                "or client.run(query) to send a query"
            )
            raise UsageError(message, Misuse("argument", self))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _identity(other) == _identity(self)

    def __hash__(self) -> int:
        return hash((type(self), *_identity(self)))

    def __getstate__(self) -> dict[str, object]:
        # Pickling many that were added one by one would exceed the recursion limit.
        return {**self.__dict__, "_joined": self._conditions}

    def __repr__(self) -> str:
        from leadquery.query.decompile import to_expression

        return to_expression(self)


# As object.__setattr__ does; the classes have a `__setattr__` that raises.
_set_dict: Final = BaseQuery.__dict__["__dict__"].__set__


# Functions, because a look-up on a class with `__getattr__` takes three times as long.
def replace(query: Q, name: str, value: object) -> Q:
    """A copy with another value of one attribute; attrs.evolve takes ten times as long."""
    attributes = query.__dict__.copy()
    attributes[name] = value
    copy: Q = _new(type(query))
    _set_dict(copy, attributes)
    return copy


def advance(query: BaseQuery, state: type[S], own: Mapping[str, object]) -> S:
    """The query in a later state, with the attributes that only that state has."""
    attributes = query.__dict__.copy()
    # Those of grouped leads, which a complete query does not have.
    attributes.pop("keys", None)
    attributes |= own
    copy = _new(state)
    _set_dict(copy, attributes)
    return copy


def _with_compounds(query: Q, compounds: list[Condition]) -> Q:
    """The query with conditions that are not filters, simplified where one request can."""
    from leadquery.cover.cover import simplify

    conditions = dict(query._conditions)
    users: list[UserPredicate] = []
    others = dict.fromkeys(query._compounds)
    for part in simplify(compounds):
        if isinstance(part, Predicate):
            conditions |= part._conditions
        elif isinstance(part, UserPredicate):
            users.append(part)
        else:
            others[part] = None
    query = replace(replace(query, "_joined", conditions), "_compounds", tuple(others))
    return _with_users(query, *users) if users else query


def _with_users(query: Q, *users: UserPredicate) -> Q:
    """The query with conditions on users, joined at once: pair by pair takes quadratic time."""
    joined = users if query.users is None else (query.users, *users)
    return replace(query, "users", joined[0] if len(joined) == 1 else combine(AND, *joined))


def _between(query: Q, field: DateField, start: DateLike, end: DateLike, tz: TimeZone | None) -> Q:
    first, last = parse_range(start, end, tz)
    before, dates = query.dates, DateRange(field, first, last)
    return query if dates in before else replace(query, "dates", (*before, dates))


def _in_period(query: Q, field: DateField, period: Period) -> Q:
    if not isinstance(period, Period):
        raise not_a_period_error("give", period)
    return _between(query, field, period.start, period.end, None)


def _since(
    query: Q,
    field: DateField,
    start: DateLike | Period,
    tz: TimeZone | None,
    now: DateLike | None,
) -> Q:
    from leadquery.periods import since

    first = start.start if isinstance(start, Period) else start
    return _in_period(query, field, since(first, tz=tz, now=now))


def _identity(query: BaseQuery) -> list[object]:
    """The values that equal queries have in common."""
    return [getattr(query, name) for name in query._compared]


def _paging(index: object, size: object) -> Paging:
    """The page for numbers of a subclass of int, or an error for anything else."""
    for label, number in (("page", index), ("size", size)):
        if page_number(number) is None:
            valid = (
                page_number(index, digits=True) or FIRST_PAGE.index,
                page_number(size, digits=True) or FIRST_PAGE.size,
            )
            found = describe_json(number) if type(number) is int else repr(number)
            raise QueryError(
                f"a {label} is a whole number from 1 to {MAX_INT}, not {found}; write page{valid}"
            )
    # A subclass may have another repr.
    return Paging(int(index), int(size))  # type: ignore[call-overload]


def page_number(number: object, *, digits: bool = False) -> int | None:
    """The number of a page or of rows, also from text with `digits`; None for anything else."""
    is_short_text = isinstance(number, str) and len(number) < len(str(MAX_INT))
    if digits and is_short_text and number.isdecimal():  # type: ignore[attr-defined]
        number = int(number)  # type: ignore[call-overload]
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MAX_INT:
        return None
    return int(number)
