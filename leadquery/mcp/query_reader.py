"""Read the query that a model has written as JSON, by the grammar in `grammar.SCHEMA`.

Every name, operator and value is checked against the account's fields, and the query is built by
the methods that people use in Python.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import attrs

from leadquery._util.text import closest_match, describe_json
from leadquery.expr.aggregate import Aggregate, HavingCondition, SortKey, count
from leadquery.expr.field import BaseField, type_name
from leadquery.expr.field_types import Date
from leadquery.expr.group_key import Bins, DateBucket
from leadquery.expr.operators import DateMixin, NumberMixin
from leadquery.lint.catalog import FieldCatalog
from leadquery.mcp.conditions import OPERATORS, UNITS, ConditionReader
from leadquery.mcp.grammar import FUNCTIONS, KEYS
from leadquery.mcp.refusals import Mistakes, list_mistakes, name_hint
from leadquery.periods import zone
from leadquery.query.aggregation import result_columns
from leadquery.query.leads import GroupedLeads, Leads, LeadSet
from leadquery.query.query import Query
from leadquery.result.serialize import dumps
from leadquery.users import User
from leadquery.wire.enums import ALIASES, AggregateFunction
from leadquery.wire.model import ListOutput

COMPARISONS: Final = ("==", "!=", "<", "<=", ">", ">=")

FindUser = Callable[[str], User]
"""Looks up a user by name, e-mail address or id. Raises QueryError if there is none or several."""


def read_query(given: dict[str, Any], catalog: FieldCatalog, find_user: FindUser) -> Query:
    """The query of a JSON object. Raises RefusedCallError, which lists its mistakes.

    >>> from leadquery import Client
    >>> from leadquery.emulator import Emulator
    >>> client = Client("api.example.com", "key", "secret", Emulator.demo(9).session())
    >>> catalog = FieldCatalog.of(client.lead_fields())
    >>> high = {"field": "Score", "op": ">", "value": 50}
    >>> read_query({"where": [high], "select": ["Phone"]}, catalog, client.find_user)
    Leads.where(Score > 50).select(Phone)
    """
    mistakes = Mistakes()
    mistakes.check_keys("", given, KEYS)
    tz = given.get("tz")
    if tz is not None and mistakes.check_type(tz, "tz", str):
        mistakes.build("tz", zone, tz)
    if mistakes.found:
        tz = None
    reader = QueryReader(given, mistakes, ConditionReader(catalog, mistakes, tz), find_user)
    query = reader.read()
    if query is None or mistakes.found:
        raise list_mistakes("the query", mistakes.found)
    return query


@attrs.define(eq=False)
class QueryReader:
    """Reads one query. What is wrong is added to `mistakes`."""

    given: dict[str, Any]
    mistakes: Mistakes
    conditions: ConditionReader
    find_user: FindUser

    def read(self) -> Query | None:
        """The query, as far as it has no mistakes."""
        query = self._with_output(self._leads())
        if query is None or self.mistakes.found:
            # Columns of what is missing would be mistakes that nobody has made.
            return None
        for place, one in self._list("having"):
            condition = self._group_condition(query, place, one)
            if condition is not None:
                hint = "write group_by in place of select"
                query = self.mistakes.change(query, place, query.having, condition, hint=hint)
        keys = [self._sort_key(query, place, one) for place, one in self._list("order_by")]
        if keys and not self.mistakes.found:
            query = self.mistakes.change(query, "order_by", query.order_by, *keys)
        is_list = isinstance(query.output, ListOutput)
        if "limit" in self.given and not is_list and not keys:
            column = {"column": result_columns(query)[-1], "descending": True}
            hint = f'write "order_by": [{dumps(column)}]'
            self.mistakes.add("limit", f"groups without order_by come in no known order; {hint}")
        elif "limit" in self.given:
            query = self.mistakes.change(
                query,
                "limit",
                query.limit,
                self.given["limit"],
                hint="write a whole number from 1, without quotes",
            )
        names = self.given.get("owner_names", False)
        if self.mistakes.check_type(names, "owner_names", bool) and names:
            query = self.mistakes.change(
                query,
                "owner_names",
                query.with_owner_names,
                hint='add "OwnerId" to group_by or to select',
            )
        return query

    def _leads(self) -> LeadSet:
        leads = Leads
        if "where" in self.given:
            where = self.given["where"]
            # One condition needs no list.
            where = [where] if isinstance(where, dict) else where
            for condition in self.conditions.read_all("where", where):
                leads = self.mistakes.change(leads, "where", leads.where, condition)
        for key in ("created", "modified"):
            if key in self.given:
                period = self.conditions.period(key, self.given[key])
                if period is not None:
                    leads = getattr(leads, f"{key}_in")(period)
        owners = [
            self.mistakes.build(place, self.find_user, one) for place, one in self._texts("owners")
        ]
        known = [owner for owner in owners if owner is not None]
        return leads.owned_by(*known) if known else leads

    def _list(self, key: str) -> list[tuple[str, Any]]:
        """The entries of a list, each with its place; a single entry needs no list."""
        if key not in self.given:
            return []
        value = self.given[key]
        entries = value if isinstance(value, list) else [value]
        if not entries:
            self.mistakes.add(key, "the list is empty; name something, or leave it out")
        return [(f"{key}[{index}]", entry) for index, entry in enumerate(entries)]

    def _texts(self, key: str) -> list[tuple[str, str]]:
        listed = self._list(key)
        return [pair for pair in listed if self.mistakes.check_type(pair[1], pair[0], str)]

    def _with_output(self, leads: LeadSet) -> Query | None:
        columns = [self.conditions.column(*pair) for pair in self._list("select")]
        keys = [self._group_key(*pair) for pair in self._list("group_by")]
        aggregates = [self._aggregate(*pair) for pair in self._list("aggregate")]
        if columns and (keys or aggregates):
            self.mistakes.add(
                "",
                "a query has either select, for a list, or group_by and aggregate; leave one out",
            )
        elif not {"select", "group_by", "aggregate"} & self.given.keys():
            self.mistakes.add(
                "",
                'the query does not say what to show; add "select": ["FirstName"] for a list, '
                '"aggregate": ["count"] for one number, or "group_by": ["OwnerId"]',
            )
        if self.mistakes.found:
            return None
        if columns:
            return self.mistakes.build("select", leads.select, *columns)
        once = "leave one of them out"
        if not keys:
            return self.mistakes.build("aggregate", leads.aggregate, *aggregates, hint=once)
        grouped = self.mistakes.build("group_by", leads.group_by, *keys)
        if grouped is None:
            return None
        return self.mistakes.build("aggregate", _computed, grouped, aggregates, hint=once)

    def _group_key(self, place: str, given: object) -> Any:
        given = {"field": given} if isinstance(given, str) else given
        if not self.mistakes.check_type(given, place, dict):
            return None
        self.mistakes.check_keys(place, given, ("field", "by", "bins"))
        field = self.conditions.field(f"{place}.field", given.get("field"))
        if field is None:
            return None
        if "by" in given:
            return self._period_key(f"{place}.by", field, given["by"])
        if "bins" in given:
            return self._bins(f"{place}.bins", field, given["bins"])
        if isinstance(field, Date):
            days = dumps({"field": field.name, "by": "day"})
            self.mistakes.add(place, f"a group for each second of {field.name}; write {days}")
        return field

    def _period_key(self, place: str, field: BaseField[Any], unit: object) -> DateBucket | None:
        if unit not in UNITS:
            self.mistakes.add(place, f"found {describe_json(unit)}; {name_hint(unit, UNITS)}")
        elif not isinstance(field, DateMixin):
            message = f"{field.name} is {type_name(field)}, which has no periods"
            self.mistakes.add(place, f"{message}; write a date field such as CreatedOn")
        else:
            key: DateBucket = getattr(field, str(unit))(tz=self.conditions.tz)
            return key
        return None

    def _bins(self, place: str, field: BaseField[Any], edges: object) -> Bins | None:
        if not isinstance(field, NumberMixin):
            message = f"{field.name} is {type_name(field)}, which has no ranges"
            self.mistakes.add(place, f"{message}; write a number field such as Score")
            return None
        if not self.mistakes.check_type(edges, place, list):
            return None
        hint = "write numbers from low to high, such as [0, 20, 50]"
        return self.mistakes.build(place, field.bins, *edges, hint=hint)

    def _aggregate(self, place: str, given: Any) -> Aggregate | None:
        if given == "count":
            return count()
        if not isinstance(given, dict):
            example = dumps({"function": _nearest_function(given) or "average", "field": "Score"})
            hint = f'write "count", or {example}'
            self.mistakes.add(place, f"found {describe_json(given)}; {hint}")
            return None
        self.mistakes.check_keys(place, given, ("function", "field", "q"))
        function = given.get("function")
        if function == "count" and "field" not in given:
            return count()
        if function not in FUNCTIONS or function == "count":
            nearest = _nearest_function(function)
            hint = f"write {nearest!r}" if nearest else f"write one of {', '.join(FUNCTIONS)}"
            hint = "leave the field out" if function == "count" else hint
            self.mistakes.add(f"{place}.function", f"found {describe_json(function)}; {hint}")
            return None
        field = self.conditions.field(f"{place}.field", given.get("field"))
        if field is None:
            return None
        method = getattr(field, str(function)) if hasattr(type(field), str(function)) else None
        if method is None:
            offered = [one for one in FUNCTIONS if hasattr(type(field), one)]
            message = f"{field.name} is {type_name(field)}, which has no {function}"
            hint = f"write one of {', '.join(offered)}" if offered else "write a number field"
            self.mistakes.add(f"{place}.function", f"{message}; {hint}")
            return None
        arguments = [given.get("q")] if function == "quantile" else []
        return self.mistakes.build(f"{place}.q", method, *arguments, hint='write "q": 0.9')

    def _group_condition(self, query: Query, place: str, given: object) -> HavingCondition | None:
        if not self.mistakes.check_type(given, place, dict):
            return None
        self.mistakes.check_keys(place, given, ("column", "op", "value"))
        if isinstance(query.output, ListOutput):
            self.mistakes.add(place, "a list has no groups; write group_by in place of select")
            return None
        aggregates = self._by_name(query)
        aggregate = aggregates.get(str(given.get("column")))
        if aggregate is None:
            column = given.get("column")
            message = f"{describe_json(column)} is no aggregate of the query"
            self.mistakes.add(f"{place}.column", f"{message}; {name_hint(column, aggregates)}")
            return None
        operator, value = given.get("op"), given.get("value")
        if operator not in COMPARISONS:
            hint = name_hint(operator, COMPARISONS)
            self.mistakes.add(f"{place}.op", f"found {describe_json(operator)}; {hint}")
            return None
        return self.mistakes.build(f"{place}.value", aggregate._compare, OPERATORS[operator], value)

    def _by_name(self, query: Query) -> dict[str, Aggregate]:
        """The aggregates of a query without mistakes, by the names of their columns."""
        if isinstance(query.output, ListOutput):
            return {}
        read = [self._aggregate(*pair) for pair in self._list("aggregate")]
        return {one.name: one for one in (count(), *read) if one is not None}

    def _sort_key(self, query: Query, place: str, given: object) -> SortKey | None:
        if isinstance(given, str):
            given = {"column": given}
        if not self.mistakes.check_type(given, place, dict):
            return None
        self.mistakes.check_keys(place, given, ("column", "descending"))
        column, descending = given.get("column"), given.get("descending", False)
        if not self.mistakes.check_type(column, f"{place}.column", str):
            return None
        if not self.mistakes.check_type(descending, f"{place}.descending", bool):
            return None
        columns = result_columns(query)
        bare, _, direction = str(column).strip("-+ ").partition(" ")
        is_known = bare in columns or self.conditions.catalog.get(bare) is not None
        if is_known and bare != column:
            is_descending = str(column)[0] == "-" or direction.casefold() == "desc"
            key = f'{{"column": "{bare}", "descending": {str(is_descending).lower()}}}'
            self.mistakes.add(
                place, f"{describe_json(column)} is not the name of a column; write {key}"
            )
            return None
        if column not in columns and isinstance(query.output, ListOutput):
            self.conditions.column(f"{place}.column", column)
        elif column not in columns:
            message = f"the result has no column {describe_json(column)}"
            self.mistakes.add(f"{place}.column", f"{message}; {name_hint(column, columns)}")
            return None
        return SortKey(self._by_name(query).get(column, column), descending)


def _computed(grouped: GroupedLeads, aggregates: list[Aggregate]) -> Query:
    """The aggregates of groups; the number of leads if none is named."""
    return grouped.aggregate(*aggregates) if aggregates else grouped.count()


def _nearest_function(name: object) -> str | None:
    """The function of a field that a name is probably meant to be."""
    folded = str(name).casefold()
    aliases = {
        alias.casefold(): one.name.lower()
        for one in AggregateFunction
        for alias in ALIASES.get(one, ())
    }
    return aliases.get(folded) or closest_match(folded, {one: one for one in FUNCTIONS[1:]})
