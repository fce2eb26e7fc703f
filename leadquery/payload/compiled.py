"""The writer and the fast check, as functions made once, on first use, from the forms.

The fast check answers only "is there nothing to say?"; whatever it does not pass is read by
`leadquery.payload.read`, which explains. A law holds that a fast yes leaves nothing to explain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from leadquery.spec.findings import Json
from leadquery.spec.forms import Text
from leadquery.spec.model import Request
from leadquery.spec.shapes import Chain, Class, Form, Key, Nested, Several, Variants, keys_of


def write(request: Request) -> dict[str, Json]:
    """The payload of a request. Keys stand in the order of the API page's sample."""
    written: dict[str, Json] = _functions()[0](request)
    return written


def is_clean(raw: Json) -> bool:
    """Whether nothing at all is to be said of a payload. It may say no without a reason."""
    return bool(_functions()[1](raw))


@cache
def _functions() -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """The two functions for a whole request."""
    maker = _Maker()
    writer, test = maker.writer(Request), maker.test(Request, ())
    exec(compile("\n".join(maker.lines), "<leadquery forms>", "exec"), maker.names)  # noqa: S102
    return maker.names[writer], maker.names[test]


class _Maker:
    """Writes source, a function for each class; `names` are the objects the source speaks of."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}
        self._made: dict[object, str] = {}

    def bind(self, thing: object) -> str:
        name = f"_{len(self.names)}"
        self.names[name] = thing
        return name

    def _function(self, made_of: object, body: Callable[[], list[str]]) -> str:
        """The name of a function, whose body is written when it is met first."""
        if made_of not in self._made:
            self._made[made_of] = name = f"function_{len(self._made)}"
            self.lines += [f"def {name}(it):", *body()]
        return self._made[made_of]

    def writer(self, cls: Class) -> str:
        return self._function(("write", cls), lambda: self._writer(cls))

    def _writer(self, cls: Class) -> list[str]:
        lines = [" out = {}"]
        for attribute, key in keys_of(cls).items():
            lines.append(f" value = it.{attribute}")
            test = "" if key.required else " if value:"
            lines.append(f"{test} out[{key.token!r}] = {self._written(key.form, 'value')}")
        return [*lines, " return out"]

    def _written(self, form: Form, value: str) -> str:
        match form:
            case Nested(of):
                return f"{self.writer(of)}({value})"
            case Variants():
                return f"{self._function(('write', form), lambda: self._choice(form))}({value})"
            case Several() | Chain():
                return f"[{self._written(form.of, 'one')} for one in {value}]"
            case _:
                return form.write_source(value, self.bind)

    def _choice(self, form: Variants) -> list[str]:
        return [
            f" if it.__class__ is {self.bind(cls)}: return {self.writer(cls)}(it)"
            for cls in form.of
        ]

    def test(self, cls: Class, beside: tuple[str, ...]) -> str:
        return self._function(("test", cls), lambda: self._test(cls, beside))

    def _test(self, cls: Class, beside: Iterable[str]) -> list[str]:
        keys = keys_of(cls)
        lines = [" if type(it) is not dict: return False", " left = len(it)"]
        for attribute, key in keys.items():
            lines += self._key_test(f"the_{attribute}", key)
        for token in beside:
            lines += self._key_test("_", Key(token, Text(), False, ()))
        if hasattr(cls, "ordered"):
            first, last = cls.ordered
            lines.append(f" if the_{first} > the_{last}: return False")
        if hasattr(cls, "either"):
            tokens = " or ".join(f"{keys[one].token!r} in it" for one in cls.either)
            lines.append(f" if not ({tokens}): return False")
        return [*lines, " return not left"]

    def _key_test(self, attribute: str, key: Key) -> list[str]:
        test = f" if not ({self._tested(key.form, attribute)}): return False"
        if key.required:
            return [f" {attribute} = it.get({key.token!r})", test, " left -= 1"]
        return [
            f" if {key.token!r} in it:",
            f"  {attribute} = it[{key.token!r}]",
            f" {test}",
            "  left -= 1",
        ]

    def _tested(self, form: Form, raw: str) -> str:
        match form:
            case Nested(of):
                return f"{self.test(of, ())}({raw})"
            case Variants():
                return f"{self._function(('test', form), lambda: self._told(form))}({raw})"
            case Several():
                items = self._tested(form.of, "one")
                return f"type({raw}) is list and {raw} and all([{items} for one in {raw}])"
            case Chain():
                return f"{self._function(('test', form), lambda: self._chain(form))}({raw})"
            case _:
                return form.clean_source(raw, self.bind)

    def _told(self, form: Variants) -> list[str]:
        token = keys_of(form.of[0])[form.by].token
        lines = [" if type(it) is not dict: return False", f" told = it.get({token!r})"]
        for cls in form.of:
            own = {key.token for key in keys_of(cls).values()}
            others = {key.token for other in form.of for key in keys_of(other).values()}
            beside = () if form.beside else tuple(sorted(others - own))
            test = keys_of(cls)[form.by].form.clean_source("told", self.bind)
            lines.append(f" if {test}: return {self.test(cls, beside)}(it)")
        return [*lines, " return False"]

    def _chain(self, form: Chain) -> list[str]:
        token = keys_of(form.of.of)["joiner"].token
        return [
            f" if not (type(it) is list and it and all([{self._tested(form.of, 'one')} for one in it])):",
            "  return False",
            " if len(it) == 1: return True",
            f" joiners = {{one.get({token!r}) for one in it[:-1]}}",
            " return len(joiners) == 1 and None not in joiners",
        ]
