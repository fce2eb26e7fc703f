"""The tokens of text that is JSON or almost JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple


class Token(NamedTuple):
    """A piece of text and its kind: the name of a group of the pattern below."""

    kind: str
    text: str
    start: int
    end: int


LITERALS: Final = frozenset(("string", "other_string", "number", "identifier", "other_number"))
"""The kinds of tokens that stand for a key or a single value."""

# Strings in quotes, numbers, identifiers and whitespace that only other languages allow have kinds
# of their own, so that the parser can say how JSON writes them.
_TOKENS: Final = re.compile(
    r"""
      (?P<space>        [ \t\n\r]+ )
    | (?P<string>       "(?: [^"\\\n\r]++ | \\[^\n\r] )*+" )
    | (?P<number>       -?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.+-]) )
    | (?P<punctuation>  [{}\[\],:] )
    | (?P<comment>      //[^\n\r]* | \#[^\n\r]* | /\*(?s:.*?)\*/ )
    | (?P<other_string> '(?: [^'\\\n\r]++ | \\[^\n\r] )*+'
                      | [“”„](?: [^“”„"\\\n\r]++ | \\[^\n\r] )*+[“”"]
                      | [‘’‚](?: [^‘’‚'\\\n\r]++ | \\[^\n\r] )*+[‘’'] )
    | (?P<identifier>   [^\W\d][\w$]*+(?:-[\w$]++)*+ )
    | (?P<other_number> [+-]?\.?\d[\w.+-]* | -\w+ )
    | (?P<other_space>  [\ufeff\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000]+ )
    | (?P<unknown>      (?s:.) )
    """,
    re.VERBOSE,
)


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of a text, without whitespace that JSON allows."""
    for match in _TOKENS.finditer(text):
        kind = match.lastgroup or ""
        if kind != "space":
            yield Token(kind, match[0], match.start(), match.end())
