"""The fast check, as functions made once, on first use, from the forms.

It answers only "is there nothing to say?"; whatever it does not pass is read by
`leadquery.payload.read`, which explains. A law holds that a fast yes leaves nothing to explain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

from leadquery.payload.generated import Lines, Source, inside
from leadquery.spec.findings import Json
from leadquery.spec.forms import Nothing
from leadquery.spec.model import Request
from leadquery.spec.shapes import Chain, Class, Form, Key, Nested, Several, Variants, keys_of


def is_clean(raw: Json) -> bool:
    """Whether nothing at all is to be said of a payload. It may say no without a reason."""
    try:
        clean: bool = _test()(raw)
    except (KeyError, ValueError):  # A key that is missing, a text that is no date.
        return False
    return clean


@cache
def entry_test(form: Form) -> Callable[[Json], bool]:
    """Whether nothing is to be said of an entry of a list, whatever stands beside it.

    It may raise what `is_clean` takes for a no.
    """
    source = Source()
    return source.run(_Test(source).entry(form))


@cache
def told_apart(form: Form) -> Callable[[Json], Any]:
    """What tells the clean entries of a list apart: it is equal where two ask the same."""
    source = Source()
    return source.run(source.function(form, lambda: [f"return {_told_apart(form, 'it')}"]))


_IS_OBJECT: Final = "if type(it) is not dict: return False"


@cache
def _test() -> Callable[[Any], Any]:
    return (source := Source()).run(_Test(source).function(Request))


class _Test:
    """Writes functions that say whether a JSON value is clean; a missing key is a KeyError."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def function(self, cls: Class) -> str:
        return self._source.function(cls, lambda: [_IS_OBJECT, *self._keys(cls)])

    def entry(self, form: Form) -> str:
        return self._source.function(
            (form, "entry"), lambda: [*self._value(form, "it"), "return True"]
        )

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
        return [f"if {key.token!r} in it:", *inside([*lines, "left -= 1"])]

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
            *inside(self._value(form.of, "one")),
        ]
        if isinstance(form, Several):
            told = _told_apart(form.of, "one")
            apart = f"set({raw})" if told == "one" else f"{{{told} for one in {raw}}}"
            repeats = f"len({apart}) < len({raw})"
            return [*lines, f"if len({raw}) > 1 and {repeats}: return False"]
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
            lines += [f"if {clean}:", *inside(self._keys(cls, form.by, beside))]
        return [*lines, "return False"]


def _told_apart(form: Form, one: str) -> str:
    """Source of what tells the clean entries of a list apart."""
    match form:
        case Nested(of):
            classes: tuple[Class, ...] = (of,)
        case Variants(classes):
            pass
        case _:
            return one
    keys = {key.token: key.form for cls in classes for key in keys_of(cls).values()}
    told = [
        f"tuple({one}.get({token!r}, ()))"
        if isinstance(form, Several)
        # An empty value beside an operator that takes none is as good as no value.
        else f"({one}.get({token!r}) or None)"
        for token, form in keys.items()
    ]
    return f"({', '.join(told)})"
