"""The kinds of lead field: what each is compared with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NoReturn

import attrs

from leadquery import _explain
from leadquery._util.python_literals import exact_str, quote
from leadquery.errors import QueryError
from leadquery.expr import encoders
from leadquery.expr._guards import frozen_with_message
from leadquery.expr.field import BaseField
from leadquery.expr.mixins import (
    DateMixin,
    MembershipMixin,
    OrderedMixin,
    RangeMixin,
    TextSearchMixin,
)
from leadquery.expr.predicate import Predicate
from leadquery.periods import is_whole_day
from leadquery.wire.enums import Arity, Operator

if TYPE_CHECKING:
    from decimal import Decimal

    Numbers = float | Decimal

Moments = str | date | datetime


class Number(RangeMixin["Numbers"], MembershipMixin["Numbers"]):
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


def _options(options: Iterable[str]) -> tuple[str, ...]:
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

    options: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_options)

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        text = super().text(value, operator)
        if self.options and text not in self.options and not _searches(operator):
            near = _explain.closest_match(
                text.casefold(), {option.casefold(): option for option in self.options}
            )
            meant = f"the nearest is {near!r}" if near else f"they are {', '.join(self.options)}"
            _explain.warn_user(f"{text!r} is none of the options of {self.name}; {meant}")
        return text


def _searches(operator: Operator) -> bool:
    # What is called with one value takes a part of a text, which is no option.
    return operator.takes is Arity.ONE and operator.python.isidentifier()


class Boolean(BaseField[bool]):
    """A field that is true or false.

    >>> from leadquery.fields import DoNotCall
    >>> DoNotCall == True
    DoNotCall == True
    """

    __slots__ = ()
    _way = encoders.TRUTH
    _truth = True


class Date(DateMixin[Moments]):
    """A field of dates, compared in UTC: text, a date, or an aware datetime.

    A bare date is its whole day. For another time zone use `during(period)`.

    >>> from leadquery.fields import LastVisitDate
    >>> LastVisitDate > "2026-01-31"
    LastVisitDate > "2026-01-31 23:59:59"
    """

    __slots__ = ()
    _way = encoders.MOMENT


class DateTime(Date):
    """A field of dates with a time of day; it compares as `Date` does."""

    __slots__ = ()


class Time(OrderedMixin[str | time]):
    """A field of times of day, written HH:MM:SS."""

    __slots__ = ()
    _way = encoders.CLOCK


class Identifier(MembershipMixin[str]):
    """A field of ids, of leads or of users."""

    __slots__ = ()
    _way = encoders.IDENTIFIER


class DerivedColumn(BaseField[NoReturn]):
    """A derived column of an answer: to select, not to filter or to group by."""

    __slots__ = ()
    _signs = ()

    def _compare(self, operator: Operator, value: Any) -> Predicate:
        raise self._lacks(operator.python)

    def has_data(self) -> NoReturn:
        raise self._lacks(".has_data()")

    def has_no_data(self) -> NoReturn:
        raise self._lacks(".has_no_data()")

    def _lacks(self, operator: str, error: type[QueryError] = QueryError) -> QueryError:
        return error(
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
