"""A pytest plugin that tells mutmut about functions called on import or during collection.

mutmut records which functions each test calls, and runs only those tests for a mutant. This plugin
counts functions called while the package is imported as called by every test, and functions called
while a test module is collected as called by all its tests. It clears caches after each test.
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

PACKAGES = ("query", "lint", "wire", "expr", "cover")
COLLECTING_STATS = os.environ.get("MUTANT_UNDER_TEST") == "stats"
called_on_import: set[str] = set()
called_by_module: dict[str, set[str]] = {}
caches: list[_lru_cache_wrapper[object]] = []


def take_called() -> set[str]:
    """The functions called since the last time, which are then forgotten."""
    called = set(state()._stats)
    state()._stats.clear()
    return called


def pytest_configure() -> None:
    """Import all mutated packages, and record what that calls."""
    for name in PACKAGES:
        package = import_module(f"leadquery.{name}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    called_on_import.update(take_called())
    caches.extend(item for item in gc.get_objects() if isinstance(item, _lru_cache_wrapper))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Record what the import of a test module and its parameters call."""
    report = yield
    if isinstance(collector, pytest.Module):
        called_by_module[collector.nodeid] = take_called()
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Add those functions to what the test called, before mutmut reads it; clear the caches."""
    if not COLLECTING_STATS:
        return
    state()._stats |= called_on_import | called_by_module.get(item.nodeid.partition("::")[0], set())
    for cache in caches:
        if cache.__module__.startswith("leadquery."):
            cache.cache_clear()
