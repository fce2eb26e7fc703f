"""The arguments of an emulator, and errors for invalid ones."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadquery import Client, Leads
from leadquery.emulator import Emulator
from leadquery.errors import QueryError
from leadquery.expr import Number
from leadquery.fields import OwnerId
from leadquery.users import Role
from tests.emulator.payloads import found, lead_filter, list_of, payload

# Any, because the type checker would refuse these first.
NOT_USERS: Any = ["a"]
NOT_FIELDS: Any = ["mx_A"]
NOT_A_LIST: Any = Number("mx_A")
NOT_KEYS: Any = [[("access", 1)], ["access", "secret"], 7]


NO_VALUE = (
    "cannot be stored; write text, a finite number, True or False, a date, a time without a zone "
    "or None"
)


@pytest.mark.parametrize(
    ("leads", "message"),
    [
        (["a"], "lead 1 is 'a'; write a dict of names and values"),
        ({"ProspectID": "a"}, "lead 1 is 'ProspectID'; write a dict of names and values"),
        (7, "leads are a list of dicts, not a number; write [{...}, {...}]"),
        ([{1: "a"}], "1 is not a field name; write names as text"),
        ([{"mx_A": "x"}, {"mx_A": ["x"]}], f"lead 2, 'mx_A': a list {NO_VALUE}"),
        ([{"Score": float("nan")}], f"lead 1, 'Score': nan {NO_VALUE}"),
        ([{"Score": 10**500}], f"lead 1, 'Score': a very large number {NO_VALUE}"),
        ([{"Score": Decimal("1e-999999999")}], f"lead 1, 'Score': a Python Decimal {NO_VALUE}"),
        ([{"mx_A": time(9, tzinfo=UTC)}], f"lead 1, 'mx_A': a Python time {NO_VALUE}"),
        (
            [{f"mx_{place}": "x" for place in range(1_000)}],
            "leads have more than 999 fields, the most that fit; leave some out",
        ),
    ],
)
def test_invalid_leads(leads: Any, message: str) -> None:
    """The message names the lead and says what to write."""
    with pytest.raises(QueryError) as caught:
        Emulator(leads)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        (
            lambda: Emulator([], NOT_USERS),
            "user 1 is 'a'; write a dict of names and values",
        ),
        (
            lambda: Emulator([], [{"Role": "Sales_User", "id": "u"}, {"Role": "Sales_User"}]),
            (
                "the users have no id, only 'Role', 'id'; write the id that leads have as "
                "'OwnerId' under 'UserID', or under 'ID' or 'UserId'"
            ),
        ),
        (
            lambda: Emulator([], fields=NOT_FIELDS),
            (
                "'mx_A' is not a field; fields= takes a list of fields; "
                "write [Number('mx_Deal_Value')]"
            ),
        ),
        (
            lambda: Emulator([], fields=NOT_A_LIST),
            "fields= takes a list of fields; write [Number('mx_Deal_Value')]",
        ),
        (
            lambda: Emulator([], keys=NOT_KEYS[2]),
            "keys= takes pairs of texts; write [('access key', 'secret key')]",
        ),
        (
            lambda: Emulator([], keys=NOT_KEYS[0]),
            "keys= takes pairs of texts; write [('access key', 'secret key')]",
        ),
        (
            lambda: Emulator([], keys=NOT_KEYS[1]),
            "keys= takes pairs of texts; write [('access key', 'secret key')]",
        ),
        (
            lambda: Emulator([], max_rows=0),
            "max_rows=0 is not a number of rows; write 10_000, or None",
        ),
        (
            lambda: Emulator([], max_rows=True),
            "max_rows=True is not a number of rows; write 10_000, or None",
        ),
    ],
)
def test_invalid_arguments(fill: Callable[[], Emulator], message: str) -> None:
    """The message says what to write."""
    with pytest.raises(QueryError) as caught:
        fill()

    assert str(caught.value) == message


def test_leads_differ_in_their_fields() -> None:
    """A field may appear late, and a lead may have none."""
    leads: list[dict[str, object]] = [{"ProspectID": str(place)} for place in range(1_500)]
    emulator = Emulator([*leads, {"ProspectID": "late", "mx_A": "x"}, {}])

    assert found(emulator, lead_filter("mx_A", "=", "x")) == ["late"]
    assert found(emulator, lead_filter("ProspectID", "ndef")) == [None]


def test_nine_hundred_fields_fit() -> None:
    """Fields without values take no space."""
    full = {f"mx_{place}": str(place) for place in range(999)}
    empty = dict.fromkeys((f"mx_none_{place}" for place in range(3_000)), None)
    emulator = Emulator([{**full, **empty}])

    assert emulator.answer(payload(list_of(*full)))["Results"] == [full]


def test_repr() -> None:
    """With the numbers of leads and users."""
    emulator = Emulator(({} for _ in range(1_234)), [{"UserID": "u"}])

    assert repr(emulator) == "<Emulator: 1,234 leads, 1 users>"


def test_a_database_file(tmp_path: Path) -> None:
    """A new file is created; an existing one is rejected."""
    file = tmp_path / "leads.db"
    emulator = Emulator([{"ProspectID": "a"}], database=file)

    assert found(emulator) == ["a"]

    emulator.close()
    size = file.stat().st_size
    with pytest.raises(QueryError) as caught:
        Emulator([], database=file)

    assert size > 0
    assert str(caught.value) == f"{str(file)!r} exists; name a new file"


def test_a_database_file_that_cannot_be_created(tmp_path: Path) -> None:
    """The message contains that of SQLite."""
    file = tmp_path / "no folder" / "leads.db"

    with pytest.raises(QueryError) as caught:
        Emulator([], database=file)

    assert str(caught.value) == (
        f"{str(file)!r} cannot be created: unable to open database file; name another file"
    )


def interrupted_leads() -> Iterator[dict[str, str]]:
    """Leads whose iterator fails."""
    yield from ({"ProspectID": str(place)} for place in range(2_000))
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("leads", "error"), [([{"mx_A": "x"}, {"mx_A": ["x"]}], QueryError), (None, KeyboardInterrupt)]
)
def test_an_unfinished_database_file_is_deleted(leads: Any, error: Any, tmp_path: Path) -> None:
    """So the next try can create it."""
    file = tmp_path / "leads.db"

    with pytest.raises(error):
        Emulator(leads or interrupted_leads(), database=str(file))

    assert list(tmp_path.iterdir()) == []
    assert found(Emulator([{"ProspectID": "a"}], database=str(file))) == ["a"]


@pytest.mark.parametrize("name", ["UserID", "ID", "UserId"])
def test_users_as_the_vendor_returns_them(name: str) -> None:
    """Their id has several names, and some values are lists."""
    users: list[dict[str, Any]] = [
        {name: "u1", "Role": "Sales_User", "Groups": ["a", {"Name": "b"}]},
        {name: "u2", "Role": "Administrator"},
        {"Role": "Sales_User"},
    ]
    client = Client(
        "api.example.com",
        "key",
        "secret",
        Emulator([{"OwnerId": "u1"}, {"OwnerId": "u2"}, {}], users).session(),
    )

    assert client.count(Leads.owned_by(Role == "Sales_User")) == 1
    assert client.run(Leads.owned_by(Role == "Sales_User").group_by(OwnerId).count()).rows == (
        {"OwnerId": "u1", "Count": 1},
    )


def test_the_id_of_conditions_comes_first() -> None:
    users = [{"ID": "7", "UserId": "8", "UserID": "u1", "Role": "Sales_User"}]
    emulator = Emulator([{"OwnerId": "u1"}], users)
    client = Client("api.example.com", "key", "secret", emulator.session())

    assert client.count(Leads.owned_by(Role == "Sales_User")) == 1


def test_a_link_is_no_new_database(tmp_path: Path) -> None:
    """Even if what it points to does not exist."""
    link = tmp_path / "leads.db"
    link.symlink_to(tmp_path / "elsewhere.db")

    with pytest.raises(QueryError, match=r"leads.db' exists; name a new file"):
        Emulator([], database=link)

    assert [*tmp_path.iterdir()] == [link]


def test_values_that_a_field_cannot_read() -> None:
    """One warning for each field, at the caller's line, with their number over all batches."""
    unread = {"Score": "1,030", "CreatedOn": "31/01/2026", "DoNotCall": "Yes", "mx_Sum": "20%"}
    leads = [{"Score": "5", "mx_Other": "n/a", "DoNotCall": "TRUE"}, unread]
    leads += [{"Score": "n/a"}] * 1_000

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        emulator = Emulator(leads, [{"ID": "1", "Score": "n/a"}], [Number("mx_Sum")])

    assert {one.filename for one in warned} == {__file__}
    assert [str(one.message) for one in warned] == [
        (
            "the column 'Score' has 1,001 values that Score cannot read, such as '1,030', "
            "which count as no data; write numbers as 1030 or 10.5"
        ),
        (
            "the column 'DoNotCall' has a value that DoNotCall cannot read, 'Yes', "
            "which counts as no data; write 1 or 0, or true or false"
        ),
        (
            "the column 'CreatedOn' has a value that CreatedOn cannot read, '31/01/2026', "
            "which counts as no data; write dates as YYYY-MM-DD HH:MM:SS, in UTC"
        ),
        (
            "the column 'mx_Sum' has a value that Number(\"mx_Sum\") cannot read, '20%', "
            "which counts as no data; write numbers as 1030 or 10.5"
        ),
    ]
    emulator.close()


def test_an_error_of_a_warning_leaves_no_file(tmp_path: Path) -> None:
    file = tmp_path / "leads.db"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="cannot read"):
            Emulator([{"Score": "n/a"}], database=file)

    assert not file.exists()


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["a", "b", "A", "a"], "the ProspectID 'a' is that of several leads"),
        (["c", "a", "b", "a", "B"], "2 ProspectIDs, such as 'a', are those of several leads"),
    ],
)
def test_leads_with_the_same_id(ids: list[str], message: str) -> None:
    with pytest.warns(UserWarning, match="write each lead once") as warned:
        Emulator([{"ProspectID": one} for one in ids])

    assert [str(one.message) for one in warned] == [
        f"{message}, which no account has; write each lead once"
    ]


@pytest.mark.parametrize("ids", [["a", "b"], [None, None, ""], []])
def test_leads_with_different_ids_or_none(ids: list[str | None]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Emulator([{"ProspectID": one} for one in ids])
