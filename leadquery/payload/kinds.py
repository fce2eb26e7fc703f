"""What each kind of field offers and holds, said of the filters of a payload."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from leadquery.errors import QueryError
from leadquery.fields import Boolean, Choice, Date, Identifier, Number, Text, Time
from leadquery.spec.findings import Change, Spot, Walk, shown
from leadquery.spec.forms import Moment, moment
from leadquery.spec.forms.dates import said
from leadquery.spec.rules import Rule
from leadquery.spec.vocabulary import FALSE, TRUE, Function, Operator
from leadquery.words.word import Word, offers

Kind = type[Word[Any]]

_CALLED: Final[tuple[tuple[Kind, str], ...]] = (
    (Number, "a number"),
    (Choice, "a dropdown"),
    (Text, "text"),
    (Boolean, "true or false"),
    (Date, "a date"),
    (Time, "a time of day"),
    (Identifier, "an id"),
)
_TRUTHS: Final = {"true": True, "yes": True, TRUE: True, "false": False, "no": False, FALSE: False}
_plain = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)").fullmatch
_grouped = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?").fullmatch


def operators_of(word: Word[Any]) -> tuple[Operator, ...]:
    """The operators that the kind of a field offers, in the order of the API's table."""
    return tuple(one for one in Operator if offers(word, one))


def report_operator(word: Word[Any], operator: Operator, spot: Spot) -> None:
    """Note an operator that the kind of a field lacks."""
    *most, last = [repr(one.token) for one in operators_of(word)]
    message = f"{shown(word.name)} is {_called(word)}, which has no {operator.token!r}"
    spot.report(Rule.KIND_OPERATOR, message, f"it has {', '.join(most)} and {last}")


def report_function(word: Word[Any], function: Function, spot: Spot) -> None:
    """Note that something is computed of a field that is no number."""
    message = f"{shown(word.name)} is {_called(word)}, which has no {function.label}"
    hint = f"name a field of numbers, or count with {Function.COUNT.token!r}"
    spot.report(Rule.KIND_FUNCTION, message, hint)


def check_value(word: Word[Any], value: str, operator: Operator, spot: Spot) -> None:
    """Note a value that the kind of a field cannot have."""
    match word:
        case Number():
            _number(word, value, spot)
        case Boolean():
            _boolean(word, value, spot)
        case Date():
            _date(word, value, operator, spot)
        case Time():
            _time(word, value, spot)


def _called(word: Word[Any]) -> str:
    return next(called for kind, called in _CALLED if isinstance(word, kind))


def _report(spot: Spot, message: str, hint: str) -> None:
    spot.report(Rule.KIND_VALUE, message, hint)


def _write(spot: Spot, message: str, text: str, *, safe: bool) -> None:
    fix = spot.fix(Change.WRITE, text, safe=safe)
    spot.report(Rule.KIND_VALUE, message, f"write {text!r}", fix)


def _number(word: Word[Any], value: str, spot: Spot) -> None:
    if _plain(value):
        return
    grouped = _grouped(value) is not None
    try:
        text = word.text(Decimal(value.replace(",", "") if grouped else value))
    except (ArithmeticError, QueryError):
        _report(spot, f"{shown(value)} is no number", "write a number such as '20' or '0.5'")
    else:
        # Elsewhere the comma may stand before the decimals.
        _write(spot, f"{shown(value)} is no plain number", text, safe=not grouped)


def _boolean(word: Word[Any], value: str, spot: Spot) -> None:
    if value in (TRUE, FALSE):
        return
    truth = _TRUTHS.get(value.strip().casefold())
    message = f"{shown(value)} stands where {TRUE!r} or {FALSE!r} belongs"
    if truth is None:
        _report(spot, message, f"write {TRUE!r} for true or {FALSE!r} for false")
    else:
        _write(spot, message, word.text(truth), safe=True)


def _date(word: Word[Any], value: str, operator: Operator, spot: Spot) -> None:
    try:
        moment(value)
    except ValueError:
        meant = said(value)
    else:
        return
    if meant.whole_day and len(meant.moments) == 1:
        _day(word, value, meant.moments[0], operator, spot)
        return
    apart = Walk(spot.walk.read)
    late = operator in (Operator.ABOVE, Operator.AT_MOST)
    Spot(spot.path, apart).read(Moment(last=late), value)
    spot.walk.findings.extend(one._replace(rule=Rule.KIND_VALUE) for one in apart.findings)


def _day(word: Word[Any], value: str, start: datetime, operator: Operator, spot: Spot) -> None:
    """Note a date without a time of day: which of its moments is meant hangs on the operator."""
    message, day = f"{value!r} has no time of day", start.date()
    first, last = word.text(day, Operator.AT_LEAST), word.text(day, Operator.AT_MOST)
    if operator is Operator.EQUAL:
        least, most = Operator.AT_LEAST.token, Operator.AT_MOST.token
        hint = f"for the whole day write two filters, {least!r} {first!r} and {most!r} {last!r}"
        _report(spot, message, hint)
    elif operator is Operator.NOT_EQUAL:
        _report(spot, message, f"write a moment such as {first!r}")
    else:
        _write(spot, message, word.text(day, operator), safe=False)


def _time(word: Word[Any], value: str, spot: Spot) -> None:
    message = f"{shown(value)} is no time of day as the API writes it"
    try:
        text = word.text(value)
    except QueryError:
        _report(spot, message, "write a time such as '09:30:00'")
    else:
        if text != value:
            _write(spot, message, text, safe=False)
