"""`leadquery serve`: the mock API on a port, until Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from leadquery import Client, Leads
from leadquery.cli.row_files import read_rows
from leadquery.emulator import Emulator
from leadquery.emulator.server import EmulatorServer
from leadquery.fields import FirstName, ProspectID, Score
from leadquery.users import Role
from leadquery.wire.enums import PATH
from tests.cli.shell import HOME, Write, failure, leadquery

READY = re.compile(r"serving (.+) at (http://127\.0\.0\.1:[0-9]+); press Ctrl-C to stop\n")

Use = Callable[[Client], Any]


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run the command, use it with a client, and return both results."""

    def run(use: Use, *options: str, keys: tuple[str, str] = ("any", "keys")) -> Any:
        results: list[Any] = []

        def serve(server: EmulatorServer) -> None:
            with server:
                results.append(use(Client(server.url, *keys)))

        monkeypatch.setattr(EmulatorServer, "serve", serve)
        result = leadquery("serve", "--port", "0", *options)

        assert (result.exit_code, result.stderr) == (0, "")
        ready = READY.fullmatch(result.stdout)
        assert ready is not None, result.stdout
        return ready[1], results[0]

    return run


def count(client: Client) -> int:
    """The number of leads."""
    return client.count(Leads)


@pytest.mark.parametrize(
    ("options", "listed", "number"),
    [
        ([], "10,000 leads and 12 users", 10_000),
        (["--demo", "30"], "30 leads and 12 users", 30),
        (["--demo", "0"], "0 leads and 12 users", 0),
    ],
)
def test_demo_leads(serving: Any, options: list[str], listed: str, number: int) -> None:
    """As many as requested."""
    assert serving(count, *options) == (listed, number)


def test_values_that_a_field_cannot_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(server: EmulatorServer) -> None:
        with server:
            pass

    monkeypatch.setattr(EmulatorServer, "serve", serve)
    leads = write("leads.csv", "ProspectID,Score\n1,20%\n2,5\n")

    result = leadquery("serve", "--port", "0", "--leads", str(leads))

    assert result.stderr.startswith("Warning: the column 'Score' has a value that Score cannot")


def test_pages_of_an_origin(serving: Any) -> None:
    def preflight(client: Client) -> int:
        headers = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
        url = client._transport.origin
        return requests.options(url, headers=headers, timeout=30).status_code

    assert serving(preflight, "--cors", "http://LOCALHOST:3000", "--cors", "null")[1] == 204
    assert serving(preflight)[1] == 403


def test_the_page(serving: Any) -> None:
    """At the root, beside the mock API."""

    def get_page(client: Client) -> str:
        assert client.count(Leads) == 30
        return requests.get(client._transport.origin, timeout=30).text

    listed, page = serving(get_page, "--demo", "30", "--page")

    assert listed == "the page, 30 leads and 12 users"
    assert "<h1>Check a lead query</h1>" in page


def test_what_is_no_origin() -> None:
    code, message = failure(leadquery("serve", "--cors", "localhost"))

    assert code == 2
    assert "'localhost' is not an origin; write a scheme" in message


def test_a_seed_makes_other_leads(serving: Any) -> None:
    def first(client: Client) -> Any:
        return client.run_page(Leads.select(ProspectID).page(1, 1))[0]

    one, again, other = (serving(first, "--demo", "9", "--seed", seed)[1] for seed in "113")

    assert one == again != other


JSON = '[{"ProspectID": "a", "Score": 7, "OwnerId": "u"}, {"ProspectID": "b", "FirstName": "Zoë"}]'
LINES = '{"ProspectID": "a", "Score": 7, "OwnerId": "u"}\n\n{"ProspectID": "b","FirstName":"Zoë"}\n'
CSV = '\ufeffProspectID,Score,OwnerId,FirstName\r\na,7,u,\r\n\r\nb,,,"Zoë"\r\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("leads.json", JSON),
        ("leads.JSON", f'{{"TotalCount": "2", "Results": {JSON}}}'),
        ("leads.jsonl", LINES),
        ("leads.csv", CSV),
    ],
)
def test_leads_of_a_file(serving: Any, write: Write, name: str, text: str) -> None:
    """In each format, with users from another file."""
    leads, users = write(name, text), write("users.csv", "UserID,Role\nu,Sales_User\n")

    def ask(client: Client) -> Any:
        found = client.run_page(Leads.select(ProspectID, Score, FirstName))
        return [*found], client.count(Leads.owned_by(Role == "Sales_User"))

    rows: list[dict[str, Any]] = serving(ask, "--leads", str(leads), "--users", str(users))[1][0]

    assert [[*row.values()] for row in rows] == [["a", 7, None], ["b", None, "Zoë"]]
    assert serving(ask, "--leads", str(leads), "--users", str(users))[1][1] == 1


def test_the_fields_of_a_file(serving: Any, write: Write) -> None:
    """They set the field types."""
    leads = write("leads.csv", "ProspectID,mx_Code\na,9\nb,10\n")
    fields = write("fields.json", '[{"SchemaName": "mx_Code", "DataType": "Text"}]')

    def ask(client: Client) -> int:
        from leadquery.expr.field_types import Number

        return client.count(Leads.where(Number("mx_Code") > 9))

    assert serving(ask, "--leads", str(leads))[1] == 1
    assert serving(ask, "--leads", str(leads), "--fields", str(fields))[1] == 0


def test_the_database_file_is_deleted_at_the_end(serving: Any, tmp_path: Path) -> None:
    """So the same command works again."""
    file = tmp_path / "leads.db"

    def there(client: Client) -> tuple[bool, int]:
        return file.exists(), client.count(Leads)

    for _ in range(2):
        assert serving(there, "--demo", "30", "--database", str(file))[1] == (True, 30)
        assert not file.exists()


def statuses(number: int, keys: tuple[str, str] = ("any", "keys")) -> Use:
    """The statuses of some calls, without retries."""

    def call(client: Client) -> list[int]:
        url = str(client).partition(": ")[2].rstrip(">")
        parameters = dict(zip(("accessKey", "secretKey"), keys, strict=True))
        body = Leads.select(ProspectID).to_payload()
        return [
            requests.post(
                f"http://{url}{PATH}", params=parameters, json=body, timeout=30
            ).status_code
            for _ in range(number)
        ]

    return call


def test_the_limit(serving: Any) -> None:
    """25 calls in 5 seconds by default."""
    assert serving(statuses(6), "--demo", "0", "--rate", "4/600")[1] == [200] * 4 + [429] * 2
    assert serving(statuses(30), "--demo", "0", "--rate", "none")[1] == [200] * 30
    assert serving(statuses(26), "--demo", "0")[1] == [200] * 25 + [429]


def test_keys(serving: Any) -> None:
    """Only the given ones are valid."""
    options = ("--demo", "5", "--keys", "u$r", "s&cret", "--keys", "other", "x")

    assert serving(count, *options, keys=("u$r", "s&cret"))[1] == 5
    assert serving(statuses(1, ("other", "x")), *options)[1] == [200]
    assert serving(statuses(1), *options)[1] == [401]


def test_faults(serving: Any) -> None:
    """Each with its probability."""
    options = ("--demo", "0", "--fault", "slow=0", "--fault", "unavailable=1")

    assert serving(statuses(3), *options)[1] == [503] * 3


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (
            ["--rate", "x"],
            2,
            "Error: Invalid value for '--rate': 'x' is not a rate; write 25/5, or none",
        ),
        (
            ["--rate", "25"],
            2,
            "Error: Invalid value for '--rate': '25' is not a rate; write 25/5, or none",
        ),
        (
            ["--rate", "0/5"],
            2,
            "Error: Invalid value for '--rate': '0/5' is not a rate; write 25/5, or none",
        ),
        (
            ["--fault", "slow"],
            2,
            "Error: Invalid value for '--fault': '' is not a chance; write slow=0.1",
        ),
        (
            ["--fault", "slow=2"],
            1,
            "Error: faults: 2.0 is not the chance of Fault.SLOW; write a number from 0 to 1",
        ),
        (
            ["--leads", "x.csv", "--demo", "5"],
            2,
            "Error: --leads and --demo exclude each other; leave one out",
        ),
        (
            ["--users", "x.csv"],
            2,
            "Error: --users, --fields, --activities and --tasks need --leads; add --leads FILE",
        ),
        (["--demo", "-1"], 1, "Error: size: -1 is not a number of leads; write 0 or more"),
        (
            ["--port", "70000", "--demo", "0"],
            1,
            "Error: 70000 is not a port; write 0 for a free one, or a number below 65536",
        ),
        (
            ["--leads", "no.csv"],
            2,
            "Error: 'no.csv' cannot be read: No such file or directory",
        ),
        (
            ["--leads", "no.xls"],
            2,
            (
                "Error: 'no.xls' has no known row format; "
                "name a file that ends with .json, .jsonl, .csv, .parquet, .xlsx"
            ),
        ),
        (
            ["--leads", ""],
            2,
            (
                "Error: '' has no known row format; name a file that ends with .json, .jsonl, "
                ".csv, .parquet, .xlsx"
            ),
        ),
    ],
)
def test_invalid_options_of_serve(options: list[str], status: int, message: str) -> None:
    """Rejected before the server starts."""
    assert failure(leadquery("serve", *options)) == (status, message)


def test_unknown_faults() -> None:
    status, message = failure(leadquery("serve", "--fault", "boom=1"))

    assert status == 2
    assert (
        "there is no fault 'boom'; write one of refused, dropped, truncated, slow, limited, "
        in message
    )


ROWS = 'write a list of objects such as [{"ProspectID": "a", "Score": 7}]'


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", "[\n{", f"line 2 is not JSON; {ROWS}"),
        ("a.json", "7", f"7 is not a list of rows; {ROWS}"),
        ("a.json", '{"Results": 7}', f"an object is not a list of rows; {ROWS}"),
        ("a.jsonl", "{}\n{\n", "line 2 is not JSON; write one object on each line"),
        ("a.csv", "a,b\n1,2\n1\n", "line 3 has 1 values, but the header has 2 names"),
        ("a.csv", "sep=;\na;b\n1\n", "line 3 has 1 values, but the header has 2 names"),
        ("a.csv", "a,b,a\n1,2,3\n", "the header has 'a' twice; remove one of the columns"),
        ("a.csv", 'a\n"x"y\n', "',' expected after '\"'"),
        ("a.csv", "sep=\na,b\n1,2\n", "'sep=' names no separator; write sep=, or sep=;"),
        ("a.json", '{"a": [], "b": []}', f"an object is not a list of rows; {ROWS}"),
    ],
)
def test_files_without_rows(write: Write, name: str, text: str, message: str) -> None:
    """The message names the line, and what to write."""
    file = write(name, text)

    assert failure(leadquery("serve", "--leads", str(file))) == (1, f"Error: '{file}': {message}")


@pytest.mark.parametrize(
    "text",
    [
        "ProspectID;FirstName\r\na;Zoë, Ann\r\n",
        'ProspectID\tFirstName\na\t"Zoë, Ann"\n',
        'sep=,\r\nProspectID,FirstName\r\na,"Zoë, Ann"\r\n',
        "sep=|\nProspectID|FirstName\na|Zoë, Ann\n",
        "\ufeffProspectID|FirstName\n\na|Zoë, Ann\n\n",
    ],
)
def test_csv_of_spreadsheets(write: Write, text: str) -> None:
    rows = read_rows(str(write("leads.csv", text)))

    assert [*rows] == [{"ProspectID": "a", "FirstName": "Zoë, Ann"}]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("ProspectID,Email", "'Email' is not a schema name; write 'EmailAddress'"),
        ("ProspectID, Score", "' Score' is not a schema name; write 'Score'"),
        ("prospectid", "'prospectid' differs from 'ProspectID' only in letter case; write 'Prosp"),
    ],
)
def test_headers_that_hide_a_column(write: Write, header: str, message: str) -> None:
    file = write("leads.csv", f"{header}\na,5\n")

    status, error = failure(leadquery("serve", "--leads", str(file)))

    assert status == 1
    assert f": the header: {message}" in error


@pytest.mark.parametrize("header", ["ID,Role,Email", "UserId,City", "Team"])
def test_headers_of_users(write: Write, header: str) -> None:
    """Their attributes have names of their own."""
    names = header.split(",")
    file = write("users.csv", f"{header}\n{','.join('a' * len(names))}\n")

    assert [*read_rows(str(file), users=True)] == [dict.fromkeys(names, "a")]


TABLE: list[dict[str, Any]] = [
    {"ProspectID": "a", "Score": 5, "CreatedOn": datetime(2026, 1, 31, 12), "FirstName": None},
    {"ProspectID": "b", "Score": 0.5, "CreatedOn": None, "FirstName": "Zoë"},
]


def test_parquet(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.Table.from_pylist(TABLE), tmp_path / "leads.parquet")

    assert [*read_rows(str(tmp_path / "leads.parquet"))] == TABLE


def test_an_export_is_read_again(tmp_path: Path) -> None:
    """In each format, with the byte order mark for spreadsheets."""
    pytest.importorskip("pyarrow")
    query = Leads.select("ProspectID", Score)
    rows = Client("api.example.com", "k", "s", Emulator(TABLE[:1]).session()).run(query).rows
    for name in ("a.csv", "a.jsonl", "a.parquet"):
        client = Client("api.example.com", "k", "s", Emulator(TABLE[:1]).session())
        client.export(query, tmp_path / name, spreadsheet=name == "a.csv")
        again = Emulator(read_rows(str(tmp_path / name)))

        assert Client("api.example.com", "k", "s", again.session()).run(query).rows == rows


def test_excel(tmp_path: Path) -> None:
    """The first sheet; empty lines are none."""
    openpyxl = pytest.importorskip("openpyxl")
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([*TABLE[0]])
    sheet.append([*TABLE[0].values()])
    sheet.append([])
    sheet.append([*TABLE[1].values()])
    workbook.create_sheet("other").append(["nothing"])
    workbook.save(tmp_path / "leads.xlsx")

    assert [*read_rows(str(tmp_path / "leads.xlsx"))] == TABLE


@pytest.mark.parametrize(
    ("name", "package", "extra", "kind"),
    [
        ("a.parquet", "pyarrow", "parquet", "Parquet"),
        ("a.xlsx", "openpyxl", "excel", "an Excel workbook"),
    ],
)
def test_damaged_tables(
    name: str, package: str, extra: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And tables without the library that reads them."""
    pytest.importorskip(package)
    file = tmp_path / name
    file.write_bytes(b"Phone\n1\n")

    assert failure(leadquery("serve", "--leads", str(file))) == (
        1,
        f"Error: '{file}': it is not {kind}; save it again, or as CSV",
    )
    assert failure(leadquery("serve", "--leads", str(tmp_path / f"none-{name}"))) == (
        2,
        f"Error: '{tmp_path / f'none-{name}'}' cannot be read: No such file or directory",
    )
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    status, message = failure(leadquery("serve", "--leads", str(file)))
    assert status == 1
    assert message.endswith(
        f"needs {package}, which is not installed; run pip install 'leadquery[{extra}]'"
    )


def test_csv_with_display_names_is_rejected(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    # Fails instead of serving, should it be accepted.
    monkeypatch.setattr(EmulatorServer, "serve", lambda _: None)
    status, message = failure(
        leadquery("serve", "--leads", str(write("leads.csv", "ProspectID,Lead Score\na,5\n")))
    )

    assert status == 1
    assert "'Score'" in message


def test_users_as_the_vendor_lists_them(serving: Any, write: Write) -> None:
    """Lists such as their groups are ignored."""
    leads = write("leads.json", JSON)
    users = write("users.json", '{"Users": [{"ID": "u", "Role": "A", "Groups": ["x"], "Tag": {}}]}')

    def ask(client: Client) -> int:
        return client.count(Leads.owned_by(Role == "A"))

    assert serving(ask, "--leads", str(leads), "--users", str(users))[1] == 1


def test_rows_that_are_not_objects(write: Write) -> None:
    """Named by number."""
    file = write("a.jsonl", "{}\n7\n")

    assert failure(leadquery("serve", "--leads", str(file))) == (
        1,
        "Error: lead 2 is 7; write a dict of names and values",
    )


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    """The message names the expected one."""
    file = tmp_path / "a.csv"
    file.write_bytes("ProspectID\nZoë\n".encode("latin-1"))

    assert failure(leadquery("serve", "--leads", str(file))) == (
        1,
        f"Error: '{file}' is not UTF-8; save it as UTF-8",
    )


@contextmanager
def process(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in another process, and its URL."""
    command = [sys.executable, "-m", "leadquery", "serve", "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": HOME}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as running:
        assert running.stdout is not None
        try:
            ready = READY.fullmatch(running.stdout.readline())
            assert ready is not None
            yield running, ready[2]
        finally:
            running.kill()


STATUS = Path("/proc/self/status")


def most_memory(size: int, file: Path) -> int:
    """The peak memory of a server with so many leads, in KiB."""
    options = ("--demo", str(size), "--database", str(file), "--rate", "none")
    query = Leads.select(ProspectID, FirstName, Score)
    with process(*options) as (running, url):
        client = Client(url, "any", "keys", rate=None)
        listed = sum(
            len(client.run_page(query.page(1 + page, 1_000))) for page in range(size // 1_000)
        )
        status = Path(f"/proc/{running.pid}/status").read_text("ascii")

    assert listed == size
    return int(re.findall(r"^VmHWM:\s+([0-9]+) kB$", status, re.MULTILINE)[0])


@pytest.mark.slow
@pytest.mark.skipif(not STATUS.exists(), reason="this system does not tell how much memory is held")
def test_leads_on_disk_are_not_in_memory(tmp_path: Path) -> None:
    """Ten times as many add less than 10 MB."""
    few, many = (most_memory(size, tmp_path / f"{size}.db") for size in (20_000, 200_000))

    assert many - few < 10 * 1_024


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is no signal there")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_the_server(sent: signal.Signals, tmp_path: Path) -> None:
    """With one line when it is ready, and without waiting for running calls."""
    file = tmp_path / "leads.db"
    options = ("--demo", "20", "--fault", "slow=0.0001", "--database", str(file))
    with process(*options) as (running, url):
        response = requests.get(url + "/v2/LeadManagement.svc/LeadsMetaData.Get", timeout=30)
        served = file.exists()
        running.send_signal(sent)
        rest = running.communicate(timeout=30)

    assert (response.status_code, served) == (401, True)
    assert (running.returncode, *rest) == (0, "", "")
    assert [*tmp_path.iterdir()] == []


def test_the_signal_handler_is_restored(serving: Any) -> None:
    before = signal.getsignal(signal.SIGTERM)

    during = serving(lambda _: signal.getsignal(signal.SIGTERM), "--demo", "0")[1]

    assert during is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) is before


def test_without_waitress(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejected before leads are generated."""
    monkeypatch.delitem(sys.modules, "leadquery.emulator.server")
    monkeypatch.setitem(sys.modules, "waitress.server", None)

    status, message = failure(leadquery("serve", "--demo", "1000000000"))

    assert status == 1
    assert message.endswith("not installed; run pip install 'leadquery[serve]'")
