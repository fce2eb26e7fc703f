"""The page on other clients says what the registry says."""

from __future__ import annotations

import re
from pathlib import Path

from leadquery.exporters import NAMES, get_exporter
from leadquery.exporters.base import PAUSE, Exporter
from leadquery.exporters.powershell import MAX_DEPTH
from leadquery.wire.enums import CALLS, SECONDS

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "send-with-another-client.md"


def pages_of(exporter: Exporter) -> str:
    """How all pages are requested."""
    if exporter.script is not None:
        return "a loop with `--script`"
    return "a loop" if exporter.loops else "one by one"


def rows() -> list[str]:
    """The table, as the registry makes it."""
    return [
        f"| `{exporter.name}` | {exporter.title} | {pages_of(exporter)} "
        f"| {'one document' if exporter.several else 'a file each'} | {exporter.written_by} |"
        for exporter in map(get_exporter, NAMES)
    ]


def test_the_table_matches_the_registry() -> None:
    """Row by row; paste what is printed where it is not."""
    printed = re.findall(r"^\| `[a-z].*\|$", PAGE.read_text("utf-8"), re.MULTILINE)

    assert printed == rows(), "\n".join(rows())


def test_the_numbers_match_the_scripts() -> None:
    """The wait of loops, the limit that it keeps, and the depth of PowerShell."""
    text = " ".join(PAGE.read_text("utf-8").split())

    assert f"waits {PAUSE} s after each, which keeps {CALLS} calls in {SECONDS} seconds" in text
    assert f"goes {MAX_DEPTH} levels deep" in text
