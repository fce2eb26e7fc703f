"""The writers, as functions made once, on first use, from the forms."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import takewhile
from typing import Any

from leadquery.payload.generated import Lines, Source, inside
from leadquery.spec.findings import Json
from leadquery.spec.forms import Leaf, WholeNumber
from leadquery.spec.forms.texts import Bind
from leadquery.spec.model import Request
from leadquery.spec.shapes import Chain, Class, Form, Key, Nested, Several, Variants, keys_of

Items = list[tuple[str, str]]
"""The keys of an object, each with the source of its value."""


def write(request: Request) -> dict[str, Json]:
    """The payload of a request. Keys stand in the order of the API page's sample."""
    written: dict[str, Json] = _writer(_Objects)(request)
    return written


def write_text(request: Request) -> str:
    """The payload of a request as the json module writes it, without an object in between."""
    written: str = _writer(_Texts)(request)
    return written


@cache
def entry_writer(form: Form) -> Callable[[Any], Json]:
    """How an entry of a list travels."""
    source = Source()
    writer = _Writer(source, _Objects())
    return source.run(
        source.function((form, "entry"), lambda: [f"return {writer.value(form, 'it')}"])
    )


class _Objects:
    """How source makes an object and a list for the json module."""

    end = "return out"

    def start(self, items: Items) -> str:
        return f"out = {{{', '.join(f'{token!r}: {value}' for token, value in items)}}}"

    def add(self, token: str, value: str) -> str:
        return f"out[{token!r}] = {value}"

    def several(self, one: str, of: str) -> str:
        return f"[{one} for one in {of}]"

    def leaf(self, form: Leaf, value: str, bind: Bind) -> str:
        return form.write_source(value, bind)


class _Texts:
    """How source makes the text of an object and of a list, as the json module writes it."""

    end = "return '{%s}' % ', '.join(out)"

    def start(self, items: Items) -> str:
        if not items:
            return "out = []"
        texts = ", ".join(f'"{token}": %s' for token, _ in items)
        return f"out = [{texts!r} % ({', '.join(value for _, value in items)},)]"

    def add(self, token: str, value: str) -> str:
        start = f'"{token}": '
        return f"out.append({start!r} + {value})"

    def several(self, one: str, of: str) -> str:
        return f"'[%s]' % ', '.join([{one} for one in {of}])"

    def leaf(self, form: Leaf, value: str, bind: Bind) -> str:
        from json.encoder import encode_basestring_ascii

        text = int.__repr__ if isinstance(form, WholeNumber) else encode_basestring_ascii
        return f"{bind(text)}({form.write_source(value, bind)})"


@cache
def _writer(notation: type[_Objects | _Texts]) -> Callable[[Any], Any]:
    source = Source()
    return source.run(_Writer(source, notation()).function(Request))


class _Writer:
    """Writes functions from the model to what travels."""

    def __init__(self, source: Source, notation: _Objects | _Texts) -> None:
        self._source = source
        self._say = notation

    def function(self, cls: Class) -> str:
        return self._source.function(cls, lambda: self._body(cls))

    def _body(self, cls: Class) -> Lines:
        keys = keys_of(cls)
        # What is required from the first key on is put together at once, which is faster.
        first = list(takewhile(lambda attribute: keys[attribute].required, keys))
        items = [self._item(keys[attribute], f"it.{attribute}") for attribute in first]
        lines = [self._say.start(items)]
        for attribute, key in list(keys.items())[len(items) :]:
            add = self._say.add(*self._item(key, "value"))
            lines += [f"value = it.{attribute}", add if key.required else f"if value: {add}"]
        return [*lines, self._say.end]

    def _item(self, key: Key, value: str) -> tuple[str, str]:
        return key.token, self.value(key.form, value)

    def value(self, form: Form, value: str) -> str:
        match form:
            case Nested(of):
                return f"{self.function(of)}({value})"
            case Variants():
                return f"{self._source.function(form, lambda: self._choice(form))}({value})"
            case Several() | Chain():
                return self._say.several(self.value(form.of, "one"), value)
            case _:
                return self._say.leaf(form, value, self._source.bind)

    def _choice(self, form: Variants) -> Lines:
        lines = []
        for cls in form.of:
            is_it = f"if it.__class__ is {self._source.bind(cls)}:"
            lines += [is_it, *inside(self._body(cls))]
        return lines
