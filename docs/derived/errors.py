"""The errors: a tree, and what each means."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getdoc

from docs.derived.markdown import code, code_block
from leadquery import errors as module
from leadquery.errors import LeadQueryError


def errors() -> str:
    """The tree of classes, and a heading for each with its docstring."""
    _, _, tree = (module.__doc__ or "").partition("\n\n")
    return "\n\n".join([code_block(tree).strip(), *_sections(LeadQueryError)])


def _sections(error: type[Exception]) -> Iterator[str]:
    bases = [code(base.__name__) for base in error.__bases__ if base is not Exception]
    kind = [f"A kind of {' and '.join(bases)}."] if bases else []
    paragraphs = (getdoc(error) or "").split("\n\n")
    texts = [paragraph.replace("\n", " ") for paragraph in paragraphs]
    yield "\n\n".join([f"## {error.__name__}", *kind, *texts])
    for subclass in error.__subclasses__():
        if subclass.__module__ == LeadQueryError.__module__:
            yield from _sections(subclass)
