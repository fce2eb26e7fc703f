"""Methods of a question that are called otherwise than they are: what to write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from leadquery import _explain, fields, users
from leadquery._util.suggest import normalize_name
from leadquery._util.text import safe_repr
from leadquery.errors import QueryError, UsageError
from leadquery.expr.registry import name_index
from leadquery.wire.model import FIRST_PAGE, Paging
from leadquery.wire.schema import keys_of
from leadquery.wire.types import MAX_INT


def _called(attribute: str, *others: str) -> set[str]:
    """What people call a number of a page, as the letters of it."""
    key = keys_of(Paging)[attribute]
    return {*others, *map(normalize_name, (key.token, *key.slips))}


_INDEX: Final = _called("index", "number", "n")

_SIZE: Final = _called("size", "rows", "count")


def keyword(method: str, given: Mapping[str, object], live: object) -> UsageError:
    """The error for conditions that were written as keywords, with the words that are meant."""
    if method == "where":
        return _explain.keyword_error(
            method, given, live, name_index(fields.STANDARD), 'Field("{}")'
        )
    names = {letters: f"users.{name}" for letters, name in name_index(users.STANDARD).items()}
    return _explain.keyword_error(method, given, live, names, 'users.Attribute("{}")')


def between(
    kind: str, start: object, end: object, more: tuple[object, ...], wrong: Mapping[str, object]
) -> UsageError:
    """The error of a range of dates that is called otherwise."""
    pair = (
        [*map(safe_repr, start)] if isinstance(start, (list, tuple)) and len(start) == 2 else None
    )
    if end is ... and not wrong:
        ends = "start, start" if pair is None else ", ".join(pair)
        since = "" if pair else f", or {kind}_since(start) for all days from it on"
        day = "" if pair else " for one day"
        return _explain.wrong_call_error(
            f"{kind}_between takes a start and an end; write {kind}_between({ends}){day}{since}"
        )
    zone = more[0] if more else next(iter(wrong.values()), None)
    said = f"tz={zone!r}" if isinstance(zone, str) else "tz=..."
    return _explain.wrong_call_error(
        f"{kind}_between takes a start, an end and tz=; write {kind}_between(start, end, {said})"
    )


def page(index: object, size: object, wrong: Mapping[str, object]) -> UsageError:
    """The error of a page that is called otherwise."""
    named = {normalize_name(name): value for name, value in wrong.items()}
    number = next((value for name, value in named.items() if name in _INDEX), index)
    rows = next((value for name, value in named.items() if name in _SIZE), size)
    return _explain.wrong_call_error(
        f"page takes an index and a size; write page{_meant(number, rows)}"
    )


def paging(index: object, size: object) -> Paging:
    """The page of numbers that are not Python's own; QueryError for what is no number."""
    for what, number in (("page", index), ("size", size)):
        if _number(number) is None:
            raise QueryError(
                f"a {what} is a whole number from 1 to {MAX_INT}, not {number!r}; "
                f"write page{_meant(index, size)}"
            )
    # A subclass may say itself otherwise.
    return Paging(int(index), int(size))  # type: ignore[call-overload]


def _meant(index: object, size: object) -> tuple[int, int]:
    """The numbers that are meant, digits in a text too."""
    return _read(index) or FIRST_PAGE.index, _read(size) or FIRST_PAGE.size


def _read(number: object) -> int | None:
    digits = isinstance(number, str) and number.isdecimal() and len(number) < len(str(MAX_INT))
    return _number(int(number) if digits else number)  # type: ignore[call-overload]


def _number(number: object) -> int | None:
    """A number that counts pages or rows, None for what is none."""
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MAX_INT:
        return None
    return int(number)
