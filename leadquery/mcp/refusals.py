"""What a tool call is refused with: one message, which says what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, Final, TypeGuard, TypeVar

import attrs

from leadquery._util.text import closest_match, describe_json, escape_unprintable
from leadquery.errors import ApiError, LeadQueryError, QueryError
from leadquery.lint.report import Report, message_text

T = TypeVar("T")

MOST_LISTED: Final = 5
"""How many mistakes a message lists."""

MAX_MESSAGE: Final = 600
"""The most characters of one mistake in a message."""


class RefusedCallError(LeadQueryError, page="how-to/assistants.md"):
    """A tool call that is not done; the message says what to write instead."""


def plain_message(error: LeadQueryError) -> str:
    """The message of an error without an excerpt of Python, which a model has not written."""
    text = BaseException.__str__(error) if isinstance(error, QueryError) else str(error)
    if isinstance(error, ApiError) and not error.hint and error.transient:
        text = f"{text}; call the tool again"
    return shorten(escape_unprintable(text))


def shorten(text: str, most: int = MAX_MESSAGE) -> str:
    """The text, cut in the middle if it is long."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"


def list_mistakes(what: str, mistakes: Iterable[str], more: str = "") -> RefusedCallError:
    """The error for what has mistakes, which lists the first of them, a line each."""
    found = [shorten(escape_unprintable(one)) for one in dict.fromkeys(mistakes)]
    if len(found) == 1:
        return RefusedCallError(f"{what}: {found[0]}")
    lines = [f"- {one}" for one in found[:MOST_LISTED]]
    if len(found) > MOST_LISTED:
        lines.append(f"- and {len(found) - MOST_LISTED} more{more}")
    return RefusedCallError("\n".join([f"{what} has {len(found)} mistakes:", *lines]))


def name_hint(name: object, known: Collection[str], otherwise: str = "write one of") -> str:
    """What to write instead of a name that is not known: the nearest, or any of them."""
    near = closest_match(str(name).casefold(), {one.casefold(): one for one in known})
    return f"write {near!r}" if near else f"{otherwise} {', '.join(known)}"


def diagnostic_lines(report: Report, severity: str | None = None) -> list[str]:
    """The diagnostics of a payload, a line each: the place, what was found, what to write."""
    return [
        f"{one.code} {one.path}: {message_text(one)}"
        for one in report.all_diagnostics
        if severity in (None, one.severity)
    ]


_EXPECTED: Final[dict[type, str]] = {
    str: "a text, in quotes",
    list: "a list, in [...]",
    dict: "an object, in {...}",
    bool: "true or false",
    int: "a whole number",
}


@attrs.define(eq=False)
class Mistakes:
    """Collects the mistakes of a call, each with its place."""

    found: list[str] = attrs.field(factory=list)

    def add(self, place: str, message: str) -> None:
        """Add one."""
        is_named = not place or message.startswith(f"{place}: ")
        self.found.append(message if is_named else f"{place}: {message}")

    def build(
        self, place: str, function: Callable[..., T], *arguments: Any, hint: str | None = None
    ) -> T | None:
        """What a function returns; None, and a mistake, if it raises QueryError.

        `hint` is what to write instead in JSON, where the error says it in Python.
        """
        try:
            return function(*arguments)
        except QueryError as error:
            message = plain_message(error)
            self.add(place, message if hint is None else f"{message.partition('; ')[0]}; {hint}")
        return None

    def change(
        self,
        before: T,
        place: str,
        function: Callable[..., T],
        *arguments: Any,
        hint: str | None = None,
    ) -> T:
        """What a function returns; what was there before, and a mistake, if it raises."""
        # Queries are neither true nor false.
        after = self.build(place, function, *arguments, hint=hint)
        return before if after is None else after

    def check_type(self, value: object, place: str, *expected: type[T]) -> TypeGuard[T]:
        """Whether a JSON value has one of some types; a mistake if it has another."""
        is_bool_as_number = isinstance(value, bool) and bool not in expected
        if isinstance(value, expected) and not is_bool_as_number:
            return True
        wanted = ", or ".join(_EXPECTED[one] for one in expected)
        self.add(place, f"found {describe_json(value)}; write {wanted}")
        return False

    def check_keys(self, place: str, given: dict[str, Any], known: Collection[str]) -> None:
        """A mistake for each key that is not known, with the nearest."""
        for key in given:
            if key not in known:
                self.add(place, f"unknown key {describe_json(key)}; {name_hint(key, known)}")
