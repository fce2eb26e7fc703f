"""The queries for the sibling reports: on leads without activities, and on tasks.

They are sets of leads like `Leads`, with the methods for what only their body has. What is assumed
of that is in `leadquery.wire.endpoints`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from leadquery._util.text import describe_json
from leadquery.errors import QueryError, check_call
from leadquery.query.base import replace
from leadquery.query.leads import LeadSet
from leadquery.wire.endpoints import (
    OPEN_STATUSES,
    OVERDUE,
    PENDING,
    PENDING_AND_OVERDUE,
    Endpoint,
    NodeFilters,
    ReportNode,
    names_open_status,
    node_of,
    parse_node,
    read_node,
)
from leadquery.wire.model import FIRST_PAGE
from leadquery.wire.types import JsonText

if TYPE_CHECKING:
    from leadquery.wire.types import Json

S = TypeVar("S", bound=LeadSet)


class NotContacted(LeadSet):
    """Leads on which activities have not been posted; see `LeadsNotContacted`."""

    @check_call
    def activities(self, *codes: int | str) -> NotContacted:
        """Only leads without any activity of these codes; without this call, without any at all.

        Raises QueryError for what is not a code. The form in which codes are sent is assumed.
        (Vendor's page: Leads Not Contacted)

        >>> from leadquery import LeadsNotContacted
        >>> LeadsNotContacted.activities(21, 22).select("Phone").describe()
        'List of Phone of leads without activities 21 or 22.'
        """
        return _with_kinds(self, "activities", list(map(_activity_code, codes)))

    @check_call
    def activity_filters(self, node: Json) -> NotContacted:
        """Send this JSON list or object as `ActivityFilters`, as it is.

        Use it if you know the form that your account takes: it replaces the assumed one.

        >>> from leadquery import LeadsNotContacted
        >>> query = LeadsNotContacted.activity_filters({"Events": [21]}).select("Phone")
        >>> query.to_payload()["ReportFilter"]
        {'ActivityFilters': {'Events': [21]}}
        """
        return _with_node(self, "activity_filters", node)


class WithoutTasks(LeadSet):
    """Leads without open tasks; see `LeadsWithNoActiveTasks`."""

    @check_call
    def task_types(self, *names: str) -> WithoutTasks:
        """Only leads without open tasks of these types; without this call, of any type.

        Raises QueryError for anything but texts. The form in which types are sent is assumed.
        (Vendor's page: Leads With No Active Tasks)

        >>> from leadquery import LeadsWithNoActiveTasks
        >>> LeadsWithNoActiveTasks.task_types("Call").select("Phone").describe()
        'List of Phone of leads without active tasks of type "Call".'
        """
        return _with_kinds(self, "task_types", list(map(_task_type, names)))

    @check_call
    def task_filters(self, node: Json) -> WithoutTasks:
        """Send this JSON list or object as `TaskFilters`, as it is; see `activity_filters`.

        Raises QueryError for one with a status of open tasks: it is read as that of
        LeadsWithPendingTasks.
        """
        query = _with_node(self, "task_filters", node)
        if names_open_status(str(query._node.text)):
            raise QueryError(
                f"task_filters names one of {', '.join(OPEN_STATUSES)}, the statuses of open "
                f"tasks; write {Endpoint.PENDING_TASKS.start}.task_filters(...)"
            )
        return query


class WithPendingTasks(LeadSet):
    """Leads with open tasks; see `LeadsWithPendingTasks`."""

    @check_call
    def task_types(self, *names: str) -> WithPendingTasks:
        """Only leads with open tasks of one of these types; without this call, of any type.

        Raises QueryError for anything but texts. The form in which types are sent is assumed.
        (Vendor's page: Leads With Pending/Overdue Tasks)

        >>> from leadquery import LeadsWithPendingTasks
        >>> LeadsWithPendingTasks.task_types("Call").overdue().select("Phone").describe()
        'List of Phone of leads with overdue tasks of type "Call".'
        """
        return _with_kinds(self, "task_types", list(map(_task_type, names)))

    @check_call
    def pending(self) -> WithPendingTasks:
        """Only leads with tasks that are pending, and not overdue yet."""
        return _with_status(self, PENDING)

    @check_call
    def overdue(self) -> WithPendingTasks:
        """Only leads with tasks that are overdue."""
        return _with_status(self, OVERDUE)

    @check_call
    def task_filters(self, node: Json) -> WithPendingTasks:
        """Send this JSON list or object as `TaskFilters`, as it is; see `activity_filters`.

        `from_payload` reads one that names no status of open tasks as one for
        LeadsWithNoActiveTasks, unless you pass `report=LeadsWithPendingTasks`.
        """
        return _with_node(self, "task_filters", node)


LeadsNotContacted: Final = NotContacted(
    {}, (), None, FIRST_PAGE, (), node=node_of(Endpoint.NOT_CONTACTED, NodeFilters())
)
"""Leads on which no activity has been posted: the report Leads Not Contacted."""

LeadsWithNoActiveTasks: Final = WithoutTasks(
    {}, (), None, FIRST_PAGE, (), node=node_of(Endpoint.NO_ACTIVE_TASKS, NodeFilters())
)
"""Leads without pending or overdue tasks: the report Leads With No Active Tasks."""

LeadsWithPendingTasks: Final = WithPendingTasks(
    {},
    (),
    None,
    FIRST_PAGE,
    (),
    node=node_of(Endpoint.PENDING_TASKS, NodeFilters(status=PENDING_AND_OVERDUE)),
)
"""Leads with pending or overdue tasks: the report Leads With Pending/Overdue Tasks."""

STARTS: Final[dict[Endpoint, LeadSet]] = {
    start._node.endpoint: start
    for start in (LeadsNotContacted, LeadsWithNoActiveTasks, LeadsWithPendingTasks)
}
"""All leads of each of these reports."""


def node_method(endpoint: Endpoint) -> str:
    """The method that takes the node of a report as JSON."""
    return "activity_filters" if endpoint is Endpoint.NOT_CONTACTED else "task_filters"


def report_methods(query: LeadSet) -> dict[str, str]:
    """The message for each method that only the leads of other reports have."""
    methods: dict[str, list[str]] = {}
    for endpoint, leads in STARTS.items():
        for name in vars(type(leads)):
            if name[0] != "_" and name not in dir(type(query)):
                methods.setdefault(name, []).append(f"{endpoint.start}.{name}(...)")
    return {
        name: f"this report has no .{name}; write {' or '.join(starts)}"
        for name, starts in methods.items()
    }


Call = tuple[str, tuple[str, ...]]
"""A method of a query with its arguments."""


def calls_of(node: ReportNode) -> list[Call] | None:
    """The calls on the start of a report that make a node; None if only its JSON does."""
    endpoint, filters, calls = node.endpoint, read_node(node), list[Call]()
    if filters is None:
        return None
    if filters.kinds:
        method = "activities" if endpoint is Endpoint.NOT_CONTACTED else "task_types"
        calls.append((method, filters.kinds))
    if endpoint is Endpoint.PENDING_TASKS and filters.status in (PENDING, OVERDUE):
        calls.append((str(filters.status).lower(), ()))
    query = STARTS[endpoint]
    with suppress(QueryError):
        for method, args in calls:
            query = getattr(query, method)(*args)
    return calls if query._node == node else None


def _with_kinds(query: S, method: str, kinds: list[str]) -> S:
    if not kinds:
        raise QueryError(f"{method}() names nothing; leave the call out for all")
    filters = _filters_of(query, method)
    if filters.kinds:
        raise QueryError(f"{method} is given already; write all in one call")
    return _replace_filters(query, filters._replace(kinds=tuple(dict.fromkeys(kinds))))


def _with_status(query: WithPendingTasks, status: str) -> WithPendingTasks:
    filters = _filters_of(query, status.lower())
    if filters.status != PENDING_AND_OVERDUE:
        raise QueryError(
            f"the status is {filters.status} already; leave out pending() and overdue() for both"
        )
    return _replace_filters(query, filters._replace(status=status))


def _filters_of(query: LeadSet, method: str) -> NodeFilters:
    filters = read_node(query._node)
    if filters is None:
        raise QueryError(f"the node is given as JSON already; write it there, without {method}")
    return filters


def _replace_filters(query: S, filters: NodeFilters) -> S:
    return replace(query, "_node", node_of(query._node.endpoint, filters))


def _with_node(query: S, method: str, node: object) -> S:
    endpoint = query._node.endpoint
    if query._node != STARTS[endpoint]._node:
        raise QueryError(f"{method} replaces all other filters of {endpoint.key!r}; leave them out")
    try:
        text = JsonText().decode(node)
    except (ValueError, TypeError, RecursionError):
        raise QueryError(
            f"{method} takes a list or an object as the json module reads it, not {node!r}"
        ) from None
    return replace(query, "_node", parse_node(endpoint, text))


def _activity_code(code: object) -> str:
    text = code if isinstance(code, str) else str(code) if type(code) is int else ""
    if text.isascii() and text.isdecimal():
        return str(int(text))
    if isinstance(code, (list, tuple, set, frozenset)):
        raise QueryError("activities takes codes one by one; write activities(*codes)")
    raise QueryError(
        f"activities takes codes of activities such as 21, not {describe_json(code)}; "
        "LeadSquared shows them in its settings of activities"
    )


def _task_type(name: object) -> str:
    if isinstance(name, str) and name.strip():
        return name
    if isinstance(name, (list, tuple, set, frozenset)):
        raise QueryError("task_types takes names one by one; write task_types(*names)")
    raise QueryError(f"task_types takes the names of task types, not {describe_json(name)}")
