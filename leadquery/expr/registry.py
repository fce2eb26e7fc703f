"""The standard lead fields and user attributes, by name.

`leadquery.fields` and `leadquery.users` register theirs when they are loaded. Code below these
modules looks them up here; the first look-up loads the module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from leadquery._util.text import normalize_name

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.user_field import Attribute

T = TypeVar("T")


class Registry(Generic[T]):
    """The fields or attributes that one module defines."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._by_name: dict[str, T] = {}
        self._by_alias: dict[str, tuple[str, ...]] = {}

    def register(
        self, entries: Mapping[str, T], aliases: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Add entries by name; `aliases` are the other names of each, which several may share."""
        self._by_name.update(entries)
        self._by_alias |= alias_index(aliases or {})

    def all(self) -> Mapping[str, T]:
        """Every entry by its name."""
        import_module(self._module)
        return self._by_name

    def get(self, name: str) -> T | None:
        """The entry of a name."""
        return self.all().get(name)

    def find(self, text: str) -> tuple[str, ...]:
        """The names of the entries that a name, label or alias stands for.

        Case, blanks and underscores do not count. An alias may stand for several.
        """
        key = normalize_name(text)
        name = name_index(self.all()).get(key)
        return self._by_alias.get(key, ()) if name is None else (name,)


def name_index(entries: Mapping[str, Any]) -> dict[str, str]:
    """The name of each entry by its normalized name and by its normalized label, if any."""
    names = {normalize_name(name): name for name in entries}
    labels = {
        normalize_name(entry.label): name
        for name, entry in entries.items()
        if hasattr(type(entry), "label")
    }
    return labels | names


def alias_index(
    aliases: Mapping[str, Sequence[str]], normalize: Callable[[str], str] = normalize_name
) -> dict[str, tuple[str, ...]]:
    """The names that each normalized alias stands for, from the aliases of each name."""
    index: dict[str, tuple[str, ...]] = {}
    for name, others in aliases.items():
        for alias in map(normalize, others):
            index[alias] = (*index.get(alias, ()), name)
    return index


FIELDS: Final[Registry[BaseField[Any]]] = Registry("leadquery.fields")
"""The standard lead fields."""

ATTRIBUTES: Final[Registry[Attribute]] = Registry("leadquery.users")
"""The standard user attributes."""


# Pickles of standard fields and attributes name these functions.
def standard_field(name: str) -> BaseField[Any]:
    """The standard field of a schema name."""
    return FIELDS.all()[name]


def standard_attribute(name: str) -> Attribute:
    """The standard attribute of a name."""
    return ATTRIBUTES.all()[name]
