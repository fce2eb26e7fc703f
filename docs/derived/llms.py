"""`llms.txt`, by which an assistant finds the pages; see https://llmstxt.org."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

_DOCS: Final = Path(__file__).parents[1]

_FOLDERS: Final = {"how-to": "How-to", "reference": "Reference", "explanation": "Explanation"}


def llms() -> str:
    """The pages, each with its first sentence."""
    title, summary = _opening(_DOCS / "index.md")
    parts = [f"# {title}", f"> {summary}", _link(_DOCS / "tutorial.md")]
    parts += chain.from_iterable(_section(*folder) for folder in _FOLDERS.items())
    return "\n\n".join(parts) + "\n"


def _section(folder: str, heading: str) -> Iterator[str]:
    yield f"## {heading}"
    pages = sorted((_DOCS / folder).glob("*.md"))
    yield "\n".join(_link(page) for page in pages if page.stem != "index")


def _link(page: Path) -> str:
    title, sentence = _opening(page)
    return f"- [{title}]({page.relative_to(_DOCS).with_suffix('.html').as_posix()}): {sentence}"


def _opening(page: Path) -> tuple[str, str]:
    """The title of a page and its first sentence, without markup."""
    title, text, *_ = page.read_text("utf-8").split("\n\n", 2)
    plain = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", " ".join(text.split()))
    return title.removeprefix("# "), plain.split(". ")[0].removesuffix(".") + "."
