"""How the writers say objects, lists and values: for the json module, or as its text at once."""

from __future__ import annotations

from typing import NamedTuple

from leadquery.wire.types import EnumType, Leaf, PositiveInt, Timestamp
from leadquery.wire.types.string import Bind


class Item(NamedTuple):
    """A key, the source of its value, and the test of whether it is there, if that is open."""

    token: str
    value: str
    given: str


class Objects:
    """How source makes an object and a list for the json module."""

    def together(self, items: list[Item]) -> str:
        return f"{{{', '.join(map(self._entry, items))}}}"

    def _entry(self, item: Item) -> str:
        entry = f"{item.token!r}: {item.value}"
        return f"**({{{entry}}} if {item.given} else {{}})" if item.given else entry

    def one(self, function: str, of: str) -> str:
        return f"{function}({of})"

    def several(self, function: str, of: str, bind: Bind) -> str:
        return f"list(map({function}, {of}))"

    def leaf(self, form: Leaf, value: str, bind: Bind) -> str:
        return form.write_source(value, bind)

    def returned(self, value: str) -> str:
        """A value on its own, as an entry of a list is."""
        return value


class Texts:
    """How source makes the text of an object and of a list, as the json module writes it.

    A value is a part of an f-string, and holds no quotes but those of the text.
    """

    def together(self, items: list[Item]) -> str:
        """What may be absent brings its comma, before the first key that is always there or
        after it; where none is, the last comma is cut off.
        """
        text, always = "", False
        for token, value, given in items:
            entry = f'"{token}": {value}'
            if given:
                comma = f", {entry}" if always else f"{entry}, "
                text += f"{{f'{comma}' if {given} else ''}}"
            else:
                text += f", {entry}" if always else entry
                always = True
        return f"f'''{{{{{text}}}}}'''" if always else f"'{{' + f'''{text}'''[:-2] + '}}'"

    def one(self, function: str, of: str) -> str:
        return f"{{{function}({of})}}"

    def several(self, function: str, of: str, bind: Bind) -> str:
        return f"[{{{bind(', '.join)}(map({function}, {of}))}}]"

    def leaf(self, form: Leaf, value: str, bind: Bind) -> str:
        from json.encoder import encode_basestring_ascii as encode

        match form:
            case EnumType():
                tokens = {row: encode(row.token) for row in form.allowed()}
                return f"{{{bind(tokens)}[{value}]}}"
            case PositiveInt():
                return f"{{{value}}}"
            case Timestamp():
                return f'"{{{form.write_source(value, bind)}}}"'
        return f"{{{bind(encode)}({form.write_source(value, bind)})}}"

    def returned(self, value: str) -> str:
        """A value on its own, as an entry of a list is."""
        return f"f'{value}'"
