"""The public names, their docstrings, and what importing them loads."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

import leadquery
from leadquery import errors, fields, periods, users
from leadquery.emulator import Emulator
from tests.plain import plain

# Written by hand: the table of public names.
NAMES = str.split(
    """
    ApiError AsyncClient Client Diagnostic GroupedLeads LeadQueryError LeadSet Leads
    LeadsNotContacted LeadsWithNoActiveTasks LeadsWithPendingTasks PayloadError Query QueryError
    Report Result UnsupportedQueryError check count fields from_payload periods schema users
    """
)
REFINING = str.split(
    """
    where created_between modified_between created_in modified_in created_since modified_since
    owned_by page
    """
)
METHODS = {
    leadquery.LeadSet: [*REFINING, "select", "group_by"],
    leadquery.GroupedLeads: [*REFINING, "count", "average", "sum"],
    leadquery.Query: [*REFINING, "to_payload", "to_json", "to_python", "describe", "to_request"],
    leadquery.Report: ["ok"],
    leadquery.Client: str.split("run_page count from_env close run rows pages csv export"),
    leadquery.AsyncClient: str.split("run_page count from_env aclose run rows pages csv export"),
    leadquery.Result: str.split(
        "columns to_pandas to_polars to_arrow to_csv to_json to_parquet to_excel plot sort top "
        "pivot tz_convert"
    ),
    Emulator: ["demo", "session"],
}
FIELDS = {
    leadquery.Result: ["rows", "total", "changes"],
    leadquery.Diagnostic: [
        "code",
        "severity",
        "path",
        "pointer",
        "message",
        "hint",
        "line",
        "column",
    ],
    leadquery.Report: ["diagnostics"],
}
PERIODS = str.split(
    """
    today yesterday this_week last_week this_month last_month this_quarter last_quarter this_year
    last_year last_days day week month quarter year
    """
)
TREE = {
    errors.QueryError: (errors.LeadQueryError, ValueError),
    errors.UsageError: (errors.QueryError, TypeError),
    errors.UnknownNameError: (errors.QueryError, AttributeError),
    errors.UnknownImportError: (errors.QueryError, ImportError),
    errors.FrozenError: (errors.QueryError, AttributeError),
    errors.UnsupportedQueryError: (errors.QueryError,),
    errors.SqlError: (errors.UnsupportedQueryError,),
    errors.PayloadError: (errors.LeadQueryError, ValueError),
    errors.ApiError: (errors.LeadQueryError,),
    errors.TransportError: (errors.ApiError,),
    errors.RequestTimeoutError: (errors.TransportError,),
    errors.InvalidResponseError: (errors.ApiError,),
    errors.PaginationDriftError: (errors.ApiError,),
    errors.MissingDependencyError: (errors.LeadQueryError, ImportError),
    errors.ApiStatusError: (errors.ApiError,),
    errors.BadRequestError: (errors.ApiStatusError,),
    errors.AuthenticationError: (errors.ApiStatusError,),
    errors.NotFoundError: (errors.ApiStatusError,),
    errors.MethodNotAllowedError: (errors.ApiStatusError,),
    errors.RateLimitError: (errors.ApiStatusError,),
    errors.ServerError: (errors.ApiStatusError,),
}
CONDITIONS = [type(fields.Score < 5), type(users.Role == "a")]


def in_a_new_python(source: str) -> str:
    """The output of a program in a new process, with warnings as errors."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", source], capture_output=True, text=True, check=False
    )
    assert run.stderr == ""

    return run.stdout.strip()


def classes() -> list[type[Any]]:
    """Every public class."""
    public = [getattr(leadquery, name) for name in NAMES]
    met = [one for one in public if inspect.isclass(one)]
    return [
        *met,
        *fields.FIELD_TYPES,
        *CONDITIONS,
        users.Attribute,
        periods.Period,
        Emulator,
        *TREE,
    ]


def methods(owner: type[Any]) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class."""
    for name in dir(owner):
        if not name.startswith("_") and owner.__module__.startswith("leadquery"):
            found = inspect.getattr_static(owner, name)
            if inspect.isroutine(found) or isinstance(found, property):
                yield name, getattr(owner, name)


def test_the_names_are_those_of_the_table() -> None:
    """In order, and no others."""
    assert leadquery.__all__ == sorted(NAMES)
    assert all(hasattr(leadquery, name) for name in NAMES)


def test_dir_lists_lazy_names() -> None:
    assert set(NAMES) <= set(dir(leadquery))
    assert "Client" in in_a_new_python("import leadquery; print(*dir(leadquery))").split()


def test_a_star_import_has_the_public_names() -> None:
    scope: dict[str, Any] = {}
    exec("from leadquery import *", scope)  # noqa: S102 - our own text.

    assert sorted(set(scope) - {"__builtins__"}) == sorted(NAMES)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(leadquery, "Requests")  # noqa: B009 - the door is what is tried.

    assert plain(caught.value) == "leadquery has no 'Requests'; fields are in leadquery.fields"


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("Score", "fields"),
        ("Field", "fields"),
        ("Role", "users"),
        ("last_month", "periods"),
        ("from_sql", "sql"),
        ("Emulator", "emulator"),
    ],
)
def test_a_name_of_another_module_is_an_error_with_its_import(name: str, module: str) -> None:
    with pytest.raises(ImportError) as caught:
        exec(f"from leadquery import {name}")  # noqa: S102 - our own text.

    line = f"from leadquery.{module} import {name}"
    assert plain(caught.value) == f"leadquery has no {name!r}; write {line}"
    exec(line)  # noqa: S102 - our own text.


@pytest.mark.parametrize(
    ("owner", "name"), [(owner, name) for owner, names in METHODS.items() for name in names]
)
def test_a_class_has_its_methods(owner: type[Any], name: str) -> None:
    assert name in dict(methods(owner))


@pytest.mark.parametrize(
    ("owner", "name"), [(owner, name) for owner, names in FIELDS.items() for name in names]
)
def test_a_class_has_its_attributes(owner: type[Any], name: str) -> None:
    assert name in {field.name for field in attrs.fields(owner)}


@pytest.mark.parametrize("name", ["to_payload", "to_json", "to_python", "describe"])
@pytest.mark.parametrize("state", [leadquery.LeadSet, leadquery.GroupedLeads])
def test_only_a_query_has_a_payload(state: type[Any], name: str) -> None:
    """Other states do not have the method."""
    assert name not in dir(state)


@pytest.mark.parametrize("name", PERIODS)
def test_a_period_is_a_function(name: str) -> None:
    """Each takes a zone; the relative ones also take `now`."""
    parameters = inspect.signature(getattr(periods, name)).parameters
    relative = name not in ("day", "week", "month", "quarter", "year")

    assert "tz" in parameters
    assert ("now" in parameters) is relative


@pytest.mark.parametrize("error", TREE)
def test_an_error_has_its_place_in_the_tree(error: type[Exception]) -> None:
    """The tree is in the docstring of the module."""
    assert issubclass(error, TREE[error])
    assert f"{error.__name__} " in f"{errors.__doc__} "


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_has_a_docstring(name: str) -> None:
    found = getattr(leadquery, name)
    owner = found if inspect.isroutine(found) or inspect.ismodule(found) else None
    doc = (owner or (found if inspect.isclass(found) else type(found))).__doc__

    assert doc
    assert doc.strip()[0].isupper()


@pytest.mark.parametrize("owner", classes(), ids=lambda owner: owner.__name__)
def test_a_public_method_has_a_docstring(owner: type[Any]) -> None:
    silent = [name for name, method in methods(owner) if not inspect.getdoc(method)]

    assert owner.__doc__
    assert silent == []


@pytest.mark.parametrize("name", periods.__all__)
def test_a_function_of_periods_has_a_docstring(name: str) -> None:
    """A type alias has only its name."""
    found = getattr(periods, name)

    assert inspect.getdoc(found) or not inspect.isroutine(found)


HEAVY = [
    "requests",
    "click",
    "rich",
    "sqlite3",
    "hypothesis",
    "pandas",
    "urllib3",
    "http.client",
    "anyio",
    "asyncio",
]


@pytest.mark.parametrize(
    "source",
    [
        "from leadquery import Leads",
        "import leadquery; leadquery.check({})",
        (
            "from leadquery.fields import Score; from leadquery import Leads; "
            "q = Leads.where(Score < 5).select(Score); q.to_json(); q.describe(); q.to_python()"
        ),
    ],
)
def test_queries_and_checks_load_no_heavy_module(source: str) -> None:
    loaded = in_a_new_python(f"{source}\nimport sys; print(*sys.modules)")

    assert [name for name in HEAVY if name in loaded.split()] == []


def test_attrs_is_the_only_dependency_that_leads_loads() -> None:
    outside = (
        "import sys; before = set(sys.modules)\n"
        "from leadquery import Leads\n"
        "tops = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(*sorted(tops - set(sys.stdlib_module_names)))"
    )

    assert in_a_new_python(outside) == "attr attrs leadquery"


def test_the_client_is_imported_on_first_use() -> None:
    """With requests."""
    source = (
        "import sys, leadquery\n"
        "before = 'requests' in sys.modules\n"
        "print(before, leadquery.Client.__name__, leadquery.Result.__name__)\n"
        "print('requests' in sys.modules)\n"
        "from leadquery import Client\n"
        "print(Client is leadquery.Client)"
    )

    assert in_a_new_python(source) == "False Client Result\nTrue\nTrue"
