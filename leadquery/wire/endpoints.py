"""The reports that take the same body: where each is, and the node that only its body has.

The vendor's pages of the sibling reports name their paths and nodes. What is inside a node, and the
path of one report, could not be read there; it is assumed here, with how certain that is. A node is
therefore sent and read as any JSON, and only `node_filters` and `read_node` know the assumed form.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from leadquery.errors import QueryError
from leadquery.wire.enums import PATH, Certainty, Operator
from leadquery.wire.model import (
    ComparisonFilter,
    LeadFilter,
    MembershipFilter,
    ReportFilter,
    Request,
)
from leadquery.wire.schema import key_name

if TYPE_CHECKING:
    from leadquery.wire.types import Json

STATUS: Final = "Status"
"""The key of a task's status, and the name that a task filter is assumed to give it."""

PENDING: Final = "Pending"

OVERDUE: Final = "Overdue"

PENDING_AND_OVERDUE: Final = "PendingAndOverdue"

OPEN_STATUSES: Final = (PENDING, OVERDUE, PENDING_AND_OVERDUE)
"""The statuses of open tasks, as a third party names them."""

ASSUMED_FORM: Final = Certainty.INFERRED
"""How certain the form of the filters in a node is."""


class Endpoint(Enum):
    """A report: its title, its path and how certain that is, and the node of its body.

    `node` is the attribute of `ReportFilter`. `kind` is the name that a filter in the node is
    assumed to give to what it selects, `start` the public name of the queries for the report, and
    `phrase` says in English which leads it has. `key` is the JSON key of the node, or empty.
    """

    title: str
    start: str
    path: str
    certainty: Certainty
    node: str | None
    kind: str
    phrase: str
    key: str

    def __init__(
        self,
        title: str,
        start: str,
        path: str,
        certainty: Certainty,
        node: str | None,
        kind: str,
        phrase: str,
    ) -> None:
        self.title = title
        self.start = start
        self.path = path
        self.certainty = certainty
        self.node = node
        self.kind = kind
        self.phrase = phrase
        self.key = "" if node is None else key_name(ReportFilter, node)

    DISTRIBUTION = (
        "Lead Distribution Analytics",
        "Leads",
        PATH,
        Certainty.STATED,
        None,
        "",
        "",
    )
    NOT_CONTACTED = (
        "Leads Not Contacted",
        "LeadsNotContacted",
        "/Leads/NotContacted",
        Certainty.STATED,
        "activities",
        "ActivityEvent",
        "without activities",
    )
    NO_ACTIVE_TASKS = (
        "Leads With No Active Tasks",
        "LeadsWithNoActiveTasks",
        "/Tasks/LeadsWithNoActiveTasks",
        Certainty.STATED,
        "tasks",
        "TaskType",
        "without active tasks",
    )
    PENDING_TASKS = (
        "Leads With Pending or Overdue Tasks",
        "LeadsWithPendingTasks",
        "/Tasks/OwnerWiseLeadsWithPendingTasks",
        Certainty.THIRD_PARTY,
        "tasks",
        "TaskType",
        "with pending or overdue tasks",
    )


LEAD_IDS: Final = ("ProspectID", "RelatedProspectId", "RelatedEntityId")
"""The names of a lead's id: in leads, and in the vendor's lists of activities and tasks."""

ACTIVITY_CODES: Final = (Endpoint.NOT_CONTACTED.kind, "EventCode")
"""The names of an activity's code: in searches of activities, and in lists of them."""

SIBLINGS: Final = tuple(endpoint for endpoint in Endpoint if endpoint.node is not None)
"""The reports with a node of their own."""


FACTS: Final[tuple[tuple[str, Certainty], ...]] = (
    ("The body is that of the main report, with one node more.", Certainty.STATED),
    ("The node may be left out: then all activities, or all types of tasks.", Certainty.STATED),
    (
        "A task filter selects types and statuses; that of no active tasks leaves open ones out.",
        Certainty.STATED,
    ),
    (
        f"The statuses of open tasks are called {', '.join(OPEN_STATUSES)}.",
        Certainty.THIRD_PARTY,
    ),
    ("A node is a list of filters with the keys of lead filters.", ASSUMED_FORM),
    (
        (
            f"They are on {Endpoint.NOT_CONTACTED.kind}, the code of an activity; on "
            f"{Endpoint.PENDING_TASKS.kind}, the name of a type of tasks; and on {STATUS}."
        ),
        ASSUMED_FORM,
    ),
    ("An empty list is as if the node were left out.", ASSUMED_FORM),
    ("The date filter limits the dates of the leads.", Certainty.INFERRED),
)
"""What is known of the nodes, beside the paths, and how certain it is.

What is inferred, `read_node` and `node_of` do.
"""


class ReportNode(NamedTuple):
    """The report of a query, and the node of its body as text, written as `json.dumps` does."""

    endpoint: Endpoint
    text: str | None

    def add_to(self, report: ReportFilter | None) -> ReportFilter:
        """The report filter with the node."""
        users, filters = (None, None) if report is None else (report.users, report.filters)
        nodes = {self.endpoint.node: self.text}
        return ReportFilter(users, filters, nodes.get("activities"), nodes.get("tasks"))


NO_NODE: Final = ReportNode(Endpoint.DISTRIBUTION, None)


class NodeFilters(NamedTuple):
    """What a node in the assumed form selects: activities or task types, and a task status."""

    kinds: tuple[str, ...] = ()
    status: str | None = None


def node_of(endpoint: Endpoint, filters: NodeFilters) -> ReportNode:
    """The node with some filters, in the assumed form: that of lead filters.

    >>> node_of(Endpoint.NOT_CONTACTED, NodeFilters(("21",))).text
    '[{"LookUpName": "ActivityEvent", "LookUpValue": "21", "SqlOperator": "="}]'
    """
    from json import dumps

    from leadquery.wire.serializer import to_payload

    return ReportNode(endpoint, dumps([to_payload(row) for row in node_rows(endpoint, filters)]))


def node_rows(endpoint: Endpoint, filters: NodeFilters) -> Iterator[LeadFilter]:
    """The filters of a node, as filters on what it selects."""
    if len(filters.kinds) == 1:
        yield ComparisonFilter(endpoint.kind, filters.kinds[0], Operator.EQUAL)
    elif filters.kinds:
        yield MembershipFilter(endpoint.kind, Operator.ONE_OF, filters.kinds)
    if filters.status is not None:
        yield ComparisonFilter(STATUS, filters.status, Operator.EQUAL)


def read_node(node: ReportNode) -> NodeFilters | None:
    """The filters of a node; None if it is in another form than `node_of` writes."""
    from json import loads

    rows = loads(node.text or "[]")
    values: dict[str, tuple[str, ...]] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            name, found = _name_and_values(row)
            values[name] = tuple(map(str, found))
    statuses = values.get(STATUS, (None,))
    filters = NodeFilters(values.get(node.endpoint.kind, ()), statuses[0] if statuses else None)
    return filters if loads(node_of(node.endpoint, filters).text or "") == rows else None


def _name_and_values(row: dict[str, Json]) -> tuple[str, list[Json]]:
    value = row.get(key_name(ComparisonFilter, "value"))
    found = row.get(key_name(MembershipFilter, "values"), [value])
    name = str(row.get(key_name(ComparisonFilter, "name")))
    return name, found if isinstance(found, list) else []


def parse_node(endpoint: Endpoint, text: str) -> ReportNode:
    """The node of a text, with the keys in the order of `node_of` if it is in that form."""
    node = ReportNode(endpoint, text)
    filters = read_node(node)
    return node if filters is None else node_of(endpoint, filters)


def endpoint_of(report: ReportFilter | None) -> Endpoint:
    """The report that a body is for, by its node.

    The two reports on tasks have the same node. A body that names a status of open tasks is for the
    one on pending and overdue tasks.
    """
    if report is None:
        return Endpoint.DISTRIBUTION
    if report.activities is not None:
        return Endpoint.NOT_CONTACTED
    if report.tasks is None:
        return Endpoint.DISTRIBUTION
    return Endpoint.PENDING_TASKS if names_open_status(report.tasks) else Endpoint.NO_ACTIVE_TASKS


def names_open_status(text: str) -> bool:
    """Whether some text in a node is a status of open tasks."""
    from json import loads

    statuses = {status.casefold() for status in OPEN_STATUSES}
    values: list[Json] = [loads(text)]
    while values:
        value = values.pop()
        if isinstance(value, str) and value.casefold() in statuses:
            return True
        if isinstance(value, (list, dict)):
            values += value.values() if isinstance(value, dict) else value
    return False


_REPORT: Final = key_name(Request, "report")

_NODES: Final = frozenset(one.key for one in SIBLINGS)

# Python 3.11 takes longer to find a member in its class than the rest of the function.
_MAIN: Final = Endpoint.DISTRIBUTION


def endpoint_of_payload(payload: dict[str, Json]) -> Endpoint:
    """The report that a payload without errors is for."""
    report = payload.get(_REPORT) or {}
    if _NODES.isdisjoint(report):
        return _MAIN
    from json import dumps

    nodes = {one.node: dumps(report[one.key]) for one in SIBLINGS if one.key in report}
    return endpoint_of(ReportFilter(None, None, nodes.get("activities"), nodes.get("tasks")))


def path_variable(endpoint: Endpoint) -> str:
    """The environment variable that sets the path of a report."""
    return f"LEADQUERY_{endpoint.name}_PATH"


def configured_path(endpoint: Endpoint) -> str:
    """The path of a report: that of its environment variable, or the known one.

    Raises QueryError for a variable that is not a path.
    """
    variable = path_variable(endpoint)
    path = os.environ.get(variable, "").strip()
    return check_path(path, variable) if path else endpoint.path


def check_path(path: object, source: str) -> str:
    """A path as it is. Raises QueryError, which names its source, for anything else."""
    if isinstance(path, str) and re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", path):
        return path
    raise QueryError(
        f"{source}: {path!r} is not a path; write one such as {Endpoint.NOT_CONTACTED.path!r}"
    )


def assumptions_of(node: ReportNode, *, has_path: bool = False) -> list[str]:
    """What is assumed of a report, with how certain it is, as parts of a sentence.

    `has_path` says that the path was set by the user.
    """
    endpoint, known = node.endpoint, (Certainty.STATED, Certainty.SAMPLE)
    assumed = []
    if not has_path and endpoint.certainty not in known:
        assumed.append(f"the path {endpoint.path} ({endpoint.certainty.value})")
    if endpoint.node is not None and read_node(node) is not None:
        assumed.append(f"the form of {endpoint.key!r} ({ASSUMED_FORM.value})")
    return assumed
