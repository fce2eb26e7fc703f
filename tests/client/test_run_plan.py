"""Queries of several requests: what is sent, what watches for changes, limits, progress, names."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter

from leadquery import Client, Leads, Query, QueryError, count, periods, users
from leadquery.client.progress import Progress
from leadquery.emulator import Emulator, Fault, Faults
from leadquery.emulator.adapter import EmulatorAdapter
from leadquery.errors import (
    BadRequestError,
    InvalidResponseError,
    PaginationDriftError,
    PaginationDriftWarning,
    PlanTooLargeError,
    TransportError,
    UnsupportedQueryError,
)
from leadquery.fields import (
    CreatedOn,
    Field,
    ModifiedOn,
    Number,
    OwnerId,
    ProspectStage,
    Score,
    Source,
    mx_City,
)
from tests.client.scripted_server import Reply, Script, client_of

DEMO = Emulator.demo(300, now="2026-06-30")  # type: ignore[arg-type]
EITHER = (mx_City == "Delhi") | (Score > 80)
PER_OWNER = Leads.where(EITHER).group_by(OwnerId).count()


class Recorder(BaseAdapter):
    """The mock API, with a record of payloads, and changes to its leads between the requests.

    `changes` are made before the requests of these numbers. `date` changes the Date header.
    """

    def __init__(
        self,
        leads: list[dict[str, Any]],
        changes: dict[int, Callable[[list[dict[str, Any]]], object]] | None = None,
        date: Callable[[datetime], str | None] = lambda now: format_datetime(now, usegmt=True),
        users: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__()
        self.payloads: list[Any] = []
        self.paths: list[str] = []
        self.leads = leads
        self._users = users or []
        self._changes = changes or {}
        self._date = date

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Answer a request."""
        number = len(self.paths)
        if number in self._changes:
            self._changes[number](self.leads)
        self.paths.append((request.url or "").partition("?")[0])
        self.payloads.append(json.loads(request.body or "null"))
        adapter = EmulatorAdapter(Emulator(self.leads, self._users).transport().handle)
        response = adapter.send(request, *args, **kwargs)
        date = self._date(NOW)
        del response.headers["Date"]
        if date is not None:
            response.headers["Date"] = date
        return response

    def close(self) -> None:
        """There is nothing to close."""

    def client(self, **options: Any) -> Client:
        """A client of it, which makes one call at a time."""
        session = Session()
        session.mount("https://", self)
        client = Client("analytics.example.com", "key", "secret", session, rate=None, **options)
        # In the order in which they are planned.
        object.__setattr__(client._transport, "concurrency", 1)
        return client


NOW = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


def lead(number: int, created: str = "2026-02-01 10:00:00", **values: str) -> dict[str, Any]:
    """A lead that nobody has modified since."""
    dates = {"CreatedOn": created, "ModifiedOn": created}
    defaults = {"ProspectID": f"{number:03}", "OwnerId": "a", "mx_City": "Delhi", "Score": "90"}
    return defaults | dates | values


def filters_of(payload: Any) -> list[tuple[str, str, str | None]]:
    """The lead filters of a payload."""
    filters = payload.get("ReportFilter", {}).get("LeadFilters", [])
    return [(one["LookUpName"], one["SqlOperator"], one.get("LookUpValue")) for one in filters]


def test_three_requests_surround_the_others() -> None:
    """The first says when; the others are limited to what was there; two look for changes."""
    api = Recorder([lead(1), lead(2, OwnerId="b", Score="1")])

    result = api.client().run(PER_OWNER)

    # The response took some time, so that the leads were counted up to a second before its Date.
    start = "2026-03-01 12:00:29"
    limit = ("CreatedOn", "<", start)
    assert len(api.payloads) == PER_OWNER.plan().calls + PER_OWNER.plan().watch_calls == 6
    assert filters_of(api.payloads[0]) == []
    assert all(limit in filters_of(payload) for payload in api.payloads[1:])
    assert filters_of(api.payloads[4]) == [limit, ("ModifiedOn", ">=", start)]
    assert filters_of(api.payloads[5]) == [limit]
    assert result.rows == ({"OwnerId": "a", "Count": 1}, {"OwnerId": "b", "Count": 1})
    assert result.changes == ()


def test_ignoring_changes_sends_none_of_the_three() -> None:
    api = Recorder([lead(1)])

    assert api.client().run(PER_OWNER, on_change="ignore")[0]["Count"] == 1
    assert len(api.payloads) == 3
    assert not any("CreatedOn" in str(payload) for payload in api.payloads)


@pytest.mark.parametrize(
    "query",
    [
        Leads.group_by(OwnerId).count(),
        Leads.group_by(OwnerId).count().order_by(count().desc()),
        Leads.count(),
        Leads.select("Phone").order_by(Score),
    ],
)
def test_one_request_needs_no_watch(query: Query) -> None:
    """It sees one state of the leads, or notices pages that move."""
    api = Recorder([lead(1)])

    api.client().run(query)

    assert len(api.payloads) == 1
    assert query.plan().watch_calls == 0


def test_leads_created_meanwhile_change_nothing() -> None:
    """They are not counted, by any of the requests."""
    api = Recorder(
        [lead(1)],
        {2: lambda leads: leads.append(lead(2, "2026-03-01 12:00:30"))},
    )

    result = api.client().run(PER_OWNER)

    assert result.rows == ({"OwnerId": "a", "Count": 1},)
    assert result.changes == ()


def modify(leads: list[dict[str, Any]]) -> None:
    """Change a lead, at the time of the test."""
    leads[0] = lead(1) | {"Score": "1", "ModifiedOn": "2026-03-01 12:00:31"}


CHANGES = {
    "modified": ({2: modify}, ["modified"], "1 lead was modified after the first count"),
    "deleted": ({2: lambda leads: leads.pop()}, ["total"], "there were 2 leads at the first count"),
    "modified, then deleted before the last count": (
        {2: modify, 5: lambda leads: leads.pop(0)},
        ["modified", "total"],
        "1 lead was modified after the first count",
    ),
    "both in the second of the first count": (
        # Created just after it, seen by one request, and gone again.
        {
            1: lambda leads: leads.append(lead(3, "2026-03-01 12:00:30")),
            3: lambda leads: leads.pop(),
        },
        [],
        "",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_warned_of(name: str) -> None:
    """And the result says which."""
    changes, kinds, text = CHANGES[name]
    api = Recorder([lead(1), lead(2, OwnerId="b")], changes)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = api.client().run(PER_OWNER)

    assert [(change.page, change.kind) for change in result.changes] == [
        (0, kind) for kind in kinds
    ]
    assert [warning.category for warning in caught] == [PaginationDriftWarning] * len(kinds)
    assert all(warning.filename == __file__ for warning in caught)
    if kinds:
        assert text in str(result.changes[0])
        assert str(caught[0].message).startswith(
            "leads changed between the requests, so numbers may be off: "
        )
    else:
        assert result.rows == ({"OwnerId": "a", "Count": 1}, {"OwnerId": "b", "Count": 1})


def test_changes_raise_an_error() -> None:
    api = Recorder([lead(1)], {2: modify})

    with pytest.raises(PaginationDriftError) as caught:
        api.client().run(PER_OWNER, on_change="raise")

    assert str(caught.value).startswith(
        "leads changed between the requests: 1 lead was modified after the first count"
    )
    assert [change.kind for change in caught.value.changes] == ["modified"]


def test_all_requests_are_sent_again() -> None:
    """Until nothing changes; the result is that of the last ones."""
    api = Recorder([lead(1), lead(2)], {2: lambda leads: leads.pop()})

    result = api.client().run(PER_OWNER, on_change="refetch")

    assert len(api.payloads) == 12
    assert result.changes == ()
    assert result.rows == ({"OwnerId": "a", "Count": 1},)


def test_all_requests_are_sent_three_times_at_most() -> None:
    changes = {number: lambda leads: leads.pop() for number in (2, 8, 14)}
    api = Recorder([lead(number) for number in range(9)], changes)

    with pytest.raises(PaginationDriftError) as caught:
        api.client().run(PER_OWNER, on_change="refetch")

    assert str(caught.value).startswith("leads changed each of the 3 times they were read: ")
    assert len(api.payloads) == 18


@pytest.mark.parametrize("date", [None, "yesterday"])
def test_without_a_date_nothing_is_known_of_changes(date: str | None) -> None:
    """The result says so, and the closing counts are left out."""
    api = Recorder([lead(1)], date=lambda _: date)

    with pytest.warns(PaginationDriftWarning, match="has no Date header that can be read"):
        result = api.client().run(PER_OWNER, on_change="refetch")

    assert [change.kind for change in result.changes] == ["unknown"]
    assert len(api.payloads) == 4
    with pytest.raises(PaginationDriftError, match="write on_change='ignore' to do without"):
        api.client().run(PER_OWNER, on_change="raise")


def test_a_date_in_another_zone() -> None:
    """It is read as a moment."""
    api = Recorder([lead(1)], date=lambda _: "Sun, 01 Mar 2026 17:30:30 +0530")

    api.client().run(PER_OWNER)

    assert filters_of(api.payloads[-1]) == [("CreatedOn", "<", "2026-03-01 12:00:29")]


def test_leads_of_a_mock_api_without_dates_are_not_watched() -> None:
    """All of them count."""
    session = Emulator([{"ProspectID": "1", "OwnerId": "a", "Score": 90}]).session()
    client = Client("api.example.com", "key", "secret", session)

    assert client.run(PER_OWNER).rows == ({"OwnerId": "a", "Count": 1},)
    assert len(session.fault_log) == 3


SOME_UNDATED = [
    {"ProspectID": "1", "OwnerId": "a", "Score": 90, "CreatedOn": "2026-02-01 10:00:00"},
    {"ProspectID": "2", "OwnerId": "a", "Score": 10, "mx_City": "Delhi"},
    {"ProspectID": "3", "OwnerId": "b", "Score": 95},
]


@pytest.mark.parametrize("leads", [SOME_UNDATED, SOME_UNDATED[1:]], ids=["some", "all"])
@pytest.mark.parametrize(
    "query",
    [
        PER_OWNER,
        Leads.where(EITHER).select("ProspectID"),
        Leads.group_by(CreatedOn.month()).count(),
        Leads.group_by(OwnerId).aggregate(count(), Score.max()),
    ],
)
@pytest.mark.parametrize("scan", ["never", "if cheaper"])
def test_leads_of_a_server_without_dates_are_not_watched(
    leads: list[dict[str, Any]], query: Query, scan: Any
) -> None:
    """It gives the rows that the mock API gives in the process, without a warning."""
    emulator = Emulator(leads)
    with emulator.server() as server, Client(server.url, "key", "secret", rate=None) as client:
        served = client.run(query, scan=scan, on_change="raise", progress=False)
    with Client("api.example.com", "key", "secret", emulator.session()) as client:
        expected = client.run(query, scan=scan, on_change="raise", progress=False)

    assert served.rows == expected.rows
    assert expected.rows


def test_dated_leads_of_a_server_are_watched() -> None:
    with Emulator([lead(1)]).server() as server:
        with Client(server.url, "key", "secret", rate=None) as client:
            client.run(PER_OWNER, progress=False)
        journal = requests.get(f"{server.url}/__admin/requests", timeout=30).json()

    assert journal["meta"]["total"] == 6


def test_the_limit_of_requests_holds_before_each_batch() -> None:
    """The values of a key are found first; what they would take is not sent."""
    session = DEMO.session()
    client = Client("api.example.com", "key", "secret", session)

    with pytest.raises(PlanTooLargeError, match="more than 4 requests"):
        client.run(Leads.group_by(OwnerId, ProspectStage).count(), max_calls=4)

    # One to watch, and two for the values.
    assert len(session.fault_log) == 3


def test_too_many_requests_name_the_scan() -> None:
    client = Client("api.example.com", "key", "secret", DEMO.session())
    text = r'a scan, a request for every 1,000 leads \(scan="if cheaper"\)'

    with pytest.raises(PlanTooLargeError, match=text):
        client.run(PER_OWNER, max_calls=2)
    with pytest.raises(PlanTooLargeError, match=r"a scan of 300 leads, 2 requests in pages of 1,0"):
        PER_OWNER.plan(2, leads=300)
    with pytest.raises(PlanTooLargeError) as caught:
        Leads.where((users.Role == "x") | EITHER).select("Phone").plan(2)
    assert "scan" not in str(caught.value)


def test_too_many_requests_advise_what_helps_for_the_query() -> None:
    client = Client("api.example.com", "key", "secret", DEMO.session())
    with pytest.raises(PlanTooLargeError) as caught:
        client.run(Leads.group_by(CreatedOn.day()).count(), max_calls=4)

    assert str(caught.value) == (
        "this query takes more than 4 requests; take a scan, a request for every 1,000 leads "
        '(scan="if cheaper"), group by longer periods, or pass a larger max_calls'
    )


def test_an_export_of_several_requests_says_how_to_write_the_rows(tmp_path: Path) -> None:
    client = Client("api.example.com", "key", "secret", DEMO.session())
    for write in (client.export, client.csv):
        with pytest.raises(UnsupportedQueryError, match=r"to write the rows: .*to_csv\(\"rows.csv"):
            write(PER_OWNER, str(tmp_path / "rows.csv"))


def test_progress_counts_requests() -> None:
    """All of them, the pages of a list, too."""
    session = DEMO.session()
    client = Client("api.example.com", "key", "secret", session)
    reports: list[Progress] = []

    client.run(Leads.where(EITHER).select("Phone").page(1, 10), progress=reports.append)

    assert reports[0].rows == 1
    assert reports[-1].rows == reports[-1].total == len(session.fault_log) > 6
    assert all(one.rows <= one.total for one in reports)


def test_one_deadline_for_all_requests() -> None:
    session = DEMO.session(Faults(latency=0.1))
    client = Client("api.example.com", "key", "secret", session, deadline=0.5, rate=None)

    with pytest.raises(TransportError, match=r"deadline of 0\.5 s"):
        client.run(Leads.group_by(OwnerId, ProspectStage, Source).count(), max_calls=1000)


def test_ctrl_c_cancels_all_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that threads are making."""
    session = DEMO.session()
    client = Client("api.example.com", "key", "secret", session)
    deadlines: list[Any] = []

    def interrupt(progress: Progress) -> None:
        if progress.rows == 2:
            raise KeyboardInterrupt

    start = type(client._transport).start_deadline

    def start_deadline(transport: Any) -> Any:
        deadlines.append(start(transport))
        return deadlines[-1]

    monkeypatch.setattr(type(client._transport), "start_deadline", start_deadline)
    with pytest.raises(KeyboardInterrupt):
        client.run(PER_OWNER, progress=interrupt)

    assert len(deadlines) == 1
    assert deadlines[0]._cancelled


def test_a_step_that_fails_ends_the_run() -> None:
    """With the description of its query."""
    session = DEMO.session(Faults([None, Fault.REJECTED, Fault.REJECTED, Fault.REJECTED]))
    client = Client("api.example.com", "key", "secret", session)

    with pytest.raises(BadRequestError) as caught:
        client.run(PER_OWNER)

    assert any("the query: Number of leads per OwnerId" in note for note in caught.value.__notes__)


def test_a_count_that_watches_for_changes_may_be_invalid() -> None:
    """It is the first request."""
    client = client_of(Script(Reply(body=b'{"TotalCount": "3", "Results": "none"}')))

    with pytest.raises(InvalidResponseError, match="no list of objects in 'Results'"):
        client.run(PER_OWNER)


LIMITED = Leads.select("ProspectID").page(1, 20).limit(50)


def test_a_list_with_a_limit_stops_when_it_has_its_rows() -> None:
    session = DEMO.session()
    client = Client("api.example.com", "key", "secret", session)
    object.__setattr__(client._transport, "concurrency", 1)

    assert len(client.run(LIMITED)) == 50
    assert len(session.fault_log) == 3
    assert len(client.run(LIMITED, limit=30)) == 30
    assert len(list(client.rows(LIMITED))) == sum(map(len, client.pages(LIMITED))) == 50
    assert len(list(client.rows(LIMITED, limit=7))) == 7


def test_a_list_with_a_limit_is_exported(tmp_path: Any) -> None:
    client = Client("api.example.com", "key", "secret", DEMO.session())

    client.export(LIMITED, tmp_path / "leads.csv", progress=False)

    assert len((tmp_path / "leads.csv").read_text().splitlines()) == 51


@pytest.mark.parametrize("method", ["pages", "rows", "export", "csv", "run_page"])
def test_other_queries_of_several_requests_are_run(method: str) -> None:
    """What cannot be streamed says what sends it."""
    client = Client("api.example.com", "key", "secret", DEMO.session())
    arguments = ["file.csv"] if method in ("export", "csv") else []

    for query in (PER_OWNER, Leads.select("Phone").order_by(Score).limit(2)):
        with pytest.raises(UnsupportedQueryError, match=r"client.run\(query\) sends them"):
            getattr(client, method)(query, *arguments)


def test_the_first_rows_of_a_list_of_several_requests() -> None:
    """Each is read as far as needed."""
    session = DEMO.session()
    client = Client("api.example.com", "key", "secret", session)
    query = Leads.where((mx_City == "Delhi") | (Score > 5)).select("ProspectID").page(1, 10)

    assert len(client.run(query, limit=15, on_change="ignore")) == 15
    # Two pages of the first, and at most as many of the others.
    assert len(session.fault_log) <= 6
    assert len(client.run(query.order_by(Score.desc()), limit=3)) == 3
    assert len(client.run(PER_OWNER, limit=2)) == 2
    with pytest.raises(QueryError, match="limit=0 is not a whole number from 1"):
        client.run(PER_OWNER, limit=0)


OWNERS: list[dict[str, Any]] = [
    {"ID": "A", "FirstName": " Ann ", "LastName": "Lee"},
    {"UserId": "b", "FirstName": "Bo", "LastName": None},
    {"UserID": "c"},
]


def test_owners_have_names() -> None:
    """First and last, as far as known, whatever the case of the id; none for another user."""
    rows = [lead(1), lead(2, OwnerId="b"), lead(3, OwnerId="c"), lead(4, OwnerId="x")]
    api = Recorder(rows, users=OWNERS)
    query = Leads.where(EITHER).group_by(OwnerId).count().with_owner_names()

    result = api.client().run(query)

    names = {row["OwnerId"]: row["OwnerIdName"] for row in result.rows}
    assert names == {"a": "Ann Lee", "b": "Bo", "c": None, "x": None}
    assert [*result[0]] == ["OwnerId", "OwnerIdName", "Count"] == [*result.columns]
    assert api.paths[-1] == "https://analytics.example.com/v2/UserManagement.svc/Users.Get"
    assert len(api.paths) == 7
    assert query.plan().calls == 4
    assert "+ the users of the account, for the names of owners" in str(query.plan())


def test_users_come_from_the_ordinary_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """As lead fields do; a call may name another."""
    api = Recorder([lead(1)], users=OWNERS)
    client = api.client(api_host="api.example.com")

    client.users()
    client.lead_fields()
    client.users("other.example.com")
    client.run(Leads.group_by(OwnerId).count().with_owner_names())

    hosts = [path.split("/")[2] for path in api.paths]
    assert hosts == [
        *("api.example.com", "api.example.com", "other.example.com"),
        *("analytics.example.com", "api.example.com"),
    ]
    with pytest.raises(QueryError, match="http would send the keys unencrypted"):
        api.client(api_host="http://api.example.com")
    for name, value in {"HOST": "h.example.com", "ACCESS_KEY": "k", "SECRET_KEY": "s"}.items():
        monkeypatch.setenv(f"LEADQUERY_{name}", value)
    assert Client.from_env()._api_host is None
    monkeypatch.setenv("LEADQUERY_API_HOST", "api.example.com")
    assert Client.from_env()._api_host == "api.example.com"


@pytest.mark.parametrize("body", [{"Users": []}, ["a"], [{"FirstName": "Ann"}], 7])
def test_a_response_that_is_no_list_of_users_is_an_error(body: object) -> None:
    from tests.client.stub_server import client_with_response

    with pytest.raises(InvalidResponseError) as caught:
        client_with_response(200, body).users()

    assert "the response is not a list of users with their ids" in str(caught.value)
    assert "write api_host= with the ordinary API host" in str(caught.value)


def test_the_plan_with_what_the_account_has() -> None:
    """The values of keys, and the number of leads."""
    session = DEMO.session()
    client = Client("api.example.com", "key", "secret", session)
    query = Leads.where(Score > 1).group_by(OwnerId, ProspectStage).count()

    plan = client.plan(query)

    assert not query.plan().is_complete
    assert plan.is_complete
    sent = len(session.fault_log)
    assert sent == 3  # A count, and the values of both keys.
    client.run(query)
    assert len(session.fault_log) - sent == plan.calls + plan.watch_calls
    assert plan.lead_count == client.count(Leads.where(Score > 1))
    assert plan.scan_calls == 2
    assert "instead: a scan of " in str(plan)
    for limit in (5, plan.calls - 1):  # Too few for the groups; enough but for the lookups.
        with pytest.raises(PlanTooLargeError, match=f"more than {limit} requests"):
            client.plan(query, max_calls=limit)


def test_the_plan_of_what_depends_on_results() -> None:
    """What is left is named; the first and last date are found."""
    client = Client("api.example.com", "key", "secret", DEMO.session())

    assert client.plan(Leads.aggregate(Score.median())).later == (
        "up to 40 requests for Median_Score",
    )
    months = client.plan(Leads.group_by(CreatedOn.month()).count())
    assert months.is_complete
    assert months.calls > 24
    one = Leads.group_by(OwnerId).count()
    assert client.plan(one) == one.plan()
    none = Leads.where(Score > 10**6).group_by(OwnerId, ProspectStage).count()
    assert client.plan(none).calls == 1
    by_role = Leads.where((users.Role == "x") | EITHER).group_by(OwnerId, ProspectStage).count()
    assert client.plan(by_role).lead_count is None
    with pytest.raises(QueryError, match="the query has no output"):
        client.plan(Leads.where(EITHER))  # type: ignore[arg-type]


SCANNED = {
    "or": PER_OWNER,
    "nested": Leads.where(((mx_City == "Delhi") & (Score > 5)) | (Source == "Website"))
    .group_by(OwnerId)
    .aggregate(count(), Score.average(), total=Score.sum()),
    "with conditions and dates": Leads.where(Score > 2, EITHER)
    .created_between("2026-01-01", "2026-06-30")
    .group_by(CreatedOn.month(fill=True), ProspectStage)
    .count(),
    "the median": Leads.group_by(ProspectStage).aggregate(Score.median(), ModifiedOn.max()),
    "compared": Leads.where(EITHER)
    .group_by(OwnerId)
    .count()
    .compare(periods.quarter(2026, 1), periods.quarter(2026, 2), on=CreatedOn),
    "chosen": Leads.group_by(OwnerId, ProspectStage)
    .count()
    .having(Score.average() > 20)
    .order_by(Score.sum().desc())
    .limit(5),
    "a list": Leads.where(EITHER)
    .select("Phone", CreatedOn, "ProspectID")
    .order_by(Score, CreatedOn),
    "of some owners": Leads.owned_by("c1774c42-d42d-4efc-873b-92ebe530c20f")
    .where(EITHER)
    .group_by(ProspectStage)
    .count(),
    "of own fields": Leads.where((Number("mx_Deal_Value") > 5) | (Field("mx_Other") == "x"))
    .group_by(OwnerId)
    .count()
    .with_owner_names(),
}


@pytest.mark.parametrize("name", SCANNED)
def test_a_scan_has_the_same_rows(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the requests of the plan."""
    query = SCANNED[name]
    client = Client("api.example.com", "key", "secret", DEMO.session())
    expected = client.run(query, max_calls=2_000)

    # So that every plan is dearer.
    monkeypatch.setattr("leadquery.plan.scan.Scan.calls", lambda *_: 0)
    session = DEMO.session()
    scanned = Client("api.example.com", "key", "secret", session).run(query, scan="if cheaper")

    assert sorted(map(repr, scanned.rows)) == sorted(map(repr, expected.rows))
    assert scanned.types == expected.types
    assert len(session.fault_log) < 7


def test_the_cheaper_is_taken() -> None:
    """A scan of few leads; not one of many, nor one that takes as many requests."""
    session = DEMO.session()
    client = Client("api.example.com", "key", "secret", session)

    client.run(PER_OWNER, scan="if cheaper")
    assert len(session.fault_log) == 2 + 3
    client.run(PER_OWNER.page(1, 50), scan="if cheaper")
    assert len(session.fault_log) == 5 + 1 + 3 + 3
    with pytest.raises(QueryError, match="scan='always' is not one of 'never' or 'if cheaper'"):
        client.run(PER_OWNER, scan="always")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        Leads.where((users.Role == "Sales_User") | (Score > 80)).group_by(OwnerId).count(),
        Leads.where(~users.UserID.is_in(["a"]), EITHER).group_by(ProspectStage).count(),
        Leads.owned_by("a@example.com").where(EITHER).group_by(OwnerId).count(),
    ],
)
def test_no_scan_knows_the_users(query: Query) -> None:
    """Neither their attributes, nor those without leads."""
    assert query.plan(leads=1_000).scan_calls is None
    assert "scan" not in str(query.plan(leads=1_000))
    client = Client("api.example.com", "key", "secret", DEMO.session())
    with pytest.raises(PlanTooLargeError):
        client.run(query, scan="if cheaper", max_calls=1)


def test_a_scan_is_watched() -> None:
    """Its leads are counted before and after, too."""
    api = Recorder([lead(number) for number in range(1, 6)], {2: modify})

    with pytest.warns(PaginationDriftWarning, match="1 lead was modified"):
        api.client().run(PER_OWNER, scan="if cheaper")

    assert len(api.payloads) == 5


def test_an_error_of_a_scan_names_no_scan() -> None:
    """It was not cheaper, and the plan is too dear."""
    api = Recorder([lead(number) for number in range(30)])

    result = api.client().run(PER_OWNER.page(1, 10), scan="if cheaper", max_calls=2)

    assert result.rows == ({"OwnerId": "a", "Count": 30},)


def test_exact_seconds_of_several_requests() -> None:
    """As of one."""
    api = Recorder([lead(1, "2026-02-01 10:00:00")])
    query = PER_OWNER.created_between("2026-02-01", "2026-02-01 10:00:00")

    api.client().run(query, exact_seconds=True)

    assert ("CreatedOn", "<", "2026-02-01 10:00:01") in filters_of(api.payloads[1])


def test_a_plan_says_how_its_rows_are_combined() -> None:
    """Leads that are subtracted, and averages from sums."""
    average = Leads.where((mx_City == "Delhi") | (Source == "Web")).average(Score)

    assert average.plan().combination == [
        "counts and sums added and subtracted",
        "Average_Score is the sum of Score by the number of its values",
    ]
    assert Leads.select("Phone").order_by(Score).plan().combination == ["sorted by Score"]
    by_role = Leads.where(~users.UserID.is_in(["a"])).select("Phone").plan()
    assert by_role.combination == ["leads by ProspectID, without those subtracted"]
    long = Leads.where((Score == 1) | (mx_City == "x" * 90)).group_by(OwnerId).count().plan()
    assert f'+ leads with mx_City equal to "{"x" * 90}": per OwnerId: Count' in str(long)
    assert Leads.group_by(OwnerId).count().plan(leads=5).scan_calls is None
