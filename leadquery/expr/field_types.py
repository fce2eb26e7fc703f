"""What kinds of field share: an order, ranges, days, lists, parts of a text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NoReturn

import attrs

from leadquery._util.suggest import closest_match
from leadquery._util.text import exact_str, python_literal, quote
from leadquery._util.warn import warn_user
from leadquery.errors import QueryError, check_call
from leadquery.expr import encoders
from leadquery.expr._guards import frozen_with_message
from leadquery.expr.encoders import encoder_for
from leadquery.expr.field import BaseField, V
from leadquery.expr.predicate import Predicate, comparison, membership
from leadquery.periods import Period, is_whole_day
from leadquery.wire.enums import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BELOW,
    CONTAINS,
    DOES_NOT_CONTAIN,
    EQUAL,
    NOT_EQUAL,
    Arity,
    Operator,
)
from leadquery.wire.types import format_timestamp


class OrderedMixin(BaseField[V]):
    """What has an order: four more comparisons."""

    __slots__ = ()
    _signs = ("==", "!=", "<", "<=", ">", ">=")

    @check_call
    def __lt__(self, value: V) -> Predicate:
        return self._compare(BELOW, value)

    @check_call
    def __le__(self, value: V) -> Predicate:
        return self._compare(AT_MOST, value)

    @check_call
    def __gt__(self, value: V) -> Predicate:
        return self._compare(ABOVE, value)

    @check_call
    def __ge__(self, value: V) -> Predicate:
        return self._compare(AT_LEAST, value)


class RangeMixin(OrderedMixin[V]):
    """What has ranges."""

    __slots__ = ()

    @check_call
    def between(self, low: V, high: V) -> Predicate:
        """Leads whose value lies from `low` to `high`, both included; it sends two filters.

        >>> from leadquery.fields import Score
        >>> Score.between(10, 20)
        (Score >= 10) & (Score <= 20)
        """
        start, end = self._sent(AT_LEAST, low), self._sent(AT_MOST, high)
        if self._backwards((low, start), (high, end)):
            raise QueryError(
                f"{self!r}.between({python_literal(low)}, {python_literal(high)}) ends before it starts; "
                f"write between({python_literal(high)}, {python_literal(low)})"
            )
        return comparison(self, AT_LEAST, start) & comparison(self, AT_MOST, end)

    def _backwards(self, low: tuple[V, str], high: tuple[V, str]) -> bool:
        """Whether values, each with its text, travel alike and stand in the wrong order."""
        one, other = self._way or encoder_for(low[0]), self._way or encoder_for(high[0])
        if one is not other or one.order is None:
            return False
        return bool(one.order(low[1]) > one.order(high[1]))


class DateMixin(RangeMixin[V]):
    """What holds dates: a bare one is its whole day, and so a range."""

    __slots__ = ()

    def _is_day(self, value: object) -> bool:
        return is_whole_day(value)

    def _compare(self, operator: Operator, value: Any) -> Predicate:
        if operator not in (EQUAL, NOT_EQUAL) or not self._is_day(value):
            return super()._compare(operator, value)
        day = self.between(value, value)
        if operator is EQUAL:
            return day
        raise QueryError(
            f"{self._line(operator, value)} is two ranges joined by OR, which the API cannot say; "
            "ask for the days before and the days after in two queries"
        )

    def _sent(self, operator: Operator, value: Any) -> str:
        if operator is EQUAL and self._is_day(value):
            said = python_literal(value)
            raise QueryError(
                f"{said} is a whole day, and so a range of its own; write between({said}, {said})"
            )
        return super()._sent(operator, value)

    @check_call
    def during(self, period: Period) -> Predicate:
        """Leads whose date falls into a period, ends included; it sends two filters.

        >>> from leadquery import periods
        >>> from leadquery.fields import LastVisitDate
        >>> LastVisitDate.during(periods.month(2026, 3, tz="Asia/Kolkata"))
        (LastVisitDate >= "2026-02-28 18:30:00") & (LastVisitDate <= "2026-03-31 18:29:59")
        """
        if not isinstance(period, Period):
            raise QueryError(
                f"{self!r}.during takes a period such as periods.last_month(), "
                f"not {python_literal(period)}"
            )
        start, end = format_timestamp(period.start), format_timestamp(period.end)
        return comparison(self, AT_LEAST, start) & comparison(self, AT_MOST, end)


class MembershipMixin(BaseField[V]):
    """What can be one of several values."""

    __slots__ = ()

    @check_call
    def is_in(self, values: Iterable[V]) -> Predicate:
        """Leads whose value is one of `values`, a list or another collection of them.

        A single value is sent as `==`. Raises QueryError for a bare text and for none at all.
        (API page: Lead Filters)

        >>> from leadquery.fields import Source
        >>> Source.is_in(["Web", "Fair"])
        Source.is_in(["Web", "Fair"])
        """
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            given = python_literal(values)
            raise QueryError(f"is_in takes a list of values; write {self!r}.is_in([{given}])")
        texts = [self._sent(EQUAL, value) for value in values]
        if not texts:
            raise QueryError(
                f"{self!r}.is_in([]) asks for none of the leads; give it at least one value, "
                "or leave the condition out"
            )
        return membership(self, texts)


class TextSearchMixin(BaseField[str]):
    """What can be searched for a part of a text."""

    __slots__ = ()

    @check_call
    def contains(self, part: str) -> Predicate:
        """Leads whose text holds `part`. (API page: Lead Filters)

        >>> from leadquery.fields import EmailAddress
        >>> EmailAddress.contains("@acme.com")
        EmailAddress.contains("@acme.com")
        """
        return self._compare(CONTAINS, part)

    @check_call
    def does_not_contain(self, part: str) -> Predicate:
        """Leads whose text does not hold `part`. (API page: Lead Filters)"""
        return self._compare(DOES_NOT_CONTAIN, part)


if TYPE_CHECKING:
    from decimal import Decimal

    NumberValue = float | Decimal

DateValue = str | date | datetime


class Number(RangeMixin["NumberValue"], MembershipMixin["NumberValue"]):
    """A field of numbers. They travel as plain decimals.

    >>> from leadquery.fields import Number
    >>> Number("mx_Deal_Value") >= 1e5
    Number("mx_Deal_Value") >= 100000
    """

    __slots__ = ()
    _way = encoders.NUMBER
    _truth = None


class Text(MembershipMixin[str], TextSearchMixin):
    """A field of text: names, e-mail addresses, phone numbers, web pages."""

    __slots__ = ()
    _way = encoders.TEXT


def _check_options(options: Iterable[str]) -> tuple[str, ...]:
    if isinstance(options, str):
        raise QueryError(f"options are a list of texts; write options=[{quote(options)}]")
    if not isinstance(options, Iterable):
        raise QueryError(f'options are a list of texts such as ["MBA", "BSc"], not {options!r}')
    texts = tuple(options)
    for text in texts:
        if not isinstance(text, str):
            raise QueryError(f'an option is text such as "MBA", not {text!r}')
    return tuple(map(exact_str, texts))


@frozen_with_message
@attrs.frozen(eq=False, repr=False)
class Choice(Text):
    """A dropdown. A value outside its `options`, where they are given, draws a warning."""

    options: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_check_options)

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        text = super().text(value, operator)
        if self.options and text not in self.options and not _is_text_search(operator):
            near = closest_match(
                text.casefold(), {option.casefold(): option for option in self.options}
            )
            meant = f"the nearest is {near!r}" if near else f"they are {', '.join(self.options)}"
            warn_user(f"{text!r} is none of the options of {self.name}; {meant}")
        return text


def _is_text_search(operator: Operator) -> bool:
    # What is called with one value takes a part of a text, which is no option.
    return operator.takes is Arity.ONE and operator.python.isidentifier()


class Boolean(BaseField[bool]):
    """A field that is true or false.

    >>> from leadquery.fields import DoNotCall
    >>> DoNotCall == True
    DoNotCall == True
    """

    __slots__ = ()
    _way = encoders.BOOLEAN
    _truth = True


class Date(DateMixin[DateValue]):
    """A field of dates, compared in UTC: text, a date, or an aware datetime.

    A bare date is its whole day. For another time zone use `during(period)`.

    >>> from leadquery.fields import LastVisitDate
    >>> LastVisitDate > "2026-01-31"
    LastVisitDate > "2026-01-31 23:59:59"
    """

    __slots__ = ()
    _way = encoders.DATE


class DateTime(Date):
    """A field of dates with a time of day; it compares as `Date` does."""

    __slots__ = ()


class Time(OrderedMixin[str | time]):
    """A field of times of day, written HH:MM:SS."""

    __slots__ = ()
    _way = encoders.TIME


class Identifier(MembershipMixin[str]):
    """A field of ids, of leads or of users."""

    __slots__ = ()
    _way = encoders.IDENTIFIER


class DerivedColumn(BaseField[NoReturn]):
    """A derived column of an answer: to select, not to filter or to group by."""

    __slots__ = ()
    _signs = ()

    def _compare(self, operator: Operator, value: Any) -> Predicate:
        raise QueryError(self._unsupported(operator.python))

    def has_data(self) -> NoReturn:
        raise QueryError(self._unsupported(".has_data()"))

    def has_no_data(self) -> NoReturn:
        raise QueryError(self._unsupported(".has_no_data()"))

    def _unsupported(self, operator: str) -> str:
        return (
            f"{self!r} is a column of the answer, which no filter is known to read; "
            f"to try it all the same write Field({quote(self.name)})"
        )


class Field(DateMixin[Any], MembershipMixin[Any], TextSearchMixin):
    """A field of any kind, with every operator.

    Text travels as it is; numbers, bools and dates as their kind would write them.

    >>> from leadquery.fields import Field
    >>> Field("mx_Anything") >= "0.50"
    Field("mx_Anything") >= "0.50"
    """

    __slots__ = ()
    _way = None
    _truth = None

    def _is_day(self, value: object) -> bool:
        # A text that looks like a date may be anything.
        return not isinstance(value, str) and is_whole_day(value)

    def _described(self) -> str:
        return repr(self)
