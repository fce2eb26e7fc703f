"""Fields in which every lead has data: whose they are, and the requests that make sure.

Where a field is filled, the opposite of a condition on it is one condition, too, so an OR of any
number of fields takes two requests. No field is trusted to be filled: two counts are equal if the
leads of a query have data in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from leadquery.errors import QueryError
from leadquery.expr.field import BaseField, schema_name
from leadquery.expr.field_types import Field
from leadquery.expr.predicate import filter_names, is_about_users
from leadquery.expr.registry import FIELDS
from leadquery.fields import CreatedOn, ModifiedOn, OwnerId, ProspectID
from leadquery.plan.recipe import Step
from leadquery.query.base import replace
from leadquery.query.leads import without_output
from leadquery.wire.enums import MANDATORY, SCHEMA_NAME
from leadquery.wire.model import ListOutput

if TYPE_CHECKING:
    from leadquery.query.query import Query

Filled = Iterable[BaseField[Any] | str | Mapping[str, Any]]
"""Fields, their schema names, or the account's lead fields as `Client.lead_fields` returns them."""

SYSTEM_FIELDS: Final = (ProspectID, CreatedOn, ModifiedOn, OwnerId)
"""The fields that the vendor's system fills in itself."""


def filled_names(filled: Filled) -> tuple[str, ...]:
    """The names of fields; of an account's lead fields the mandatory ones, and the system's.

    Raises QueryError for anything else.
    """
    if isinstance(filled, (str, BaseField, Mapping)) or not isinstance(filled, Iterable):
        raise QueryError(
            f"filled={filled!r} is not a list of fields; write filled=[mx_City], or "
            "filled=client.lead_fields() for the mandatory fields of the account"
        )
    names: dict[str, None] = {}
    for one in filled:
        if not isinstance(one, Mapping):
            names[schema_name(one)] = None
            continue
        names |= dict.fromkeys(field.name for field in SYSTEM_FIELDS)
        if one.get(MANDATORY) in (True, "true", "True", "1", 1):
            names[str(one.get(SCHEMA_NAME))] = None
    return tuple(names)


def compared_names(query: Query, names: Iterable[str]) -> tuple[str, ...]:
    """Those of some fields that conditions joined by OR compare."""
    compared = set().union(*map(filter_names, query._compounds))
    return tuple(name for name in names if name in compared)


def check_steps(query: Query, names: Iterable[str]) -> tuple[Step, Step]:
    """Two requests, whose totals are equal if all leads have data in some fields.

    They count all leads that a request of the plan may count: those that meet the conditions joined
    by AND on what the others are not about.
    """
    leads = replace(without_output(query), "_compounds", ())
    compared = set().union(*map(filter_names, query._compounds))
    kept = {one: field for one, field in leads._conditions.items() if one.name not in compared}
    leads = replace(leads, "_joined", kept)
    if any(map(is_about_users, query._compounds)):
        leads = replace(leads, "users", None)
    if isinstance(query.output, ListOutput):
        # Lists are read to the end of the last second, which these counts are not.
        leads = replace(leads, "dates", ())
    fields = FIELDS.all()
    conditions = [fields.get(name, Field(name)).has_data() for name in names]
    with_data = leads.where(*conditions)
    first, second = (
        Step(one.select(ProspectID).page(1, 1), 0, first_page=True, lookup=True)
        for one in (leads, with_data)
    )
    return first, second
