"""The module of an account, as type checkers and editors read it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jedi
import pytest

from leadquery.cli.fields_file import module_source, users_by_name
from leadquery.lint.catalog import FIELD_TYPES, read_fields

ROOT = Path(__file__).parents[2]
VENDOR = json.loads((ROOT / "tests/cli/leads-metadata.json").read_text("utf-8"))
AWKWARD = ("class", "1abc", "Text", "mx_a~b", "mx_a-b", "mx_Zoë", "__all__", "count", "a b")


def synthetic(number: int = 400) -> list[dict[str, Any]]:
    """An account with fields of every type, many of them dropdowns, one with many options."""
    types = [*FIELD_TYPES, "CustomObject", "Select", "Select"]
    entries: list[dict[str, Any]] = [
        {
            "SchemaName": f"mx_Field_{index}",
            "DisplayName": f'The "field" \\ number {index}',
            "DataType": types[index % len(types)],
            "RenderTypeTextValue": ("Dropdown", "DropdownWithOthers", "DateTime")[index % 3],
            "Options": [{"Value": f'Option "{one}"\n 🎈'} for one in range(index % 40)],
        }
        for index in range(number - len(AWKWARD) - 2)
    ]
    colleges = [{"Value": f"College of Engineering {index}"} for index in range(2_000)]
    dropdown: dict[str, Any] = {"SchemaName": "mx_College", "DataType": "Select"}
    entries += [{"SchemaName": name, "DataType": "Select"} for name in AWKWARD]
    entries += [{**dropdown, "SchemaName": "ProspectStage", "Options": ["Prospect"]}]
    return [*entries, {**dropdown, "Options": colleges}]


ACCOUNTS = {"vendor": VENDOR, "synthetic": synthetic()}

USE = """
from typing import assert_type

from account_fields import ProspectStage, ProspectStage_Option, Users

from leadquery import Leads
from leadquery.expr.predicate import Predicate
from leadquery.fields import OwnerId


def by_stage(stage: ProspectStage_Option) -> Predicate:
    return ProspectStage == stage


assert_type(ProspectStage == "Prospect", Predicate)
assert_type(ProspectStage.is_in(["Prospect"]), Predicate)
mine = Leads.where(by_stage("Prospect"), ProspectStage.contains("Pro"), OwnerId == Users.Asha)
lost = Leads.where(ProspectStage == "Prospct")  # refused
gone = Leads.where(ProspectStage.is_in(["Prospect", "Gone"]))  # refused
none = by_stage("prospect")  # refused
nobody = Users.Ravi  # refused
"""
REFUSED = [number for number, line in enumerate(USE.splitlines(), 1) if "# refused" in line]


@pytest.fixture(params=ACCOUNTS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project with the module of an account, and a file that uses it."""
    users = users_by_name([{"ID": "0793", "FirstName": "Asha", "EmailAddress": "asha@x.com"}])
    fields = read_fields(ACCOUNTS[request.param])
    (tmp_path / "account_fields.py").write_text(module_source(fields, users), "utf-8")
    (tmp_path / "use.py").write_text(USE, "utf-8")
    return tmp_path


def output(folder: Path, *args: str) -> str:
    """The output of a checker that finds the package, but not the configuration of this project."""
    run = subprocess.run(
        [sys.executable, "-m", *args, "account_fields.py", "use.py"],
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert run.stdout, run.stderr

    return run.stdout


def test_mypy_strict(folder: Path) -> None:
    printed = output(folder, "mypy", "--strict", "--ignore-missing-imports")
    errors = re.findall(r"^(use|account_fields)\.py:(\d+): error: ", printed, re.MULTILINE)

    assert [(file, int(number)) for file, number in errors] == [("use", one) for one in REFUSED]


def test_basedpyright(folder: Path) -> None:
    """With the rules that it recommends."""
    config = {"extraPaths": [str(ROOT)], "typeCheckingMode": "recommended"}
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    printed = json.loads(output(folder, "basedpyright", "--outputjson"))["generalDiagnostics"]
    lines = [
        (Path(one["file"]).stem, one["range"]["start"]["line"] + 1)
        for one in printed
        if one["severity"] == "error" or "account_fields" in one["file"]
    ]

    assert sorted({*lines}) == [("use", one) for one in REFUSED]


def test_an_editor_offers_the_fields_with_their_display_names(folder: Path) -> None:
    project = jedi.Project(str(folder), added_sys_path=[str(ROOT)])
    offered = {
        one.name: one.docstring()
        for one in jedi.Script("import account_fields\naccount_fields.", project=project).complete()
    }
    methods = jedi.Script(
        "from account_fields import ProspectStage\nProspectStage.is_", project=project
    )

    assert offered["ProspectStage"] in ("Lead Stage", "ProspectStage")
    assert offered.get("Phone", "Phone Number") == "Phone Number"
    assert offered.get("mx_Field_7", 'The "field" \\ number 7') == 'The "field" \\ number 7'
    assert [one.name for one in methods.complete()] == ["is_in"]
