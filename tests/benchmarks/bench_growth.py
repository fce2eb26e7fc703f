"""The cost of ten times the fields, compared with ten times the cost of a tenth."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from leadquery import check
from leadquery.emulator import Emulator

from .workloads import compared

if TYPE_CHECKING:
    from .conftest import Compare


@pytest.mark.parametrize("label", ["Field {}", "A field"])
def test_ten_times_the_fields_of_an_account(compare: Compare, label: str) -> None:
    """Of which filters misspell some."""
    payload = compared(50, 50, 1)

    def check_with(count: int) -> None:
        check(
            payload,
            fields=[
                {"SchemaName": f"mx_Feild_{number}", "DisplayName": label.format(number)}
                for number in range(count)
            ],
        )

    compare(
        f"ten times the fields named {label}",
        ours=lambda: check_with(10_000),
        floor=lambda: ten_times(lambda: check_with(1_000)),
        target=1.0,
        calls=1,
        rounds=3,
    )


def ten_times(call: Callable[[], object]) -> None:
    """Ten calls of a function."""
    for _ in range(10):
        call()


def test_ten_times_the_fields_of_leads(compare: Compare) -> None:
    """In the mock API."""

    def store(count: int) -> None:
        Emulator([{f"mx_Field_{number}": "text" for number in range(count)}])

    compare(
        "ten times the fields of leads",
        ours=lambda: store(900),
        floor=lambda: ten_times(lambda: store(90)),
        target=1.0,
        calls=1,
        rounds=3,
    )
