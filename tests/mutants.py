"""What mutmut is told of functions that are called before a test runs, or once for many tests.

It notes which functions a test calls, and tries a mutant of one with those tests alone. What the
package calls while it is loaded is seen by every test, what a module calls to make its parameters
by all of that module; and what is kept from one test to the next is forgotten between them.
"""

from __future__ import annotations

import gc
import os
import pkgutil
from collections.abc import Generator
from functools import _lru_cache_wrapper
from importlib import import_module

import pytest
from mutmut.state import state

ROOMS = ("query", "lint", "wire", "expr")
NOTING = os.environ.get("MUTANT_UNDER_TEST") == "stats"
seen_by_all: set[str] = set()
seen_in: dict[str, set[str]] = {}
kept: list[_lru_cache_wrapper[object]] = []


def called() -> set[str]:
    """The functions that were called since this was last asked."""
    noted = set(state()._stats)
    state()._stats.clear()
    return noted


def pytest_configure() -> None:
    """The rooms are loaded before anything of them is called."""
    for room in ROOMS:
        package = import_module(f"leadquery.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    seen_by_all.update(called())
    kept.extend(one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module is loaded here, and its tests get their parameters."""
    report = yield
    if isinstance(collector, pytest.Module):
        seen_in[collector.nodeid] = called()
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Before mutmut asks what the test called."""
    if not NOTING:
        return
    state()._stats |= seen_by_all | seen_in.get(item.nodeid.partition("::")[0], set())
    for one in kept:
        if one.__module__.startswith("leadquery."):
            one.cache_clear()
