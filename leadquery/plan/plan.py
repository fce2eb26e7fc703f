"""`Plan`: the requests that answer a query, and how many leads of each count."""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import Any, Final

from attrs import frozen

from leadquery.errors import PlanTooLargeError, QueryError
from leadquery.expr.aggregate import Function
from leadquery.expr.field_types import Field
from leadquery.expr.group_key import DateBucket, key_name
from leadquery.plan.filled import Filled, filled_names
from leadquery.plan.recipe import Rows, Step
from leadquery.plan.scan import Scan, scan_of
from leadquery.plan.slices import date_bounds, known_fields
from leadquery.plan.solve import solve
from leadquery.plan.terms import is_untyped, too_large_error
from leadquery.plan.totals import ADDITIVE
from leadquery.query.aggregation import Aggregation, as_aggregation, local_steps, result_columns
from leadquery.query.leads import without_output
from leadquery.query.query import MAX_CALLS, Query
from leadquery.wire.enums import CALLS, SECONDS, TOTAL, USERS_PATH
from leadquery.wire.model import ListOutput

MOST_PER_RANK: Final = 40
"""The most requests that a search for a value at a rank takes, about."""

WATCH_CALLS: Final = 3
"""The requests that watch for changes: a count before the others, and two after them."""

_ROUND_TRIP: Final = 0.5
"""The seconds that a request takes, about."""


@frozen
class Plan:
    """The requests that answer a query. `steps` are ordinary queries, each of one request.

    A step with more than a page of rows takes a request for each page. `later` says what is asked
    for after these steps, depending on their results; `Client.plan` finds out how many that are.
    `lead_count` is the number of leads to compare the plan with a scan for, if it is known.
    """

    query: Query
    steps: tuple[Step, ...]
    later: tuple[str, ...] = ()
    lead_count: int | None = None

    @property
    def calls(self) -> int:
        """The number of requests; at least, if there are `later` ones.

        Those that watch for changes are `watch_calls` more.
        """
        return len({step.request for step in self.steps}) + self._names_owners

    @property
    def watch_calls(self) -> int:
        """The number of requests that watch whether leads change between the others."""
        return WATCH_CALLS if takes_several(self.query, self.steps) else 0

    @property
    def scan_calls(self) -> int | None:
        """The number of requests of a scan; None if it is not known, or there is no scan."""
        scan = self._scan
        return None if scan is None or self.lead_count is None else scan.calls(self.lead_count)

    @property
    def is_complete(self) -> bool:
        """Whether the steps are all requests."""
        return not self.later

    def seconds(self, rate: tuple[int, float] = (CALLS, SECONDS)) -> float:
        """The seconds that a rate of calls per seconds makes the plan wait, at least."""
        calls, seconds = rate
        return max(0, self.calls + self.watch_calls - 1) // calls * seconds

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON can hold it: each payload, and how its rows are combined.

        Read every page of each step, but only TotalCount where `first_page` is true. `group_by` is
        the column of its groups, and `labels` has their values in the other columns. `leads` says
        how often the column `count` is added to the number of leads, and `values` how often the
        column `sum`, and `count` as the number of its values; -1 subtracts.
        """
        return {
            "question": self.query.describe(),
            "calls": self.calls,
            "columns": list(result_columns(self.query)),
            "steps": [
                {
                    "description": step.description,
                    "labels": {name: _json_label(label) for name, label in step.labels},
                    **_columns(step),
                    "leads": step.leads,
                    "values": step.values,
                    "first_page": step.first_page,
                    "limit": step.limit,
                    "payload": step.query.to_payload(),
                }
                for step in self.steps
            ],
            "users": USERS_PATH if self._names_owners else None,
            "combine": self.combination,
            "later": list(self.later),
        }

    @property
    def combination(self) -> list[str]:
        """What is done with the rows of the steps, in order."""
        return list(_combination(self.query, self.steps))

    @property
    def _names_owners(self) -> bool:
        return local_steps(self.query).owner_names

    @property
    def _scan(self) -> Scan | None:
        return scan_of(self.query) if self.watch_calls else None

    def __str__(self) -> str:
        lines = [self._price(), *_aligned(self.steps)]
        if self._names_owners:
            lines.append("+ the users of the account, for the names of owners")
        lines += [f"then {text}" for text in self.later]
        if self.combination:
            lines.append(f"combined here: {'; '.join(self.combination)}")
        scan = self._scan
        if scan is not None and self.lead_count is not None:
            lines.append(f"instead: {scan_price(scan, self.lead_count)}")
        return "\n".join(lines)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """IPython and notebooks show a plan as `print` does."""
        printer.text(str(self))

    def _price(self) -> str:
        requests = f"{self.calls} request{'' if self.calls == 1 else 's'}"
        at_least = "" if self.is_complete else "at least "
        watching = f" and {self.watch_calls} that watch for changes" if self.watch_calls else ""
        # The first count, the two last ones, and the users each wait for the requests before.
        rounds = 1 + self.watch_calls + self._names_owners
        seconds = ceil(self.seconds() + rounds * _ROUND_TRIP)
        return f"{at_least}{requests}{watching}, under {seconds} s at {CALLS} per {SECONDS} s"


def _json_label(label: Any) -> Any:
    return label.isoformat() if isinstance(label, date) else label


def _columns(step: Step) -> dict[str, str | None]:
    """The columns of a step's rows: of their group, of the number of leads, and of the sum."""
    output = step.query.output
    if isinstance(output, ListOutput) or step.first_page:
        return {"group_by": None, "count": TOTAL if step.first_page else None, "sum": None}
    group, count, *computed = output.columns
    return {"group_by": group, "count": count, "sum": next(iter(computed), None)}


def _aligned(steps: tuple[Step, ...]) -> list[str]:
    """The steps as lines, with what they compute in a column."""
    width = max((len(step.leads_described) for step in steps), default=0)
    if width > _MAX_WIDTH:
        return [str(step) for step in steps]
    return [
        f"{step.mark} {step.leads_described:<{width}}  {step.output_described}" for step in steps
    ]


_MAX_WIDTH: Final = 100


def _combination(query: Query, steps: tuple[Step, ...]) -> list[str]:
    """What is done with the rows of the steps, in order."""
    local = local_steps(query)
    is_list = isinstance(query.output, ListOutput)
    checks = [step for step in steps if step.is_check]
    steps = tuple(step for step in steps if step not in checks)
    done = ["the first two counts are equal, or other requests follow"] if checks else []
    done += _joined_leads(steps) if is_list else _added_groups(query, steps)
    if local.comparison is not None:
        done.append("the two periods compared")
    if local.having:
        done.append("groups chosen by " + " and ".join(map(repr, local.having)))
    if local.order:
        done.append("sorted by " + ", ".join(map(repr, local.order)))
    if local.limit is not None:
        done.append(f"the first {local.limit:,} rows kept")
    if local.owner_names:
        done.append("owners named by their users")
    return done


def _joined_leads(steps: tuple[Step, ...]) -> list[str]:
    if len(steps) == 1:
        return []
    subtracts = any(step.sign < 0 for step in steps)
    return ["leads by ProspectID" + (", without those subtracted" if subtracts else "")]


def _added_groups(query: Query, steps: tuple[Step, ...]) -> list[str]:
    wanted = as_aggregation(query.output)  # type: ignore[arg-type]
    by = f" by {', '.join(map(key_name, wanted.keys))}" if wanted.keys else ""
    signs = "added and subtracted" if any(step.sign < 0 for step in steps) else "added"
    is_sum = any(_columns(step)["sum"] for step in steps)
    added = [f"counts{' and sums' if is_sum else ''} {signs}{by}"] if len(steps) > 1 else []
    computed_here = {_columns(step)["sum"] for step in steps}
    return added + [
        f"{column.name} is the sum of {column.measure.field} by the number of its values"
        for column in wanted.measures
        if column.measure.function is Function.AVERAGE and column.measure.name not in computed_here
    ]


def scan_price(scan: Scan, lead_count: int) -> str:
    """What a scan of so many leads takes."""
    return (
        f"a scan of {lead_count:,} leads, {scan.calls(lead_count):,} requests in pages of "
        f'{scan.page_size:,} (scan="if cheaper")'
    )


def make_plan(
    query: Query, max_calls: int = MAX_CALLS, leads: int | None = None, filled: Filled = ()
) -> Plan:
    """The plan with the fewest requests for a query. Raises PlanTooLargeError.

    `leads` is the number of leads to name the price of a scan for. All leads are taken to have data
    in the fields of `filled`, which the first two steps make sure of, if that saves requests.
    """
    if query.is_one_request:
        return Plan(query, (Step(query),), lead_count=leads)
    check_paging(query)
    recipe = solve(query, max_calls, filled_names(filled))
    checks: tuple[Step, ...] = ()
    try:
        first = next(recipe)
        if any(step.is_check for step in first):
            checks, first = first, recipe.send([Rows((), 0) for _ in first])
    except StopIteration:
        first = ()
    except PlanTooLargeError as error:
        raise with_advice(error, query, leads) from None
    steps = (*checks, *dict.fromkeys(first))
    if len({step.request for step in steps}) > max_calls:
        raise with_advice(too_large_error(max_calls), query, leads)
    return Plan(query, steps, later_steps(query, first), leads)


def with_advice(
    error: PlanTooLargeError, query: Query, leads: int | None, *, offers_scan: bool = True
) -> PlanTooLargeError:
    """The error for too many requests, with what takes fewer for this query."""
    advice = []
    scan = scan_of(query) if offers_scan else None
    if scan is not None:
        price = f'a scan, a request for every {scan.page_size:,} leads (scan="if cheaper")'
        advice.append(f"take {price if leads is None else scan_price(scan, leads)}")
    if query._compounds:
        advice.append(
            "join fewer fields by | (k of them take up to 2^k - 1 requests, but k if has_data() of "
            "each is a condition, too, and 2 if filled=[...] names fields that all leads have data "
            "in)"
        )
    keys = query.output.keys if isinstance(query.output, Aggregation) else ()
    if len(keys) > 1:
        advice.append("group by fewer keys (several take a request for each value of all but one)")
    if any(isinstance(key, DateBucket) and key.unit != "year" for key in keys):
        advice.append("group by longer periods")
    return PlanTooLargeError(
        "; ".join([str(error), ", ".join([*advice, "or pass a larger max_calls"])])
    )


def takes_several(query: Query, steps: tuple[Step, ...]) -> bool:
    """Whether a query whose first steps these are takes several requests for its leads."""
    return len({step.request for step in steps}) > 1 or bool(later_steps(query, steps))


def check_paging(query: Query) -> None:
    """Raise QueryError for a query of several requests that asks for a later page."""
    if query.paging is None or query.paging.index != 1:
        raise QueryError(
            "a query of several requests has no pages of its own; leave page(...) out, or write "
            "page(1, size) for pages of that size within each request"
        )


def _untyped_groups(query: Query, wanted: Aggregation) -> str:
    """The names of fields of unknown type whose groups are added up."""
    fields = known_fields(query)
    names = [key for key in wanted.keys if isinstance(key, str)]
    distinct = [one.measure for one in wanted.measures]
    names += [one.field for one in distinct if one.function is Function.COUNT_DISTINCT]
    untyped = (name for name in names if is_untyped(fields.get(name, Field(name))))
    return " or ".join(dict.fromkeys(untyped))


def _looked_up(query: Query, wanted: Aggregation) -> str:
    """What a request is sent for, once a lookup has found how many there are."""
    leads = without_output(query)
    for key in wanted.keys:
        if isinstance(key, DateBucket) and None in date_bounds(leads, Field(key.field)):
            span = f"from the first {key.field} to the last"
            return f"{key.unit} {span}; limit {key.field} to know how many"
    return "value found"


def later_steps(query: Query, steps: tuple[Step, ...]) -> tuple[str, ...]:
    """What is asked for after some steps, whose results decide how often."""
    if isinstance(query.output, ListOutput):
        return ()
    wanted = as_aggregation(query.output)
    found = []
    if wanted.keys and any(step.lookup for step in steps):
        found.append(f"one request, or more, for each {_looked_up(query, wanted)}")
    if len({step.request for step in steps}) > 1 and (names := _untyped_groups(query, wanted)):
        found.append(f"a count if {names} has a number in two spellings, such as '1' and '1.0'")
    ranked = [one.measure for one in wanted.measures if one.measure.function not in ADDITIVE]
    for field in dict.fromkeys(one.field for one in ranked):
        names = ", ".join(one.name for one in ranked if one.field == field)
        of = " of each group" if wanted.keys else ""
        if wanted.keys or any(one.function is not Function.COUNT_DISTINCT for one in ranked):
            found.append(f"up to {MOST_PER_RANK} requests for {names}{of}")
    return tuple(found)
