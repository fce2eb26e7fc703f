"""The field types. `operators` has the operators that several of them share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Generic, NoReturn

from leadquery._util.text import exact_str, nearest_option, quote, warn_user
from leadquery.errors import QueryError
from leadquery.expr import encoders
from leadquery.expr.field import BaseField
from leadquery.expr.operators import (
    CountDistinctMixin,
    DateMixin,
    MembershipMixin,
    NumberMixin,
    OrderedMixin,
    TextSearchMixin,
)
from leadquery.expr.predicate import Predicate
from leadquery.periods import is_whole_day
from leadquery.wire.enums import Arity, Operator

if TYPE_CHECKING:
    from decimal import Decimal

    from typing_extensions import TypeVar

    NumberValue = float | Decimal
    S = TypeVar("S", bound=str, default=str)
else:
    from typing import TypeVar

    S = TypeVar("S", bound=str)

DateValue = str | date | datetime


class Number(NumberMixin["NumberValue"], MembershipMixin["NumberValue"]):
    """A number field. Values are `int`, `float` or `Decimal`, sent as plain decimals.

    >>> from leadquery.fields import Number
    >>> Number("mx_Deal_Value") >= 1e5
    Number("mx_Deal_Value") >= 100000
    """

    __slots__ = ()
    _encode = encoders.encode_number
    _is_flag = None


class Text(MembershipMixin[S], TextSearchMixin[S], CountDistinctMixin[S], Generic[S]):
    """A text field: names, e-mail addresses, phone numbers, web pages."""

    __slots__ = ()
    _encode = encoders.encode_text


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


class Choice(Text[S]):
    """A dropdown field. With `options`, a comparison with any other value warns.

    `others` says that the dropdown also takes values that people write themselves; then nothing
    warns. For type checkers, `Choice[Literal["MBA", "BSc"]]` takes only these values.

    >>> from leadquery.fields import Choice
    >>> Choice("mx_Course", options=["MBA", "BSc"]) == "MBA"
    Choice("mx_Course") == "MBA"
    """

    __slots__ = ("options", "others")
    options: tuple[str, ...]
    others: bool

    def __init__(
        self,
        name: str,
        label: str | None = None,
        *,
        options: Iterable[str] = (),
        others: bool = False,
    ) -> None:
        super().__init__(name, label)
        object.__setattr__(self, "options", _check_options(options))
        object.__setattr__(self, "others", others)

    def _encode(self, value: Any, operator: Operator) -> str:
        text, options = encoders.encode_text(self, value, operator), self.options
        if options and not self.others and text not in options and not _is_text_search(operator):
            near = nearest_option(text, options)
            hint = f"the nearest is {near!r}" if near else f"they are {', '.join(options)}"
            warn_user(f"{text!r} is none of the options of {self.name}; {hint}")
        return text


def _is_text_search(operator: Operator) -> bool:
    # `contains` takes part of an option.
    return operator.takes is Arity.ONE and operator.python.isidentifier()


class Boolean(CountDistinctMixin[bool]):
    """A checkbox field: true or false.

    >>> from leadquery.fields import DoNotCall
    >>> DoNotCall == True
    DoNotCall == True
    """

    __slots__ = ()
    _encode = encoders.encode_boolean
    _is_flag = True


class Date(DateMixin[DateValue]):
    """A date field, compared in UTC with text, a `date`, or an aware `datetime`.

    A date without a time is the whole day. For other time zones use `during(period)`.

    >>> from leadquery.fields import LastVisitDate
    >>> LastVisitDate > "2026-01-31"
    LastVisitDate > "2026-01-31 23:59:59"
    """

    __slots__ = ()
    _encode = encoders.encode_date


class DateTime(Date):
    """A date field with a time of day; it compares like `Date`."""

    __slots__ = ()


class Time(OrderedMixin[str | time]):
    """A field of times of day, compared with `datetime.time` or text such as "09:30:00"."""

    __slots__ = ()
    _encode = encoders.encode_time


class Identifier(MembershipMixin[str], CountDistinctMixin[str]):
    """A field that holds the id of a lead or a user."""

    __slots__ = ()
    _encode = encoders.encode_identifier


class DerivedColumn(BaseField[NoReturn]):
    """A derived column of the result: you can select it, but not filter or group by it."""

    __slots__ = ()
    _comparisons = ()

    def _compare(self, operator: Operator, value: Any) -> Predicate:
        raise QueryError(self._unsupported(operator.python))

    def has_data(self) -> NoReturn:
        raise QueryError(self._unsupported(".has_data()"))

    def has_no_data(self) -> NoReturn:
        raise QueryError(self._unsupported(".has_no_data()"))

    def _unsupported(self, operator: str) -> str:
        return (
            f"{self!r} is a column of the result, which filters are not known to support; "
            f"to try it anyway write Field({quote(self.name)})"
        )


class Field(NumberMixin[Any], DateMixin[Any], MembershipMixin[Any], TextSearchMixin[Any]):
    """A field of unknown type, with every operator.

    Text is sent unchanged; numbers, booleans and dates as by the fields of that type.

    >>> from leadquery.fields import Field
    >>> Field("mx_Anything") >= "0.50"
    Field("mx_Anything") >= "0.50"
    """

    __slots__ = ()
    _encode = encoders.encode_any
    _is_flag = None

    def _is_day(self, value: object) -> bool:
        # Text that looks like a date may be something else.
        return not isinstance(value, str) and is_whole_day(value)

    def _described(self) -> str:
        return repr(self)
