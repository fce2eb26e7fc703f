"""The scripts of the libraries: their tasks, and what they print."""

from __future__ import annotations

import linecache
import re
from contextlib import redirect_stdout
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from traceback import format_exception_only
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
OUTPUTS: Final = FOLDER / "outputs.json"

PEERS: Final = {
    "leadquery": "leadquery",
    "pyairtable": "pyairtable",
    "simple_salesforce": "simple-salesforce",
    "google_analytics": "google-analytics-data",
    "ibis": "ibis-framework",
}
"""The script of each library, and its name as a package."""

NEED_NO_STAND_IN: Final = ("leadquery", "ibis")

TASKS: Final = {
    "connect": "Connect",
    "filter": "Leads from the website with a score below 10",
    "group": "The number of leads and their average score, by stage",
    "every": "Every lead, in as many pages as it takes",
    "field": "A misspelt field",
    "operator": "A wrong operator",
}

MISTAKES: Final = ("field", "operator")


def tasks(name: str) -> dict[str, str]:
    """The code of each task in a script."""
    text = (FOLDER / "peers" / f"{name}.py").read_text("utf-8")
    _, *parts = re.split(r"^# --- (\w+)\n", text, flags=re.MULTILINE)
    return {task: code.strip("\n") for task, code in zip(parts[::2], parts[1::2], strict=True)}


def run(name: str) -> dict[str, str]:
    """What each task prints, with the error that ends it, as Python prints it."""
    names: dict[str, Any] = {"__name__": "__main__"}
    code = tasks(name)
    if name in NEED_NO_STAND_IN:
        return {task: _run(f"{task}.py", code[task], names) for task in code}
    from docs.compared.stand_ins import answering

    with answering():
        return {task: _run(f"{task}.py", code[task], names) for task in code}


def _run(file: str, code: str, names: dict[str, Any]) -> str:
    # Errors of leadquery show the line, which they take from here.
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    with redirect_stdout(StringIO()) as output:
        try:
            exec(compile(code, file, "exec"), names)  # noqa: S102 - our own scripts
        except Exception as error:  # noqa: BLE001 - what users see of it
            output.write("".join(format_exception_only(error)))
    return "\n".join(line.rstrip() for line in output.getvalue().rstrip().splitlines())


def version_of(name: str) -> str:
    """The installed version of a library."""
    return version(PEERS[name])
