"""Options of the tests.

`--update-goldens` rewrites expected texts (golden files) to what the code writes today: review the
diff. `--hypothesis-profile ci`, or HYPOTHESIS_PROFILE=ci, runs property-based tests with more
examples.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

# dlt, which a page of the docs uses, reports its use over the network otherwise.
os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")

# Servers of the tests are on this machine, which no proxy that is configured here can reach.
for proxy in ("http_proxy", "https_proxy", "all_proxy"):
    os.environ.pop(proxy, None)
    os.environ.pop(proxy.upper(), None)

# A plugin for mutmut, which is not a dependency of the tests.
collect_ignore = ["mutants.py"]

# No deadlines, because machines can be busy. Derandomized, so that failures are reproducible.
settings.register_profile(
    "dev",
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
settings.register_profile("ci", settings.get_profile("dev"), max_examples=400)
settings.register_profile("full", settings.get_profile("dev"), max_examples=1_000)
settings.register_profile(
    "hunt",
    settings.get_profile("dev"),
    max_examples=20_000,
    derandomize=False,
    print_blob=True,
)
# Few examples, and no shrinking: the first failure kills a mutant.
settings.register_profile(
    "mutants",
    settings.get_profile("dev"),
    max_examples=10,
    phases=(Phase.explicit, Phase.generate),
    database=None,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


# A shell starts jobs in the background with Ctrl-C ignored, and their processes inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    help_text = "rewrite golden files to what the code writes"
    parser.addoption("--update-goldens", action="store_true", help=help_text)


def pytest_collection_finish() -> None:
    """Give laws the same examples in every run, whatever modules other tests load before them.

    Hypothesis also draws values that the source of the loaded modules has, if it is new enough.
    """
    with suppress(ImportError, AttributeError):
        providers: Any = import_module("hypothesis.internal.conjecture.providers")
        constants = providers._get_local_constants()
        providers._get_local_constants = lambda: constants


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """A function that compares a text with a golden file, or rewrites it."""

    def check(path: Path, text: str) -> None:
        if request.config.getoption("--update-goldens"):
            path.write_text(text, "utf-8")
        assert text == path.read_text("utf-8")

    return check
