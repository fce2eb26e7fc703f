"""The writers and the fast check, as functions made once, on first use, from the forms.

The fast check answers only "is there nothing to say?"; whatever it does not pass is read by
`leadquery.payload.read`, which explains. A law holds that a fast yes leaves nothing to explain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from itertools import takewhile
from typing import Any, Final

from leadquery.spec.findings import Json
from leadquery.spec.forms import Leaf, Nothing, WholeNumber
from leadquery.spec.forms.texts import Bind
from leadquery.spec.model import Request
from leadquery.spec.shapes import Chain, Class, Form, Key, Nested, Several, Variants, keys_of

Lines = list[str]

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


def is_clean(raw: Json) -> bool:
    """Whether nothing at all is to be said of a payload. It may say no without a reason."""
    try:
        clean: bool = _test()(raw)
    except (KeyError, ValueError):  # A key that is missing, a text that is no date.
        return False
    return clean


class _Source:
    """Source of functions with the argument `it`, and the objects that it names."""

    def __init__(self) -> None:
        self._lines: Lines = []
        self._names: dict[str, Any] = {}
        self._made: dict[object, str] = {}

    def bind(self, thing: object) -> str:
        """The name of an object."""
        name = f"_{len(self._names)}"
        self._names[name] = thing
        return name

    def function(self, made_of: object, body: Callable[[], Lines]) -> str:
        """The name of a function, whose body is written when it is met first."""
        if made_of not in self._made:
            self._made[made_of] = name = f"function_{len(self._made)}"
            self._lines += [f"def {name}(it):", *_inside(body())]
        return self._made[made_of]

    def run(self, name: str) -> Callable[[Any], Any]:
        """The function of this name, once all are written."""
        exec(compile("\n".join(self._lines), "<leadquery forms>", "exec"), self._names)  # noqa: S102
        function: Callable[[Any], Any] = self._names[name]
        return function


def _inside(lines: Lines) -> Lines:
    return [f" {line}" for line in lines]


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
    source = _Source()
    return source.run(_Writer(source, notation()).function(Request))


class _Writer:
    """Writes functions from the model to what travels."""

    def __init__(self, source: _Source, notation: _Objects | _Texts) -> None:
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
        return key.token, self._value(key.form, value)

    def _value(self, form: Form, value: str) -> str:
        match form:
            case Nested(of):
                return f"{self.function(of)}({value})"
            case Variants():
                return f"{self._source.function(form, lambda: self._choice(form))}({value})"
            case Several() | Chain():
                return self._say.several(self._value(form.of, "one"), value)
            case _:
                return self._say.leaf(form, value, self._source.bind)

    def _choice(self, form: Variants) -> Lines:
        lines = []
        for cls in form.of:
            is_it = f"if it.__class__ is {self._source.bind(cls)}:"
            lines += [is_it, *_inside(self._body(cls))]
        return lines


_IS_OBJECT: Final = "if type(it) is not dict: return False"


@cache
def _test() -> Callable[[Any], Any]:
    return (source := _Source()).run(_Test(source).function(Request))


class _Test:
    """Writes functions that say whether a JSON value is clean; a missing key is a KeyError."""

    def __init__(self, source: _Source) -> None:
        self._source = source

    def function(self, cls: Class) -> str:
        return self._source.function(cls, lambda: [_IS_OBJECT, *self._keys(cls)])

    def _keys(self, cls: Class, told: str = "", beside: Iterable[str] = ()) -> Lines:
        """The test of an object's keys; the attribute `told` is known to be clean.

        Objects of another shape have the keys `beside`, which may stand here when empty.
        """
        keys = keys_of(cls)
        lines = [f"left = len(it) - {sum(key.required for key in keys.values())}"]
        for attribute, key in keys.items():
            lines += self._key(f"the_{attribute}", key) if attribute != told else []
        for token in beside:
            lines += self._key("_", Key(token, Nothing(), False, ()))
        if hasattr(cls, "ordered"):
            first, last = cls.ordered
            lines.append(f"if the_{first} > the_{last}: return False")
        if hasattr(cls, "either"):
            tokens = " or ".join(f"{keys[one].token!r} in it" for one in cls.either)
            lines.append(f"if not ({tokens}): return False")
        return [*lines, "return not left"]

    def _key(self, name: str, key: Key) -> Lines:
        lines = [f"{name} = it[{key.token!r}]", *self._value(key.form, name)]
        if key.required:
            return lines
        return [f"if {key.token!r} in it:", *_inside([*lines, "left -= 1"])]

    def _value(self, form: Form, raw: str) -> Lines:
        """Lines that return False unless a value is clean."""
        match form:
            case Nested(of):
                clean = f"{self.function(of)}({raw})"
            case Variants():
                clean = f"{self._source.function(form, lambda: self._told(form))}({raw})"
            case Several() | Chain():
                return self._several(form, raw)
            case _:
                clean = form.clean_source(raw, self._source.bind)
        return [f"if not ({clean}): return False"]

    def _several(self, form: Several | Chain, raw: str) -> Lines:
        lines = [
            f"if type({raw}) is not list or not {raw}: return False",
            f"for one in {raw}:",
            *_inside(self._value(form.of, "one")),
        ]
        if isinstance(form, Several):
            told = _told_apart(form.of)
            return [*lines, f"if len({{{told} for one in {raw}}}) < len({raw}): return False"]
        token = keys_of(form.of.of)["joiner"].token
        return [
            *lines,
            f"if {raw}[-1].get({token!r}): return False",
            f"if len({raw}) > 1:",
            f" joiners = {{one.get({token!r}) for one in {raw}[:-1]}}",
            " if len(joiners) > 1 or None in joiners: return False",
        ]

    def _told(self, form: Variants) -> Lines:
        lines = [_IS_OBJECT, f"told = it[{keys_of(form.of[0])[form.by].token!r}]"]
        tokens = {key.token: None for cls in form.of for key in keys_of(cls).values()}
        for cls in form.of:
            own = {key.token for key in keys_of(cls).values()}
            beside = [token for token in tokens if token not in own] if form.ignored else []
            clean = keys_of(cls)[form.by].form.clean_source("told", self._source.bind)
            lines += [f"if {clean}:", *_inside(self._keys(cls, form.by, beside))]
        return [*lines, "return False"]


def _told_apart(form: Form) -> str:
    """Source of what tells the clean entries of a list apart; what is a list in one is left out."""
    match form:
        case Nested(of):
            classes: tuple[Class, ...] = (of,)
        case Variants(classes):
            pass
        case _:
            return "one"
    keys = {key.token: key.form for cls in classes for key in keys_of(cls).values()}
    tokens = [token for token, form in keys.items() if not isinstance(form, Several)]
    return f"({', '.join(f'one.get({token!r})' for token in tokens)})"
