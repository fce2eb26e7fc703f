"""The page that compares leadquery with other libraries: code that ran, and what it printed."""

from __future__ import annotations

import json
from collections.abc import Iterator

from docs.compared.scripts import MISTAKES, OUTPUTS, PEERS, TASKS, tasks
from docs.derived.markdown import code_block, table


def lines() -> str:
    """How many lines each task takes with each library."""
    scripts = {name: tasks(name) for name in PEERS}
    rows = (
        (title, *(_count(scripts[name][task]) for name in PEERS))
        for task, title in TASKS.items()
        if task not in MISTAKES
    )
    return table(("", *(f"`{package}`" for package in PEERS.values())), rows)


def _count(code: str) -> str:
    return str(sum(1 for line in code.splitlines() if line.strip()))


def versions() -> str:
    """The versions that ran."""
    found = json.loads(OUTPUTS.read_text("utf-8"))
    return ", ".join(f"{PEERS[name]} {one['version']}" for name, one in found.items()) + ".\n"


def ran(task: str) -> str:
    """The code of a task with each library, and what it printed."""
    return "\n".join(_parts(task))


def _parts(task: str) -> Iterator[str]:
    found = json.loads(OUTPUTS.read_text("utf-8"))
    for name, package in PEERS.items():
        yield f"**{package}**\n"
        yield code_block(tasks(name)[task], "python")
        if output := found[name]["outputs"][task]:
            yield code_block(output, "text")
