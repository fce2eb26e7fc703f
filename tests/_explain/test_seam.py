"""The core works without `_explain`, and renders an explanation only when an error is printed."""

from __future__ import annotations

import copy
import inspect
import logging
import pickle
import shutil
import subprocess
import sys
import traceback
import unittest
from pathlib import Path
from typing import Any

import pytest

import leadquery
from leadquery import Leads, QueryError, fields, periods, users
from leadquery.errors import Misuse, UsageError, check_call
from tests._explain.table import run
from tests.plain import plain

PACKAGE = Path(leadquery.__file__).parent
BLOCK = "import sys; sys.modules['leadquery._explain'] = None\n"
# An editable installation would find the modules that a copy lacks.
NOT_EDITABLE = (
    "import sys; sys.meta_path[:] = [one for one in sys.meta_path if 'editable' not in repr(one)]\n"
)
MISUSE = """
from leadquery import Client, Leads, check, fields, from_payload, periods, users
from leadquery.fields import Phone, Score, Source
import leadquery

QUERY = Leads.select("Phone")
CASES = {
    "and": lambda: Leads.where(Score < 5 and Source == "Web"),
    "precedence": lambda: Score < 20 & (Source == "x"),
    "in": lambda: "98" in Phone,
    "iteration": lambda: list(QUERY),
    "length": lambda: len(QUERY),
    "bool": lambda: Leads.where(True),
    "text": lambda: Leads.where("Score < 5"),
    "list": lambda: Leads.where([Score < 5]),
    "field": lambda: Leads.where(Score),
    "owner": lambda: Leads.owned_by(5),
    "None": lambda: Score == None,
    "keyword": lambda: Leads.where(Score=5),
    "page": lambda: Leads.page(rows=5),
    "range": lambda: Score.between(5),
    "dates": lambda: Leads.created_between("2026-01-01"),
    "period": lambda: periods.month("2026-01"),
    "method": lambda: Leads.filter(Score < 5),
    "later method": lambda: Leads.to_payload(),
    "field method": lambda: Score.isin([5]),
    "field name": lambda: fields.Scroe,
    "attribute name": lambda: users.Roel,
    "period name": lambda: periods.last_7_days,
    "name": lambda: leadquery.validate,
    "assignment": lambda: setattr(QUERY, "paging", None),
    "uncalled": lambda: from_payload(QUERY.to_payload),
    "inverted": lambda: ~Score,
}
for name, case in CASES.items():
    try:
        case()
    except leadquery.QueryError as error:
        assert str(error) == error.args[0], name
        assert error.suggested_edit is None
        print(f"{name}: {type(error).__name__}: {error}")
    else:
        raise AssertionError(name)
try:
    from leadquery import validate
except ImportError as error:
    print("import:", error)
print(Leads.where(Score < 5).select("Phone").to_json())
print("_explain" in str([name for name, module in sys.modules.items() if module]))
"""


def output(source: str, path: Path = PACKAGE.parent) -> list[str]:
    """The output of a Python process."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(path)!r})\n{source}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=path,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_without_the_package_every_misuse_has_its_plain_message(tmp_path: Path) -> None:
    """Whether its import is blocked or its files are deleted."""
    copied = tmp_path / "leadquery"
    shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("_explain", "__pycache__"))
    lines = output(f"{BLOCK}{MISUSE}")

    assert output(f"{NOT_EDITABLE}{MISUSE}", tmp_path) == lines
    assert lines[-1] == "False"
    assert (
        "keyword: UsageError: BaseQuery.where() got an unexpected keyword argument 'Score'" in lines
    )
    assert "bool: UsageError: where() takes conditions such as Score < 5, not bool" in lines
    assert "import: leadquery has no 'validate'; fields are in leadquery.fields" in lines
    assert all(line.count(": ") for line in lines[:-2])


def error_of(line: str) -> QueryError:
    """The error of a line in a file."""
    with pytest.raises(QueryError) as caught:
        run(line)
    return caught.value


AND = 'query = Leads.where(Score < 5 and Source == "Web")'
HEADING = "`and` asks a condition whether it is true, which only the API can answer"


def test_an_error_is_explained_once() -> None:
    error = error_of(AND)
    assert error._explanation is None

    text = str(error)
    explanation = error._explanation
    assert text.startswith(HEADING)
    assert str(error) == text
    assert error._explanation is explanation


def test_args_and_repr_hold_the_plain_message() -> None:
    error = error_of(AND)
    [message] = error.args

    assert message.startswith("a condition is neither true nor false")
    assert repr(error) == f"UsageError({message!r})"


def test_an_error_has_its_plain_message_without_the_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = error_of(AND)
    monkeypatch.setitem(sys.modules, "leadquery._explain", None)

    assert str(error) == error.args[0]
    assert error.suggested_edit is None


def test_an_error_that_was_not_raised_has_its_plain_message() -> None:
    error = UsageError("plain", Misuse("truth", fields.Score < 5))

    assert str(error) == "plain"
    assert error.suggested_edit is None
    assert error._explanation is None


def test_an_error_keeps_its_explanation_when_its_traceback_is_dropped() -> None:
    """As `assertRaises` of unittest does."""
    case = unittest.TestCase()
    with case.assertRaises(UsageError) as caught:  # noqa: PT027 - unittest is what is tested.
        run(AND)

    assert caught.exception.__traceback__ is None
    assert str(caught.exception).startswith(HEADING)


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))]
)
@pytest.mark.parametrize("line", [AND, "query = Leads.where(Scroe=5)", "query = Leads.filter()"])
def test_a_copy_keeps_the_explanation(again: Any, line: str) -> None:
    error = error_of(line)
    error.add_note("a note")
    other = again(error)

    assert type(other) is type(error)
    assert other.args == error.args
    assert str(other) == str(error)
    assert other.suggested_edit == error.suggested_edit
    assert other.__notes__ == [f"see {error.docs_page} in the repository", "a note"]


def test_tracebacks_and_logs_show_the_explanation(caplog: pytest.LogCaptureFixture) -> None:
    try:
        run(AND)
    except UsageError as error:
        logging.getLogger("report").exception("failed")
        lines = traceback.format_exception(error)
        assert lines == traceback.format_exc().splitlines(keepends=True) or HEADING in lines[-2]
        assert HEADING in traceback.format_exc()

    assert HEADING in caplog.text


def test_a_variable_that_has_changed_is_not_taken_for_the_old_one() -> None:
    source = (
        "from leadquery import QueryError\n"
        "try:\n"
        "    Leads.where(low and Score > 1)\n"
        "except QueryError as error:\n"
        "    answer = error\n"
        "low = True\n"
    )
    error = run(source)["answer"]

    assert str(error).startswith("a condition is neither true nor false")
    assert str(error).endswith('\n  File "report.py", line 3')
    assert error.suggested_edit is None


def test_the_next_error_of_a_loop_is_not_explained_by_its_variables() -> None:
    source = (
        "from leadquery import QueryError\n"
        "answer = []\n"
        "for field in (Phone, Score):\n"
        "    try:\n"
        "        Leads.where(not field)\n"
        "    except QueryError as error:\n"
        "        answer.append(error)\n"
    )
    first, second = run(source)["answer"]

    assert first.suggested_edit is None
    assert "compare the field" not in str(first)
    assert "compare the field, or write field.has_no_data()" in str(second)


@check_call
def scaled(value: int, *, by: int = 2) -> int:
    """A function of one argument."""
    if by == 0:
        raise TypeError("inside")
    return value * by


def test_only_a_wrong_call_becomes_a_usage_error() -> None:
    assert scaled(2, by=3) == 6
    wrong: Any = scaled
    with pytest.raises(UsageError) as caught:
        wrong()
    assert caught.value.args == ("scaled() missing 1 required positional argument: 'value'",)
    with pytest.raises(TypeError, match=r"^inside$") as other:
        scaled(1, by=0)
    assert not isinstance(other.value, QueryError)


SIGNATURES = {
    Leads.where: "(*conditions)",
    Leads.owned_by: "(*owners)",
    Leads.page: "(index, size=100)",
    Leads.created_between: "(start, end, *, tz=None)",
    Leads.created_in: "(period)",
    Leads.group_by: "(*keys)",
    fields.Score.between: "(low, high)",
    fields.Score.is_in: "(values)",
    periods.year: "(year, *, tz=None)",
}


@pytest.mark.parametrize("function", SIGNATURES, ids=lambda function: function.__name__)
def test_signatures_say_what_a_function_takes(function: Any) -> None:
    signature = inspect.signature(function)
    parameters = [one.replace(annotation=one.empty) for one in signature.parameters.values()]

    assert str(inspect.Signature(parameters)) == SIGNATURES[function]
    assert function.__doc__


def test_an_error_in_the_callers_own_code_keeps_its_frames() -> None:
    """The error may be in a generator that a method of leadquery runs."""
    source = "def values():\n    yield 1\n    yield bool(Score)\n\nquery = Score.is_in(values())\n"
    error = error_of(source)

    assert '\n  File "report.py", line 3\n    yield bool(Score)\n' in str(error)


def test_a_user_attribute_has_the_same_advice() -> None:
    wrong: Any = users.Role
    with pytest.raises(QueryError) as caught:
        wrong.is_in("a", "b")

    assert plain(caught.value) == 'is_in takes one list; write users.Role.is_in(["a", "b"])'


def test_explanations_are_loaded_when_an_error_is_printed() -> None:
    source = (
        "import sys\n"
        "from leadquery import Leads\n"
        "from leadquery.fields import Score\n"
        "Leads.where(Score < 5).select(Score).to_json()\n"
        "try: Leads.where(Scroe=5)\n"
        "except ValueError as error:\n"
        "    print('leadquery._explain' in sys.modules)\n"
        "    str(error)\n"
        "print('leadquery._explain' in sys.modules)"
    )

    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert run.stdout == "False\nTrue\n"
