"""The errors, as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getdoc

from docs.derived.markdown import code, code_list
from leadquery.errors import LeadQueryError


def errors() -> str:
    """Return a nested list of the exception classes, each with its docstring."""
    return "\n".join(_branch(LeadQueryError, 0))


def _branch(error: type[Exception], depth: int) -> Iterator[str]:
    indent = "  " * depth
    paragraphs = (getdoc(error) or "").split("\n\n")
    yield f"{indent}- {code(error.__name__)}{_builtin_bases(error)}"
    for text in paragraphs:
        yield f"\n{indent}  {text.replace(chr(10), ' ')}"
    for subclass in error.__subclasses__():
        if subclass.__module__ == LeadQueryError.__module__:
            yield from _branch(subclass, depth + 1)


def _builtin_bases(error: type[Exception]) -> str:
    bases = [base.__name__ for base in error.__bases__ if base.__module__ == "builtins"]
    return f", also a {code_list(bases)}" if bases and bases != ["Exception"] else ""
