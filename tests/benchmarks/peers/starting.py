"""The cost of a new process: imports, and the command on files."""

# mypy: ignore-errors
# The peers are not there when types are checked.

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from leadquery import schema
from tests.benchmarks.profiles import imports
from tests.benchmarks.race import Contest
from tests.benchmarks.targets import ATTRS, PYTHON
from tests.benchmarks.workloads import sample

SCRIPTS = Path(sys.executable).parent
COMMAND = str(SCRIPTS / "leadquery")
CHECK_JSONSCHEMA = str(SCRIPTS / "check-jsonschema")
IMPORTS = {
    "from leadquery import Leads": "from leadquery import Leads",
    ATTRS: "import attrs",
    PYTHON: "pass",
    "pypika": "from pypika import Query",
    "boto3": "from boto3.dynamodb.conditions import Attr",
    "pydantic": "from pydantic import TypeAdapter",
    "msgspec": "import msgspec",
    "jsonschema": "from jsonschema import Draft202012Validator",
    "sqlalchemy": "from sqlalchemy import select",
    "elasticsearch.dsl": "from elasticsearch.dsl import Search",
}


def _run(*command: str) -> None:
    # Away from the checkout, so that what is installed is what is run.
    subprocess.run(command, check=True, capture_output=True, cwd=SCRIPTS)


def contests() -> Iterator[Contest]:
    """Imports, and the command."""
    yield Contest(
        "Import in a new process",
        "The imports that a query builder or a validator needs, with bytecode compiled.",
        {name: partial(_run, sys.executable, "-c", line) for name, line in IMPORTS.items()},
        rounds=25,
        profile=lambda _: imports(["-c", next(iter(IMPORTS.values()))]),
    )
    yield Contest(
        "Print the help of the command",
        "The list of commands, as click formats it.",
        {
            "leadquery --help": partial(_run, COMMAND, "--help"),
            "check-jsonschema --help": partial(_run, CHECK_JSONSCHEMA, "--help"),
            PYTHON: partial(_run, sys.executable, "-c", "pass"),
        },
        rounds=15,
        profile=lambda _: imports([COMMAND, "--help"]),
    )
    with TemporaryDirectory() as folder:
        against = Path(folder, "schema.json")
        against.write_text(json.dumps(schema()), "utf-8")
        files = [Path(folder, f"{index}.json") for index in range(100)]
        for file in files:
            file.write_text(json.dumps(sample(), indent=1), "utf-8")
        yield _command(files[:1], against, "Check one file on the command line")
        yield _command(files, against, "Check a hundred files on the command line")


def _command(files: list[Path], against: Path, title: str) -> Contest:
    named = [str(file) for file in files]
    theirs = [CHECK_JSONSCHEMA, "--schemafile", str(against), *named]
    return Contest(
        title,
        "The sample on the API's page; check-jsonschema uses leadquery's JSON Schema.",
        {
            "leadquery check": partial(_run, COMMAND, "check", *named),
            "check-jsonschema": partial(_run, *theirs),
            PYTHON: partial(_run, sys.executable, "-c", "pass"),
        },
        rounds=15,
        profile=lambda _: imports([COMMAND, "check", *named]),
    )
