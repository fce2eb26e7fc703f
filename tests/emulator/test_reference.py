"""The mock API agrees with a plain loop over the leads."""

from __future__ import annotations

from math import isclose
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, strategies as st

from leadquery.emulator import Emulator, storage
from leadquery.wire.enums import Operator
from leadquery.wire.serializer import to_payload
from tests.emulator import reference
from tests.emulator.strategies import Case, cases, narrow_cases


def same(one: Any, other: Any) -> bool:
    """Whether two results are equal, including order; floats may differ slightly."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other)
    return bool(one == other)


def agree(case: Case) -> bool:
    """Whether the mock API and the reference give the same result."""
    leads, users, fields, request = case
    emulator = Emulator(leads, users, fields)
    return same(
        emulator.answer(to_payload(request)), reference.evaluate(leads, users, fields, request)
    )


@given(cases())
def test_the_emulator_agrees_with_the_reference(case: Case) -> None:
    """For any leads, users, fields and request."""
    assert agree(case)


@pytest.mark.parametrize("operator", Operator, ids=lambda operator: operator.name)
@given(data=st.data())
def test_each_operator_agrees_with_the_reference(operator: Operator, data: st.DataObject) -> None:
    """With one field and one filter, so that nearly every request matches some leads."""
    assert agree(data.draw(narrow_cases(operator)))


@given(cases())
def test_leads_stored_in_batches_agree_with_the_reference(case: Case) -> None:
    """A batch can have the first lead with a field, or the first text of a field of numbers."""
    with patch.object(storage, "BATCH_SIZE", 1):
        assert agree(case)
