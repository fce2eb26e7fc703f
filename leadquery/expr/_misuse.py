"""What Python was asked to do with a thing that cannot do it, and who tells of it."""

from __future__ import annotations

from typing import TypeVar

from leadquery.errors import QueryError

E = TypeVar("E", bound=QueryError)


class Misuse:
    """What happened to one of our things.

    `what` names it, `live` is the thing, `name` a name or a sign that was used, `value` what
    stood beside it, `argument` its place among others, and `near` the name that was meant.
    """

    __slots__ = ("argument", "live", "name", "near", "value", "what")

    # Written out, for it is loaded with the first query.
    def __init__(
        self,
        what: str,
        live: object = None,
        name: str = "",
        value: object = None,
        argument: int = 0,
        near: str | None = None,
    ) -> None:
        self.what, self.live, self.name = what, live, name
        self.value, self.argument, self.near = value, argument, near


def explain(error: E, event: Misuse) -> E:
    """The error with its line, and the line written right, as far as they are known.

    Whatever goes wrong on the way, the error is raised as it would have been.
    """
    text = error.args
    error.__traceback__ = error.__context__ = None
    try:
        from leadquery._explain.render import render

        render(error, event)
    except Exception:  # noqa: BLE001 - who explains a slip must not make another.
        error.args = text
    return error
