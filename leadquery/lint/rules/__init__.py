"""The rules: what can be wrong with a payload.

A rule is a `Rule` and, below it in its module, the function that checks objects or reads values for
it, or makes its diagnostic. `all_rules` finds the rules by going through the modules of this
package, so a new rule is added to its module only. `CHECKING` names the modules with functions that
check objects.

- `syntax`: LQ1xx, text that is not JSON
- `structure`, `sibling_api`, `wrapped`: LQ2xx, keys and types
- `fixed_lists`, `values`, `user_values`: LQ3xx, single values
- `combinations`, `joiners`: LQ4xx, values that do not fit each other
- `suspicious`: LQ5xx, what is probably not meant
- `names`, `types`, `field_values`: names of fields, and what their types support; LQ5xx for the
  standard fields, LQ6xx with the fields of the account at hand
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import attrs

from leadquery.errors import page_address
from leadquery.wire.enums import API_PAGE, Certainty as Certainty
from leadquery.wire.schema import keys_of

if TYPE_CHECKING:
    from leadquery.lint.diagnostics import RawDiagnostic


Run = TypeVar("Run", bound=Callable[..., "Iterator[RawDiagnostic]"])


class Severity(Enum):
    """An error is invalid or cannot mean what it says; a warning is probably not meant."""

    ERROR = "error"
    WARNING = "warning"


@attrs.frozen(eq=False, repr=False)
class Rule:
    """One kind of mistake: what `leadquery rule`, SARIF and the reference pages show.

    A code never changes its meaning. `spec_section` is the section of the API page that the rule
    rests on. `bad` is a payload that breaks the rule, `good` the corrected one; both leave out
    keys that do not matter. With `at_key`, diagnostics point at the key, not at its value. `more`
    returns what else to write, case by case.
    """

    code: str
    name: str
    severity: Severity
    title: str
    rationale: str
    spec_section: str
    certainty: Certainty
    bad: str
    good: str
    at_key: bool = False
    more: Callable[[], Sequence[str]] | None = None

    def __repr__(self) -> str:
        return f"<Rule {self.code} {self.name}>"


def rule_page(code: str) -> str:
    """The page of the documentation about a rule."""
    return f"docs/reference/rules/{code}.md"


def rule_url(code: str) -> str:
    """The address of the page about a rule, or of the API page if no docs are published."""
    return page_address(rule_page(code), unpublished=API_PAGE)


When = Callable[..., bool]
"""Whether a check may find something: in an object, by some of its attributes, which are the
parameters' names; in a list, by its objects.
"""


class Check(NamedTuple):
    """What finds a mistake in the objects of a class, or in the lists of a type.

    `attributes` are those of an object that `when` takes, in its order. A check that looks at
    objects `together` is run once, also on those that are not `certain`.
    """

    run: Callable[..., Iterator[RawDiagnostic]]
    when: When
    attributes: tuple[str, ...] = ()
    together: bool = False


_CHECKS: Final[dict[Any, list[Check]]] = {}


def checks(*classes: Any, when: When) -> Callable[[Run], Run]:
    """Decorator: run a function on every `certain` object of some classes with a condition."""

    def register(run: Run) -> Run:
        for cls in classes:
            _add_check(cls, run, when)
        return run

    return register


def checks_list(cls: Any, attribute: str, *, when: When) -> Callable[[Run], Run]:
    """Decorator: run a function on the list in an attribute of a class, with a condition.

    It gets the objects of the list, with None for each that is not `certain`, and its path.
    """

    def register(run: Run) -> Run:
        _CHECKS.setdefault(keys_of(cls)[attribute].type, []).append(Check(run, when))
        return run

    return register


def checks_payload(conditions: Mapping[type, When]) -> Callable[[Run], Run]:
    """Decorator: run a function on all objects of a payload with one of the conditions.

    It gets them, and those that are not `certain`, with the fields of the account if they are
    known; then it gets all objects of the classes.
    """

    def register(run: Run) -> Run:
        for cls, when in conditions.items():
            _add_check(cls, run, when, together=True)
        return run

    return register


def _add_check(cls: type, run: Callable[..., Any], when: When, *, together: bool = False) -> None:
    attributes = when.__code__.co_varnames[: when.__code__.co_argcount]
    if unknown := [name for name in attributes if name not in keys_of(cls)]:
        raise TypeError(
            f"the condition of {run.__name__} takes {unknown[0]!r}, which {cls.__name__} "
            f"does not have; write one or more of {', '.join(keys_of(cls))}"
        )
    _CHECKS.setdefault(cls, []).append(Check(run, when, attributes, together))


CHECKING: Final = ("names", "suspicious", "types", "user_values")
"""The modules with functions that check objects. The reader loads the others if it has to explain
something."""


@cache
def all_checks() -> Mapping[Any, Sequence[Check]]:
    """The checks of each class of objects, and of each type of lists.

    An object in which none may find anything is decoded without being recorded.
    """
    for name in CHECKING:
        import_module(f"{__name__}.{name}")
    return _CHECKS


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    from pkgutil import iter_modules

    names = [f"{__name__}.{module.name}" for module in iter_modules(__path__)]
    values = [value for name in names for value in vars(import_module(name)).values()]
    rules = {value for value in values if isinstance(value, Rule)}
    return tuple(sorted(rules, key=lambda rule: rule.code))
