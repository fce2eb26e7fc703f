"""Inserts misuse into the source of a valid query."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from hypothesis import strategies as st

from leadquery._explain.aliases import (
    DAY_METHODS,
    LIMIT_METHODS,
    OFFSET_METHODS,
    QUERY_ALIASES,
    RECENT_METHODS,
    SORT_METHODS,
)
from leadquery.expr import Boolean, Field, Number, Predicate
from leadquery.fields import Phone
from leadquery.query.base import replace
from leadquery.testing import conditions, queries, user_conditions

OPPOSITES: Final = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
MIRRORED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
SIGNS: Final = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


class Atom(NamedTuple):
    """One filter as Python: a comparison, or a method and its argument."""

    condition: Predicate
    text: str
    field: str
    method: str
    value: str


def atoms(condition: Predicate) -> Iterator[Atom]:
    """The filters of a condition."""
    for one, lead_field in condition._conditions.items():
        single = Predicate({one: lead_field})
        text = repr(single)
        node = ast.parse(text, mode="eval").body
        if isinstance(node, ast.Compare):
            field, value = _segments(text, node.left, node.comparators[0])
            yield Atom(single, text, field, SIGNS[type(node.ops[0])], value)
        else:
            assert isinstance(node, ast.Call)
            assert isinstance(node.func, ast.Attribute)
            field, value = _segments(text, node.func.value, *node.args[:1])
            yield Atom(single, text, field, node.func.attr, value)


def _segments(text: str, *nodes: ast.AST) -> list[str]:
    found = [ast.get_source_segment(text, node) or "" for node in nodes]
    return [*found, ""][:2]


def _not(atom: Atom) -> str | None:
    opposites = {"has_data": "has_no_data", "has_no_data": "has_data"}
    if atom.method in OPPOSITES:
        return f"not {atom.field} {OPPOSITES[atom.method]} {atom.value}"
    return f"not {atom.field}.{opposites[atom.method]}()" if atom.method in opposites else None


def _is_none(atom: Atom) -> str | None:
    signs = {"has_no_data": "is", "has_data": "is not"}
    return f"{atom.field} {signs[atom.method]} None" if atom.method in signs else None


def _equals_none(atom: Atom) -> str | None:
    signs = {"has_no_data": "==", "has_data": "!="}
    return f"None {signs[atom.method]} {atom.field}" if atom.method in signs else None


def _bare(atom: Atom) -> str | None:
    """A field used as a truth value."""
    field = next(iter(atom.condition._conditions.values()))
    if isinstance(field, Boolean) and atom.method == "==":
        return {"True": atom.field, "False": f"not {atom.field}"}.get(atom.value)
    truth_values = {"has_no_data": f"not {atom.field}", "has_data": atom.field}
    return None if isinstance(field, (Boolean, Field, Number)) else truth_values.get(atom.method)


def _in(atom: Atom) -> str | None:
    return f"{atom.field} in {atom.value}" if atom.method == "is_in" else None


def _or(atom: Atom) -> str | None:
    if atom.method != "is_in":
        return None
    values = ast.parse(atom.value, mode="eval").body
    assert isinstance(values, ast.List)
    texts = [ast.get_source_segment(atom.value, one) for one in values.elts]
    return " or ".join(f"{atom.field} == {text}" for text in texts)


def _part(atom: Atom) -> str | None:
    signs = {"contains": "in", "does_not_contain": "not in"}
    return f"{atom.value} {signs[atom.method]} {atom.field}" if atom.method in signs else None


def _chain(atom: Atom) -> str | None:
    """A chained comparison whose two halves are the same filter."""
    if atom.method not in MIRRORED or atom.method in ("==", "!="):
        return None
    return f"{atom.value} {MIRRORED[atom.method]} {atom.field} {atom.method} {atom.value}"


def _alias(atom: Atom) -> str | None:
    aliases = {"is_in": "isin", "contains": "icontains", "has_no_data": "is_null", "==": "eq"}
    alias = aliases.get(atom.method)
    return alias and f"{atom.field}.{alias}({atom.value})"


def _inverted(atom: Atom) -> str | None:
    if atom.method not in OPPOSITES:
        return None
    return f"~{atom.field} {OPPOSITES[atom.method]} {atom.value}"


ALONE: Final[tuple[Callable[[Atom], str | None], ...]] = (
    *(_not, _is_none, _equals_none, _bare, _in, _or, _part, _chain, _alias, _inverted),
)
"""Misuse of one condition."""


def _and(one: str, other: str) -> str:
    return f"{one} and {other}"


def _and_on_two_lines(one: str, other: str) -> str:
    return f"{one}  # one\n    and {other}  # other\n"


def _unbracketed(one: str, other: str) -> str:
    return f"{one} & {other}"


def _listed(one: str, other: str) -> str:
    return f"[{one}, {other}]"


def _all(one: str, other: str) -> str:
    return f"all([{one}, {other}])"


TOGETHER: Final = (_and, _and_on_two_lines, _unbracketed, _listed, _all)
"""Misuse of two conditions."""


class MisusedQuery(NamedTuple):
    """The source of a query, without and with misuse."""

    right: str
    wrong: str


@st.composite
def queries_with_misuse(draw: st.DrawFn) -> MisusedQuery:
    """Misuse in one condition on leads, or in how two are joined."""
    filters = [atom for one in draw(st.lists(conditions(), max_size=3)) for atom in atoms(one)]
    filters += atoms(Phone.has_data())
    texts = [atom.text for atom in filters]
    places = [
        (at, text) for at, atom in enumerate(filters) for make in ALONE if (text := make(atom))
    ]
    signs = any(atom.method in OPPOSITES for atom in filters[:2])
    joins = [make for make in TOGETHER if make is not _unbracketed or signs]
    if len(filters) > 1 and draw(st.booleans()):
        wrong = [draw(st.sampled_from(joins))(*texts[:2]), *texts[2:]]
    else:
        at, text = draw(st.sampled_from(places))
        wrong = [*texts[:at], text, *texts[at + 1 :]]
    query = draw(queries())
    rest = repr(replace(query, "_conditions", {})).removeprefix("Leads")
    return MisusedQuery(
        *(f"query = Leads.where({', '.join(arguments)}){rest}" for arguments in (texts, wrong))
    )


@st.composite
def queries_with_user_misuse(draw: st.DrawFn) -> MisusedQuery:
    """Misuse in how two user conditions are joined."""
    one, other = (repr(draw(user_conditions())) for _ in range(2))
    keyword, call, sign = draw(st.sampled_from((("and", "all", "&"), ("or", "any", "|"))))
    wrong = draw(st.sampled_from((f"{one} {keyword} {other}", f"{call}([{one}, {other}])")))
    right = f"query = Leads.owned_by(({one}) {sign} ({other})).select(Phone)"
    return MisusedQuery(right, f"query = Leads.owned_by({wrong}).select(Phone)")


# A grouped query has an attribute `group`.
ALIASES: Final = sorted(
    {
        *QUERY_ALIASES,
        *LIMIT_METHODS,
        *OFFSET_METHODS,
        *DAY_METHODS,
        *RECENT_METHODS,
        *SORT_METHODS,
    }
    - {"group"},
)
ARGUMENTS: Final = (
    *("7", "0", "limit", "None", '""', '"7"', '"Phone"', '"Phone, Score"', '"Score < 5"', "True"),
    *("Phone", "Score", "OwnerIdName", "Score < 5", 'users.Role == "a"', "conditions", "options"),
    *('"2026-03-01"', '"2026-03-32"', '"2026-03-01 12:00:00"', "periods.month(2026, 3)"),
    *("[Score < 5]", "[Phone, Score]", "*conditions", "Leads.Score", "periods.last_7_days()"),
)
"""Arguments for the calls, valid or not."""


@st.composite
def calls_of_aliases(draw: st.DrawFn) -> str:
    """A query that calls one or two methods named as in other libraries."""
    state = draw(st.sampled_from(("Leads", "Leads.group_by(OwnerId)", "Leads.select(Phone)")))
    for name in draw(st.lists(st.sampled_from(ALIASES), min_size=1, max_size=2)):
        given = draw(st.lists(st.sampled_from(ARGUMENTS), min_size=1, max_size=2) | st.just([]))
        given += draw(st.sampled_from(([], [], [], ['tz="Asia/Kolkata"'], ["Score=5"])))
        state += f".{name}({', '.join(given)})"
    sent = draw(st.sampled_from(("", "", "run", "rows", "pages", "count", "plan")))
    return f"answer = emulated.{sent}({state})" if sent else f"query = {state}"
