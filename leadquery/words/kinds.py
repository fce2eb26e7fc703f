"""The kinds of lead field: what each is compared with, and how its values travel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NoReturn

import attrs

from leadquery.errors import QueryError
from leadquery.periods import Period, end_of, is_whole_day, start_of
from leadquery.slips import nearest, warn
from leadquery.spec.forms import timestamp
from leadquery.spec.vocabulary import FALSE, TRUE, Operator
from leadquery.words.condition import Condition
from leadquery.words.word import Listed, Ordered, Ranged, Searched, Word

Moments = str | date | datetime
Numbers = float | Decimal


def _refuse(word: Word[Any], value: object, expected: str) -> QueryError:
    return QueryError(f"{word!r} compares with {expected}, not {value!r}")


class Number(Ranged[Numbers], Listed[Numbers]):
    """A field of numbers. They travel as plain decimals.

    >>> from leadquery.fields import Number
    >>> Number("mx_Deal_Value") >= 1e5
    Number("mx_Deal_Value") >= 100000
    """

    __slots__ = ()

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        if type(value) is int and -(10**9) < value < 10**9:
            return str(value)
        return self._decimal(value)

    def _decimal(self, value: Any) -> str:
        if isinstance(value, bool) or not (
            isinstance(value, (float, Decimal)) or hasattr(value, "__index__")
        ):
            raise _refuse(self, value, "a number such as 20 or 0.5")
        exact = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
        if not exact.is_finite():
            raise _refuse(self, value, "a finite number")
        if exact.adjusted() > _DIGITS or exact.as_tuple().exponent < -_DIGITS:  # type: ignore[operator]
            raise QueryError(f"{self!r} compares with a number of at most {_DIGITS} digits")
        plain = format(exact, "f")
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        return "0" if plain in ("-0", "") else plain

    def _backwards(self, low: str, high: str) -> bool:
        return Decimal(low) > Decimal(high)


_DIGITS = 400


def _options(options: Iterable[str]) -> tuple[str, ...]:
    if isinstance(options, str):
        raise QueryError(f"options are a list of texts; write options=[{options!r}]")
    return tuple(options)


class Text(Listed[str], Searched):
    """A field of text: names, e-mail addresses, phone numbers, web pages."""

    __slots__ = ()

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        if not isinstance(value, str):
            raise _refuse(self, value, "text")
        return str(value)


@attrs.frozen(eq=False, repr=False)
class Choice(Text):
    """A dropdown. A value outside its `options`, where they are given, draws a warning."""

    options: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_options)

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        text = super().text(value, operator)
        if self.options and text not in self.options and not _searches(operator):
            near = nearest(text, {option: option for option in self.options})
            meant = f"the nearest is {near!r}" if near else f"they are {', '.join(self.options)}"
            warn(f"{value!r} is none of the options of {self.name}; {meant}")
        return text


def _searches(operator: Operator) -> bool:
    return operator in (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN)


class Boolean(Word[bool]):
    """A field that is true or false.

    >>> from leadquery.fields import DoNotCall
    >>> DoNotCall == True
    DoNotCall == True
    """

    __slots__ = ()

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        if not isinstance(value, bool):
            raise _refuse(self, value, "True or False")
        return TRUE if value else FALSE


class Date(Ranged[Moments]):
    """A field of dates, compared in UTC: text, a date, or an aware datetime.

    A bare date is its whole day. For another time zone use `during(period)`.

    >>> from leadquery.fields import LastVisitDate
    >>> LastVisitDate > "2026-01-31"
    LastVisitDate > "2026-01-31 23:59:59"
    """

    __slots__ = ()

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        if not isinstance(value, (str, date)):
            raise _refuse(self, value, "a date such as '2026-01-31' or datetime.date(2026, 1, 31)")
        last = operator in (Operator.ABOVE, Operator.AT_MOST)
        return timestamp((end_of if last else start_of)(value, None, self.name))

    def _compare(self, operator: Operator, value: Any) -> Condition:
        if operator is Operator.NOT_EQUAL and is_whole_day(value):
            raise QueryError(
                f"{self!r} != {value!r} is two ranges joined by OR, which the API cannot say; "
                "ask for the days before and the days after in two queries"
            )
        if operator is Operator.EQUAL and is_whole_day(value):
            return self.between(value, value)
        return super()._compare(operator, value)

    def during(self, period: Period) -> Condition:
        """Leads whose date falls into a period, ends included; it sends two filters.

        >>> from leadquery import periods
        >>> from leadquery.fields import LastVisitDate
        >>> LastVisitDate.during(periods.month(2026, 3, tz="Asia/Kolkata"))
        (LastVisitDate >= "2026-02-28 18:30:00") & (LastVisitDate <= "2026-03-31 18:29:59")
        """
        if not isinstance(period, Period):
            raise QueryError(
                f"{self!r}.during takes a period such as periods.last_month(), not {period!r}"
            )
        return self.between(period.start, period.end)


class DateTime(Date):
    """A field of dates with a time of day; it compares as `Date` does."""

    __slots__ = ()


class Time(Ordered[str | time]):
    """A field of times of day, written HH:MM:SS."""

    __slots__ = ()

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        try:
            read = time.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            read = None
        if not isinstance(read, time) or read.tzinfo is not None:
            raise _refuse(self, value, "a time of day such as '09:30:00', without a zone")
        return read.isoformat("seconds") if not read.microsecond else read.isoformat()[:8]


class Identifier(Listed[str]):
    """A field of ids, of leads or of users."""

    __slots__ = ()

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        if not isinstance(value, str):
            raise _refuse(self, value, "an id as text")
        return str(value)


class Column(Word[NoReturn]):
    """A derived column of an answer: to select, not to filter or to group by."""

    __slots__ = ()

    def _compare(self, operator: Operator, value: Any) -> Condition:
        self._only_shown()

    def has_data(self) -> NoReturn:
        self._only_shown()

    def has_no_data(self) -> NoReturn:
        self._only_shown()

    def _only_shown(self) -> NoReturn:
        raise QueryError(
            f"{self!r} is a column of the answer, which no filter is known to read; "
            f"to try it all the same write Field({self.name!r})"
        )


class Field(Ranged[Any], Listed[Any], Searched):
    """A field of any kind, with every operator.

    Text travels as it is; numbers, bools and dates as their kind would write them.

    >>> from leadquery.fields import Field
    >>> Field("mx_Anything") >= "0.50"
    Field("mx_Anything") >= "0.50"
    """

    __slots__ = ()

    def text(self, value: Any, operator: Operator = Operator.EQUAL) -> str:
        kind = next((kind for kinds, kind in _KINDS if isinstance(value, kinds)), Number)
        return kind(self.name).text(value, operator)

    def _compare(self, operator: Operator, value: Any) -> Condition:
        if isinstance(value, date):
            compared = DateTime(self.name)._compare(operator, value)
            return Condition(compared.filters, (self,) * len(compared.filters))
        return super()._compare(operator, value)

    def _backwards(self, low: str, high: str) -> bool:
        # What stands in the field is not known, so neither is its order.
        return False

    def during(self, period: Period) -> Condition:
        """Leads whose date falls into a period, ends included; it sends two filters."""
        in_period = DateTime(self.name).during(period)
        return Condition(in_period.filters, (self, self))


_KINDS: tuple[tuple[Any, type[Word[Any]]], ...] = (
    (str, Text),
    (bool, Boolean),
    ((datetime, date), DateTime),
    (time, Time),
)
