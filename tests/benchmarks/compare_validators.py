"""leadquery beside validators, on twenty wrong payloads.

`python -m tests.benchmarks.compare_validators` prints the table of
docs/explanation/validators.md. What is no dependency of the project is
installed into a folder that is thrown away, or into `--tools FOLDER`, which is kept.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from pydantic import TypeAdapter, ValidationError

from leadquery import check, schema

from .environment import environment
from .mistakes import Mistake, Said, Score, mistakes_by_file
from .shape import Request

HERE = Path(__file__).parent
COLUMNS = ("named", "path", "line and column", "what to write", "fix")
OTHERS = ("check-jsonschema==0.39.0", "fastjsonschema==2.22.3", "msgspec==0.22.0")


Ask = Callable[[str], list[Said]]


def by_leadquery(text: str) -> list[Said]:
    """Each problem, with its hint."""
    return [
        Said(
            f"{one.message}; {one.hint}", one.path, f"{one.line}:{one.column}", one.fix is not None
        )
        for one in check(text)
    ]


def by_jsonschema(text: str) -> list[Said]:
    """Each error, with the best match below it."""
    try:
        payload = json.loads(text)
    except json.JSONDecodeError as wrong:
        return [Said(str(wrong), None, f"{wrong.lineno}:{wrong.colno}")]
    found = []
    for error in Draft202012Validator(schema()).iter_errors(payload):
        best = best_match([error])
        found += [Said(one.message, one.json_path) for one in (error, best) if one is not None]
    return found


def by_pydantic(text: str) -> list[Said]:
    """Each error; the tags of unions are no part of a path."""
    try:
        TypeAdapter(Request).validate_json(text)
    except ValidationError as wrong:
        payload = _payload(text)
        if payload is None:
            return [_slip(one["msg"], text) for one in wrong.errors()]
        return [Said(_message(one), _path(one["loc"], payload)) for one in wrong.errors()]
    return []


def _payload(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return None


def _message(error: Any) -> str:
    said = f"{error['msg']} {error['loc'][-1] if error['loc'] else ''}"
    return said if isinstance(error["input"], (dict, list)) else f"{said} {error['input']!r}"


def _path(steps: tuple[int | str, ...], payload: Any) -> str:
    """A path of the payload; a last step that is not in it is a key that is missing."""
    path, node = "$", payload
    for step in steps:
        if isinstance(step, int) and isinstance(node, list):
            path, node = f"{path}[{step}]", node[step]
        elif isinstance(node, dict) and (step in node or step == steps[-1]):
            path, node = f"{path}.{step}", node.get(step)
    return path


OURS: dict[str, Ask] = {
    "leadquery": by_leadquery,
    "jsonschema": by_jsonschema,
    "pydantic": by_pydantic,
}
"""What is installed with the project."""


def by_ours(files: list[Path]) -> dict[str, dict[str, list[Said]]]:
    """What leadquery and the validators of its development say."""
    return {
        f"{name} {version(name)}": {str(file): ask(file.read_text("utf-8")) for file in files}
        for name, ask in OURS.items()
    }


def by_others(files: list[Path], tools: Path) -> dict[str, dict[str, list[Said]]]:
    """What the validators say that are installed apart, by their names and the files."""
    asked = json.dumps({"schema": schema(), "files": list(map(str, files))})
    script = [str(environment(tools, *OTHERS)), str(HERE / "compare_others.py")]
    done = subprocess.run(script, input=asked, check=True, capture_output=True, text=True)
    return {
        name: {
            file: [
                Said(message, path) if path else _slip(message, Path(file).read_text("utf-8"))
                for path, message in said
            ]
            for file, said in files.items()
        }
        for name, files in json.loads(done.stdout).items()
    }


def _slip(message: str, text: str) -> Said:
    """What is said of a text that is no JSON, at its line and column or its byte."""
    at, byte = _line_column(message), _byte(message)
    if at:
        return Said(message, None, f"{at[1]}:{at[2]}")
    before = text.encode()[: int(byte[1])].decode() if byte else ""
    place = f"{before.count(chr(10)) + 1}:{len(before.rpartition(chr(10))[2]) + 1}"
    return Said(message, None, place if byte else None)


_line_column = re.compile(r"line (\d+) column (\d+)").search
_byte = re.compile(r"\(byte (\d+)\)").search


def main() -> None:
    """Print the table; with `--missed`, what each validator does not name."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=Path, help="a folder that keeps the other validators")
    parser.add_argument("--missed", action="store_true")
    options = parser.parse_args()
    mistakes = mistakes_by_file()
    said = by_ours(list(mistakes))
    with TemporaryDirectory() as folder:
        said |= by_others(list(mistakes), options.tools or Path(folder))
    show(mistakes, said, missed=options.missed)


def show(
    mistakes: dict[Path, list[Mistake]], said: dict[str, dict[str, list[Said]]], *, missed: bool
) -> None:
    """Print a row for each validator."""
    count = sum(map(len, mistakes.values()))
    heads = (f"{count} mistakes in {len(mistakes)} payloads", *COLUMNS)
    print(f"| {' | '.join(heads)} |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, by_file in said.items():
        print(row(name, mistakes, by_file, missed=missed))


def row(
    name: str,
    mistakes: dict[Path, list[Mistake]],
    by_file: dict[str, list[Said]],
    *,
    missed: bool = False,
) -> str:
    """The row of a validator."""
    score = Score()
    for file, found in mistakes.items():
        for one in found:
            before = score
            score = score.plus(one, by_file[str(file)])
            if missed and score[:4] != tuple(number + 1 for number in before[:4]):
                said = f"{name}: {file.stem} {one.path} {one.says} {score[:4]}"
                print(f"<!-- {said} -->", file=sys.stderr)
    return f"| {name} | {' | '.join(map(str, score))} |"


if __name__ == "__main__":
    main()
