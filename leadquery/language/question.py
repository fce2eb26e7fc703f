"""What every state of a question can still be told: which leads, and which page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

import attrs

from leadquery import slips, users
from leadquery.errors import QueryError, SlipError
from leadquery.periods import Period, Place, When, between, since
from leadquery.spec.forms import LARGEST
from leadquery.spec.model import DateRange, LeadFilter, Paging
from leadquery.spec.vocabulary import DateField
from leadquery.words.condition import Condition
from leadquery.words.owners import UserCondition
from leadquery.words.word import Word

FIRST_PAGE: Final = Paging(1, 100)


@attrs.frozen(repr=False)
class Question(slips.Asked):
    """What all three states share: which leads, and which page of the answer."""

    # Each filter once, with the word that built it. A dict is copied without being hashed anew,
    # so that a query may grow by one filter at a time.
    conditions: Mapping[LeadFilter, Word[Any]] = attrs.field(eq=tuple)
    dates: tuple[DateRange, ...]
    users: UserCondition | None
    paging: Paging | None

    _slips: ClassVar = slips.QUERY

    @property
    def filters(self) -> tuple[LeadFilter, ...]:
        """The lead filters, in the order they were added."""
        return tuple(self.conditions)

    @property
    def words(self) -> tuple[Word[Any], ...]:
        """The words that built the filters, one for each."""
        return tuple(self.conditions.values())

    def _with(
        self,
        conditions: Mapping[LeadFilter, Word[Any]],
        dates: tuple[DateRange, ...],
        owners: UserCondition | None,
        paging: Paging | None,
    ) -> Self:
        return type(self)(conditions, dates, owners, paging, *self._shows())

    def _shows(self) -> tuple[Any, ...]:
        """What a state holds beside the leads it is about."""
        return ()

    def where(self, *conditions: Condition) -> Self:
        """Only leads that meet every condition. (API page: Lead Filters)

        >>> from leadquery import Leads
        >>> from leadquery.fields import EngagementScore, Source
        >>> Leads.where(EngagementScore < 20, Source == "Web").select("Phone").explain()
        'List of Phone of leads with EngagementScore below 20 and Source equal to "Web".'
        """
        joined = dict(self.conditions)
        for condition in conditions:
            if not isinstance(condition, Condition):
                slips.not_a_condition(condition)
            joined.update(condition.conditions)
        return self._with(joined, self.dates, self.users, self.paging)

    def created_between(self, start: When, end: When, *, tz: Place | None = None) -> Self:
        """Only leads created from `start` to `end`, both included.

        Text and dates are read in `tz`, UTC unless given; a bare date is its whole day.
        QueryError for a naive datetime without `tz`. (API page: Date Filter)
        """
        return self._in(DateField.CREATED, between(start, end, tz))

    def modified_between(self, start: When, end: When, *, tz: Place | None = None) -> Self:
        """Only leads last modified from `start` to `end`; as `created_between`."""
        return self._in(DateField.MODIFIED, between(start, end, tz))

    def created_in(self, period: Period) -> Self:
        """Only leads created in a period: `created_in(periods.last_month())`."""
        return self._in(DateField.CREATED, period)

    def modified_in(self, period: Period) -> Self:
        """Only leads last modified in a period."""
        return self._in(DateField.MODIFIED, period)

    def created_since(
        self, start: When, *, tz: Place | None = None, now: When | None = None
    ) -> Self:
        """Only leads created from `start` until now, which is the moment of this call."""
        return self._in(DateField.CREATED, since(start, tz=tz, now=now))

    def modified_since(
        self, start: When, *, tz: Place | None = None, now: When | None = None
    ) -> Self:
        """Only leads last modified from `start` until now, which is the moment of this call."""
        return self._in(DateField.MODIFIED, since(start, tz=tz, now=now))

    def _in(self, field: DateField, period: Period) -> Self:
        if not isinstance(period, Period):
            raise QueryError(f"give a period such as periods.last_month(), not {period!r}")
        one = DateRange(field, period.start, period.end)
        dates = self.dates if one in self.dates else (*self.dates, one)
        return self._with(self.conditions, dates, self.users, self.paging)

    def owned_by(self, *owners: str | UserCondition) -> Self:
        """Only leads of these users: ids, e-mail addresses, or conditions on users.

        Ids and addresses in one call are joined by OR, conditions by AND; a second call
        narrows the first. (API page: User Filter)
        """
        asked = _asked(owners)
        if asked is None:
            return self
        both = asked if self.users is None else self.users & asked
        return self._with(self.conditions, self.dates, both, self.paging)

    def page(self, index: int | None, size: int = FIRST_PAGE.size) -> Self:
        """The page of the answer, from 1, and its size in rows; None asks without paging.

        (API page: Paging)
        """
        paging = None if index is None else Paging(_number("page", index), _number("size", size))
        return self._with(self.conditions, self.dates, self.users, paging)

    def __repr__(self) -> str:
        from leadquery.language.source import expression

        return expression(self)


def _number(what: str, number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= LARGEST:
        raise QueryError(
            f"a {what} is a whole number from 1 to {LARGEST}, not {number!r}; write page(1, 100)"
        )
    return number


def _asked(owners: tuple[str | UserCondition, ...]) -> UserCondition | None:
    for owner in owners:
        _check(owner)
    conditions = [owner for owner in owners if isinstance(owner, UserCondition)]
    names = [owner for owner in owners if isinstance(owner, str)]
    if not conditions:
        return _named(names)
    if names:
        raise QueryError(
            "owned_by takes ids and addresses, or conditions, not both; write a second owned_by"
        )
    first, *rest = conditions
    for condition in rest:
        first = first & condition
    return first


def _check(owner: object) -> None:
    """Refuse what names no owner."""
    if isinstance(owner, UserCondition) or (isinstance(owner, str) and owner.strip()):
        return
    text = slips.elsewhere(owner)
    if text is not None:
        raise SlipError(text)
    what = "ids or e-mail addresses"
    if not isinstance(owner, str):
        what = f"{what} as text, or user conditions"
    raise QueryError(f"owned_by takes {what}, not {owner!r}")


def _named(owners: list[str]) -> UserCondition | None:
    ids = [owner for owner in owners if "@" not in owner]
    addresses = [owner for owner in owners if "@" in owner]
    if not addresses:
        return users.UserID.is_in(ids) if ids else None
    by_address = users.EmailAddress.is_in(addresses)
    return users.UserID.is_in(ids) | by_address if ids else by_address
