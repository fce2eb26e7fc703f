"""The writers, as functions made once, on first use, from the forms."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from leadquery.wire.generated import Source
from leadquery.wire.model import Request
from leadquery.wire.notations import Item, Objects, Texts
from leadquery.wire.schema import Array, Class, Form, JoinedArray, Key, Object, Union, keys_of

if TYPE_CHECKING:
    from leadquery.lint.diagnostics import Json


def to_payload(request: Request) -> dict[str, Json]:
    """The payload of a request. Keys stand in the order of the API page's sample."""
    written: dict[str, Json] = _writer(Objects)(request)
    return written


def text_writer() -> Callable[[Request], str]:
    """What writes a request as the json module does, without an object in between."""
    return _writer(Texts)


@cache
def entry_writer(form: Form) -> Callable[[Any], Json]:
    """How an entry of a list travels."""
    source = Source()
    return source.run(_Writer(source, Objects()).function(form))


@cache
def _writer(notation: type[Objects | Texts]) -> Callable[[Any], Any]:
    source = Source()
    return source.run(_Writer(source, notation()).function(Object(Request)))


class _Writer:
    """Writes functions from the model to what travels."""

    def __init__(self, source: Source, notation: Objects | Texts) -> None:
        self._source = source
        self._say = notation

    def function(self, form: Form) -> str:
        """A function of one object or value, which another may call: groups hold groups."""
        made_of = form.of if isinstance(form, Object) else form
        return self._source.function(made_of, lambda: [f"return {self._made(form)}"])

    def _made(self, form: Form) -> str:
        match form:
            case Object(of):
                return self._object(of)
            case Union(of):
                *most, last = [(self._source.bind(cls), self._object(cls)) for cls in of]
                told = [f"{made} if it.__class__ is {cls} else " for cls, made in most]
                return f"{''.join(told)}{last[1]}"
        return self._say.returned(self._value(form, "it"))

    def _value(self, form: Form, value: str) -> str:
        match form:
            case Object() | Union():
                return self._say.one(self.function(form), value)
            case Array() | JoinedArray():
                return self._say.several(self.function(form.of), value, self._source.bind)
        return self._say.leaf(form, value, self._source.bind)

    def _object(self, cls: Class) -> str:
        return self._say.together(
            [self._item(key, f"it.{attribute}") for attribute, key in keys_of(cls).items()]
        )

    def _item(self, key: Key, value: str) -> Item:
        if key.required:
            return Item(key.token, self._value(key.form, value), "")
        held = self._source.name()
        return Item(key.token, self._value(key.form, held), f"({held} := {value})")
