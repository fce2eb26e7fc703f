"""Sends the requests of a query's recipe, and watches whether leads change between them.

`run_plan` runs the recipe of a query with a `Sender`, which sends each step once, within one
deadline. `Watch` is what surrounds the steps: a count before them, and two after them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Self, get_args

from attrs import define, field as attribute, frozen

from leadquery._util.text import warn_user
from leadquery.client.account import add_owner_names, fetch_users
from leadquery.client.deadline import Deadline
from leadquery.client.drift import MAX_PASSES, ChangePolicy, OnChange, too_many_passes_error
from leadquery.client.paginator import (
    FetchPage,
    Paginator,
    Prefetcher,
    fetch_all,
    fetch_page,
    fetch_whole_seconds,
)
from leadquery.client.progress import Progress, ReportRows
from leadquery.client.response import Counted
from leadquery.client.scan import run_scan
from leadquery.client.transport import Transport
from leadquery.errors import (
    Change,
    PaginationDriftError,
    PaginationDriftWarning,
    PlanTooLargeError,
    QueryError,
)
from leadquery.fields import CreatedOn, ModifiedOn, ProspectID
from leadquery.plan import Rows, Step, drive, solve
from leadquery.plan.filled import filled_names
from leadquery.plan.plan import (
    Plan,
    check_paging,
    later_steps,
    make_plan,
    takes_several,
    with_advice,
)
from leadquery.plan.scan import Scan, ScanPolicy, scan_of
from leadquery.plan.terms import too_large_error
from leadquery.query.aggregation import NO_STEPS, result_columns
from leadquery.query.leads import Leads
from leadquery.query.query import Query
from leadquery.result import Result, Row
from leadquery.result.decode import column_types
from leadquery.wire.model import ListOutput
from leadquery.wire.types import format_timestamp

_ALL: Final = Leads.select(ProspectID).page(1, 1)
"""The cheapest query whose total is the number of all leads."""

_CLOSING_COUNTS: Final = 2

_NO_DATE: Final = Change(
    0,
    "unknown",
    "the response to the first count has no Date header that can be read, so it is not known "
    "whether leads changed between the requests",
)


@frozen
class Watch:
    """The leads created before `start`, of which there were `leads` before the other requests.

    `start` is not after the moment at which they were counted. Every step is limited to them, so
    that leads created meanwhile change nothing.

    Of the closing counts, the one of modified leads comes first. If the second then finds as many
    leads as there were, none was deleted before the first, and that one saw every modification.
    """

    start: datetime
    leads: int

    def limit(self, query: Query) -> Query:
        """A query of one request, limited to these leads."""
        return query.where(CreatedOn < format_timestamp(self.start))

    def modified(self) -> Query:
        """The query whose total is the number of these leads modified since then."""
        return self.limit(_ALL).where(ModifiedOn >= format_timestamp(self.start))

    def all(self) -> Query:
        """The query whose total is the number of these leads."""
        return self.limit(_ALL)

    def changes(self, modified: int, leads: int) -> Iterator[Change]:
        """The signs of change that the closing counts show."""
        if modified:
            were = "lead was" if modified == 1 else "leads were"
            yield Change(0, "modified", f"{modified:,} {were} modified after the first count")
        if leads != self.leads:
            yield Change(
                0,
                "total",
                f"there were {self.leads:,} leads at the first count, and there are {leads:,} of "
                f"those created before {format_timestamp(self.start)}; the others were deleted, "
                "or created just then, or have no CreatedOn",
            )


@define
class Sender:
    """Sends the steps of a query, each once, and counts the requests.

    Leaving its block cancels the calls that are running.
    """

    transport: Transport
    max_calls: int
    on_change: OnChange
    report: ReportRows
    # The fields in which all leads may have data.
    filled: tuple[str, ...] = attribute(converter=filled_names)
    api_host: str | None = None
    changes: tuple[Change, ...] = ()
    _policy: ChangePolicy = attribute(init=False)
    _deadline: Deadline = attribute(init=False)
    _results: dict[Step, Rows] = attribute(factory=dict, init=False)
    _sent: int = attribute(default=0, init=False)
    _later: int = attribute(default=0, init=False)
    _watch: Watch | None = attribute(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self._policy = ChangePolicy(self.on_change)
        self._deadline = self.transport.start_deadline()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._deadline.cancel()

    @property
    def wants_refetch(self) -> bool:
        """Whether all requests are to be sent again."""
        return self._policy.wants_refetch

    @property
    def has_sent_nothing(self) -> bool:
        """Whether no step was sent."""
        return not self._results

    def restart(self) -> None:
        """Forget all results."""
        self._policy.changes = self.changes = ()
        self._results.clear()
        self._sent = self._later = 0
        self._watch = None

    def start_watch(self, steps: int) -> None:
        """Count all leads, and limit what is sent from now on to those, unless changes are ignored.

        `steps` requests come next, as far as it is known. A mock API may say that its leads cannot
        be watched.
        """
        if self.on_change == "ignore" or getattr(self.transport.session, "unwatched", False):
            return
        self._later = _CLOSING_COUNTS
        counted = self._count(_ALL, steps)
        if counted.is_undated:
            self._later = 0
        elif counted.earliest is None:
            self._later = 0
            self._note_no_date()
        else:
            self._watch = Watch(counted.earliest, counted.total)

    def end_watch(self) -> None:
        """Count again, and handle the signs of change as `on_change` says."""
        watch = self._watch
        if watch is None:
            return
        self._later = 0
        modified = self._count(watch.modified(), later=1).total
        leads = self._count(watch.all()).total
        self._apply(tuple(watch.changes(modified, leads)))

    def count(self, query: Query) -> int:
        """The total of a query."""
        return self._count(query).total

    def read(self, query: Query) -> tuple[Row, ...]:
        """All rows of a list."""
        if self._watch is None:
            self.start_watch(1)
        result, calls = self._fetch(Step(query), self.transport.concurrency)
        self._apply(result.changes)
        self._progress(calls)
        return result.rows

    def send(self, steps: tuple[Step, ...], limit: int) -> Sequence[Rows]:
        """The rows of each step. Raises PlanTooLargeError before a request beyond the limit."""
        # How often a step counts changes nothing in what it returns.
        keys = [step.request for step in steps]
        new = [key for key in dict.fromkeys(keys) if key not in self._results]
        if len(self._results) + len(new) > limit:
            raise too_large_error(limit)
        at_once = self.transport.concurrency
        pages_at_once = max(1, at_once // max(1, len(new)))

        def fetch(number: int) -> tuple[Result, int]:
            return self._fetch(new[number], pages_at_once)

        with Prefetcher(fetch, at_once, len(new)) as ahead:
            for number in range(len(new)):
                ahead.request(number)
            for key in new:
                result, calls = ahead.take()
                # In this thread, where a warning finds the caller's line.
                self._apply(result.changes)
                self._results[key] = Rows(result.rows, result.total)
                self._progress(calls, ahead.pending)
        return [self._results[key] for key in keys]

    def add_owner_names(self, rows: list[Row]) -> list[Row]:
        """The rows with the names of their owners."""
        users = fetch_users(self.transport, self.api_host, self._deadline)
        self._progress(1)
        return add_owner_names(rows, users)

    def _fetch(self, step: Step, concurrency: int) -> tuple[Result, int]:
        """The rows of a step, and the number of requests that they took."""
        query = step.query if self._watch is None else self._watch.limit(step.query)
        if step.first_page:
            return fetch_page(self.transport, query, self._deadline), 1
        pages: list[Progress] = []
        paginator = Paginator(self._open, query, limit=step.limit, concurrency=concurrency)
        result = fetch_all(paginator, self.on_change, progress=pages.append, quiet=True)
        return result, len(pages)

    @contextmanager
    def _open(self) -> Iterator[FetchPage]:
        yield lambda query: fetch_whole_seconds(self.transport, query, self._deadline)

    def _count(self, query: Query, later: int = 0) -> Counted:
        counted = self.transport.fetch_counted(
            query.to_json(), query.describe, self._deadline, query._node
        )
        self._progress(1, later)
        return counted

    def _progress(self, calls: int, later: int = 0) -> None:
        self._sent += calls
        self.report(self._sent, self._sent + later + self._later)

    def _apply(self, changes: tuple[Change, ...]) -> None:
        self._policy.apply(changes)
        self.changes += changes

    def _note_no_date(self) -> None:
        """Say that nothing is known of changes. To send the requests again would not help."""
        self.changes += (_NO_DATE,)
        if self.on_change == "raise":
            raise PaginationDriftError(
                _NO_DATE.text,
                "write on_change='ignore' to do without, or look for a proxy that removes headers",
                (_NO_DATE,),
            )
        warn_user(_NO_DATE.text, PaginationDriftWarning)


def _check_scan(scan: object) -> None:
    """Raise QueryError for what is not a scan policy."""
    if scan not in get_args(ScanPolicy):
        options = " or ".join(map(repr, get_args(ScanPolicy)))
        raise QueryError(f"scan={scan!r} is not one of {options}")


def run_plan(query: Query, sender: Sender, policy: ScanPolicy = "never") -> Result:
    """The result of a query. Raises PlanTooLargeError, and PaginationDriftError for changes."""
    check_paging(query)
    _check_scan(policy)
    scan = None if policy == "never" else scan_of(query)
    for _ in range(MAX_PASSES):
        sender.restart()
        try:
            rows = _solve(query, sender, scan)
        except PlanTooLargeError as error:
            offers_scan = policy == "never"
            raise with_advice(error, query, None, offers_scan=offers_scan) from None
        if not sender.wants_refetch:
            return _build_result(query, rows, sender.changes)
    raise too_many_passes_error(sender.changes)


def _solve(query: Query, sender: Sender, scan: Scan | None) -> list[Row]:
    """The rows of a query, by all its requests, or by a scan if that takes fewer."""
    limit = sender.max_calls
    if scan is None:
        rows = _send_recipe(query, sender, limit)
    else:
        calls = scan.calls(sender.count(scan.count))
        try:
            rows = _send_recipe(query, sender, min(limit, calls))
        except PlanTooLargeError:
            rows = run_scan(scan, sender.read(scan.listed))
    sender.end_watch()
    if (query._local or NO_STEPS).owner_names and not sender.wants_refetch:
        rows = sender.add_owner_names(rows)
    return rows


def _send_recipe(query: Query, sender: Sender, limit: int) -> list[Row]:
    def send(steps: tuple[Step, ...]) -> Sequence[Rows]:
        if sender.has_sent_nothing and takes_several(query, steps):
            sender.start_watch(len({step.request for step in steps}))
        return sender.send(steps, limit)

    return drive(solve(query, limit, sender.filled), send)


def resolve_plan(query: Query, sender: Sender) -> Plan:
    """The plan of a query, with the steps that depend on the values of keys."""
    plan = make_plan(query, sender.max_calls, filled=sender.filled)
    scan = scan_of(query) if plan.watch_calls else None
    leads = None if scan is None else sender.count(scan.count)
    recipe = solve(query, sender.max_calls, sender.filled)
    batch = next(recipe, ())
    steps = dict.fromkeys(batch)
    while batch and all(step.lookup for step in batch):
        try:
            batch = recipe.send(sender.send(batch, sender.max_calls))
        except StopIteration:
            batch = ()
        except PlanTooLargeError as error:
            raise with_advice(error, query, leads) from None
        steps |= dict.fromkeys(batch)
    if len({step.request for step in steps}) > sender.max_calls:
        raise with_advice(too_large_error(sender.max_calls), query, leads)
    return Plan(query, tuple(steps), later_steps(query, batch), leads)


def _build_result(query: Query, rows: list[Row], changes: tuple[Change, ...]) -> Result:
    """The result of a query of several requests."""
    return Result(
        tuple(rows),
        len(rows),
        result_columns(query),
        grouped=not isinstance(query.output, ListOutput),
        changes=changes,
        types=column_types(query),
        query=query,
    )
