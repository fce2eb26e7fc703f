"""Misuse is explained if its source is available, and has a general message otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import leadquery
from tests._explain.messages import TRUTH

ROOT = Path(leadquery.__file__).parent.parent
IMPORTS = "from leadquery import Leads\nfrom leadquery.fields import Score, Source\n"
MISUSE = 'query = Leads.where(Score < 5 and Source == "Web")'
RIGHT = 'query = Leads.where(Score < 5, Source == "Web")'
NAMED = "`and` asks a condition whether it is true, which only the API can answer"
EXPLAINED = f"""UsageError: {NAMED}
  File "{{}}", line {{}}
    {MISUSE}
                                  ^^^
  write
    {RIGHT}
see docs/explanation/misuse.md in the repository
"""
GENERAL = f"""UsageError: {TRUTH}
  File "{{}}", line {{}}
see docs/explanation/misuse.md in the repository
"""
# Python keeps what was typed, or given with -c, from 3.13 on.
KEPT = sys.version_info >= (3, 13)


def python(*args: str | Path, cwd: Path, given: str | None = None) -> str:
    """The output of a Python process."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{cwd}"}
    done = subprocess.run(
        [sys.executable, *args],
        cwd=cwd,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stderr + done.stdout


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script with misuse in its third line."""
    file = tmp_path / "report.py"
    file.write_text(f"{IMPORTS}{MISUSE}\n", "utf-8")
    return file


def test_in_a_script(script: Path) -> None:
    """The traceback ends with one frame of this package and the corrected line."""
    printed = python(script, cwd=script.parent)

    assert printed.endswith(EXPLAINED.format(script, 3))
    assert printed.count(f'File "{ROOT}') == 1


def test_in_a_module(script: Path) -> None:
    printed = python("-c", "import report", cwd=script.parent)

    assert printed.endswith(EXPLAINED.format(script, 3))


def test_in_a_module_in_an_archive(script: Path) -> None:
    """Its loader has the source."""
    archive = script.parent / "reports.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.write(script, "report.py")
    script.unlink()
    printed = python(
        "-c", f"import sys; sys.path.insert(0, {str(archive)!r}); import report", cwd=script.parent
    )

    assert printed.endswith(EXPLAINED.format(archive / "report.py", 3))


def test_with_c(tmp_path: Path) -> None:
    """Python 3.13 keeps the source of -c."""
    printed = python("-c", f"{IMPORTS}{MISUSE}", cwd=tmp_path)

    assert printed.endswith((EXPLAINED if KEPT else GENERAL).format("<string>", 3))


def test_at_the_prompt(tmp_path: Path) -> None:
    """Python 3.13 keeps the source of the prompt."""
    printed = python("-i", "-q", cwd=tmp_path, given=f"{IMPORTS}{MISUSE}\n")

    assert (RIGHT in printed) == KEPT
    assert (NAMED if KEPT else TRUTH) in printed


def test_without_positions(script: Path) -> None:
    """Code compiled without positions knows only its line."""
    printed = python("-X", "no_debug_ranges", script, cwd=script.parent)

    assert printed.endswith(GENERAL.format(script, 3))


def test_without_source(script: Path) -> None:
    """A program shipped as .pyc files."""
    line = "import py_compile; py_compile.compile('report.py', 'report.pyc', dfile='gone.py')"
    python("-c", line, cwd=script.parent)
    script.unlink()
    printed = python(script.with_suffix(".pyc"), cwd=script.parent)

    assert printed.endswith(GENERAL.format("gone.py", 3))


def test_in_source_that_has_changed(script: Path) -> None:
    """The current line of the file is not shown."""
    change = "open(__file__, 'w').write('pass\\n' * 9)"
    script.write_text(f"{IMPORTS}{change}\n{MISUSE}\n", "utf-8")
    printed = python(script, cwd=script.parent)

    assert printed.endswith(GENERAL.format(script, 4))


@pytest.mark.parametrize("mode", ["rewrite", "plain"])
@pytest.mark.parametrize("error", [MISUSE, 'assert Leads.where(Score < 5 and Source == "Web")'])
def test_inside_pytest(mode: str, error: str, tmp_path: Path) -> None:
    """With rewritten assertions and without."""
    file = tmp_path / "test_report.py"
    file.write_text(f"{IMPORTS}\ndef test_report():\n    {error}\n", "utf-8")
    options = ["-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(tmp_path)]
    printed = python("-m", "pytest", *options, f"--assert={mode}", file, cwd=tmp_path)

    assert f'E         File "{file}", line 5' in printed
    assert f"E           {error}" in printed
    assert 'Leads.where(Score < 5, Source == "Web")' in printed


def test_in_a_doctest(tmp_path: Path) -> None:
    file = tmp_path / "documented.py"
    examples = "".join(f">>> {line}\n" for line in f"{IMPORTS}{MISUSE}".splitlines())
    file.write_text(f'"""A report.\n\n{examples}"""\n', "utf-8")
    printed = python("-m", "doctest", file, cwd=tmp_path)

    assert NAMED in printed
    assert RIGHT in printed


NOTEBOOK = f"""
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell()
shell.colors = "NoColor"
shell.run_cell({IMPORTS!r})
shell.run_cell({MISUSE!r})
"""


def test_in_a_notebook(tmp_path: Path) -> None:
    """IPython keeps a cell as the lines of a file."""
    pytest.importorskip("IPython", reason="IPython is not there")
    printed = python("-W", "ignore", "-c", NOTEBOOK, cwd=tmp_path)

    assert NAMED in printed
    assert RIGHT in printed


TOOLS: dict[str, Any] = {
    "a lambda": "call = lambda: Score < 5 and Source\ncall()",
    "a comprehension": "[one and Source for one in [Score < 5]]",
    "a generator": "list(one and Source for one in [Score < 5])",
    "a class": "class Report:\n    both = (Score < 5) and Source",
    "a default": "def report(both=Score < 5 and Source): ...",
    "a decorator": "@(Score < 5 and Source)\ndef report(): ...",
    "with": "with (Score < 5 and Source): ...",
    "a coroutine": (
        "import asyncio\nasync def report():\n    return Score < 5 and Source\n"
        "asyncio.run(report())"
    ),
    "a thread": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def report():\n    return Score < 5 and Source\n"
        "ThreadPoolExecutor(1).submit(report).result()"
    ),
    "except": "try:\n    1 / 0\nexcept (Score < 5 and Source):\n    pass",
    "match": "match 1:\n    case 1 if (Score < 5 and Source) is None:\n        pass",
    "return": "def report():\n    return (\n        Score < 5\n        and Source\n    )\nreport()",
    "a continued line": "both = Score < 5 \\\n    and Source",
    "a text in braces": "both = f'{Score < 5 and Source}'",
}


@pytest.mark.parametrize("name", TOOLS)
def test_in_every_kind_of_statement(name: str, tmp_path: Path) -> None:
    """Only the statement, or its header, is parsed."""
    file = tmp_path / "report.py"
    file.write_text(f"{IMPORTS}{TOOLS[name]}\n", "utf-8")
    printed = python(file, cwd=tmp_path)

    assert f"UsageError: {NAMED if name != 'a text in braces' else ''}" in printed
