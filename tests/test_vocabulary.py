"""Identifiers use the terms of the field.

Names such as `said` or `thing` do not tell a reader what they hold.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("leadquery", "docs", "tests")

VAGUE = frozenset(
    (  # noqa: SIM905
        "said told tell tells meant spoken spelt shown held heed thing things way ways look looks "
        "door room word words finding findings slip slips mend mends mended smell smells doubt "
        "doubts doubtful travel travels patience judge judged pace paced ledger stranger strangers "
        "neighbour neighbours answer answers"
    ).split()
)

ALLOWED = {
    "answer": "the public method of the emulator",
    "tell": "the method of open files",
    "word": "a word of a text",
    "words": "the words of a message",
    "_words": "the words of a text",
    "_WORD_PATTERN": "matches a word of a text",
    "_is_part_of_word": "looks at the words of a text",
    "word_wrap": "an option of rich",
    "break_long_words": "an option of textwrap",
    "LookUpName": "a key of the API",
    "LookUpValue": "a key of the API",
    "LookUpValues": "a key of the API",
}
"""Identifiers that are allowed, each with the reason."""


def identifiers(path: Path) -> Iterator[str]:
    """The identifiers in a file, without names of tests, which are sentences."""
    text = path.read_text("utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and not token.string.startswith("test_"):
            yield token.string


def parts(identifier: str) -> set[str]:
    """The words in an identifier, in lower case."""
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)}


def files() -> list[Path]:
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if "node_modules" not in path.parts]


@pytest.mark.skipif(not (ROOT / "leadquery").exists(), reason="needs a checkout")
def test_no_identifier_is_vague() -> None:
    vague = {
        f"{path.relative_to(ROOT)}: {one}"
        for path in files()
        for one in identifiers(path)
        if one not in ALLOWED and parts(one) & VAGUE
    }

    assert sorted(vague) == []


@pytest.mark.skipif(not (ROOT / "leadquery").exists(), reason="needs a checkout")
def test_every_exception_is_used() -> None:
    used = {one for path in files() for one in identifiers(path)}

    assert sorted(ALLOWED.keys() - used) == []


def test_identifiers_are_split_into_words(tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text("def test_said(lastSaid, HELD_BACK):\n    'said'  # said\n", "utf-8")

    assert [*identifiers(source)] == ["def", "lastSaid", "HELD_BACK"]
    assert parts("lastSaid") & VAGUE == {"said"}
    assert parts("HELD_BACK") & VAGUE == {"held"}
