"""What checking a payload costs that has no problem, beside pydantic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from leadquery import check

from .shape import Request

if TYPE_CHECKING:
    from .conftest import Compare

SAMPLE = Path(__file__).parent.parent / "cases" / "good" / "vendor-sample.json"


def test_a_check_beside_pydantic(compare: Compare) -> None:
    """The API page's own sample, as the json module reads it."""
    payload = json.loads(SAMPLE.read_bytes())
    validate = TypeAdapter(Request).validate_python

    assert validate(payload) == payload
    assert not len(check(payload))
    compare(
        "check the page's sample / pydantic",
        ours=lambda: check(payload),
        floor=lambda: validate(payload),
        target=1.0,
        calls=200,
    )
