"""Which packages importing leadquery loads."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .fresh import Python

VALID = (
    '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, "Paging": {"PageIndex": 1, "PageSize": 9}}'
)

ROOMS = "print(*{name.partition('.')[0] for name in sys.modules})"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Python:
    """New processes that share compiled files."""
    return Python(Path(tmp_path_factory.mktemp("compiled")))


def loaded(python: Python, line: str) -> set[str]:
    """The packages in memory after a line of code."""
    return set(python.run(f"import sys; {line}; {ROOMS}").split())


def test_importing_leads_loads_only_attrs(python: Python) -> None:
    """Besides the standard library: neither requests nor click, rich or hypothesis."""
    others = loaded(python, "from leadquery import Leads") - loaded(python, "pass")

    assert others - sys.stdlib_module_names == {"attr", "attrs", "leadquery"}
    assert not others & {"sqlite3", "difflib", "http", "ssl", "asyncio"}


def test_the_options_of_a_command_load_neither_requests_nor_rich(python: Python) -> None:
    """Its help and its completion need them, not what it does."""
    modules = ("check", "completion", "fields", "payload", "run", "sql")
    others = loaded(python, "; ".join(f"import leadquery.cli.{name}" for name in modules))

    assert not others & {"requests", "rich", "sqlite3", "sqlglot", "asyncio"}


def test_the_client_loads_requests(python: Python) -> None:
    """On first use."""
    others = loaded(python, "from leadquery import AsyncClient, Client")

    assert "requests" in others
    assert not others & {"anyio", "asyncio"}


def test_a_valid_payload_loads_nothing_that_explains(python: Python) -> None:
    """Neither the reader nor what finds payloads in other files, nor pathlib."""
    (python.folder / "report.json").write_text(VALID)
    check = "from leadquery.cli import main; main(['check', 'report.json'], standalone_mode=False)"
    printed = python.run(f"import sys\ntry: {check}\nexcept SystemExit: pass\nprint(*sys.modules)")

    assert printed.startswith("no problems found\n")
    assert not set(printed.split()) & {
        "leadquery.lint.json_text",
        "leadquery.lint.key_matching",
        "leadquery.lint.reader",
        "leadquery.lint.source_text",
        "leadquery.lint.rules.wrapped",
        "leadquery.lint.request_files",
        "leadquery.query.query",
        "leadquery.client",
        "pathlib",
        "rich",
    }


def test_the_help_loads_no_command(python: Python) -> None:
    """Only click and the table of commands."""
    help_page = "from leadquery.cli import main; main(['--help'], standalone_mode=False)"
    printed = python.run(f"{help_page}; import sys; print(*sys.modules)")
    modules = printed.splitlines()[-1].split()

    assert {name for name in modules if name.startswith("leadquery.cli")} == {
        "leadquery.cli",
        "leadquery.cli.output",
    }
