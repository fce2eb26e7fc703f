"""Functions made of source, once, on first use: what the writers and the fast check are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Lines = list[str]


class Source:
    """Source of functions with the argument `it`, and the objects that it names."""

    def __init__(self) -> None:
        self._count = 0
        self._lines: Lines = []
        self._names: dict[str, Any] = {}
        self._made: dict[object, str] = {}

    def name(self) -> str:
        """A name of its own."""
        self._count += 1
        return f"_{self._count}"

    def bind(self, thing: object) -> str:
        """The name of an object."""
        self._names[name := self.name()] = thing
        return name

    def function(self, made_of: object, body: Callable[[], Lines]) -> str:
        """The name of a function, whose body is written when it is met first."""
        if made_of not in self._made:
            self._made[made_of] = name = f"function_{len(self._made)}"
            self._lines += [f"def {name}(it):", *inside(body())]
        return self._made[made_of]

    def run(self, name: str) -> Callable[[Any], Any]:
        """The function of this name, once all are written."""
        exec(compile("\n".join(self._lines), "<leadquery forms>", "exec"), self._names)  # noqa: S102
        function: Callable[[Any], Any] = self._names[name]
        return function


def inside(lines: Lines) -> Lines:
    return [f" {line}" for line in lines]
