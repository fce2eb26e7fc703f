"""The rules: what can be wrong with a payload.

A rule is a `Rule` and, below it in its module, the function that checks objects for it or makes its
diagnostic. `all_rules` finds the rules by going through the modules of this package, so a new rule
is added to its module only.

- `syntax`: LQ1xx, text that is not JSON
- `structure`, `sibling_api`, `wrapped`: LQ2xx, keys and types
- `values`: LQ3xx, single values
- `combinations`: LQ4xx, values that do not fit each other
- `suspicious`: LQ5xx, what is probably not meant
- `names`, `types`, `field_values`: names of fields, and what their types support; LQ5xx for the
  standard fields, LQ6xx with the fields of the account at hand
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import attrs

from leadquery.wire.enums import API_PAGE, Certainty as Certainty
from leadquery.wire.schema import Array, keys_of

if TYPE_CHECKING:
    from leadquery.lint.catalog import FieldCatalog
    from leadquery.lint.diagnostics import ParsedObject, Path, RawDiagnostic, ReadContext


Check = TypeVar("Check", bound=Callable[..., "Iterator[RawDiagnostic]"])


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
    base = os.environ.get("LEADQUERY_DOCS_URL", "").rstrip("/")
    page = rule_page(code).removeprefix("docs/").removesuffix(".md")
    return f"{base}/{page}.html" if base else API_PAGE


When = Callable[..., bool]
"""Whether a check may find something, by some attributes of an object: its parameters' names."""

ListCondition = Callable[[Sequence[Any]], bool]
"""Whether a check may find something in a list of objects of the wire model."""


class Condition(NamedTuple):
    """Whether a check may find something in an object of the wire model.

    `attributes` are those that `test` takes, in its order.
    """

    check: str
    attributes: tuple[str, ...]
    test: When

    def __call__(self, value: Any) -> bool:
        return self.test(*[getattr(value, attribute) for attribute in self.attributes])


class ObjectCheck(NamedTuple):
    """What finds a mistake in one object, where its condition is true."""

    condition: Condition
    run: Callable[[ParsedObject], Iterator[RawDiagnostic]]


class ListCheck(NamedTuple):
    """What finds a mistake in a list of objects, where its condition is true."""

    condition: ListCondition
    run: Callable[[Sequence[Any], Path], Iterator[RawDiagnostic]]


PayloadCheck = Callable[
    ["Sequence[ParsedObject]", "FieldCatalog | None"], "Iterator[RawDiagnostic]"
]
"""Checks objects of a payload together, also those that are not `certain`.

The catalog has the fields of the account, if they are known.
"""

OBJECT_CHECKS: Final[dict[type, list[ObjectCheck]]] = {}

LIST_CHECKS: Final[dict[Array, list[ListCheck]]] = {}

PAYLOAD_CHECKS: Final[list[PayloadCheck]] = []

CONDITIONS: Final[dict[type, list[Condition]]] = {}
"""The conditions of all checks of objects, by class.

An object in which none is true is decoded without being recorded, so no check sees it.
"""


def checks(*classes: Any, when: When) -> Callable[[Check], Check]:
    """Decorator: run a function on every `certain` object of some classes with a condition."""

    def register(check: Check) -> Check:
        for cls in classes:
            condition = _add_condition(check, cls, when)
            OBJECT_CHECKS.setdefault(cls, []).append(ObjectCheck(condition, check))
        return check

    return register


def _add_condition(check: Callable[..., Any], cls: type, when: When) -> Condition:
    attributes = when.__code__.co_varnames[: when.__code__.co_argcount]
    if unknown := [name for name in attributes if name not in keys_of(cls)]:
        raise TypeError(
            f"the condition of {check.__name__} takes {unknown[0]!r}, which {cls.__name__} "
            f"does not have; write one or more of {', '.join(keys_of(cls))}"
        )
    condition = Condition(check.__name__, attributes, when)
    CONDITIONS.setdefault(cls, []).append(condition)
    return condition


def checks_list(cls: Any, attribute: str, *, when: ListCondition) -> Callable[[Check], Check]:
    """Decorator: run a function on the list in an attribute of a class, with a condition.

    It gets the path of the list, and its objects with None for each that is not `certain`.
    """

    def register(check: Check) -> Check:
        LIST_CHECKS.setdefault(keys_of(cls)[attribute].type, []).append(ListCheck(when, check))
        return check

    return register


def checks_payload(conditions: Mapping[type, When]) -> Callable[[Check], Check]:
    """Decorator: run a function once on the objects of a payload.

    With a catalog it gets all of them, otherwise at least those with one of the conditions.
    """

    def register(check: Check) -> Check:
        PAYLOAD_CHECKS.append(check)
        for cls, when in conditions.items():
            _add_condition(check, cls, when)
        return check

    return register


CHECKING: Final = ("combinations", "names", "suspicious", "types")
"""The modules with functions that check objects. The reader loads the others if it has to explain
something."""


@cache
def _load_checks() -> None:
    for name in CHECKING:
        import_module(f"{__name__}.{name}")


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    from pkgutil import iter_modules

    names = [f"{__name__}.{module.name}" for module in iter_modules(__path__)]
    values = [value for name in names for value in vars(import_module(name)).values()]
    rules = {value for value in values if isinstance(value, Rule)}
    return tuple(sorted(rules, key=lambda rule: rule.code))


def run_checks(read: ReadContext, catalog: FieldCatalog | None = None) -> Iterator[RawDiagnostic]:
    """What the rules find in the objects of a payload; a catalog has the account's fields."""
    _load_checks()
    objects = read.objects
    if catalog is None:
        objects = [one for one in objects if not one.certain or _has_condition(one)]
    for one in objects:
        if one.certain:
            for condition, check in OBJECT_CHECKS.get(one.of, ()):
                if condition(one.value):
                    yield from check(one)
    for array, values, path in read.lists:
        for when, check_list in LIST_CHECKS[array]:
            if when(values):
                yield from check_list(values, path)
    for check_payload in PAYLOAD_CHECKS:
        yield from check_payload(objects, catalog)


def _has_condition(one: ParsedObject) -> bool:
    """Whether a check may find something in an object that has been read."""
    return any(condition(one.value) for condition in CONDITIONS.get(one.of, ()))


def conditions_of(cls: type) -> list[Condition]:
    """When a check may find something in an object of a class."""
    _load_checks()
    return CONDITIONS.get(cls, [])


def list_conditions_of(array: Array) -> list[ListCondition]:
    """When a check may find something in a list."""
    _load_checks()
    return [check.condition for check in LIST_CHECKS.get(array, ())]
