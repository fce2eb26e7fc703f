"""What is at an offset of a JSON text, which may be unfinished or broken.

Everything before the offset is passed over by a regular expression that stops at brackets only, so
that a long text takes little time; only the object around the offset is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from leadquery.lint.json_parser import MAX_DEPTH
from leadquery.lint.key_matching import normalize_key
from leadquery.wire.model import Request
from leadquery.wire.schema import Array, Class, JoinedArray, Key, Object, Type, Union, keys_of

_STRING: Final = r'"(?:[^"\\\r\n]++|\\[^\r\n])*+\\?+(?:"|(?=[\r\n])|\Z)'
"""A text in quotes; one that is not closed ends with its line."""

_COMMENT: Final = r"//[^\r\n]*+|/\*(?s:.*?)(?:\*/|\Z)|\#[^\r\n]*+"

_TOKENS: Final = rf'[^"{{}}\[\]/\#]++|{_STRING}|{_COMMENT}|/'

_FLAT: Final = rf"\{{(?:{_TOKENS})*+\}}"
"""An object without others in it."""

_bracket = re.compile(rf"(?:{_TOKENS}|{_FLAT})*+(?:([{{}}\[\]])|\Z)")
"""The next bracket that is not of a flat object, or the end."""

_flat = re.compile(_FLAT)

_closed_tokens = re.compile(
    rf'(?:[^"/\#]++|"(?:[^"\\\r\n]++|\\[^\r\n])*+\\?+(?:"|(?=[\r\n]))|{_COMMENT}|/)*+'
)

_string = re.compile(_STRING)

_separators = re.compile(rf"(?:[\s,;]++|{_COMMENT})*+")

_scalar = re.compile(rf'{_STRING}|[^\s,;:{{}}\[\]"]++|.')

_colon = re.compile(r"\s*+[:=]\s*+")

_key_before = re.compile(r'("(?:[^"\\\r\n]|\\.)*"|[\w$]+)\s*[:=]\s*\Z')

_bare_start = re.compile(r'[^\s,;:{}\[\]"]*\Z')

_bare_rest = re.compile(r'[^\s,;:{}\[\]"]*')

_WINDOW: Final = 500
"""Characters before a value in which its key is looked for."""

_MAX_MEMBERS: Final = 1_000
"""Members of an object that are read."""


class KeyOf(NamedTuple):
    """A key of the model, its class and its attribute."""

    cls: Class
    attribute: str
    key: Key


class Cursor(NamedTuple):
    """The key or the value at an offset, which a completion replaces.

    It is at `start` to `end`. `text` is what is written there without quotes, and `before` its part
    before the offset. `classes` are those of the model that the object around it may be of, and
    `members` the other keys of this object, each with its value if that is a text. `of` is the
    key whose value it is, or of whose value it is an item; it is None at a key.
    """

    start: int
    end: int
    text: str
    before: str
    classes: tuple[Class, ...]
    members: Mapping[str, str | None]
    of: KeyOf | None
    has_value: bool
    """Whether a colon follows, as behind a key."""

    def find_key(self, name: str) -> KeyOf | None:
        """A key of the classes by a name that it has, with its class and attribute."""
        return _find_key(self.classes, name)

    def member(self, attribute: str) -> str | None:
        """The text under the key of an attribute of one of the classes."""
        for name, text in self.members.items():
            found = self.find_key(name)
            if found is not None and found.attribute == attribute:
                return text
        return None


def cursor_at(text: str, offset: int) -> Cursor | None:
    """What is at an offset; None if it is not in an object that the model has."""
    openers, inside = _open_brackets(text, offset)
    objects = [index for index, opener in enumerate(openers) if text[opener] == "{"]
    if not objects:
        return None
    wire_type, opener = _type_of(text, openers[: objects[-1] + 1]), openers[objects[-1]]
    classes = _classes(wire_type)
    if not classes:
        return None
    start, end = _token(text, inside, offset)
    written = text[start:end]
    is_item = text[openers[-1]] == "["
    inner = openers[objects[-1] + 1] if is_item else start
    key_before = _key_before.search(text[max(opener, inner - _WINDOW) : inner])
    found = _find_key(classes, _plain(key_before[1])) if key_before else None
    if (key_before or is_item) and found is None:
        return None
    members = _members(text, opener, start)
    quote = written.startswith('"')
    return Cursor(
        start=start,
        end=end,
        text=_plain(written),
        before=text[start + quote : offset],
        classes=_narrowed(wire_type, classes, members),
        members=members,
        of=found,
        has_value=_colon.match(text, end) is not None,
    )


def _open_brackets(text: str, offset: int) -> tuple[list[int], int]:
    """The offsets of the brackets that are open at an offset, and where the last bracket ends."""
    found: list[int] = []
    inside = 0
    for match in _bracket.finditer(text, 0, offset):
        if match[1] is None:
            continue
        inside = match.end()
        if match[1] in "}]":
            del found[-1:]
        elif len(found) < MAX_DEPTH:
            found.append(inside - 1)
        else:
            return [], 0
    return found, inside


def _token(text: str, inside: int, offset: int) -> tuple[int, int]:
    """The text in quotes or the word at an offset; `inside` is in the same brackets before it."""
    closed = _closed_tokens.match(text, inside, offset)
    start = closed.end() if closed else offset
    if text[start : start + 1] == '"':
        end = _end(_string, text, start)
        is_closed = end - start > 1 and text[end - 1] == '"'
        return start, end if is_closed else max(offset, start + 1)
    before = text[max(inside, offset - _WINDOW) : offset]
    bare = _bare_start.search(before)
    return offset - len(bare[0] if bare else ""), _end(_bare_rest, text, offset)


def _type_of(text: str, openers: list[int]) -> Type | None:
    """The type of the innermost of some nested brackets."""
    found: Type | None = Object(Request) if text[openers[0]] == "{" else None
    for outer, opener in pairwise(openers):
        if text[outer] == "[":
            # An object in a list, where it belongs without one, is read, too.
            found = found.of if isinstance(found, (Array, JoinedArray)) else found
            continue
        key = _key_before.search(text[max(outer, opener - _WINDOW) : opener])
        if key is not None:
            member = _find_key(_classes(found), _plain(key[1]))
            found = member.key.type if member else None
        # Without a key, the object before it is not closed yet; this one is its neighbour.
    return found


def _classes(wire_type: Type | None) -> tuple[Class, ...]:
    """The classes of the objects of a type, or of the objects in its list."""
    if isinstance(wire_type, (Array, JoinedArray)):
        return _classes(wire_type.of)
    if isinstance(wire_type, Object):
        return (wire_type.of,)
    return wire_type.of if isinstance(wire_type, Union) else ()


def _narrowed(
    wire_type: Type | None, classes: tuple[Class, ...], members: Mapping[str, str | None]
) -> tuple[Class, ...]:
    """The class that the deciding key of a union says, or all of its classes."""
    if isinstance(wire_type, Array):
        wire_type = wire_type.of
    if not isinstance(wire_type, Union):
        return classes
    name = keys_of(classes[0])[wire_type.discriminator].name
    for member in wire_type.discriminator_type.allowed():
        if members.get(name) in member.spellings:
            cls = wire_type.discriminate(member)
            return classes if cls is None else (cls,)
    return classes


def _find_key(classes: tuple[Class, ...], name: str) -> KeyOf | None:
    normalized = normalize_key(name)
    for cls in classes:
        for attribute, key in keys_of(cls).items():
            if normalized in map(normalize_key, (key.name, *key.aliases)):
                return KeyOf(cls, attribute, key)
    return None


def _members(text: str, opener: int, skipped: int) -> dict[str, str | None]:
    """The members of an object, but for the one whose key or value is at the offset `skipped`."""
    members: dict[str, str | None] = {}
    at = opener + 1
    for _ in range(_MAX_MEMBERS):
        at = key_at = _end(_separators, text, at)
        if text[at : at + 1] in ("", "}", "]"):
            break
        name, at = _value(text, at)
        colon = _colon.match(text, at)
        if colon is None or name is None:
            continue
        at = value_at = colon.end()
        value = None
        if text[at : at + 1] not in ("", ",", ";", "}", "]"):
            value, at = _value(text, at)
        if skipped not in (key_at, value_at):
            members[name] = value
    return members


def _value(text: str, at: int) -> tuple[str | None, int]:
    """The text of the key or value at an offset, or None for an object or list; and its end."""
    if text[at] not in "{[":
        end = _end(_scalar, text, at)
        return _plain(text[at:end]), end
    if (flat := _flat.match(text, at)) is not None:
        return None, flat.end()
    depth = 0
    for match in _bracket.finditer(text, at):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match[1], 0)
        if depth < 1:
            return None, match.end()
    return None, len(text)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return at if match is None else match.end()


def _plain(token: str) -> str:
    """A key or a value without its quotes and escapes."""
    if not token.startswith('"'):
        return token
    try:
        return str(json.loads(token))
    except ValueError:
        return token.strip('"')
