"""Every error, below what it is a kind of."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getdoc

from docs.derived.markdown import code, listed
from leadquery.errors import LeadQueryError


def errors() -> str:
    """The tree as a list, each with what it says."""
    return "\n".join(_branch(LeadQueryError, 0))


def _branch(error: type[Exception], depth: int) -> Iterator[str]:
    inside = "  " * depth
    paragraphs = (getdoc(error) or "").split("\n\n")
    yield f"{inside}- {code(error.__name__)}{_also(error)}"
    for text in paragraphs:
        yield f"\n{inside}  {text.replace(chr(10), ' ')}"
    for one in error.__subclasses__():
        if one.__module__ == LeadQueryError.__module__:
            yield from _branch(one, depth + 1)


def _also(error: type[Exception]) -> str:
    """What of Python's own an error is, too."""
    others = [one.__name__ for one in error.__bases__ if one.__module__ == "builtins"]
    return f", also a {listed(others)}" if others and others != ["Exception"] else ""
