"""What the front door loads, and what it leaves for later."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .fresh import Python

ROOMS = "print(*{name.partition('.')[0] for name in sys.modules})"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Python:
    """Fresh processes that share what they compile."""
    return Python(Path(tmp_path_factory.mktemp("compiled")))


def loaded(python: Python, line: str) -> set[str]:
    """The packages in memory after a line."""
    return set(python.run(f"import sys; {line}; {ROOMS}").split())


def test_the_first_word_loads_attrs_alone(python: Python) -> None:
    """Beside the standard library, that is: neither requests nor click, rich or hypothesis."""
    others = loaded(python, "from leadquery import Leads") - loaded(python, "pass")

    assert others - sys.stdlib_module_names == {"attr", "attrs", "leadquery"}
    assert not others & {"sqlite3", "difflib", "http", "ssl", "asyncio"}


def test_the_client_loads_requests(python: Python) -> None:
    """The same door brings what speaks HTTP, when it is asked for it."""
    assert "requests" in loaded(python, "from leadquery import Client")
