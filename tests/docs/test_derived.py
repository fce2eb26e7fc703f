"""The generated parts of the reference are complete."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable
from configparser import ConfigParser
from itertools import pairwise
from pathlib import Path

import click
import pytest

import leadquery
from docs.derived import PARTS, with_parts
from docs.derived.markdown import escape, table
from leadquery import errors, fields, users
from leadquery.cli import COMMANDS, main
from leadquery.emulator import demo_leads, demo_users
from leadquery.emulator.assumptions import Assumption
from leadquery.errors import LeadQueryError
from leadquery.wire import model
from leadquery.wire.enums import ORDINARY_HOST, VARIABLES, Operator
from leadquery.wire.schema import WireObject, keys_of
from tests.docs.pages import PAGES, ROOT

SHAPES = [
    one for one in vars(model).values() if isinstance(one, type) and issubclass(one, WireObject)
]
KEYS = [key for one in SHAPES if one is not WireObject for key in keys_of(one).values()]
ERRORS = [name for name in vars(errors) if name.endswith("Error")]


def requested_parts() -> set[str]:
    """Return the parts that pages include."""
    pages = "\n".join(page.read_text("utf-8") for page in PAGES)
    return set(re.findall(r"^<!-- derived: (\S+) -->$", pages, re.MULTILINE))


def options() -> list[str]:
    """Return the options of every command."""
    context = click.Context(main)
    commands = [main.get_command(context, name) for name in COMMANDS]
    found = [one for command in commands if command for one in command.params]
    return [one.opts[0] for one in found if isinstance(one, click.Option)]


@pytest.mark.parametrize("page", [page for page in PAGES if "derived" in page.read_text("utf-8")])
def test_pages_are_up_to_date(page: Path, check_golden: Callable[[Path, str], None]) -> None:
    """The parts are as the code generates them today."""
    check_golden(page, with_parts(page.read_text("utf-8")))


def test_pages_include_every_part() -> None:
    """And no part that does not exist."""
    assert requested_parts() == set(PARTS)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("assumptions", [f"## {one.title.capitalize()}\n" for one in Assumption]),
        ("commands", [*(f"## leadquery {name}\n" for name in COMMANDS), *options()]),
        ("demo.fields", [f"| `{name}` |" for name in next(demo_leads(1))]),
        ("demo.fields", ["| Choice | `Prospect`, `Lead`,", "| `mx_Deal_Value` | Number |"]),
        ("demo.users", [f"`{user['EmailAddress']}` | `{user['Role']}`" for user in demo_users()]),
        ("demo.users", [f"`{name}`" for name in demo_users()[0]]),
        ("errors", [f"## {name}\n" for name in ERRORS]),
        ("payload", [f"| `{key.name}` |" for key in KEYS]),
        ("payload", [f"`{row.token}`" for row in Operator]),
        ("fields.attributes", [f"`{name}`" for name in users.STANDARD]),
        ("fields.standard", [f"| `{name}` |" for name in fields.STANDARD]),
        (
            "fields.standard",
            [
                f"| {field.label} |"
                for field in fields.STANDARD.values()
                if field.label != field.name
            ],
        ),
        ("fields.types", [f"| `{field_type.__name__}` |" for field_type in fields.FIELD_TYPES]),
        ("fields.operators", [f"| `{row.token}` |" for row in Operator]),
    ],
)
def test_a_part_is_complete(part: str, expected: list[str]) -> None:
    """It contains everything that the code defines."""
    made = PARTS[part]()

    assert expected
    assert [one for one in expected if one not in made] == []


def test_field_types_list_their_operators() -> None:
    """Only those that a field of the type supports."""
    rows = dict(re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", PARTS["fields.types"](), re.MULTILINE))

    assert rows["Boolean"] == "`==`, `!=`, `.has_data()`, `.has_no_data()`"
    assert rows["DerivedColumn"] == "none"
    assert ".during()" in rows["Date"]
    assert ".during()" not in rows["Number"]


def test_every_environment_variable_is_described() -> None:
    """Each variable that the package reads has a row."""
    page = (ROOT / "docs/reference/environment.md").read_text("utf-8")
    sources = Path(leadquery.__file__).parent.rglob("*.py")
    read = {name for source in sources for name in variables(source)} | {*VARIABLES, ORDINARY_HOST}

    assert {"NO_COLOR", "FORCE_COLOR", "TERM"} < read
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == read


def variables(source: Path) -> list[str]:
    """Return the names of the environment variables that a file reads."""
    calls = [
        one for one in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(one, ast.Call)
    ]
    reads = [one for one in calls if ast.unparse(one.func) in ("os.environ.get", "os.getenv")]
    names = [one.args[0] for one in reads]
    return [str(name.value) for name in names if isinstance(name, ast.Constant)]


def test_each_dependency_has_a_reason() -> None:
    """The page names the packages of pyproject.toml, its extras and its groups, and no others."""
    page = (ROOT / "docs/explanation/dependencies.md").read_text("utf-8")
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = pyproject["project"]
    optional = {**project["optional-dependencies"], **pyproject["dependency-groups"]}
    lines = [*project["dependencies"], *(line for lines in optional.values() for line in lines)]
    requirements = [line for line in lines if isinstance(line, str)]  # not `include-group`
    packages = {re.split(r"[^\w-]", line)[0] for line in requirements} - {"leadquery"}
    rows = re.findall(r"^\|(?: `\w+` \|)? (`[^|]*) \|.*\|$", page, re.MULTILINE)

    assert {name for row in rows for name in re.findall(r"`([\w-]+)`", row)} == packages
    assert [name for name in optional if f"`{name}`" not in page] == []


def test_the_tree_of_errors_is_complete() -> None:
    """Every error class of the package is on the page."""
    assert LeadQueryError.__name__ in ERRORS
    assert PARTS["errors"]().count("## ") == len(ERRORS)


def test_text_is_escaped_for_markdown() -> None:
    """Code in backticks stays code."""
    assert escape("all *.json of `a_b*`, as <x>") == r"all \*.json of `a_b*`, as \<x\>"
    assert table(("a|b",), [("`|`",)]) == "| a\\|b |\n| --- |\n| `\\|` |\n"


def test_every_package_is_described() -> None:
    """The table of packages has the order of the import contract."""
    page = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")
    _, _, section = page.partition("\n## Packages\n")
    contract = ConfigParser()
    contract.read(ROOT / "setup.cfg", "utf-8")
    [name] = [name for name in contract if name.startswith("importlinter:contract:")]
    lines = contract[name]["layers"].strip().splitlines()
    layers = [set(re.findall(r"\w+", line)) for line in reversed(lines)]
    positions = {package: section.find(f"`{package}`") for package in set().union(*layers)}

    assert -1 not in positions.values()
    for lower, upper in pairwise(layers):
        assert max(positions[one] for one in lower) < min(positions[one] for one in upper)


def test_no_module_is_longer_than_400_lines() -> None:
    """CONTRIBUTING says so: a longer one has a seam."""
    lines = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in (ROOT / "leadquery").rglob("*.py")
    }

    assert lines
    assert {name: count for name, count in lines.items() if count > 400} == {}
