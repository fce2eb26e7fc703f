"""The tokens of a text that is JSON or wants to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple


class Token(NamedTuple):
    """A stretch of text and its kind."""

    kind: str
    text: str
    start: int
    end: int


_TOKENS: Final = re.compile(
    r"""
      (?P<space>   [ \t\n\r]+ )
    | (?P<string>  "(?: [^"\\\n\r]++ | \\[^\n\r] )*+" )
    | (?P<number>  -?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.+-]) )
    | (?P<mark>    [{}\[\],:] )
    | (?P<comment> //[^\n\r]* | \#[^\n\r]* | /\*(?s:.*?)\*/ )
    | (?P<quoted>  '(?: [^'\\\n\r]++ | \\[^\n\r] )*+'
                 | [“”„](?: [^“”„"\\\n\r]++ | \\[^\n\r] )*+[“”"]
                 | [‘’‚](?: [^‘’‚'\\\n\r]++ | \\[^\n\r] )*+[‘’'] )
    | (?P<word>    [^\W\d][\w$]*+(?:-[\w$]++)*+ )
    | (?P<figure>  [+-]?\.?\d[\w.+-]* | -\w+ )
    | (?P<blank>   [\ufeff\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000]+ )
    | (?P<other>   (?s:.) )
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, without the blanks that JSON knows."""
    for match in _TOKENS.finditer(text):
        kind = match.lastgroup or ""
        if kind != "space":
            yield Token(kind, match[0], match.start(), match.end())
