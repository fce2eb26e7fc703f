"""How misuse is explained: no code runs again, no secret is shown, and nothing raises."""

from __future__ import annotations

import copy
import functools
import linecache
import operator
import pickle
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from leadquery import Leads, QueryError, _explain, fields
from leadquery._explain import fixer, source, type_inference
from leadquery._explain.detect_truth import detect_truth
from leadquery._explain.source import Location
from leadquery.errors import Misuse, UsageError
from tests._explain.messages import TRUTH
from tests._explain.table import corrected, run

MISUSE = 'query = Leads.where(Score < 5 and Source == "Web")'
RIGHT = 'query = Leads.where(Score < 5, Source == "Web")'


def error_of(text: str, **names: Any) -> QueryError:
    """The error of source code with some variables."""
    lines = text.splitlines(keepends=True)
    linecache.cache["report.py"] = len(text), None, lines, "report.py"
    seen = {**vars(fields), "Leads": Leads, **names}
    with pytest.raises(QueryError) as caught:
        exec(compile(text, "report.py", "exec"), seen)  # noqa: S102 - our own text.

    return caught.value


@pytest.mark.parametrize("other", ["not Score", "Score > 5 if Score else None"])
def test_a_line_that_would_fail_elsewhere_is_not_suggested(other: str) -> None:
    """The message is about the mistake that Python met first."""
    error = error_of(f'Leads.where(Score < 5 and Source == "Web", {other})')

    assert error.suggested_edit is None
    assert "has_no_data" not in str(error)


BROKEN: list[tuple[Any, str]] = [
    (_explain, "caller_entry"),
    (_explain, "improve_message"),
    (_explain, "detect"),
    (_explain, "suggest_fix"),
    (_explain, "snippet"),
    (source, "_logical_line"),
    (fixer, "_replace"),
    (type_inference.FrameTypes, "infer"),
    (source, "_is_callers"),
    (linecache, "getlines"),
]


@pytest.mark.parametrize("error", [RuntimeError, RecursionError, LookupError, OSError, KeyError])
@pytest.mark.parametrize(("owner", "name"), BROKEN, ids=[name for _, name in BROKEN])
def test_the_explanation_never_raises(
    owner: Any, name: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails, the error has its general message."""

    def broken(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, broken)
        caught = error_of(MISUSE)
        text = str(caught)

    assert text.startswith(TRUTH)
    assert caught.suggested_edit is None
    assert error_of(MISUSE).suggested_edit is not None


def test_no_part_of_the_line_runs_again() -> None:
    """Calls run once, and attributes are not evaluated."""
    calls: list[str] = []

    class Report:
        """Records attribute access."""

        @property
        def most(self) -> int:
            calls.append("property")
            return 5

        def __getattr__(self, name: str) -> int:
            calls.append(name)
            return 5

    def most() -> int:
        calls.append("call")
        return 5

    text = (
        "query = Leads.where(Score < most() and Score > report.most and Score != report.other "
        "and Source == (lambda: 'Web')())"
    )
    error = error_of(text, most=most, report=Report())

    assert calls == ["call"]
    assert error.suggested_edit is not None
    assert error.suggested_edit.text == text.replace(" and ", ", ")


LOOKED_UP: list[str] = []


class RecordingType(type):
    """Records which attributes of a class are looked up."""

    def __getattr__(cls, name: str) -> Any:
        """Record an unknown name."""
        LOOKED_UP.append(name)
        raise AttributeError(name)


class Recording(metaclass=RecordingType):
    """Records which attributes are looked up."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """Record the access."""
        LOOKED_UP.append("__class__")
        return Recording

    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        """Record the access."""
        LOOKED_UP.append("__dict__")
        return {}

    def __getattr__(self, name: str) -> Any:
        LOOKED_UP.append(name)
        raise AttributeError(name)


class Holder:
    """An object with a recording attribute."""

    attribute = Recording()


@pytest.mark.parametrize(
    "text",
    [
        "query = Leads.where(low and recording)",
        "query = Leads.where(low and holder.attribute)",
        "query = Leads.where(low and Recording)",
        "query = Leads.where(low and recording is None)",
        "query = Leads.where(low and Recording())",
        "query = Leads.where(low or Score == recording)",
        "query = Leads.where(low and recording in Source)",
        "for lead in Leads: pass",
        "query = Leads.where('Score < 5')",
        "query = Leads.where(f'Score < {limit} and mx_Missing')",
        "query = Leads.where(Score=5)",
    ],
)
def test_no_code_of_the_values_runs(text: str) -> None:
    """Neither for their class nor for their attributes."""
    LOOKED_UP.clear()
    names = {"recording": Recording(), "Recording": Recording, "holder": Holder()}
    error = error_of(text, low=fields.Score < 5, limit=5, **names)

    assert f"    {text}\n" in str(error)
    assert LOOKED_UP == []


def test_a_custom_field_is_not_compared_again() -> None:
    """Its methods are not those of this package."""
    texts: list[object] = []

    class Mine(fields.Number):
        """Records what it is compared with."""

        def _encode(self, value: object, *operator: Any) -> str:
            texts.append(value)
            return super()._encode(value, *operator)

    error = error_of("query = Leads.where(mine in [1, 'a'])", mine=Mine("mx_Mine"))

    assert texts == [1]
    assert error.suggested_edit is not None


def test_the_suggested_line_causes_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    """No second warning."""
    stage = fields.Choice("mx_Stage", options=["Won", "Lost"])
    error = error_of("query = Leads.where(stage in ['Won', 'Open'])", stage=stage)

    assert error.suggested_edit is not None
    assert not recwarn


class Own:
    """A value with the given repr."""

    def __init__(self, representation: Callable[[], str]) -> None:
        self._representation = representation

    def __repr__(self) -> str:
        return self._representation()


def fails() -> str:
    """A repr that raises."""
    raise RuntimeError


@pytest.mark.parametrize(
    ("representation", "expected"),
    [
        (fails, "<Own>"),
        (lambda: "one\ntwo\x1b", "one\\ntwo\\x1b"),
        (lambda: "x" * 100_000, f"{'x' * 60}..."),
    ],
)
@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Leads.where(Zzz=own)", "where takes conditions, not keywords such as Zzz={0}; "),
        ("own & (Score < 5)", "& binds tighter than < and ==, and {0} is not a condition; "),
    ],
)
def test_a_repr_is_cut_escaped_and_may_fail(
    line: str, text: str, representation: Callable[[], str], expected: str
) -> None:
    """It is one line; if it fails, the type is shown."""
    general = str(error_of(line, own=Own(representation))).split("\n")[0]

    assert general.startswith(text.format(expected))
    assert len(general) < 400


def test_a_subclass_of_str_is_shown_as_its_text() -> None:
    class Text(str):
        """A text whose methods fail."""

        __slots__ = ()

        def __repr__(self) -> str:
            raise RuntimeError

        def __getitem__(self, _: object) -> str:
            raise RuntimeError

    error = error_of("Leads.where(value)", value=Text("Score < 5"))

    assert str(error).startswith("where('Score < 5') holds a text; ")


def test_only_the_statement_is_parsed() -> None:
    """The code around it may be invalid, as in a file that is being edited."""
    text = f"x = 1\n{MISUSE}\ny = (2,\n     3)\n"
    lines = ["def 1 2:\n", f"{MISUSE}\n", "else: (((\n"]
    code = compile(text, "edited.py", "exec")
    linecache.cache["edited.py"] = 1, None, lines, "edited.py"
    with pytest.raises(UsageError) as caught:
        exec(code, {**vars(fields), "Leads": Leads})  # noqa: S102 - our own text.

    assert caught.value.suggested_edit is not None
    assert caught.value.suggested_edit.text == RIGHT


@pytest.mark.parametrize(
    "text",
    [
        'query = Client("api.example.com", "the key", "the secret").run_page(Leads)',
        'query = Client("a", "the key", "the secret").count(Leads.where(Score < 5 and Score > 1))',
        'n = len(leadquery.Client("a", secret_key="the secret", access_key="x") and Leads)',
        'query = Mine("a", "the key", "the secret").count(low and low)',
        'query = Mine.of("the key", "the secret").count(low and low)',
        'query = made("the key", "the secret").count(low and low)',
        'query = mine("the key", "the secret").count(low and low)',
        'query = accounts.Mine("a", "the key", "the secret").count(low and low)',
    ],
)
def test_no_key_is_shown(text: str) -> None:
    """A line that creates a client is not shown."""
    import leadquery

    class Mine(leadquery.Client):
        """A client of somebody's own."""

        @classmethod
        def of(cls, access_key: str, secret_key: str) -> Mine:
            """A client of the host."""
            return cls("api.example.com", access_key, secret_key)

    error = error_of(
        text,
        Client=leadquery.Client,
        Mine=Mine,
        accounts=SimpleNamespace(Mine=Mine),
        leadquery=leadquery,
        low=fields.Score < 5,
        made=functools.partial(leadquery.Client, "api.example.com"),
        mine=functools.partial(functools.partial(Mine, "api.example.com")),
    )

    assert "the key" not in str(error)
    assert "the secret" not in str(error)
    assert str(error).endswith('\n  File "report.py", line 1')


def test_an_error_can_be_copied_and_pickled() -> None:
    error = error_of(MISUSE)

    for other in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert str(other) == str(error)
        assert other.suggested_edit == error.suggested_edit


def test_generated_code_is_not_the_callers_line() -> None:
    """The line is the one that calls them."""

    @attrs.define
    class Pair:
        """Two fields, compared one after the other."""

        one: Any = attrs.field(eq=bool)

    error = error_of("same = Pair(Score) == Pair(Score)", Pair=Pair)

    assert '\n  File "report.py", line 1\n    same = Pair(Score) == Pair(Score)\n' in str(error)


def test_the_standard_library_is_not_the_callers_line() -> None:
    """The line is the one that calls it."""
    error = error_of("import random\none = random.choice(Leads)")

    assert '\n  File "report.py", line 2\n' in str(error)


@pytest.mark.parametrize("line", ["def 1 2:", "", ")", "x = ("])
def test_a_line_that_is_not_valid_any_more_is_not_explained(line: str) -> None:
    """The file has changed since it was imported."""
    linecache.cache["edited.py"] = 1, None, [f"{line}\n"], "edited.py"
    with pytest.raises(UsageError) as caught:
        exec(compile(MISUSE, "edited.py", "exec"), {**vars(fields), "Leads": Leads})  # noqa: S102

    assert str(caught.value) == f'{TRUTH}\n  File "edited.py", line 1'


@pytest.mark.parametrize("probe", [hasattr, getattr])
def test_hasattr_and_getattr_suggest_no_edit(probe: Callable[..., object]) -> None:
    """There is no line to correct."""
    if probe is hasattr:
        assert not probe(Leads, "shape")
        assert not probe(fields.Score, "dtype")
        return
    with pytest.raises(AttributeError) as caught:
        probe(Leads, "filter")

    assert str(caught.value).count("\n") == 1


def test_a_name_on_another_line_is_not_corrected() -> None:
    """A property may look it up, far from the line."""

    class Report:
        """A property that Python's own code gets."""

        query = Leads
        low = property(operator.attrgetter("query.filter"))

    error = error_of("query = report.low", report=Report())

    assert str(error) == (
        'a query has no .filter; did you mean .where?\n  File "report.py", line 1'
    )


def test_without_a_line_of_the_caller_the_message_is_general(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If only Python's own code runs."""
    with monkeypatch.context() as patched:
        patched.setattr(source, "_is_callers", lambda _: False)
        error = error_of(MISUSE)
        text = str(error)

    assert text == TRUTH


def test_code_without_positions_is_not_explained() -> None:
    """As under -X no_debug_ranges."""
    code = SimpleNamespace(co_positions=lambda: iter([(1, 1, None, None)]))
    nowhere: Any = SimpleNamespace(tb_frame=SimpleNamespace(f_code=code), tb_lasti=0)
    with pytest.raises(LookupError):
        source.position_of(nowhere)


PLACED = [
    ("if low and web: pass", "low", "TO_BOOL", "`if`"),
    ("if low and web: pass", "if low and web: pass", "POP_JUMP_FORWARD_IF_FALSE", "`if`"),
    ("if not low: pass", "low", "TO_BOOL", "`if`"),
    ("x = 1 if low else 2", "low", "TO_BOOL", "`if ... else`"),
    ("x = 1 if low else 2", "1 if low else 2", "POP_JUMP_IF_FALSE", "`if ... else`"),
    ("[1 for low in ones if low]", "[1 for low in ones if low]", "POP_JUMP_IF_FALSE", "`if`"),
    ("[1 for low in ones if low]", "low", "TO_BOOL", "`if`"),
    ("assert low", "low", "TO_BOOL", "`assert`"),
    ("assert low", "assert low", "POP_JUMP_FORWARD_IF_TRUE", "`assert`"),
    ("assert report(low and web)", "assert report(low and web)", "TO_BOOL", "`and`"),
    ("assert 1 < low < 5", "assert 1 < low < 5", "TO_BOOL", "a chain of comparisons"),
    ("if report(low): pass", "report(low)", "TO_BOOL", "`if`"),
    ("if report(low): pass", "report(low)", "CALL", "report(...)"),
    ("if low < 5: pass", "low < 5", "COMPARE_OP", "`if`"),
    ("if 1 < low < 5: pass", "1 < low < 5", "COMPARE_OP", "a chain of comparisons"),
    ("x = not low in ones", "not low in ones", "CONTAINS_OP", "`in`"),
    ("x = low in ones", "low in ones", "CONTAINS_OP", "`in`"),
    ("x = low and (web or both)", "web", "TO_BOOL", "`or`"),
    ("x = low and not web", "not web", "UNARY_NOT", "`not`"),
    ("x = report(low)", "report(low)", "CALL", "report(...)"),
    ("match low:\n case 1 if low: pass", "low", "TO_BOOL", "`if`"),
]


@pytest.mark.parametrize(("text", "part", "operation", "name"), PLACED)
def test_the_tester_is_found_from_every_position(
    text: str, part: str, operation: str, name: str
) -> None:
    """Versions of Python, and pytest, report different positions in a line."""
    statement = source.Statement("report.py", text, 1)
    start = text.rindex(part)
    low = fields.Score < 5
    seen = {"low": low, "web": low, "both": low}
    frame: Any = SimpleNamespace(f_locals=seen, f_globals={})
    stop = Location(
        statement, (start, start + len(part)), operation, type_inference.FrameTypes(frame)
    )
    error = detect_truth(stop, Misuse("truth", low))

    assert (
        error.heading
        == f"{name} asks a condition whether it is true, which only the API can answer"
    )


def test_an_expression_that_nothing_tests_is_no_misuse() -> None:
    """A position without a test, as in a file that has changed."""
    statement = source.Statement("report.py", "x = low", 1)
    frame: Any = SimpleNamespace(f_locals={}, f_globals={})
    stop = Location(statement, (4, 7), "TO_BOOL", type_inference.FrameTypes(frame))
    with pytest.raises(LookupError):
        detect_truth(stop, Misuse("truth", fields.Score))


LEFT = [
    ("with (low and Score > 1): pass", "with (low & (Score > 1)): pass"),
]


@pytest.mark.parametrize(("text", "right"), LEFT)
def test_one_error_is_corrected_at_a_time(text: str, right: str) -> None:
    """The next one is raised by the next run."""
    error = error_of(text, low=fields.Score < 5)

    assert corrected(text, error) == right


def test_a_long_line_is_cut_in_the_message_but_not_in_the_edit() -> None:
    """The message shows the part with the error."""
    texts = ", ".join(f'"source {number}"' for number in range(100))
    text = f"query = Leads.where(Source.is_in([{texts}]), Score < 5 and Phone.has_data())"
    error = error_of(text)
    marked = next(line for line in str(error).split("\n") if "^^^" in line)

    assert len(marked) < 130
    assert corrected(text, error) == text.replace("5 and P", "5, P")


def test_a_file_with_the_edit_applied_runs() -> None:
    """The edit replaces whole lines."""
    text = f"low = 5\n\n{MISUSE}\nhigh = 7\n"
    error = error_of(text)

    assert error.suggested_edit == ("report.py", 3, 3, RIGHT)
    assert run(corrected(text, error))["high"] == 7


@pytest.mark.parametrize("count", [300, 3000])
def test_a_statement_of_many_nodes_is_not_explained(count: int) -> None:
    """Parsing would be slow; the message names file and line."""
    listed = ", ".join(map(str, range(count)))
    error = error_of(f"query = Leads.where(Score.is_in([{listed}]) and Score < 5)")

    assert (error.suggested_edit is None) == (count > 2000)
    assert str(error).endswith('\n  File "report.py", line 1') == (count > 2000)


def test_a_very_long_statement_is_not_explained() -> None:
    """Parsing would be slow."""
    error = error_of(f"query = Leads.where(Source == '{'x' * 100_000}' and Score < 5)")

    assert str(error) == f'{TRUTH}\n  File "report.py", line 1'


HEADS = {
    "a case": "match 1:\n    case 1 if low and web:\n        pass",
    "a case after a case": "match 1:\n    case 2: pass\n    case 1 if low and web: pass",
    "a case of one line": "match 1:\n    case 1 if low and web: pass",
    "an except of one line": "try: 1 / 0\nexcept (low and web): pass",
    "a subject": "match (low and web):\n    case 1:\n        pass",
    "a rare end of a line": "text = 'a\u2028b'; both = low and web",
    "a form feed": "text = 'a\x0cb'; both = low and web",
}


@pytest.mark.parametrize("name", HEADS)
def test_a_part_of_a_compound_statement_is_parsed_alone(name: str) -> None:
    """Its line is shown, with a mark."""
    error = error_of(HEADS[name], low=fields.Score < 5, web=fields.Source == "Web")
    line, marks = str(error).split("\n")[2:4]

    assert line[marks.index("^") :].startswith(("and", "low and web"))


def test_a_failing_explanation_names_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text ends with the file and the line."""

    def broken(*_: object) -> None:
        raise StopIteration

    with monkeypatch.context() as patched:
        patched.setattr(_explain, "detect", broken)
        error = error_of(MISUSE)
        text = str(error)

    assert text == f'{TRUTH}\n  File "report.py", line 1'


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("query = (Score < 5) and (Score > 3)", "query = (Score < 5) & (Score > 3)"),
        (
            "query = Leads.where(Score == 1 or 1 == limit)",
            "query = Leads.where(*([] if 1 == limit else [Score == 1]))",
        ),
    ],
)
def test_the_edit_keeps_parentheses_and_other_comparisons(text: str, edit: str) -> None:
    suggested = error_of(text, limit=5).suggested_edit

    assert suggested is not None
    assert suggested.text == edit
