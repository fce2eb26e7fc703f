"""Unified diffs."""

from __future__ import annotations

from difflib import diff_bytes, unified_diff

import pytest
from hypothesis import given, strategies as st

from leadquery.cli import unified_diff as diff_module
from leadquery.cli.unified_diff import unified_diff as cli_diff

BARE = b"\n\\ No newline at end of file\n"
LINES = [b"%d\n" % number for number in range(30)]

texts = st.text("ab\r\n\n\x0b\u2028\u00e9", max_size=40).map(str.encode)


def patched(before: bytes, diff: bytes) -> bytes:
    """A text after applying a diff; removed lines must exist."""
    kept = before.replace(b"\n", b"\n\0").split(b"\0")
    new: list[bytes] = []
    at = 0
    for line in diff.replace(BARE, b"\0\n").split(b"\n")[2:-1]:
        if line.startswith(b"@@"):
            start, _, count = line.split()[1][1:].partition(b",")
            hunk = int(start) - (count != b"0")
            new += kept[at:hunk]
            at = hunk
            continue
        text = line[1:-1] if line.endswith(b"\0") else line[1:] + b"\n"
        if line[:1] in b" -":
            assert kept[at] == text
            at += 1
        if line[:1] in b" +":
            new.append(text)
    return b"".join([*new, *kept[at:]])


@given(before=texts, after=texts)
def test_a_diff_turns_one_text_into_the_other(before: bytes, after: bytes) -> None:
    """Only line feeds end lines."""
    diff = cli_diff("report.json", before, after)

    assert patched(before, diff) == after
    assert bool(diff) is (before != after)


@given(
    changed=st.dictionaries(st.integers(0, 29), st.sampled_from([b"x\n", b"y\n", b"x\r\n"])),
    removed=st.slices(30),
)
def test_a_diff_of_a_longer_text(changed: dict[int, bytes], removed: slice) -> None:
    """Distant changes are in separate hunks."""
    after = [changed.get(number, line) for number, line in enumerate(LINES)]
    shorter = [line for line in after if line not in after[removed]]

    for new in (after, shorter):
        diff = cli_diff("report.json", b"".join(LINES), b"".join(new))
        assert patched(b"".join(LINES), diff) == b"".join(new)


@pytest.mark.parametrize(
    "changed", [[0], [29], [3, 9], [3, 10], [3, 11], [2, 3, 4, 20], [*range(30)]]
)
def test_a_diff_is_that_of_difflib(changed: list[int]) -> None:
    """If lines are changed in place."""
    after = [b"x\n" if number in changed else line for number, line in enumerate(LINES)]

    diff = cli_diff("report.json", b"".join(LINES), b"".join(after))

    name = b"report.json"
    assert diff == b"".join(diff_bytes(unified_diff, LINES, after, name, name))


def test_a_missing_last_line_end() -> None:
    """On both sides."""
    assert cli_diff("a\n.json", b"1", b"2") == (
        b"--- a\\n.json\n+++ a\\n.json\n@@ -1 +1 @@\n-1" + BARE + b"+2" + BARE
    )


def test_a_side_without_lines() -> None:
    """Its range is before the first line."""
    assert cli_diff("a", b"", b"1\n2\n") == b"--- a\n+++ a\n@@ -0,0 +1,2 @@\n+1\n+2\n"
    assert cli_diff("a", b"1\n", b"") == b"--- a\n+++ a\n@@ -1 +0,0 @@\n-1\n"


def test_large_texts_are_not_compared_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are compared in place, or everything between the first and last change is one hunk."""
    before, after = b"1\n2\n3\n4\n5\n6\n", b"1\nx\n3\n5\n6\n"
    few = cli_diff("a", before, after)
    monkeypatch.setattr(diff_module, "MAX_COMPARED_LINES", 2)

    many = cli_diff("a", before, after)

    assert few.splitlines()[3:] == [b" 1", b"-2", b"+x", b" 3", b"-4", b" 5", b" 6"]
    assert many.splitlines()[3:] == [b" 1", b"-2", b"-3", b"-4", b"+x", b"+3", b" 5", b" 6"]


def test_a_text_of_many_changes() -> None:
    before = [b"%d\n" % (number % 7) for number in range(40_000)]
    after = [line.replace(b"3", b"x") for line in before]

    diff = cli_diff("a", b"".join(before), b"".join(after))

    assert patched(b"".join(before), diff) == b"".join(after)
