"""What the time of leadquery goes to, as shares of the whole."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from cProfile import Profile
from pathlib import Path
from pstats import Stats
from time import perf_counter

from .environment import ROOT

Work = Callable[[], object]
Shares = dict[str, float]

_MOST = 6
_SECONDS = 1.0


def functions(work: Work) -> Shares:
    """The functions that take most time themselves, by cProfile."""
    work()
    profile = Profile()
    end = perf_counter() + _SECONDS
    while perf_counter() < end:
        profile.runcall(work)
    times: defaultdict[str, float] = defaultdict(float)
    for (file, _, name), (_, _, own, _, _) in Stats(profile).stats.items():  # type: ignore[attr-defined]
        times[_function(file, name)] += own
    return _largest(times)


def _function(file: str, name: str) -> str:
    """Its name, with its module if it is one of leadquery."""
    if file == "~":
        return name.strip("<>{}").removeprefix("built-in method ").removeprefix("builtins.")
    if file.startswith("<"):
        return f"{name} ({file.strip('<>').removeprefix('attrs generated methods ')})"
    path = Path(file)
    inside = path.is_relative_to(ROOT)
    return f"{name} ({path.relative_to(ROOT).as_posix() if inside else path.name})"


def imports(command: list[str]) -> Shares:
    """What a command of Python imports, by package, and what it does else."""
    own = {name for name, _ in _import_times(["-c", "pass"])[0]}
    times: defaultdict[str, float] = defaultdict(float)
    imported, total = min((_import_times(command) for _ in range(5)), key=lambda one: one[1])
    for name, seconds in imported:
        package = name.partition(".")[0]
        if name in own:
            package = "modules that Python starts with"
        elif package in sys.stdlib_module_names:
            package = "the standard library"
        times[package] += seconds
    times["the rest: Python itself, and what the command does"] = total - sum(times.values())
    return _largest(times)


def _import_times(command: list[str]) -> tuple[list[tuple[str, float]], float]:
    """The seconds that each module takes itself, and all of the process."""
    start = perf_counter()
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(sys.executable).parent,
    )
    total = perf_counter() - start
    rows = [line.split("|") for line in done.stderr.splitlines() if line.count("|") == 2]
    times = [(row[2].strip(), row[0].rpartition(":")[2].strip()) for row in rows]
    return [(name, int(text) / 1e6) for name, text in times if text.isdecimal()], total


def _largest(times: dict[str, float]) -> Shares:
    total = sum(times.values())
    largest = sorted(times, key=lambda name: -times[name])[:_MOST]
    return {name: times[name] / total for name in largest}
