"""Stand-ins for the services of other libraries, which answer from a table of leads.

They know what the scripts ask for, and no more. The errors are those that the services are known to
send. `answering` intercepts the calls that requests makes, so each library runs as it is.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import responses

from docs.compared.leads import database

Response = tuple[int, dict[str, str], str]

AIRTABLE_PAGE: Final = 100
SALESFORCE_PAGE: Final = 200
SALESFORCE_NAMES: Final = {"ProspectID": "Id", "FirstName": "FirstName", "Source": "LeadSource"}
"""Fields that are standard there; those of an account end with `__c`."""


@contextmanager
def answering() -> Iterator[None]:
    """Response the calls to the three services."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method, url, callback in (
            ("GET", r"https://api\.airtable\.com/.*", airtable),
            ("GET", r"https://example\.my\.salesforce\.com/.*", salesforce),
            ("POST", r"https://analyticsdata\.googleapis\.com/.*", analytics),
        ):
            mock.add_callback(method, re.compile(url), callback)
        yield


def airtable(request: Any) -> Response:
    """List records: a page of 100, chosen by a formula."""
    query = parse_qs(urlsplit(request.url).query)
    formula = query.get("filterByFormula", ["1"])[0]
    condition = re.sub(r"^AND\((.*)\)$", lambda found: found[1].replace(", ", " AND "), formula)
    condition = re.sub(r"{(\w+)}", r"[\1]", condition)
    offset = int(query.get("offset", ["0"])[0])
    try:
        rows = _rows(f"SELECT * FROM Lead WHERE {condition}")
    except sqlite3.OperationalError as error:
        name = str(error).rpartition(" ")[2]
        message = (
            f"The formula for filtering records is invalid: Unknown field names: {name.lower()}"
        )
        return _json(422, {"error": {"type": "INVALID_FILTER_BY_FORMULA", "message": message}})
    fields = query.get("fields[]") or query.get("fields")
    records = [
        {
            "id": f"rec{number:014}",
            "createdTime": "2026-07-01T00:00:00.000Z",
            "fields": {name: row[name] for name in fields or row},
        }
        for number, row in enumerate(rows)
    ]
    following = offset + AIRTABLE_PAGE
    more = {"offset": str(following)} if following < len(records) else {}
    return _json(200, {"records": records[offset:following], **more})


def salesforce(request: Any) -> Response:
    """Run SOQL; it is SQL for these queries. Rows come in pages."""
    url = urlsplit(request.url)
    soql = parse_qs(url.query).get("q", ["SELECT FirstName, Score__c FROM Lead"])[0]
    begin = int(url.path.rpartition("-")[2]) if "-" in url.path.rpartition("/")[2] else 0
    table = database("__c")
    for name, standard in SALESFORCE_NAMES.items():
        table.execute(f"ALTER TABLE Lead RENAME {name}__c TO {standard}")
    try:
        rows = [dict(row) for row in table.execute(soql)]
    except sqlite3.OperationalError as error:
        return _json(400, [_salesforce_error(soql, str(error))])
    records = [{"attributes": {"type": "Lead"}, **row} for row in rows]
    end = begin + SALESFORCE_PAGE
    done = end >= len(records)
    following = {} if done else {"nextRecordsUrl": f"/services/data/v59.0/query/01g-{end}"}
    page = {"totalSize": len(records), "done": done, "records": records[begin:end], **following}
    return _json(200, page)


def _salesforce_error(soql: str, error: str) -> dict[str, str]:
    if error.startswith("no such column"):
        name = error.rpartition(" ")[2]
        place = soql.index(name)
        hint = (
            "If you are attempting to use a custom field, be sure to append the '__c' after the "
            "custom field name. Please reference your WSDL or the describe call for the "
            "appropriate names."
        )
        message = f"No such column '{name}' on entity 'Lead'. {hint}"
        code = "INVALID_FIELD"
    else:
        name = error.split('"')[1]
        place, message, code = soql.index(name), f"unexpected token: '{name}'", "MALFORMED_QUERY"
    around = soql[max(0, place - 30) : place + 30]
    pointer = " " * min(place, 30) + "^"
    where = f"ERROR at Row:1:Column:{place + 1}"
    return {"message": f"\n{around}\n{pointer}\n{where}\n{message}", "errorCode": code}


DIMENSIONS: Final = {
    "leadId": "rowid",
    "firstName": "FirstName",
    "source": "Source",
    "stage": "ProspectStage",
}
METRICS: Final = {"leads": "COUNT(*)", "averageScore": "AVG(Score)", "score": "SUM(Score)"}
OPERATIONS: Final = {2: "<"}
"""By the number of the enum, as the client sends it."""


def analytics(request: Any) -> Response:
    """Run a report: dimensions, metrics, a filter of each, and pages."""
    body = json.loads(request.body)
    dimensions = [one["name"] for one in body.get("dimensions", ())]
    metrics = [one["name"] for one in body["metrics"]]
    for kind, names, known in (("dimension", dimensions, DIMENSIONS), ("metric", metrics, METRICS)):
        for name in names:
            if name not in known:
                return _json(400, {"error": _analytics_error(name, kind)})
    keys = [DIMENSIONS[one] for one in dimensions]
    text = body.get("dimensionFilter", {}).get("filter")
    number = body.get("metricFilter", {}).get("filter")
    where = f"{DIMENSIONS[text['fieldName']]} = '{text['stringFilter']['value']}'" if text else "1"
    having = "1"
    if number:
        value = number["numericFilter"]["value"]["int64Value"]
        operation = OPERATIONS[number["numericFilter"]["operation"]]
        having = f"{METRICS[number['fieldName']]} {operation} {value}"
    columns = ", ".join([*keys, *(METRICS[one] for one in metrics)])
    statement = (
        f"SELECT {columns} FROM Lead WHERE {where} GROUP BY {', '.join(keys)} HAVING {having}"
    )
    rows = [[*row.values()] for row in _rows(statement)]
    begin, limit = int(body.get("offset", 0)), int(body.get("limit", 10_000))
    report = {
        "dimensionHeaders": [{"name": name} for name in dimensions],
        "metricHeaders": [{"name": name, "type": "TYPE_FLOAT"} for name in metrics],
        "rows": [
            {
                "dimensionValues": [{"value": str(value)} for value in row[: len(keys)]],
                "metricValues": [{"value": f"{value:g}"} for value in row[len(keys) :]],
            }
            for row in rows[begin : begin + limit]
        ],
        "rowCount": len(rows),
    }
    return _json(200, report)


def _analytics_error(name: str, kind: str) -> dict[str, Any]:
    message = (
        f"Field {name} is not a valid {kind}. For a list of valid dimensions and metrics, see "
        "https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema"
    )
    return {"code": 400, "status": "INVALID_ARGUMENT", "message": message}


def _rows(statement: str) -> list[dict[str, Any]]:
    return [dict(zip(row.keys(), row, strict=False)) for row in database().execute(statement)]


def _json(status: int, body: object) -> Response:
    return status, {"Content-Type": "application/json"}, json.dumps(body)
