"""The Markdown pages of the project: their blocks of code, headings and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

from attrs import frozen
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = tuple(sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]))

_markdown = MarkdownIt("commonmark").enable("table")
_FILE: Final = r"`([\w./-]*\.(?:csv|json|jsonl|py|toml|yaml|yml))`"
_named = re.compile(rf"{_FILE}:$").search
_headed = re.compile(r"# ([\w./-]*\.(?:py|sh|toml|yaml|yml))\n").match
_changed = re.compile(rf"{_FILE} (?:now )?holds:$").search


@frozen
class Block:
    """A fenced block: its language, its text, its line, and the paragraph right before it.

    `below` says that it stands right below another block.
    """

    language: str
    text: str
    line: int
    lead: str
    below: bool

    @property
    def file(self) -> str | None:
        """The file that the page shows here, by the line before it or by its own first line."""
        found = None if self.shown else _named(self.lead) or _headed(self.text)
        return found and found[1]

    @property
    def shown(self) -> str | None:
        """The file that holds this by now."""
        found = _changed(self.lead)
        return found and found[1]


def tokens(page: Path) -> list[Token]:
    """A page as markdown-it reads it."""
    return _markdown.parse(page.read_text("utf-8"))


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page. Those in braces are directives for Sphinx, and no code."""
    lead, below = "", False
    for token in tokens(page):
        if token.type == "fence":
            language = (token.info.split() or [""])[0]
            line = (token.map or [0])[0] + 1
            if not language.startswith("{"):
                yield Block(language, token.content, line, lead, below)
            lead, below = "", not language.startswith("{")
        elif token.type == "inline":
            lead, below = token.content, False
        elif not token.type.endswith("_close"):
            lead, below = "", False


def named(page: Path) -> str:
    """A page by its path in the project."""
    return page.relative_to(ROOT).as_posix()


def headings(page: Path) -> list[str]:
    """The anchors of a page, as GitHub makes them of its headings."""
    found = tokens(page)
    titles = [after for token, after in pairwise(found) if _opens(token)]
    return [_anchor("".join(part.content for part in title.children or ())) for title in titles]


def _opens(token: Token) -> bool:
    return token.type == "heading_open"


def _anchor(title: str) -> str:
    kept = "".join(char for char in title.lower() if char.isalnum() or char in " -_")
    return kept.strip().replace(" ", "-")


def links(page: Path) -> Iterator[str]:
    """Where the links and pictures of a page lead."""
    for token in tokens(page):
        for part in token.children or ():
            if part.type in ("link_open", "image"):
                yield str(part.attrs["href" if part.type == "link_open" else "src"])
