"""What generators and validators of npm make of the documents."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from leadquery import schema
from leadquery.fields import STANDARD
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.editor_schema import editor_schema
from tests.exporters.clients import NPM, TIMEOUT, package, tool
from tests.exporters.queries import HARD

CASES = Path(__file__).parent.parent / "cases"
VALUES = ("pattern", "minLength", "minItems", "minimum", "maximum")
"""What a schema says of values, and types do not."""


def payloads(folder: str) -> dict[str, Any]:
    """The cases that are JSON, by name; a case of two equal keys is none that TypeScript reads."""
    found = {}
    for path in sorted((CASES / folder).glob("*.json")):
        try:
            found[path.stem] = json.loads(
                path.read_bytes(), object_pairs_hook=_once, parse_constant=_refuse
            )
        except (ValueError, RecursionError):
            continue
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def without_values(part: Any) -> Any:
    """The schema as far as types go."""
    if isinstance(part, list):
        return [without_values(one) for one in part]
    if not isinstance(part, dict):
        return "number" if part == "integer" else part
    return {key: without_values(one) for key, one in part.items() if key not in VALUES}


def ran(*command: str | Path, folder: Path) -> str:
    """What a command prints."""
    run = subprocess.run(
        [*map(str, command)], cwd=folder, capture_output=True, timeout=TIMEOUT, check=False
    )
    return (run.stdout + run.stderr).decode()


@pytest.fixture
def types(tmp_path: Path) -> Path:
    """A folder with types that openapi-typescript made."""
    package("typescript")
    (tmp_path / "api.json").write_bytes(HARD.to_request("openapi").encode())
    made = ran(tool("openapi-typescript"), "api.json", "-o", "api.ts", folder=tmp_path)
    assert (tmp_path / "api.ts").exists(), made
    return tmp_path


def refused(folder: Path, cases: dict[str, Any]) -> set[str]:
    """The cases that `tsc --strict` refuses as the body of the call."""
    for name, payload in cases.items():
        text = json.dumps(payload, indent=2)
        (folder / f"{name}.ts").write_text(
            'import type { components } from "./api.ts";\n'
            f'export const body: components["schemas"]["Request"] = {text};\n',
            "utf-8",
        )
    options = ["--strict", "--noEmit", "--allowImportingTsExtensions", "--module", "esnext"]
    files = [f"{name}.ts" for name in cases]
    printed = ran(tool("tsc"), *options, "--moduleResolution", "bundler", *files, folder=folder)
    assert not re.search(r"^error ", printed, re.MULTILINE), printed

    return set(re.findall(r"^(.+)\.ts\(\d+,\d+\): error ", printed, re.MULTILINE))


def test_types_accept_the_good_cases(types: Path) -> None:
    """Each is a body of the call; the query that was written is one, too."""
    cases = {**payloads("good"), "hard": HARD.to_payload()}

    assert len(cases) > 15
    assert refused(types, cases) == set()


def test_types_reject_the_bad_cases(types: Path) -> None:
    """All whose keys and kinds of values are wrong; what values hold is no matter of types."""
    cases = payloads("bad")
    checker = Draft202012Validator(without_values(schema()))
    wrong = {name for name, one in cases.items() if not checker.is_valid(one)}

    assert len(wrong) > 100
    assert refused(types, cases) == wrong


LOADED = """
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
const [schema, cases, keywords] = JSON.parse(readFileSync(0));
const check = new Ajv({ allErrors: true }).addVocabulary(keywords).compile(schema);
console.log(JSON.stringify(cases.map((one) => check(one))));
"""


EDITORS = ["deprecationMessage", "doNotSuggest", "enumDescriptions", "patternErrorMessage"]
"""The keywords that editors read."""


@pytest.mark.parametrize(
    ("made", "keywords"),
    [
        (schema(), []),
        (editor_schema(), EDITORS),
        (editor_schema(FieldCatalog.of([*STANDARD.values()])), EDITORS),
    ],
    ids=["schema", "for editors", "of an account"],
)
def test_ajv_accepts_the_schema(made: dict[str, Any], keywords: list[str]) -> None:
    """In its strict mode, which takes no keyword that it does not know."""
    package("ajv")
    cases = [*payloads("good").values(), *payloads("bad").values()]
    checker = Draft202012Validator(made)
    run = subprocess.run(
        [tool("node"), "--input-type=module", "-e", LOADED],
        input=json.dumps([made, cases, keywords]).encode(),
        cwd=NPM.parent,
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )

    assert run.stderr == b""
    assert json.loads(run.stdout) == [checker.is_valid(one) for one in cases]
