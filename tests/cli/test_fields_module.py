"""`leadquery fields --python`: a module of the account's fields, and `--check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from leadquery.expr.field_types import Choice, Number
from leadquery.testing import FakeLeadSquared
from tests.cli.shell import Write, failure, leadquery

METADATA = (Path(__file__).parent / "leads-metadata.json").read_text("utf-8")

MODULE = '''"""The lead fields of an account, written by `leadquery fields --python`.

Run the command again instead of editing this file. With --check, it prints what has
changed in the account.
"""

# ruff: noqa

from typing import Literal, get_args

from leadquery.fields import Choice, Text, Time

LeadType_Option = Literal["OT_0", "OT_1", "OT_3"]
LeadType = Choice[LeadType_Option](
    "LeadType", "Object Type", options=get_args(LeadType_Option)
)
"""Object Type"""
mx_CreationTime = Time("mx_CreationTime", "CreationTime")
"""CreationTime"""
Phone = Text("Phone", "Phone Number")
"""Phone Number"""
ProspectStage_Option = Literal["Prospect", "Opportunity", "Customer"]
ProspectStage = Choice[ProspectStage_Option](
    "ProspectStage", "Lead Stage", options=get_args(ProspectStage_Option)
)
"""Lead Stage"""
'''

Entries = list[dict[str, Any]]

COURSE = {
    "SchemaName": "mx_Course",
    "DataType": "Select",
    "Options": [{"Value": one} for one in ("MBA", "BSc")],
}


def select(*options: str, **keys: str) -> dict[str, Any]:
    """The metadata of a dropdown."""
    return {**COURSE, "Options": [{"Value": option} for option in options], **keys}


def written(entries: Entries, write: Write) -> str:
    """The module of an account."""
    write("fields.json", json.dumps(entries))
    return leadquery("fields", "--from", "fields.json", "--python", "-").stdout


def test_a_module_from_a_file(write: Write, here: Path) -> None:
    write("saved.json", METADATA)

    result = leadquery("fields", "--python", "account_fields.py", "--from", "saved.json")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "4 fields in account_fields.py; next: from account_fields import ...\n"
    assert (here / "account_fields.py").read_text("utf-8") == MODULE
    assert leadquery("fields", "--python", "-", "--from", "account_fields.py").stdout == MODULE


def test_a_module_from_the_account(leadsquared: FakeLeadSquared, here: Path) -> None:
    leadsquared.load([], fields=[Choice("mx_Mood", "The mood", options=["Good", "Bad"])])

    result = leadquery("fields", "--python", "account_fields.py")
    unchanged = leadquery("fields", "--python", "account_fields.py", "--check")
    leadsquared.load([], fields=[Choice("mx_Mood", "The mood", options=["Good"]), Number("mx_N")])
    changed = leadquery("fields", "--python", "account_fields.py", "--check")

    assert (result.exit_code, result.stderr) == (0, "")
    assert 'mx_Mood_Option = Literal["Good", "Bad"]\n' in (here / "account_fields.py").read_text()
    assert (unchanged.exit_code, unchanged.output) == (0, "")
    assert (changed.exit_code, changed.stdout.splitlines()) == (
        1,
        [
            'account_fields.py: mx_Mood: removed option "Bad"',
            "account_fields.py: mx_N: new field of the type Number",
            "2 differences; without --check, the command updates account_fields.py",
        ],
    )


@pytest.mark.parametrize(
    ("entries", "lines"),
    [
        ([COURSE], ["mx_Town: no longer a field"]),
        (
            [COURSE, {"SchemaName": "mx_Town"}, {"SchemaName": "a b", "DataType": "Date"}],
            ["a b: new field of the type Date", "mx_Town: type is Field, was Text"],
        ),
        (
            [{**COURSE, "DisplayName": 'The "course"'}],
            [
                'mx_Course: display name is \'The "course"\', was "mx_Course"',
                "mx_Town: no longer a field",
            ],
        ),
        ([select("BSc", "MBA")], ["mx_Course: options are in another order"]),
        ([select("MBA", "BSc", "BSc", "")], []),
        (
            [select("MBA", *"abcdefg")],
            ['mx_Course: new options "a", "b", "c", "d", "e" and 2 more; removed option "BSc"'],
        ),
        (
            [select("MBA", "BSc", RenderTypeTextValue="DropdownWithOthers")],
            ["mx_Course: values other than the options are possible"],
        ),
        ([{**COURSE, "DataType": "Text"}], ["mx_Course: type is Text, was Choice"]),
    ],
)
def test_each_kind_of_difference(entries: Entries, lines: list[str], write: Write) -> None:
    city = {"SchemaName": "mx_Town", "DataType": "Text"}
    write("ours.py", written([COURSE, city], write))
    gone = [line for line in lines if "mx_Town" in line]
    write("fields.json", json.dumps(entries if gone else [*entries, city]))

    result = leadquery("fields", "--from", "fields.json", "--python", "ours.py", "--check")
    back = leadquery("fields", "--python", "-", "--from", "ours.py", "--check")

    assert [line for line in result.output.splitlines() if "check" not in line] == [
        f"ours.py: {line}" for line in lines
    ]
    assert result.exit_code == bool(lines)
    assert failure(back) == (2, "Error: --check compares a module; write --python FILE.py")


def test_one_difference(write: Write) -> None:
    write("ours.py", written([COURSE], write))
    write("fields.json", json.dumps([select("MBA")]))

    result = leadquery("fields", "--from", "fields.json", "--python", "ours.py", "--check")

    assert result.output.splitlines()[1:] == [
        "1 difference; without --check, the command updates ours.py"
    ]


@pytest.mark.parametrize(
    ("entry", "source"),
    [
        ({"SchemaName": "mx_Town"}, 'mx_Town = Field("mx_Town")\n"""mx_Town"""\n'),
        (
            {"SchemaName": "1abc", "DataType": "Number"},
            'field_1abc = Number("1abc")\n"""1abc"""\n',
        ),
        ({"SchemaName": "class", "DataType": "Text"}, 'class_ = Text("class")\n"""class"""\n'),
        ({"SchemaName": "Date", "DataType": "Date"}, 'Date_ = Date("Date")\n"""Date"""\n'),
        ({"SchemaName": "mx_class", "DataType": "Text"}, 'mx_class = Text("mx_class")\n'),
        (
            {"SchemaName": "mx_Custom_3~mx_CustomObject_1", "DataType": "CustomObject"},
            'mx_Custom_3_mx_CustomObject_1 = Field("mx_Custom_3~mx_CustomObject_1")\n',
        ),
        (
            {"SchemaName": "mx_A", "DisplayName": 'C:\\new """x"""\n"y"', "DataType": "Text"},
            '"""C:\\\\new \\"""x\\"""\\n"y\\""""\n',
        ),
        (
            {**select("a"), "RenderTypeTextValue": "DropdownWithOthers"},
            (
                "mx_Course = Choice[mx_Course_Option | str](\n"
                '    "mx_Course", options=get_args(mx_Course_Option), others=True\n)\n'
            ),
        ),
        (
            {**select(), "RenderTypeTextValue": "DropdownWithOthers"},
            'mx_Course = Choice("mx_Course", others=True)\n',
        ),
        (
            select('say "x"', "it's\n", "🎈", "\\", ""),
            """Literal['say "x"', "it's\\n", "🎈", "\\\\"]""",
        ),
    ],
)
def test_a_declaration(entry: dict[str, Any], source: str, write: Write) -> None:
    assert source in written([entry], write)


@pytest.mark.parametrize(
    ("names", "spelled"),
    [
        (("mx_a~b", "mx_a-b"), ("mx_a_b_7e", "mx_a_b_2d")),
        (("mx_a_b", "mx_a-b"), ("mx_a_b", "mx_a_b_2d")),
        (("mx_city", "mx_Town"), ("mx_city", "mx_Town")),
        (("class_", "class"), ("class_", "class__")),
        (("fi", "ﬁ"), ("fi", "fi_fb01")),
        (("Source", "\uff33ource"), ("Source", "Source_")),
        (("_x", "__all__"), ("field__x", "field___all__")),
        (("मीरा", "mx_Kürs"), ("मीरा", "mx_Kürs")),
    ],
)
def test_names_that_clash(names: tuple[str, ...], spelled: tuple[str, ...], write: Write) -> None:
    source = written([{"SchemaName": name, "DataType": "Text"} for name in names], write)

    for name, variable in zip(names, spelled, strict=True):
        assert f'\n{variable} = Text("{name}")\n' in source


def test_the_type_of_options_yields_to_a_field(write: Write) -> None:
    source = written([COURSE, {"SchemaName": "mx_Course_Option", "DataType": "Text"}], write)

    assert '\nmx_Course_Option_ = Literal["MBA", "BSc"]\n' in source
    assert '\nmx_Course_Option = Text("mx_Course_Option")\n' in source


def test_options_that_are_alike_are_named(write: Write, here: Path) -> None:
    """In the docstring of the field, and by the command."""
    write("fields.json", json.dumps([select("Web", "web ", "MBA", "MBA", "W eb", "BSc")]))

    result = leadquery("fields", "--from", "fields.json", "--python", "ours.py")

    assert result.stderr.splitlines() == [
        'Warning: mx_Course: "MBA" is listed 2 times.',
        'Warning: mx_Course: "Web", "web ", "W eb" differ only in letter case or blanks.',
    ]
    assert (
        (here / "ours.py")
        .read_text()
        .endswith(
            '"""mx_Course\n\n"MBA" is listed 2 times.\n'
            '"Web", "web ", "W eb" differ only in letter case or blanks.\n"""\n'
        )
    )
    assert 'Literal["Web", "web ", "MBA", "W eb", "BSc"]' in (here / "ours.py").read_text()


USERS = [
    {"ID": "0793-1", "FirstName": "Asha", "LastName": "Rao", "EmailAddress": "asha@x.com"},
    {"ID": "01f1-2", "FirstName": "asha", "LastName": "rao"},
    {"ID": "0905-3", "EmailAddress": "2.ravi@x.com"},
    {"ID": "0ec2-4", "FirstName": "class"},
    {"ID": "0ec2-5"},
]


def test_users_of_a_file(write: Write) -> None:
    """Those that are named alike have a part of their ids."""
    write("users.json", json.dumps(USERS))
    write("saved.json", METADATA)

    result = leadquery("fields", "--from", "saved.json", "--python", "-", "--users", "users.json")

    assert "from typing import Literal, final, get_args\n" in result.stdout
    assert result.stdout.endswith('''

@final
class Users:
    """The ids of the users, by name."""

    Asha_Rao_0793 = "0793-1"
    """asha@x.com"""
    asha_rao_01f1 = "01f1-2"
    """asha_rao_01f1"""
    class_ = "0ec2-4"
    """class_"""
    user_0ec2_5 = "0ec2-5"
    """user_0ec2_5"""
    user_2_ravi = "0905-3"
    """2.ravi@x.com"""
''')


@pytest.mark.usefixtures("here")
def test_users_of_the_account(leadsquared: FakeLeadSquared) -> None:
    users = [{"UserID": one["ID"], "FirstName": one.get("FirstName")} for one in USERS]
    leadsquared.load([], users=users[:3])
    leadquery("fields", "--python", "ours.py", "--users")
    unchanged = leadquery("fields", "--python", "ours.py", "--check", "--users")
    users[2]["FirstName"] = "Ravi"
    leadsquared.load([], users=users[1:4])
    changed = leadquery("fields", "--users", "--python", "ours.py", "--check")

    assert (unchanged.exit_code, unchanged.output) == (0, "")
    assert changed.output.splitlines()[:-1] == [
        "ours.py: Users.asha_01f1: name is asha",
        "ours.py: Users.Asha_0793: no longer a user",
        "ours.py: Users.user_0905_3: name is Ravi",
        "ours.py: Users.class_: new user",
    ]


def test_users_of_a_module_without_users(write: Write) -> None:
    """All of them are new."""
    write("saved.json", METADATA)
    write("ours.py", MODULE)
    write("users.json", json.dumps(USERS[:1]))
    args = ("--from", "saved.json", "--python", "ours.py", "--users", "users.json")

    assert leadquery("fields", *args, "--check").output.splitlines()[0] == (
        "ours.py: Users.Asha_Rao: new user"
    )


@pytest.mark.usefixtures("here")
def test_the_fields_of_the_mock_api() -> None:
    result = leadquery("fields", "--demo", "--python", "account_fields.py", "--users")

    assert result.stdout.endswith(
        " fields and 12 users in account_fields.py; next: from account_fields import ...\n"
    )
    assert leadquery("fields", "--demo", "--python", "account_fields.py", "--check").output == ""


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        (["--check"], 2, "--check, --users and --from need --python; add --python FILE.py"),
        (["--users"], 2, "--check, --users and --from need --python; add --python FILE.py"),
        (
            ["--from", "saved.json"],
            2,
            "--check, --users and --from need --python; add --python FILE.py",
        ),
        (
            ["--from", "saved.json", "--demo"],
            2,
            "--from asks no account; leave out --demo and --host",
        ),
        (
            ["--python", "a.py", "--out", "b", "--demo"],
            2,
            "--python names the file to write; leave out --out",
        ),
        (
            ["--python", "a.py", "--from", "saved.json", "--users"],
            2,
            "--from asks no account for users; write --users FILE",
        ),
        (
            ["--python", "a.py", "--from", "saved.json", "--users", "saved.json"],
            1,
            "'saved.json' has a user without an 'ID'",
        ),
        (
            ["--python", "our-fields.py", "--from", "saved.json"],
            2,
            "'our-fields.py' cannot be imported; write a name such as account_fields.py",
        ),
        (
            ["--python", "fields", "--from", "saved.json"],
            2,
            "'fields' cannot be imported; write a name such as account_fields.py",
        ),
        (
            ["--python", "mine.py", "--from", "saved.json"],
            2,
            "'mine.py' exists, and is not of this command; write another name, or delete it",
        ),
        (
            ["--python", "folder.py", "--from", "saved.json"],
            2,
            "'folder.py' cannot be read: Is a directory",
        ),
        (
            ["--python", "gone.py", "--check", "--from", "saved.json"],
            2,
            "'gone.py' does not exist; write it with 'leadquery fields --python gone.py'",
        ),
        (
            ["--python", "a.py", "--from", "mine.py"],
            2,
            "'mine.py' declares no fields; write it with 'leadquery fields --python mine.py'",
        ),
        (
            ["--python", "a.py", "--from", "broken.py"],
            1,
            "'broken.py' raised NameError; fix it where the traceback above ends",
        ),
    ],
)
def test_what_is_not_possible(args: list[str], code: int, text: str, write: Write) -> None:
    write("saved.json", METADATA)
    write("mine.py", "x = 1\n")
    write("broken.py", "x = y\n").parent.joinpath("folder.py").mkdir()

    result = leadquery("fields", *args)

    assert (result.exit_code, result.stderr.splitlines()[-1]) == (code, f"Error: {text}")
    assert (Path("mine.py")).read_text() == "x = 1\n"
    assert not Path("a.py").exists()


def test_a_module_in_place_of_metadata(write: Write) -> None:
    """`check --fields` takes names, types and options from it."""
    write("ours.py", written([COURSE, {"SchemaName": "mx_Fee", "DataType": "Number"}], write))
    write("p.json", PAYLOAD)

    with_json = leadquery("check", "--fields", "fields.json", "p.json")
    with_module = leadquery("check", "--fields", "ours.py", "p.json")

    assert with_module.output == with_json.output
    assert "'mx_Cours'" in with_module.output
    assert "write 'MBA'" in with_module.output


PAYLOAD = json.dumps(
    {
        "ReportFilter": {
            "LeadFilters": [
                {"LookUpName": "mx_Course", "LookUpValue": "mba", "SqlOperator": "="},
                {"LookUpName": "mx_Fee", "LookUpValue": "five", "SqlOperator": ">"},
            ]
        },
        "Output": {"Type": "list", "IncludeCSV": "mx_Cours"},
        "Paging": {"PageIndex": 1, "PageSize": 100},
    }
)


def test_a_module_of_ones_own(write: Write) -> None:
    """Any that declares fields."""
    write("ours.py", "from leadquery.fields import Choice, Number\nFee = Number('mx_Fee')\n")
    write("p.json", PAYLOAD)

    result = leadquery("check", "--fields", "ours.py", "p.json")

    assert "LQ601" in result.output
    assert "'five'" in result.output


def test_a_module_for_sql(write: Write) -> None:
    write("ours.py", "from leadquery.fields import Number\nFee = Number('mx_Fee', 'Fee')\n")
    write("q.sql", "SELECT Fee FROM leads WHERE Fee > 5")

    result = leadquery("sql", "q.sql", "--fields", "ours.py")

    assert json.loads(result.stdout)["ReportFilter"]["LeadFilters"] == [
        {"LookUpName": "mx_Fee", "LookUpValue": "5", "SqlOperator": ">"}
    ]


def test_to_python_imports_from_the_module(write: Write) -> None:
    """What it declares, by the names of its variables."""
    entries: Entries = [COURSE, {"SchemaName": "mx-Fee", "DataType": "Number"}]
    write("ours.py", written(entries, write))
    filters = [
        {"LookUpName": "mx_Course", "LookUpValue": "MBA", "SqlOperator": "="},
        {"LookUpName": "mx-Fee", "LookUpValue": "5", "SqlOperator": ">"},
        {"LookUpName": "mx-Fee", "LookUpValue": "five", "SqlOperator": "="},
    ]
    output = {"Type": "aggregate", "GroupBy": "mx_Course", "AggregateFunction": "Average"}
    payload = {
        "ReportFilter": {"LeadFilters": filters},
        "Output": {**output, "AggregateField": "mx-Fee"},
    }
    write("p.json", json.dumps(payload))

    from_module = leadquery("to-python", "p.json", "--fields", "ours.py")
    from_json = leadquery("to-python", "p.json", "--fields", "fields.json")

    assert from_module.stdout == (
        "from leadquery import Leads\n"
        "from leadquery.fields import Field\n"
        "\n"
        "from ours import mx_Course, mx_Fee\n"
        "\n"
        "query = (\n"
        '    Leads.where(mx_Course == "MBA", mx_Fee > 5, Field("mx-Fee") == "five")\n'
        "    .group_by(mx_Course)\n"
        "    .average(mx_Fee)\n"
        "    .page(None)\n"
        ")\n"
    )
    assert 'Choice("mx_Course") == "MBA", Number("mx-Fee") > 5' in from_json.stdout
    write("query.py", from_module.stdout)
    assert json.loads(leadquery("payload", "query.py:query").stdout) == payload


def test_a_module_that_cannot_be_imported(write: Write) -> None:
    write("our-fields.py", MODULE)
    write("p.json", PAYLOAD)

    assert failure(leadquery("to-python", "p.json", "--fields", "our-fields.py")) == (
        2,
        "Error: 'our-fields.py' cannot be imported; give it another name",
    )


def test_a_variable_that_the_file_needs_itself(write: Write) -> None:
    write("ours.py", "from leadquery.fields import Text\ncount = Text('mx_Count')\n")
    write("p.json", '{"Output": {"Type": "list", "IncludeCSV": "mx_Count"}}')

    result = leadquery("to-python", "p.json", "--fields", "ours.py")

    assert result.stdout == (
        'from leadquery import Leads\n\nquery = Leads.select("mx_Count").page(None)\n'
    )


def test_describe_has_display_names(write: Write) -> None:
    """Those that one field has alone; what the account does not have is reported."""
    write(
        "ours.py",
        "from leadquery.fields import Choice, Number\n"
        "a = Choice('mx_Course', 'The course', options=['MBA'])\n"
        "b = Number('mx_Fee', 'Fee')\n"
        "c = Number('mx_Fee_2', 'Fee')\n"
        "d = Number('FirstName', 'Salutation')\n",
    )
    user = {"LookupName": "FirstName", "Operator": "eq", "LookupValue": "Asha"}
    filters = [
        {"LookUpName": "mx_Course", "LookUpValue": "mba", "SqlOperator": "="},
        {"LookUpName": "mx_Fee", "LookUpValue": "5", "SqlOperator": ">"},
    ]
    users = {"UserFilter": {"GroupConditions": [{"Condition": [user]}]}}
    payload = {
        "ReportFilter": {**users, "LeadFilters": filters},
        "Output": {"Type": "list", "IncludeCSV": "FirstName"},
        "Paging": {"PageIndex": 1, "PageSize": 100},
    }
    write("p.json", json.dumps(payload))

    result = leadquery("describe", "p.json", "--fields", "ours.py")

    assert result.stdout == (
        'List of Salutation of leads with "The course" equal to "mba" and mx_Fee above 5 '
        'and owned by users with FirstName equal to "Asha".\n'
    )
    assert result.stderr == "warning: 'mba' is not an option of 'mx_Course'; write 'MBA'\n"
    assert "mx_Course" in leadquery("describe", "p.json").stdout


def test_a_plan_is_described_with_display_names(write: Write) -> None:
    write("ours.py", "from leadquery.fields import Number\nfee = Number('mx_Fee', 'The fee')\n")
    write(
        "query.py",
        "from leadquery import Leads\nfrom ours import fee\n"
        "query = Leads.where((fee > 5) | (fee < 2)).group_by('mx_Fee').aggregate(top=fee.max())\n",
    )

    result = leadquery("describe", "query.py:query", "--fields", "ours.py")

    assert result.stdout == (
        'Maximum of "The fee" as "top" per "The fee", of leads with '
        '("The fee" above 5 or "The fee" below 2).\n'
    )
    assert result.stderr == ""


def test_a_schema_of_the_account(write: Write) -> None:
    write("ours.py", "from leadquery.fields import Number\nfee = Number('mx_Fee', 'The fee')\n")

    schema = json.loads(leadquery("schema", "--fields", "ours.py").stdout)

    assert "mx_Fee" in schema["$defs"]["LeadField"]["anyOf"][0]["enum"]
    assert "mx_Fee" not in leadquery("schema").stdout


def test_a_standard_field_of_another_type_is_written_by_its_type(write: Write) -> None:
    """The module's Score is a dropdown, and its Grade another field."""
    write(
        "ours.py",
        "from leadquery.fields import Choice, Number\n"
        "Score = Choice('Score')\nGrade = Number('mx_Grade')\n",
    )
    write(
        "query.py",
        "from leadquery import Leads\nfrom leadquery.fields import Grade, Score\n"
        "top = Grade.min()\n"
        "query = Leads.group_by('Score').aggregate(Score.average(), Grade.max(), top=top)\n",
    )

    result = leadquery("to-python", "query.py:query", "--fields", "ours.py")

    assert result.stdout == (
        "from leadquery import Leads\n"
        "from leadquery.fields import Number\n"
        "\n"
        "from ours import Score\n"
        "\n"
        "query = Leads.group_by(Score).aggregate(\n"
        '    Number("Score").average(), Number("Grade").max(), top=Number("Grade").min()\n'
        ")\n"
    )
