"""The schema names that people mean, where they write what they see or several at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadquery import _explain
from leadquery.errors import QueryError
from leadquery.wire.protocol import SEPARATOR


def name_index(words: Mapping[str, Any]) -> dict[str, str]:
    """The name of each word by the letters of its name and of its label, where it has one."""
    names = {_explain.normalize_name(name): name for name in words}
    labels = {
        _explain.normalize_name(word.label): name
        for name, word in words.items()
        if hasattr(type(word), "label")
    }
    return labels | names


def validate_schema_name(text: str) -> str:
    """A text that is one schema name."""
    if _is_one(text):
        return text
    parts = [part for part in map(str.strip, text.split(SEPARATOR)) if part]
    if not parts:
        raise QueryError(f"{text!r} names no field; write a schema name such as 'mx_City'")
    meant = list(map(_meant, parts))
    names = [repr(name) for name in meant if name is not None]
    hint = ", ".join(names) if len(names) == len(meant) else "a name such as 'mx_City'"
    raise QueryError(f"{text!r} is no schema name, which has no blank and no comma; write {hint}")


def _is_one(text: str) -> bool:
    return text.split() == [text] and SEPARATOR not in text


def _meant(part: str) -> str | None:
    """The schema name of a standard field, said by its name or label in several words."""
    from leadquery.fields import STANDARD

    return part if _is_one(part) else name_index(STANDARD).get(_explain.normalize_name(part))
