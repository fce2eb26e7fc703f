"""Standard fields and attributes are found in processes that have not imported their modules."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from leadquery import fields, users
from leadquery.expr.registry import ATTRIBUTES, FIELDS

ENTRY_POINTS = {
    "from_payload": (
        (
            "from leadquery import Leads\n"
            "from leadquery.query.from_payload import from_payload\n"
            "print(from_payload(Leads.select('Score').to_payload()))"
        ),
        "Leads.select(Score)",
    ),
    "check": (
        (
            "from leadquery import check\n"
            "print(check({'Output': {'Type': 'list', 'IncludeCSV': 'Phnoe'}}).ok)"
        ),
        "True",
    ),
    "decompile": (
        "from leadquery import Leads\nprint(Leads.select('Score').to_python())",
        (
            "from leadquery import Leads\nfrom leadquery.fields import Score\n\n"
            "query = Leads.select(Score)"
        ),
    ),
    "repr of a field": ("from leadquery.expr import Number\nprint(Number('Score'))", "Score"),
    "repr of an attribute": (
        "from leadquery.expr.user_field import Attribute\nprint(Attribute('Role'))",
        "users.Role",
    ),
    "repr of owners": (
        (
            "from leadquery import Leads\n"
            "from leadquery.expr.user_field import Attribute\n"
            "print(Leads.owned_by(Attribute('Role') == 'a'))"
        ),
        'Leads.owned_by(users.Role == "a")',
    ),
    "group_by by name": (
        (
            "from leadquery import Leads\n"
            "try: Leads.group_by('Groups')\n"
            "except ValueError as error: print(error)"
        ),
        "Groups is a column of the result; group by a field such as OwnerId",
    ),
    "average by name": (
        (
            "from leadquery import Leads\n"
            "try: Leads.group_by('OwnerId').average('Phone')\n"
            "except ValueError as error: print(error)"
        ),
        "Phone is a Text field; average takes a Number field, or an untyped Field(...)",
    ),
    "a label in place of a name": (
        (
            "from leadquery import Leads\n"
            "try: Leads.select('Lead Source')\n"
            "except ValueError as error: print(error)"
        ),
        "'Lead Source' is not a schema name, which has no spaces and no commas; write 'Source'",
    ),
    "satisfiability": (
        (
            "from leadquery.expr.collation import sort_keys_of\n"
            "print(*(key.__name__ for key in sort_keys_of('Score')))"
        ),
        "number_key",
    ),
    "unpickling a field": (
        (
            f"import pickle\nfield = pickle.loads({pickle.dumps(fields.Score)!r})\n"
            "from leadquery.fields import Score\nprint(field is Score)"
        ),
        "True",
    ),
    "unpickling an attribute": (
        (
            f"import pickle\nattribute = pickle.loads({pickle.dumps(users.Role)!r})\n"
            "from leadquery.users import Role\nprint(attribute is Role)"
        ),
        "True",
    ),
    "unpickling a condition": (
        (
            f"import pickle\ncondition = pickle.loads({pickle.dumps(fields.Score < 5)!r})\n"
            "from leadquery.fields import Score\n"
            "print(repr(condition), list(condition._conditions.values())[0] is Score)"
        ),
        "Score < 5 True",
    ),
    "pickling a custom field": (
        (
            "import pickle\nfrom leadquery.expr import Number\n"
            "print(pickle.loads(pickle.dumps(Number('Score'))))"
        ),
        "Score",
    ),
}


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_an_entry_point_loads_the_standard_fields(name: str) -> None:
    source, expected = ENTRY_POINTS[name]
    run = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False
    )

    assert run.stderr == ""
    assert run.stdout.strip() == expected


def test_the_registry_holds_every_standard_field_and_attribute() -> None:
    assert dict(FIELDS.all()) == fields.STANDARD
    assert dict(ATTRIBUTES.all()) == users.STANDARD


def test_a_field_is_found_by_name() -> None:
    assert FIELDS.get("Score") is fields.Score
    assert FIELDS.get("score") is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("engagement_score", ("EngagementScore",)),
        ("Lead Source", ("Source",)),
        ("city", ("mx_City",)),
        ("Full Name", ("FirstName", "LastName")),
        ("nothing like it", ()),
    ],
)
def test_a_field_is_found_by_label_and_alias(text: str, names: tuple[str, ...]) -> None:
    assert FIELDS.find(text) == names


def test_an_attribute_is_found_in_other_letters() -> None:
    assert ATTRIBUTES.find("email address") == ("EmailAddress",)
