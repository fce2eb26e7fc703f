"""Measures how each cost grows with its size, over four decades or more.

`docs/draw.py` draws the curves.
"""

from __future__ import annotations

import gc
import json
import operator
from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from timeit import Timer
from typing import Any, Final, NamedTuple

from leadquery import Client, Leads, LeadSet, check, from_payload
from leadquery.errors import PlanTooLargeError
from leadquery.expr import Number
from leadquery.fields import OwnerId
from leadquery.sql import Table
from tests.fuzz.shapes import SHAPES

from .engines import QUESTIONS, written
from .peers.sending import COLUMNS, serving
from .workloads import compared

_TURN: Final = 0.02
"""The seconds for which short work is repeated."""

_LONG: Final = 2.0
"""The seconds of work that is not repeated."""

Work = Callable[[], object]


class Curve(NamedTuple):
    """A cost at several sizes: `make` prepares the work of a size."""

    name: str
    sizes: Sequence[int]
    make: Callable[[int], Work]
    once: bool = False


class Growth(NamedTuple):
    """What grows, in `unit`, and the curves of one picture."""

    name: str
    title: str
    description: str
    unit: str
    curves: list[Curve]


def sizes(largest: int, smallest: int = 1) -> list[int]:
    """Powers of ten."""
    return [10**power for power in range(len(str(smallest)) - 1, len(str(largest)))]


def measured(growth: Growth, share: float) -> dict[str, Any]:
    """The seconds at each size, up to a share of the largest one."""
    curves = {}
    for curve in growth.curves:
        kept = [size for size in curve.sizes if size <= curve.sizes[-1] * share]
        curves[curve.name] = [[size, _seconds(curve, size)] for size in kept]
    return {
        "name": growth.name,
        "title": growth.title,
        "description": growth.description,
        "unit": growth.unit,
        "curves": curves,
    }


def _seconds(curve: Curve, size: int) -> float:
    # Collecting garbage is a cost, too.
    timer = Timer(curve.make(size), gc.enable, timer=process_time)
    first = timer.timeit(1)
    if curve.once or first > _LONG:
        return first
    first = timer.timeit(1)  # Before, it may have loaded modules.
    calls = ceil(_TURN / max(first, 1e-6))
    return min(first, *(seconds / calls for seconds in timer.repeat(3, calls)))


def growths(share: float) -> Iterator[Growth]:
    """The six costs, for measurements up to a share of the largest sizes."""
    yield _filters()
    yield _mistakes()
    yield _text()
    with TemporaryDirectory() as folder:
        yield from _export(Path(folder), share)
        yield _engine(Path(folder))
    yield _fields()


def _filters() -> Growth:
    field = Number("mx_Deal_Value")

    def leads(count: int) -> LeadSet:
        return Leads.where(*[field != number for number in range(count)])

    def one_by_one(count: int) -> LeadSet:
        found: LeadSet = Leads
        for number in range(count):
            found = found.where(field != number)
        return found

    many = sizes(100_000)
    return Growth(
        "filters",
        "Filters in a query",
        "`where(*conditions)` takes all of them. A call for each takes longer, in proportion.",
        "filters",
        [
            Curve(
                "build and serialize", many, lambda n: lambda: leads(n).select("Phone").to_json()
            ),
            Curve("build by one where() each", sizes(10_000), lambda n: partial(one_by_one, n)),
            Curve("check", many, lambda n: partial(check, leads(n).select("Phone").to_json())),
            Curve(
                "from_payload",
                many,
                lambda n: partial(from_payload, leads(n).select("Phone").to_json()),
            ),
            Curve("describe", many, lambda n: leads(n).select("Phone").describe),
        ],
    )


def _mistakes() -> Growth:
    def report(text: str) -> str:
        return str(check(text, max_diagnostics=None))

    def make(shape: str, size: int) -> Work:
        return partial(report, SHAPES[shape](size))

    return Growth(
        "mistakes",
        "Mistakes in a text",
        f"Each curve is one of {len(SHAPES)} kinds of mistakes, repeated: the text is checked, and "
        "the whole report printed.",
        "mistakes",
        [Curve(shape, sizes(10_000), partial(make, shape)) for shape in SHAPES],
    )


def _text() -> Growth:
    def text(size: int) -> str:
        return json.dumps(compared(max(4, size // 115), 200, 4))

    def valid(size: int) -> str:
        return text(size).replace('"!="', '"<>"')

    def without_commas(size: int) -> str:
        return valid(size).replace(', "SqlOperator"', ' "SqlOperator"', 4)

    bytes_ = sizes(10_000_000, 1_000)
    return Growth(
        "text",
        "Size of a text",
        "Filters on 200 fields. Four missing commas take longest, because Python's json module "
        "reads no text with a mistake in its syntax.",
        "bytes",
        [
            Curve("four missing commas", bytes_, lambda size: partial(check, without_commas(size))),
            Curve("four wrong operators", bytes_, lambda size: partial(check, text(size))),
            Curve("a valid text", bytes_, lambda size: partial(check, valid(size))),
            Curve("json.loads", bytes_, lambda size: partial(json.loads, valid(size))),
        ],
    )


def _export(folder: Path, share: float) -> Iterator[Growth]:
    rows = sizes(1_000_000, 100)
    query = Leads.select(*COLUMNS).page(1, 1_000)
    with serving(round(rows[-1] * share), 0, "none") as url:
        client = Client(url, "access", "secret", rate=None)

        def make(ending: str, size: int) -> Work:
            file = folder / f"leads.{ending}"
            return lambda: client.export(query, file, limit=size, progress=False)

        for ending in ("csv", "parquet"):
            make(ending, 1)()  # loads what it needs

        yield Growth(
            "export",
            "Rows of an export",
            "Six columns, in pages of 1,000 from the mock API. That is another process, whose time "
            "is not counted.",
            "rows",
            [
                Curve("Parquet", rows, partial(make, "parquet"), once=True),
                Curve("CSV", rows, partial(make, "csv"), once=True),
            ],
        )


def _engine(folder: Path) -> Growth:
    def make(question: str, leads: int) -> Work:
        table = Table(written(folder, leads))
        return partial(table.run, QUESTIONS[question][0])

    return Growth(
        "engine",
        "Leads in an engine",
        "A Parquet file, asked by `leadquery.sql.Table` and DuckDB; the time of all threads. Up to "
        "10,000 leads, writing the statement takes most of it.",
        "leads",
        [Curve(one, sizes(10_000_000, 1_000), partial(make, one)) for one in QUESTIONS],
    )


def _fields() -> Growth:
    few_and_many: list[int] = [*range(1, 10), *sizes(10_000, 10)]

    def planned(joiner: Callable[[Any, Any], Any], fields: list[Number], filled: bool) -> bool:
        """Join conditions one at a time, and plan the query; False if it is refused."""
        query = Leads.where(reduce(joiner, [field > 5 for field in fields])).group_by(OwnerId)
        try:
            query.count().plan(filled=fields if filled else ())
        except PlanTooLargeError:
            return False
        return True

    def make(joiner: Callable[[Any, Any], Any], filled: bool, count: int) -> Work:
        return partial(planned, joiner, [Number(f"mx_{n}") for n in range(count)], filled)

    def first_refused(filled: bool) -> int:
        return next(n for n in few_and_many if not make(operator.or_, filled, n)())

    return Growth(
        "fields",
        "Fields of a boolean question",
        "Conditions on different fields are joined by `&` or `|`, and the query is planned. AND "
        "takes one request. OR of k fields takes 2^k - 1 requests, and is refused from "
        f"{first_refused(False):,} fields on, or from {first_refused(True):,} if they are "
        "`filled`. The work of planning is bounded, so the curves become flat.",
        "fields",
        [
            Curve("OR, all fields are filled", few_and_many, partial(make, operator.or_, True)),
            Curve("OR", few_and_many, partial(make, operator.or_, False)),
            Curve("AND", few_and_many, partial(make, operator.and_, False)),
        ],
    )
