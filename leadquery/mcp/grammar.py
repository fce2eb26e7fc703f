"""The query that a model writes as JSON, as a JSON Schema. `query_reader` reads it."""

from __future__ import annotations

from typing import Any, Final

from leadquery.expr.aggregate import Function
from leadquery.mcp.conditions import MAX_DEPTH, OPERATOR_NAMES, PERIOD_FORMS, USER_OPERATORS

FUNCTIONS: Final = tuple(function.name.lower() for function in Function)
"""What is computed of groups, by the name of its method in Python."""

EXAMPLES: Final[list[dict[str, Any]]] = [
    {
        "where": [
            {"field": "Score", "op": ">=", "value": 50},
            {"any": [
                {"field": "mx_City", "op": "==", "value": "Delhi"},
                {"not": {"field": "Source", "op": "is_in", "value": ["Web", "Fair"]}},
            ]},
        ],
        "created": "last_month",
        "select": ["FirstName", "Phone", "Score"],
        "order_by": [{"column": "Score", "descending": True}],
        "limit": 20,
    },
    {
        "where": [{"owner": "Role", "op": "==", "value": "Sales_User"}],
        "group_by": ["OwnerId", {"field": "CreatedOn", "by": "month"}],
        "aggregate": ["count", {"function": "average", "field": "Score"}],
        "having": [{"column": "Count", "op": ">", "value": 10}],
        "created": {"from": "2026-01-01", "to": "2026-03-31"},
        "tz": "Asia/Kolkata",
        "owner_names": True,
    },
]  # fmt: skip

_CONDITION: Final = {
    "type": "object",
    "properties": {
        "field": {"type": "string", "description": "Schema name of a lead field."},
        "owner": {
            "type": "string",
            "description": "An attribute of the user who owns the lead, in place of a field, such "
            f"as Role or Team; its operators are {', '.join(USER_OPERATORS)}.",
        },
        "op": {"type": "string", "enum": list(OPERATOR_NAMES)},
        "value": {
            "description": "Text, number or true/false, as the field's type; a list for is_in, "
            "[low, high] for between, a period for during; none for has_data and has_no_data.",
        },
        "all": {"type": "array", "items": {"type": "object"}, "description": "Joined by AND."},
        "any": {"type": "array", "items": {"type": "object"}, "description": "Joined by OR."},
        "not": {"type": "object", "description": "The opposite of a condition."},
    },
}

_PERIOD: Final = {"description": f"A period: {PERIOD_FORMS}."}

SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Which leads (where, created, modified, owners), and what of them: either "
    "select, for a list, or group_by and aggregate.",
    "properties": {
        "where": {
            "type": "array",
            "items": _CONDITION,
            "description": "Conditions that all leads meet. Each is about a field or the owner, or "
            'is {"all": [...]}, {"any": [...]} or {"not": {...}} of such conditions, up to '
            f"{MAX_DEPTH} deep.",
        },
        "created": {
            **_PERIOD,
            "description": f"When the lead was created. {_PERIOD['description']}",
        },
        "modified": {"description": "When the lead was last modified, as in created."},
        "owners": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Only leads of these users: names, e-mail addresses or ids.",
        },
        "select": {
            "type": "array",
            "items": {"type": "string"},
            "description": "List the leads with these columns, schema names of fields.",
        },
        "group_by": {
            "type": "array",
            "items": {},
            "description": 'Fields, {"field": "CreatedOn", "by": "month"} (day, week, month, '
            'quarter, year), or {"field": "Score", "bins": [0, 20, 50]}. Several of them multiply '
            "the price; periods and ranges take a request each.",
        },
        "aggregate": {
            "type": "array",
            "items": {},
            "description": '"count" (the default), or {"function": "average", "field": "Score"}; '
            f'functions: {", ".join(FUNCTIONS)}; a quantile has "q" from 0 to 1. Columns are named '
            "Count, Average_Score and so on. Without group_by: one row of all leads.",
        },
        "having": {
            "type": "array",
            "items": {"type": "object"},
            "description": 'Only groups that meet all of these: {"column": "Count", "op": ">", '
            '"value": 10}.',
        },
        "order_by": {
            "type": "array",
            "items": {},
            "description": 'Columns: "Score", or {"column": "Count", "descending": true}.',
        },
        "limit": {
            "type": "integer",
            "description": "The most rows; for groups with order_by only.",
        },
        "owner_names": {
            "type": "boolean",
            "description": "Add the owners' names beside OwnerId.",
        },
        "tz": {
            "type": "string",
            "description": "The time zone of the dates in the query and in rows, such as "
            "Asia/Kolkata; UTC by default.",
        },
    },
    "additionalProperties": False,
    "examples": EXAMPLES,
}

KEYS: Final = tuple(SCHEMA["properties"])
