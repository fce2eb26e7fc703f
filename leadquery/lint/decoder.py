"""Decoding of JSON in which nothing is to be reported.

Most payloads, and most items of long lists, are exactly as the API page specifies them, and no
check finds anything in them. A decoder reads those in a fraction of the time that a reader takes,
because it needs no places and makes no diagnostics: it raises one of `FAILURES` wherever a reader
or a check may have something to report.

The decoders are generated from the model, by `source_of`, with the conditions of the checks. Each
takes a JSON value, a list of counts, and whether to build the object of the model; otherwise it
returns the JSON value. It appends the number of JSON strings in its object, keys and values, to the
counts. A JSON text with more strings than that has duplicate keys.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from json import JSONDecoder
from typing import Any, Final

from leadquery.lint.rules import When, all_checks
from leadquery.wire.model import Request
from leadquery.wire.schema import (
    Array,
    Class,
    JoinedArray,
    Key,
    Object,
    Type,
    Union,
    classes_of,
    define_functions,
    key_name,
    keys_of,
)
from leadquery.wire.types import (
    BLANKS,
    MAX_INT,
    CommaList,
    DecodeError,
    EmptyString,
    EnumType,
    Json,
    JsonText,
    NonEmptyString,
    OpenEnumType,
    PositiveInt,
    Timestamp,
    parse_timestamp,
)

Decoder = Callable[[Json, list[int], bool], Any]

FAILURES: Final = (ValueError, KeyError, TypeError, RecursionError)
"""What decoders raise: also for a missing key, an unhashable value, and endless nesting."""


def decode_request(raw: Json, *, builds: bool = True) -> Any:
    """The request of a payload, or the payload itself if none is to be built.

    None if there may be something to report.
    """
    try:
        return _decoders()[Request](raw, [], builds)
    except FAILURES:
        return None


def decode_text(content: str | bytes, *, builds: bool = True) -> Any:
    """Like `decode_request`, for a JSON text; None also if it may have duplicate keys."""
    # A long text should be parsed once only.
    if len(content) > LONG:
        return None
    counts: list[int] = []
    try:
        text = content if isinstance(content, str) else content.decode()
        # A quote behind a backslash is no end of a text.
        if "\\" in text:
            return None
        raw, end = _scan(text, 0 if text[0] == "{" else len(text) - len(text.lstrip(BLANKS)))
        request = _decoders()[Request](raw, counts, builds)
    except (*FAILURES, IndexError, StopIteration):
        return None
    if text.count('"') != 2 * sum(counts) or (end < len(text) and text[end:].strip(BLANKS)):
        return None
    return request


LONG: Final = 100_000
"""A longer text is parsed once only, and read by the readers at once."""

# The stubs lack `scan_once`.
_scan: Callable[[str, int], tuple[Json, int]] = JSONDecoder().scan_once  # type: ignore[attr-defined]


def item_decoder(array: Array) -> Decoder:
    """The decoder of the items of a list."""
    return _decoders()[array]


@cache
def value_decoder(wire_type: Type) -> Callable[[Json], Any] | None:
    """The decoder of a value under a key; None for one with a list, which is read item by item."""
    match wire_type:
        case EnumType() | OpenEnumType():
            return wire_type.values.__getitem__
        case CommaList() | JsonText():
            return wire_type.decode
        case Timestamp():
            return parse_timestamp
        case Object() | Union() if _holds_list(wire_type):
            return None
        case Object() | Union() | NonEmptyString():
            decode = _decoders()[str if isinstance(wire_type, NonEmptyString) else wire_type]
            return lambda raw: decode(raw, [], True)
    return None


def _holds_list(wire_type: Object | Union) -> bool:
    """Whether an object may hold others, or a list."""
    nested = (Object, Union, Array, JoinedArray)
    classes = wire_type.of if isinstance(wire_type, Union) else (wire_type.of,)
    types = [key.type for cls in classes for key in keys_of(cls).values()]
    return any(isinstance(one, nested) for one in types)


@cache
def _decoders() -> dict[Any, Decoder]:
    """The decoders of requests, of texts, of objects by their types, and of the items of lists."""
    classes = classes_of(Request)
    names: dict[str, Any] = {"DecodeError": DecodeError, "type_of": type}
    names |= {"parse_timestamp": parse_timestamp, **{cls.__name__: cls for cls in classes}}
    define_functions([*map(source_of, classes), _source_of_string()], names)
    decoders: dict[Any, Decoder] = {Request: names["decode_Request"], str: names["decode_string"]}
    for cls in classes:
        for check in all_checks().get(cls, ()):
            names[f"{check.run.__name__}_in_{cls.__name__}"] = check.when
        for attribute, key in keys_of(cls).items():
            name = f"{cls.__name__}_{attribute}"
            match key.type:
                case EnumType() | OpenEnumType():
                    names[name] = key.type.values
                case CommaList() | JsonText():
                    names[name] = key.type.decode
                case Object() | Union():
                    names[name] = decoders[key.type] = _decoder_of(key.type, names)
                case Array() | JoinedArray():
                    decode_item = _decoder_of(key.type.of, names)
                    names[f"{name}_item"] = decoders[key.type] = decode_item
                    names[name] = _list_decoder(key.type, decode_item)
    return decoders


def _decoder_of(wire_type: Type, names: dict[str, Any]) -> Any:
    """The decoder of a text, of an object, or of objects by the class that a key decides."""
    match wire_type:
        case Object(of=cls):
            return names[f"decode_{cls.__name__}"]
        case Union(of=classes, discriminator=attribute):
            decoders = {
                value: names[f"decode_{cls.__name__}"]
                for cls in classes
                for value in keys_of(cls)[attribute].type.values
            }
            return _union_decoder(key_name(classes[0], attribute), decoders)
    return names["decode_string"]


def _union_decoder(name: str, decoders: dict[str, Decoder]) -> Decoder:
    def decode(raw: Json, counts: list[int], builds: bool) -> Any:
        if type(raw) is not dict:
            raise DecodeError(raw)
        return decoders[raw[name]](raw, counts, builds)

    return decode


def _list_decoder(
    array: Array | JoinedArray, decode_item: Decoder
) -> Callable[[Json, list[int]], tuple[Any, ...]]:
    """The decoder of lists that may have several items, which it always builds."""
    is_of_texts = isinstance(array.of, NonEmptyString)
    conditions: list[When] = [_are_not_joined]
    if isinstance(array, Array):
        conditions = [has_duplicates, *(check.when for check in all_checks().get(array, ()))]

    def decode(raw: Json, counts: list[int]) -> tuple[Any, ...]:
        if type(raw) is not list or not raw:
            raise DecodeError(raw)
        values = tuple([decode_item(item, counts, True) for item in raw])
        if is_of_texts:
            counts.append(len(values))
        for condition in conditions:
            if condition(values):
                raise DecodeError(raw)
        return values

    return decode


def _are_not_joined(values: Sequence[Any]) -> bool:
    """Whether an item but the last names no operator, or not the same one as the others."""
    joiners = {value.joiner for value in values[:-1]}
    return None in joiners or len(joiners) > 1


def has_duplicates(values: Collection[Any]) -> bool:
    """Whether two items of a list are equal."""
    return len(values) > 1 and len(set(values)) < len(values)


# The source of the generated functions


def source_of(cls: Class) -> str:
    """The source of the decoder of a class.

    It is generated because a loop over the keys takes three times as long.

    >>> from leadquery.wire.model import Paging
    >>> print(source_of(Paging))
    def decode_Paging(raw, counts, builds):
        if type_of(raw) is not dict:
            raise DecodeError(raw)
        index = raw["PageIndex"]
        if type_of(index) is not int or not 1 <= index <= 2147483647:
            raise DecodeError(raw)
        size = raw["PageSize"]
        if type_of(size) is not int or not 1 <= size <= 2147483647:
            raise DecodeError(raw)
        if len(raw) != 2 or check_page_size_in_Paging(size):
            raise DecodeError(raw)
        counts.append(2)
        return Paging(index, size) if builds else raw
    """
    name, keys = cls.__name__, keys_of(cls)
    ignored = [("", Key(name, EmptyString(), required=False)) for name in _ignored_keys(cls)]
    required = [key for key in keys.values() if key.required]
    has_optional = len(required) < len(keys) + len(ignored)
    known, texts = len(required), sum(isinstance(key.type, _TEXTS) for key in required)
    lines = ["if type_of(raw) is not dict:", "    raise DecodeError(raw)"]
    if has_optional:
        lines.append(f"known, texts = {known}, {texts}")
    for attribute, key in (*keys.items(), *ignored):
        lines += _statements(f"{name}_{attribute}", attribute, key)
    conditions = [f"len(raw) != {'known' if has_optional else known}"]
    if hasattr(cls, "ordered"):
        conditions.append("{1} < {0}".format(*cls.ordered))
    if hasattr(cls, "any_required"):
        conditions.append(f"{' is '.join(cls.any_required)} is None")
    if hasattr(cls, "exclusive"):
        conditions.append(" and ".join(f"{attribute} is not None" for attribute in cls.exclusive))
    conditions += [
        f"{check.run.__name__}_in_{name}({', '.join(check.attributes)})"
        for check in all_checks().get(cls, ())
    ]
    lines += [
        f"if {' or '.join(conditions)}:",
        "    raise DecodeError(raw)",
        f"counts.append({'known + texts' if has_optional else known + texts})",
        f"return {name}({', '.join(keys)}) if builds else raw",
    ]
    return "\n    ".join([f"def decode_{name}(raw, counts, builds):", *lines])


def _source_of_string() -> str:
    text = _TEMPLATES[NonEmptyString].format(attribute="value", value="raw")
    lines = [*text.splitlines(), "return value"]
    return "\n    ".join(["def decode_string(raw, counts, builds):", *lines])


def _ignored_keys(cls: Class) -> list[str]:
    """The keys of the other classes of its union, if the API ignores them; they may be empty."""
    own = {key.name for key in keys_of(cls).values()}
    for one in classes_of(Request):
        for key in keys_of(one).values():
            match key.type:
                case Union(of=classes, ignores_other_keys=True) if cls in classes:
                    others = [key.name for other in classes for key in keys_of(other).values()]
                    return [name for name in others if name not in own]
    return []


def _statements(name: str, attribute: str, key: Key) -> Iterator[str]:
    """The statements that decode a key; `name` is that of what is defined for them."""
    template = _TEMPLATES[type(key.type)]
    if isinstance(key.type, (Array, JoinedArray)) and isinstance(key.type.of, NonEmptyString):
        template = _LIST_OF_TEXTS
    joiner = key_name(key.type.of.of, "joiner") if isinstance(key.type, JoinedArray) else ""
    value = f'raw["{key.name}"]'
    text = template.format(name=name, attribute=attribute, value=value, joiner=joiner)
    if key.required:
        yield from text.splitlines()
        return
    if attribute:
        yield f"{attribute} = None"
    yield f'if "{key.name}" in raw:'
    yield from (f"    {line}" for line in text.splitlines())
    yield "    known += 1"
    if texts := _OPTIONAL_TEXTS.get(type(key.type)):
        yield f"    texts += {texts.format(attribute)}"


_LIST_OF_OBJECTS: Final = """\
items = {value}
if type_of(items) is list and len(items) == 1:
    {attribute} = ({name}_item(items[0], counts, builds),)
else:
    {attribute} = {name}(items, counts)
"""

_LIST_OF_TEXTS: Final = "{attribute} = {name}({value}, counts)"

_TEMPLATES: Final[dict[type, str]] = {
    Array: _LIST_OF_OBJECTS,
    CommaList: "{attribute} = {name}({value})",
    EmptyString: """\
if {value} != "":
    raise DecodeError(raw)
""",
    EnumType: "{attribute} = {name}[{value}]",
    JoinedArray: _LIST_OF_OBJECTS
    + """\
if items[-1].get("{joiner}") is not None:
    raise DecodeError(raw)
""",
    JsonText: "{attribute} = {name}({value})",
    NonEmptyString: """\
{attribute} = {value}
if type_of({attribute}) is not str or not {attribute}:
    raise DecodeError(raw)
""",
    Object: "{attribute} = {name}({value}, counts, builds)",
    OpenEnumType: "{attribute} = {name}[{value}]",
    PositiveInt: f"""\
{{attribute}} = {{value}}
if type_of({{attribute}}) is not int or not 1 <= {{attribute}} <= {MAX_INT}:
    raise DecodeError(raw)
""",
    Timestamp: "{attribute} = parse_timestamp({value})",
    Union: "{attribute} = {name}({value}, counts, builds)",
}
"""The statements that decode a value of each type."""

_TEXTS: Final = (CommaList, EnumType, NonEmptyString, OpenEnumType, Timestamp)
"""The types whose values are texts."""

_OPTIONAL_TEXTS: Final[dict[type, str]] = {
    EmptyString: "1",
    EnumType: "{0} is not None",
    JsonText: "{0}.count('\"') // 2",
}
"""The number of texts in a value of each type that need not be there."""
