"""How objects are made of forms: nesting, lists, variants, and the key of each attribute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import attrs

from leadquery.lint.rules.registry import Rule, Severity
from leadquery.wire.types import EnumType, Leaf

Class = Any
"""A class of `leadquery.wire.model`."""


@attrs.frozen(eq=False, repr=False)
class Object:
    """One JSON object."""

    of: Class


@attrs.frozen(eq=False, repr=False)
class Union:
    """One JSON object of several shapes, told apart by the value of one key.

    `beside` is the rule that a key of another shape breaks.
    """

    of: tuple[Class, ...]
    by: str
    beside: Rule

    @property
    def ignored(self) -> bool:
        """Whether a key of another shape is not read, and may stand here when empty."""
        return self.beside.severity is Severity.WARNING

    @property
    def any_of(self) -> EnumType[Any]:
        """The form of the telling key, with the rows of every shape."""
        return EnumType(keys_of(self.of[0])[self.by].form.terms)

    def told_by(self, row: Any) -> Class | None:
        """The shape that a row of the telling key belongs to."""
        for cls in self.of:
            if row in keys_of(cls)[self.by].form.allowed():
                return cls
        return None


@attrs.frozen(eq=False, repr=False)
class Array:
    """A list with at least one entry."""

    of: Any


class JoinedArray:
    """A list of objects, each of which but the last names the word that joins it to the next.

    The word stands in the attribute `joiner`, and is the same all along.
    """

    def __init__(self, of: Callable[[], Class]) -> None:
        self._of = of

    @property
    def of(self) -> Object:
        return Object(self._of())


Form = Leaf | Object | Union | Array | JoinedArray


class Key(NamedTuple):
    """How an attribute travels: its key, the form of its value, how people misspell the key."""

    token: str
    form: Any
    required: bool
    slips: tuple[str, ...]


_KEY: Final = "leadquery.key"


def key(token: str, form: Form, *, required: bool = True, slips: tuple[str, ...] = ()) -> Any:
    """An attrs field that travels under a JSON key. What is not required is None when absent."""
    return attrs.field(metadata={_KEY: Key(token, form, required, slips)})


class WireObject:
    """What travels as a JSON object.

    One repr, one comparison and one hash for all, since attrs compiles its own for each class.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _values_of(other) == _values_of(self)

    def __hash__(self) -> int:
        return hash((type(self), *_values_of(self).values()))

    def __repr__(self) -> str:
        held = [f"{attribute}={value!r}" for attribute, value in _values_of(self).items()]
        return f"{type(self).__name__}({', '.join(held)})"


def _values_of(shape: object) -> dict[str, Any]:
    return {attribute: getattr(shape, attribute) for attribute in keys_of(type(shape))}


def keys_of(cls: Class) -> dict[str, Key]:
    """The keys of a class of the model, by attribute, in the order they are written."""
    found = _KEYS.get(cls)
    if found is None:
        found = _KEYS[cls] = {field.name: field.metadata[_KEY] for field in attrs.fields(cls)}
    return found


def key_name(cls: Class, attribute: str) -> str:
    """The key that an attribute travels under."""
    token: str = keys_of(cls)[attribute].token
    return token


_KEYS: Final[dict[Class, dict[str, Key]]] = {}
