"""The page on slips: what it shows of leadquery is what leadquery says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leadquery import QueryError
from tests._explain.table import run

PAGE = Path(__file__).parent.parent.parent / "docs" / "explanation" / "misuse.md"
SHOWN = re.findall(
    r"^### [^:]+: `(.+)`\n\n```\n(?:.*\n)*?leadquery: leadquery\.errors\.((?:.+\n)+?)```",
    PAGE.read_text("utf-8"),
    re.MULTILINE,
)


@pytest.mark.parametrize(("slip", "text"), SHOWN, ids=[slip for slip, _ in SHOWN])
def test_the_page_shows_what_is_said(slip: str, text: str) -> None:
    """Word by word."""
    lines = "from leadquery.fields import Score as score, Source as source"
    with pytest.raises(QueryError) as caught:
        run(f"\n\n{lines}\nquery = Leads.where({slip})", "report.py")

    assert f"{type(caught.value).__name__}: {caught.value}\n" == text


def test_the_page_shows_seven_slips() -> None:
    """None is lost on the way."""
    assert len(SHOWN) == 7
