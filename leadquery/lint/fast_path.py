"""The fast check, as functions made once, on first use, from the forms.

It answers only "is there nothing to say?"; whatever it does not pass is read by
`leadquery.payload.read`, which explains. A law holds that a fast yes leaves nothing to explain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from leadquery.lint.diagnostics import Json
from leadquery.wire.generated import Lines, Source, inside
from leadquery.wire.model import Request
from leadquery.wire.schema import Array, Class, Form, JoinedArray, Key, Object, Union, keys_of
from leadquery.wire.types import EmptyString


def is_clean(raw: Json) -> bool:
    """Whether nothing at all is to be said of a payload. It may say no without a reason."""
    return request_test()(raw)


@cache
def request_test() -> Callable[[Json], bool]:
    """The same, without a call in between: payloads are read in hardly more than calls take."""
    return clean_test(Object(Request))


@cache
def clean_test(form: Form) -> Callable[[Json], bool]:
    """Whether nothing is to be said of a value of this form, whatever stands beside it."""
    source = Source()
    # A key that is missing, a text that is no date, groups in groups without end.
    no = "except (KeyError, ValueError, RecursionError): return False"
    lines = ["try:", *inside(_Test(source).lines(form)), no]
    return source.run(source.function((form, "caught"), lambda: lines))


@cache
def may_repeat(form: Form) -> Callable[[list[Json]], bool]:
    """Whether two clean entries of a list may ask the same."""
    source = Source()
    return source.run(source.function(form, lambda: [f"return {_same(form, 'it')}"]))


@cache
def told_apart(form: Form) -> Callable[[list[Json]], list[Any]]:
    """What tells the clean entries of a list apart: it is equal where two ask the same."""
    source = Source()
    each = f"return [{_told_apart(form)} for one in it]"
    return source.run(source.function(form, lambda: [each]))


class _Test:
    """Writes functions that say whether a JSON value is clean; a missing key is a KeyError.

    What they hold is written where it stands, and takes no call: only groups hold groups.
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    def function(self, form: Form) -> str:
        made_of = (form.of if isinstance(form, Object) else form, "clean")
        return self._source.function(made_of, lambda: self.lines(form))

    def lines(self, form: Form) -> Lines:
        """The body of such a function."""
        return [*self._value(form, "it"), "return True"]

    def _value(self, form: Form, it: str) -> Lines:
        """Lines that return False unless a value is clean."""
        match form:
            case Object(of):
                return [_is_object(it), *self._keys(of, it)]
            case Union():
                return [_is_object(it), *self._told(form, it)]
            case Array():
                return [
                    *_entries(it, self._value(form.of, f"{it}_one")),
                    f"if {_same(form.of, it)}: return False",
                ]
            case JoinedArray():
                clean = f"{self.function(form.of)}({it}_one)"
                return [*_entries(it, [_unless(clean)]), *_chained(form, it)]
        return [_unless(form.clean_source(it, self._source.bind))]

    def _keys(self, cls: Class, it: str, told: str = "", beside: Iterable[str] = ()) -> Lines:
        """The test of an object's keys; the attribute `told` is known to be clean.

        Objects of another shape have the keys `beside`, which may stand here when empty.
        """
        keys = keys_of(cls)
        lines = [f"{it}_left = len({it}) - {len(_required(cls))}"]
        for attribute, key in keys.items():
            lines += self._key(it, attribute, key) if attribute != told else []
        for token in beside:
            lines += self._key(it, "beside", Key(token, EmptyString(), False, ()))
        if hasattr(cls, "ordered"):
            first, last = cls.ordered
            lines.append(f"if {it}_{first} > {it}_{last}: return False")
        if hasattr(cls, "either"):
            tokens = " or ".join(f"{keys[one].token!r} in {it}" for one in cls.either)
            lines.append(_unless(tokens))
        return [*lines, f"if {it}_left: return False"]

    def _key(self, it: str, attribute: str, key: Key) -> Lines:
        name = f"{it}_{attribute}"
        lines = [f"{name} = {it}[{key.token!r}]", *self._value(key.form, name)]
        if key.required:
            return lines
        return [f"if {key.token!r} in {it}:", *inside([*lines, f"{it}_left -= 1"])]

    def _told(self, form: Union, it: str) -> Lines:
        told = f"{it}_told"
        lines = [f"{told} = {it}[{keys_of(form.of[0])[form.by].token!r}]"]
        word = "if"
        tokens = {key.token: None for cls in form.of for key in keys_of(cls).values()}
        for cls in form.of:
            own = {key.token for key in keys_of(cls).values()}
            beside = [token for token in tokens if token not in own] if form.ignored else []
            clean = keys_of(cls)[form.by].form.clean_source(told, self._source.bind)
            lines += [f"{word} {clean}:", *inside(self._keys(cls, it, form.by, beside))]
            word = "elif"
        return [*lines, "else: return False"]


def _unless(clean: str) -> str:
    return f"if not ({clean}): return False"


def _is_object(it: str) -> str:
    return f"if type({it}) is not dict: return False"


def _entries(it: str, test: Lines) -> Lines:
    """A list with at least one entry, each of which is put to a test."""
    return [
        f"if type({it}) is not list or not {it}: return False",
        f"for {it}_one in {it}:",
        *inside(test),
    ]


def _same(form: Form, it: str) -> str:
    """Source of whether clean entries of a list may be the same: what differs under one key of
    theirs is not looked at as a whole.
    """
    looks = [*_glances(form), _told_apart(form)]
    apart = [f"set({it})" if look == "one" else f"{{{look} for one in {it}}}" for look in looks]
    same = " and ".join(f"len({some}) < len({it})" for some in apart)
    return f"len({it}) > 1 and {same}"


def _chained(form: JoinedArray, it: str) -> Lines:
    """Every entry but the last names the word that joins it to the next, and all the same one."""
    token = keys_of(form.of.of)["joiner"].token
    return [
        f"if {it}[-1].get({token!r}): return False",
        f"if len({it}) > 1:",
        f" joiners = {{one.get({token!r}) for one in {it}[:-1]}}",
        " if len(joiners) > 1 or None in joiners: return False",
    ]


def _classes(form: Form) -> tuple[Class, ...]:
    """The shapes that an entry of a list may have, none where it is no object."""
    match form:
        case Object(of):
            return (of,)
        case Union(classes):
            return classes
    return ()


def _told_apart(form: Form) -> str:
    """Source of what tells the clean entries of a list apart."""
    told = _told(form)
    return f"({', '.join(source for _, source in told)})" if told else "one"


def _glances(form: Form) -> list[str]:
    """Source of what may do so alone."""
    return [source for under, source in _told(form) if not isinstance(under, Array)]


def _told(form: Form) -> list[tuple[Form, str]]:
    """The forms of the keys that a clean entry may have, with the source of what it has there."""
    classes = _classes(form)
    keys = {key.token: key.form for cls in classes for key in keys_of(cls).values()}
    always = classes and set.intersection(
        *({key.token for key in _required(cls)} for cls in classes)
    )
    return [(under, _told_by(token, under, token in always)) for token, under in keys.items()]


def _required(cls: Class) -> list[Key]:
    return [key for key in keys_of(cls).values() if key.required]


def _told_by(token: str, form: Form, always: bool) -> str:
    if isinstance(form, Array):
        return f"tuple(one[{token!r}]) if {token!r} in one else ()"
    # An empty value beside an operator that takes none is as good as no value.
    return f"one[{token!r}]" if always else f"one.get({token!r}) or None"
