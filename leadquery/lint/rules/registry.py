"""All rules and their checks, found in the modules of this package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from leadquery.lint import rules as package
from leadquery.lint.rules.base import CONDITIONS, OBJECT_CHECKS, PAYLOAD_CHECKS, Rule

if TYPE_CHECKING:
    from leadquery.lint.catalog import FieldCatalog
    from leadquery.lint.diagnostics import ParsedObject, RawDiagnostic


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code. Importing their modules registers their checks, too."""
    names = [f"{package.__name__}.{module.name}" for module in iter_modules(package.__path__)]
    values = [value for name in names for value in vars(import_module(name)).values()]
    rules = {value for value in values if isinstance(value, Rule)}
    return tuple(sorted(rules, key=lambda rule: rule.code))


def run_checks(
    objects: Sequence[ParsedObject], catalog: FieldCatalog | None = None
) -> Iterator[RawDiagnostic]:
    """What the rules find in the objects of a payload; a catalog has the account's fields."""
    all_rules()
    for one in objects:
        if one.certain:
            for condition, check in OBJECT_CHECKS.get(one.of, ()):
                if condition(one.value):
                    yield from check(one)
    for check_payload in PAYLOAD_CHECKS:
        yield from check_payload(objects, catalog)


def may_find(values: Iterable[Any]) -> bool:
    """Whether a check may find something in the objects of a request without mistakes."""
    all_rules()
    conditions_of = CONDITIONS.get
    for value in values:
        for condition in conditions_of(value.__class__, ()):
            if condition(value):
                return True
    return False
