"""String literals."""

from __future__ import annotations

import ast

import pytest

from leadquery._util.text import quote


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("a", '"a"'),
        ("", '""'),
        ("é語🎈", '"é語🎈"'),
        ("it's", '"it\'s"'),
        ('say "a"', "'say \"a\"'"),
        ('"it\'s"', "'\"it\\'s\"'"),
        ("'\"", '"\'\\""'),
        ("a\\b", '"a\\\\b"'),
        ("a\nb", '"a\\nb"'),
        ("\u200b\x00", '"\\u200b\\x00"'),
    ],
)
def test_a_text_is_quoted_with_few_backslashes(text: str, literal: str) -> None:
    """In double quotes unless single ones need fewer; invisible characters are escaped."""
    assert quote(text) == literal
    assert ast.literal_eval(literal) == text
