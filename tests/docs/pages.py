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
_FILE: Final = r"`([\w./-]*\.(?:csv|json|jsonl|py|sql|toml|yaml|yml))`"
_named = re.compile(rf"{_FILE}:$").search
_headed = re.compile(r"# ([\w./-]*\.(?:py|sh|toml|yaml|yml))\n").match
_changed = re.compile(rf"{_FILE} (?:now )?holds:$").search


@frozen
class Block:
    """A fenced block: its language, text and line, and the paragraph before it.

    `below` is whether it directly follows another block.
    """

    language: str
    text: str
    line: int
    lead: str
    below: bool

    @property
    def file(self) -> str | None:
        """The file to write, named by the line before the block or by its first line."""
        found = None if self.repository_file else _named(self.lead) or _headed(self.text)
        return found and found[1]

    @property
    def repository_file(self) -> str | None:
        """An existing file that should equal this block."""
        found = _changed(self.lead)
        return found and found[1]


def tokens(page: Path) -> list[Token]:
    """Parse a page with markdown-it."""
    return _markdown.parse(page.read_text("utf-8"))


def blocks(page: Path) -> Iterator[Block]:
    """Return the blocks of a page, except directives for Sphinx, such as {toctree}."""
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
    """Return the path of a page in the project."""
    return page.relative_to(ROOT).as_posix()


def headings(page: Path) -> list[str]:
    """Return the anchors of the headings, as GitHub makes them."""
    found = tokens(page)
    titles = [after for token, after in pairwise(found) if _opens(token)]
    return [_anchor("".join(part.content for part in title.children or ())) for title in titles]


def _opens(token: Token) -> bool:
    return token.type == "heading_open"


def _anchor(title: str) -> str:
    kept = "".join(char for char in title.lower() if char.isalnum() or char in " -_")
    return kept.strip().replace(" ", "-")


def links(page: Path) -> Iterator[str]:
    """Return the targets of the links and pictures of a page."""
    for token in tokens(page):
        for part in token.children or ():
            if part.type in ("link_open", "image"):
                yield str(part.attrs["href" if part.type == "link_open" else "src"])
