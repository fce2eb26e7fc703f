"""The package's metadata; `nox` tests the built files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, version
from importlib.resources import files
from pathlib import Path

import pytest

import leadquery

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
GROUPS = PYPROJECT["dependency-groups"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PYTHON = "Programming Language :: Python :: "

checkout = pytest.mark.skipif(not WORKFLOWS, reason="an sdist holds no workflow")


def test_the_version_is_that_of_pyproject() -> None:
    """In the installed metadata and the command."""
    command = [sys.executable, "-m", "leadquery", "--version"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert version("leadquery") == PROJECT["version"] == leadquery.__version__
    assert printed.rstrip().endswith(f"version {PROJECT['version']}")
    assert "__version__" in dir(leadquery)


def test_the_citation_has_no_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text("utf-8")

    assert not re.search(r"^(version|date-released):", citation, re.MULTILINE)


def test_the_citation_is_of_this_project() -> None:
    """With the title, authors, licence and keywords of pyproject.toml."""
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    keywords = citation.partition("keywords:\n")[2]

    assert f"\ntitle: {PROJECT['name']}\n" in citation
    assert f"\nlicense: {PROJECT['license']}\n" in citation
    assert re.findall(r"^  - name: (.+)$", citation, re.MULTILINE) == [
        author["name"] for author in PROJECT["authors"]
    ]
    assert re.findall(r"^  - (.+)$", keywords, re.MULTILINE) == PROJECT["keywords"]


def test_types_are_shipped() -> None:
    """With the marker file for type checkers."""
    assert (files("leadquery") / "py.typed").is_file()


def test_the_command_is_installed() -> None:
    """One script, and it is the command."""
    scripts = [one for one in entry_points(group="console_scripts") if one.name == "leadquery"]

    assert {one.value for one in scripts} == {PROJECT["scripts"]["leadquery"]}


def test_all_brings_every_extra() -> None:
    """But for Spark, which is very large. Developer tools are groups, which are not published."""
    extras = PROJECT["optional-dependencies"]
    [everything] = extras["all"]
    named = re.fullmatch(r"leadquery\[(.+)]", everything)

    assert named
    assert sorted(named[1].split(",")) == sorted(set(extras) - {"all", "spark"})


def test_errors_name_the_extra_with_the_package() -> None:
    """Only libraries that are a matter of choice have no extra."""
    named: set[tuple[str, str]] = set()
    for file in (ROOT / "leadquery").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in (
                "import_optional",
                "missing_dependency_error",
            ):
                package = ast.unparse(call.args[1]).strip("'").partition(".")[0]
                named.add((package, "".join(ast.unparse(one.value) for one in call.keywords)))
    extras = {repr(name): lines for name, lines in PROJECT["optional-dependencies"].items()}

    free = {package for package, extra in named if not extra and package.isidentifier()}
    assert free == {"pandas", "polars", "pyarrow"}
    assert {extra for _, extra in named} >= {"'excel'", "'parquet'", "'plot'"}
    for package, extra in named:
        if extra in extras:
            assert any(re.match(rf"{package}\b", line) for line in extras[extra]), extra


def test_every_requirement_has_a_lower_bound() -> None:
    """Except leadquery itself in `all`."""
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values(), *GROUPS.values()]
    lines = [line for lines in lists for line in lines if isinstance(line, str)]

    assert [
        line for line in lines if not line.startswith("leadquery[") and not re.search(r">=\d", line)
    ] == []


@checkout
def test_every_python_is_tested() -> None:
    """In the workflow, with the lowest bounds on the first."""
    named = [one.removeprefix(PYTHON) for one in PROJECT["classifiers"] if one.startswith(PYTHON)]
    tried = [one for one in named if "." in one]
    text = "".join(file.read_text("utf-8") for file in WORKFLOWS)
    [matrix] = re.findall(r"python: \[(.+)]", text)

    assert re.findall(r'"(.+?)"', matrix) == tried
    assert f">={tried[0]}" == PROJECT["requires-python"]
    assert re.findall(r'python: "(.+?)", session: lowest', text) == [tried[0]]


@checkout
@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_actions_are_pinned(file: Path) -> None:
    """To a commit, with the version beside it."""
    used = re.findall(r"uses: (.+)", file.read_text("utf-8"))

    assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", one)] == []
    assert used


@checkout
@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_permissions_are_minimal(file: Path) -> None:
    """Jobs read the contents; only publishing gets a token."""
    text = file.read_text("utf-8")
    jobs = re.split(r"^  (\w+):$", text.partition("\njobs:\n")[2], flags=re.MULTILINE)
    permissions = {
        name: re.findall(r"^      ([\w-]+): (read|write)\b", job, re.MULTILINE)
        for name, job in zip(jobs[1::2], jobs[2::2], strict=True)
    }

    assert "\npermissions: {}\n" in text
    assert permissions.pop("publish") == [("id-token", "write")]
    assert permissions
    assert set(map(tuple, permissions.values())) == {(("contents", "read"),)}


def test_each_promise_of_the_security_page_has_tests() -> None:
    """Which exist under the names it gives."""
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    promises = re.findall(r"^- \*\*.+?(?=\n\n|\n- )", page, re.MULTILINE | re.DOTALL)
    tests = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }

    assert promises
    for promise in promises:
        named = set(re.findall(r"`(test_\w+)`", promise))
        paths = re.findall(r"`(tests/[\w/]+\.py)`", promise)
        assert named or paths, promise
        assert named <= tests
        assert all((ROOT / path).exists() for path in paths)
