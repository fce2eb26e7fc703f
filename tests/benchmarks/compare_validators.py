"""leadquery compared with validators, on twenty invalid payloads.

`python -m tests.benchmarks.compare_validators` prints the table of
docs/explanation/validators.md. The validators that are not dependencies of the project are
installed into a temporary folder, or into `--tools FOLDER`, which is kept.
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
from .mistakes import Message, Mistake, Score, mistakes_by_file
from .shape import Request

HERE = Path(__file__).parent
COLUMNS = ("named", "path", "line and column", "what to write", "fix")
OTHERS = ("check-jsonschema==0.39.0", "fastjsonschema==2.22.3", "msgspec==0.22.0")


Ask = Callable[[str], list[Message]]


def by_leadquery(text: str) -> list[Message]:
    """Each diagnostic, with its hint."""
    return [
        Message(
            f"{one.message}; {one.hint}", one.path, f"{one.line}:{one.column}", one.fix is not None
        )
        for one in check(text)
    ]


def by_jsonschema(text: str) -> list[Message]:
    """Each error, with the best match below it."""
    try:
        payload = json.loads(text)
    except json.JSONDecodeError as wrong:
        return [Message(str(wrong), None, f"{wrong.lineno}:{wrong.colno}")]
    found = []
    for error in Draft202012Validator(schema()).iter_errors(payload):
        best = best_match([error])
        found += [Message(one.message, one.json_path) for one in (error, best) if one is not None]
    return found


def by_pydantic(text: str) -> list[Message]:
    """Each error; the tags of unions are removed from its path."""
    try:
        TypeAdapter(Request).validate_json(text)
    except ValidationError as wrong:
        payload = _payload(text)
        if payload is None:
            return [_syntax_error(one["msg"], text) for one in wrong.errors()]
        return [Message(_message(one), _path(one["loc"], payload)) for one in wrong.errors()]
    return []


def _payload(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return None


def _message(error: Any) -> str:
    messages = f"{error['msg']} {error['loc'][-1] if error['loc'] else ''}"
    return (
        messages if isinstance(error["input"], (dict, list)) else f"{messages} {error['input']!r}"
    )


def _path(steps: tuple[int | str, ...], payload: Any) -> str:
    """A path in the payload; a missing key may be its last step."""
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


def by_ours(files: list[Path]) -> dict[str, dict[str, list[Message]]]:
    """The messages of leadquery and of the validators among its dependencies."""
    return {
        f"{name} {version(name)}": {str(file): ask(file.read_text("utf-8")) for file in files}
        for name, ask in OURS.items()
    }


def by_others(files: list[Path], tools: Path) -> dict[str, dict[str, list[Message]]]:
    """The messages of the other validators, by name and file."""
    request = json.dumps({"schema": schema(), "files": list(map(str, files))})
    script = [str(environment(tools, *OTHERS)), str(HERE / "compare_others.py")]
    done = subprocess.run(script, input=request, check=True, capture_output=True, text=True)
    return {
        name: {
            file: [
                Message(message, path)
                if path
                else _syntax_error(message, Path(file).read_text("utf-8"))
                for path, message in messages
            ]
            for file, messages in files.items()
        }
        for name, files in json.loads(done.stdout).items()
    }


def _syntax_error(message: str, text: str) -> Message:
    """A message about JSON syntax, with its line and column."""
    at, byte = _line_column(message), _byte(message)
    if at:
        return Message(message, None, f"{at[1]}:{at[2]}")
    before = text.encode()[: int(byte[1])].decode() if byte else ""
    place = f"{before.count(chr(10)) + 1}:{len(before.rpartition(chr(10))[2]) + 1}"
    return Message(message, None, place if byte else None)


_line_column = re.compile(r"line (\d+) column (\d+)").search
_byte = re.compile(r"\(byte (\d+)\)").search


def main() -> None:
    """Print the table; with `--missed`, also the mistakes that a validator misses."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=Path, help="a folder that keeps the other validators")
    parser.add_argument("--missed", action="store_true")
    options = parser.parse_args()
    mistakes = mistakes_by_file()
    messages = by_ours(list(mistakes))
    with TemporaryDirectory() as folder:
        messages |= by_others(list(mistakes), options.tools or Path(folder))
    show(mistakes, messages, missed=options.missed)


def show(
    mistakes: dict[Path, list[Mistake]],
    messages: dict[str, dict[str, list[Message]]],
    *,
    missed: bool,
) -> None:
    """Print a row for each validator."""
    count = sum(map(len, mistakes.values()))
    heads = (f"{count} mistakes in {len(mistakes)} payloads", *COLUMNS)
    print(f"| {' | '.join(heads)} |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, by_file in messages.items():
        print(row(name, mistakes, by_file, missed=missed))


def row(
    name: str,
    mistakes: dict[Path, list[Mistake]],
    by_file: dict[str, list[Message]],
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
                messages = f"{name}: {file.stem} {one.path} {one.says} {score[:4]}"
                print(f"<!-- {messages} -->", file=sys.stderr)
    return f"| {name} | {' | '.join(map(str, score))} |"


if __name__ == "__main__":
    main()
