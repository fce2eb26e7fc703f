"""The page on misuse shows the real messages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leadquery import QueryError
from tests._explain.table import run

PAGE = Path(__file__).parent.parent.parent / "docs" / "explanation" / "misuse.md"
ERRORS_ON_PAGE = re.findall(
    r"^### [^:]+: `(.+)`\n\n```\n(?:.*\n)*?leadquery: leadquery\.errors\.((?:.+\n)+?)```",
    PAGE.read_text("utf-8"),
    re.MULTILINE,
)


@pytest.mark.parametrize(
    ("error", "text"), ERRORS_ON_PAGE, ids=[error for error, _ in ERRORS_ON_PAGE]
)
def test_the_page_shows_the_real_message(error: str, text: str) -> None:
    lines = "from leadquery.fields import Score as score, Source as source"
    with pytest.raises(QueryError) as caught:
        run(f"\n\n{lines}\nquery = Leads.where({error})", "report.py")

    assert f"{type(caught.value).__name__}: {caught.value}\n" == text


def test_the_page_shows_seven_kinds_of_misuse() -> None:
    assert len(ERRORS_ON_PAGE) == 7
