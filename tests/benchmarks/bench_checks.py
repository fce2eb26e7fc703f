"""The cost of checking a payload, compared with pydantic and with parsing its text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter

from leadquery import check

from .shape import Request
from .workloads import compared, listed, sample

if TYPE_CHECKING:
    from .conftest import Compare, Note


def test_a_check_beside_pydantic(compare: Compare) -> None:
    """An object, as the json module parses it."""
    payload = sample()
    validate = TypeAdapter(Request).validate_python

    assert validate(payload) == payload
    assert not len(check(payload))
    compare(
        "check an object / pydantic",
        ours=lambda: check(payload),
        floor=lambda: validate(payload),
        target=1.5,
        calls=200,
    )


@pytest.mark.parametrize(
    ("what", "floor", "target"),
    [
        ("json.loads and check", lambda text: check(json.loads(text)), 1.1),
        ("pydantic", TypeAdapter(Request).validate_json, 1.5),
        ("json.loads", json.loads, 2.5),
    ],
)
def test_a_clean_text(what: str, floor: Any, target: float, compare: Compare) -> None:
    """A text of 1 KB, compared with parsing it and checking the object, and with pydantic."""
    text = json.dumps(sample(), indent=1)

    assert not len(check(text))
    compare(
        f"check a text / {what}",
        ours=lambda: check(text),
        floor=lambda: floor(text),
        target=target,
        calls=200,
    )


@pytest.mark.benchmark(timer=process_time)
@pytest.mark.parametrize(
    ("what", "payload"),
    [
        ("60,000 fields", compared(60_000, 60_000, 4)),
        ("60,000 filters on 200 fields", compared(60_000, 200, 4)),
        ("one filter with 300,000 values", listed(300_000, 4)),
    ],
)
def test_a_large_text_with_four_mistakes(what: str, payload: Any, compare: Compare) -> None:
    """A text of 8 MB, compared with parsing it."""
    text = json.dumps(payload)

    assert len(check(text)) == 4
    compare(
        f"check {what} / json.loads",
        ours=lambda: check(text),
        floor=lambda: json.loads(text),
        target=7.5,
        calls=1,
        rounds=15,
    )


@pytest.mark.parametrize("count", [1, 1_000])
def test_files(count: int, benchmark: Any, note: Note, tmp_path: Path) -> None:
    """The command on one file, and on many in one call."""
    for index in range(count):
        (tmp_path / f"{index}.json").write_text(json.dumps(sample(), indent=1), "utf-8")
    command = [sys.executable, "-m", "leadquery", "check", str(tmp_path)]
    benchmark.pedantic(
        subprocess.run, (command,), {"check": True, "capture_output": True}, rounds=5
    )

    note(f"leadquery check, {count:,} files", f"{benchmark.stats.stats.median * 1e3:7.0f} ms")
