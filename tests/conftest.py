"""Options of the tests.

`--update-goldens` rewrites expected texts (golden files) to what the code writes today: review the
diff. `--hypothesis-profile ci`, or HYPOTHESIS_PROFILE=ci, runs property-based tests with more
examples.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

# dlt, which a page of the docs uses, reports its use over the network otherwise.
os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")

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


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """A function that compares a text with a golden file, or rewrites it."""

    def check(path: Path, text: str) -> None:
        if request.config.getoption("--update-goldens"):
            path.write_text(text, "utf-8")
        assert text == path.read_text("utf-8")

    return check
