"""What stands in the package's papers, said once; `nox` tries what is built of them."""

from __future__ import annotations

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


def test_the_version_has_one_address() -> None:
    """What is installed, the name and the command say what pyproject.toml says."""
    command = [sys.executable, "-m", "leadquery", "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert version("leadquery") == PROJECT["version"] == leadquery.__version__
    assert said.rstrip().endswith(f"version {PROJECT['version']}")
    assert "__version__" in dir(leadquery)


def test_no_other_file_says_a_version() -> None:
    """A citation names the version that was used, and who cites knows it."""
    citation = (ROOT / "CITATION.cff").read_text("utf-8")

    assert not re.search(r"^(version|date-released):", citation, re.MULTILINE)


def test_the_citation_is_of_this_project() -> None:
    """Its title, authors, licence and keywords are those of pyproject.toml."""
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    keywords = citation.partition("keywords:\n")[2]

    assert f"\ntitle: {PROJECT['name']}\n" in citation
    assert f"\nlicense: {PROJECT['license']}\n" in citation
    assert re.findall(r"^  - name: (.+)$", citation, re.MULTILINE) == [
        author["name"] for author in PROJECT["authors"]
    ]
    assert re.findall(r"^  - (.+)$", keywords, re.MULTILINE) == PROJECT["keywords"]


def test_types_are_shipped() -> None:
    """The mark that has type checkers read the package lies beside it."""
    assert (files("leadquery") / "py.typed").is_file()


def test_the_command_is_installed() -> None:
    """One script, and it is the command."""
    scripts = [one for one in entry_points(group="console_scripts") if one.name == "leadquery"]

    assert {one.value for one in scripts} == {PROJECT["scripts"]["leadquery"]}


def test_all_brings_every_extra() -> None:
    """Tools that only developers need are dependency groups, which pip never publishes."""
    extras = PROJECT["optional-dependencies"]
    [everything] = extras["all"]
    named = re.fullmatch(r"leadquery\[(.+)]", everything)

    assert named
    assert sorted(named[1].split(",")) == sorted(set(extras) - {"all"})


def test_every_requirement_has_a_lower_bound() -> None:
    """`nox -s lowest` shows that it works; `all` names leadquery itself."""
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values(), *GROUPS.values()]
    lines = [line for lines in lists for line in lines if isinstance(line, str)]

    assert [
        line for line in lines if not line.startswith("leadquery[") and not re.search(r">=\d", line)
    ] == []


@checkout
def test_every_python_is_tried() -> None:
    """The workflow tries those that pyproject.toml names, and the lowest bounds on the first."""
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
    """By commit, with the version beside it."""
    used = re.findall(r"uses: (.+)", file.read_text("utf-8"))

    assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", one)] == []
    assert used


@checkout
@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_permissions_are_the_least(file: Path) -> None:
    """None for all; a job reads the contents, and only publishing asks for a token."""
    text = file.read_text("utf-8")
    jobs = re.split(r"^  (\w+):$", text.partition("\njobs:\n")[2], flags=re.MULTILINE)
    asked = {
        name: re.findall(r"^      ([\w-]+): (read|write)\b", job, re.MULTILINE)
        for name, job in zip(jobs[1::2], jobs[2::2], strict=True)
    }

    assert "\npermissions: {}\n" in text
    assert asked.pop("publish") == [("id-token", "write")]
    assert asked
    assert set(map(tuple, asked.values())) == {(("contents", "read"),)}
