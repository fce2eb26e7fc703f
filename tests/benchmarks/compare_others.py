"""Runs the validators that are not dependencies of the project.

Run by `compare_validators` in an environment of its own: it reads the schema and the paths of
files from stdin, and prints the messages of each validator for each file, with the versions.
"""

# mypy: ignore-errors
# What it compares is not there when types are checked.

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

import fastjsonschema
import msgspec
from msgspec import Meta, Struct

Messages = list[tuple[str | None, str]]
"""The messages of a validator, each with the path it names."""

Name = Annotated[str, Meta(min_length=1)]
Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$")]
LogicalOperator = Literal["AND", "OR"]
Count = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Unset = msgspec.UnsetType
UNSET = msgspec.UNSET


class Exact(Struct, forbid_unknown_fields=True):
    """No other keys."""


class Filter(Exact, tag_field="SqlOperator"):
    """A lead filter: one struct for each operator."""

    LookUpName: Name


def _filters(operators: list[str], **fields: Any) -> list[type[Filter]]:
    return [
        msgspec.defstruct(
            f"Filter{index}",
            list(fields.items()),
            bases=(Filter,),
            tag_field="SqlOperator",
            tag=operator,
            forbid_unknown_fields=True,
            kw_only=True,
        )
        for index, operator in enumerate(operators)
    ]


ONE = _filters(["=", "<>", ">", "<", ">=", "<=", "lik", "nlik"], LookUpValue=Name)
MANY = _filters(["in"], LookUpValues=Annotated[list[Name], Meta(min_length=1)])
NONE = _filters(["def", "ndef"])


class Condition(Exact):
    """A condition on users."""

    LookupName: Name
    Operator: Name
    LookupValue: Name
    ConditionOperator: LogicalOperator | Unset | None = UNSET


class Group(Exact):
    """Conditions, or groups of them."""

    Condition: Annotated[list[Condition], Meta(min_length=1)] | Unset = UNSET
    GroupConditions: Annotated[list[Group], Meta(min_length=1)] | Unset = UNSET
    GroupOperator: LogicalOperator | Unset | None = UNSET


class Users(Exact):
    """Conditions on the owners of leads."""

    GroupConditions: Annotated[list[Group], Meta(min_length=1)]
    GroupOperator: LogicalOperator | Unset | None = UNSET


LeadFilter = ONE[0]
for one in (*ONE[1:], *MANY, *NONE):
    LeadFilter |= one


class Report(Exact):
    """Filters on leads and their owners."""

    UserFilter: Users | Unset = UNSET
    LeadFilters: Annotated[list[LeadFilter], Meta(min_length=1)] | Unset = UNSET


class Dates(Exact):
    """A range of dates."""

    DateField: Literal["LeadCreatedOn", "LeadModifiedOn"]
    FromDate: Moment
    ToDate: Moment


class ListOutput(Exact, tag_field="Type", tag="list"):
    """Leads with some columns."""

    IncludeCSV: Annotated[str, Meta(pattern=r"[^, \t\r\n]")]


class Aggregate(Exact, tag_field="Type", tag="aggregate"):
    """Groups of leads."""

    GroupBy: Name
    AggregateFunction: Literal["Count", "Average", "Sum"]
    AggregateField: Name
    IncludeCSV: str | Unset = UNSET


class Paging(Exact):
    """A page."""

    PageIndex: Count
    PageSize: Count


class Request(Exact):
    """The body of the call."""

    Output: ListOutput | Aggregate
    ReportFilter: Report | Unset = UNSET
    DateFilter: Annotated[list[Dates], Meta(min_length=1)] | Unset = UNSET
    Paging: Paging | Unset = UNSET


def by_msgspec(text: str, _schema: Any) -> Messages:
    """It stops at the first mistake; the message contains the path."""
    try:
        msgspec.json.decode(text, type=Request)
    except msgspec.MsgspecError as wrong:
        path = re.search(r"at `([^`]*)`", str(wrong))
        is_syntax_error = "(byte" in str(wrong)
        return [(path[1] if path else None if is_syntax_error else "$", str(wrong))]
    return []


def by_fastjsonschema(text: str, schema: Any) -> Messages:
    """It stops at the first mistake."""
    try:
        fastjsonschema.compile(schema)(json.loads(text))
    except json.JSONDecodeError as wrong:
        return [(None, str(wrong))]
    except fastjsonschema.JsonSchemaValueException as wrong:
        steps = (f"[{step}]" if str(step).isdigit() else f".{step}" for step in wrong.path[1:])
        return [("$" + "".join(steps), wrong.message)]
    return []


def by_check_jsonschema(text: str, schema: Any) -> Messages:
    """Each error, with its best matches."""
    with TemporaryDirectory() as folder:
        against, file = Path(folder, "schema.json"), Path(folder, "payload.json")
        against.write_text(json.dumps(schema), "utf-8")
        file.write_text(text, "utf-8")
        command = Path(sys.executable).with_name("check-jsonschema")
        request = [command, "--schemafile", against, "--output-format", "json", "--verbose", file]
        done = subprocess.run(request, capture_output=True, text=True, check=False)
    reported = json.loads(done.stdout)
    found: Messages = [(None, one["message"]) for one in reported.get("parse_errors", [])]
    for error in reported.get("errors", []):
        under = [
            error.get("best_match"),
            error.get("best_deep_match"),
            *error.get("sub_errors", []),
        ]
        found += [(one["path"], one["message"]) for one in [error, *filter(None, under)]]
    return found


def main() -> None:
    """Print the messages of each validator for each payload."""
    request = json.load(sys.stdin)
    says = {
        "check-jsonschema": by_check_jsonschema,
        "fastjsonschema": by_fastjsonschema,
        "msgspec": by_msgspec,
    }
    json.dump(
        {
            f"{name} {version(name)}": {
                file: ask(Path(file).read_text("utf-8"), request["schema"])
                for file in request["files"]
            }
            for name, ask in says.items()
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
