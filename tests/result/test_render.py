"""Results as sequences, text, tables and HTML."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from leadquery import Client, Leads, Result
from leadquery.emulator import Emulator
from leadquery.fields import CreatedOn, ProspectStage
from leadquery.result.render import format_text

ROWS = (
    {"OwnerId": "a", "Count": 1200, "Average_Score": 9.944444},
    {"OwnerId": None, "Count": 300, "Average_Score": None},
    {"OwnerId": "b", "Count": 0, "Average_Score": 4.972222},
)
GROUPS = Result(ROWS, 3, grouped=True)
MARKUP = "[bold]<b>&\"'"
ASKED = Result((), 0, ("OwnerId", "Count"), grouped=True)


def drawn(result: Result, width: int = 80, encoding: str = "utf-8") -> list[str]:
    """The lines of a result on a terminal."""

    class Terminal(StringIO):
        """A text stream with an encoding."""

    Terminal.encoding = encoding
    file = Terminal()
    Console(file=file, width=width, legacy_windows=False).print(result)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_a_result_is_a_sequence_of_rows() -> None:
    assert len(GROUPS) == 3
    assert tuple(GROUPS) == ROWS
    assert (GROUPS[0], GROUPS[-1]) == (ROWS[0], ROWS[-1])
    assert ROWS[1] in GROUPS
    assert list(reversed(GROUPS)) == list(reversed(ROWS))
    with pytest.raises(IndexError):
        GROUPS[3]


def test_a_result_without_rows_is_false() -> None:
    assert (bool(GROUPS), bool(ASKED)) == (True, False)


def test_columns_are_those_of_all_rows() -> None:
    """In order of appearance; a row may lack one."""
    result = Result(({"A": 1}, {"B": 2, "A": 3}), 2, ("C",))

    assert result.columns == ("A", "B")
    assert str(result) == "A  B\n1\n3  2"


def test_a_result_as_text() -> None:
    """Numbers are right-aligned, no data is empty, lines have no trailing spaces."""
    assert str(GROUPS).splitlines() == [
        "OwnerId  Count  Average_Score",
        "a        1,200           9.94",
        "           300",
        "b            0           4.97",
    ]


def test_a_result_without_rows_as_text() -> None:
    """With its columns if they are known."""
    assert str(ASKED) == "OwnerId  Count"
    assert str(Result((), 0)) == "no rows"


def test_a_result_as_a_table() -> None:
    """The last number of a group has a bar; the greatest has the longest."""
    assert drawn(GROUPS) == [
        "OwnerId   Count   Average_Score",
        "─" * 52,
        "a         1,200            9.94   ██████████████████",
        "            300",
        "b             0            4.97   █████████",
    ]


@pytest.mark.parametrize(
    ("width", "bar"), [(80, 18), (52, 18), (51, 17), (38, 4), (37, 0), (31, 0)]
)
def test_bars_use_the_remaining_width(width: int, bar: int) -> None:
    """Values are complete if the terminal is wide enough."""
    assert (
        drawn(GROUPS, width)[2].rstrip()
        == f"a         1,200            9.94   {'█' * bar}".rstrip()
    )


def test_long_values_wrap() -> None:
    lines = drawn(Result(({"ProspectID": "0123456789" * 3},), 1), width=10)

    assert lines == ["ProspectID", "─" * 10, *["0123456789"] * 3]


WIDE = Result(
    (
        {"ProspectID": "0123456789" * 3, "Score": 1200, MARKUP: None},
        {"ProspectID": "b", "Score": None, MARKUP: "[bold]"},
    ),
    2,
)


def test_columns_that_do_not_fit_are_shown_as_blocks() -> None:
    """A block for each row, a line for each value; long values wrap."""
    assert drawn(WIDE, width=40) == [
        "ProspectID:    0123456789012345678901234",
        "               56789",
        "Score:         1,200",
        f"{MARKUP}:",
        "",
        "ProspectID:    b",
        "Score:",
        f"{MARKUP}:  [bold]",
    ]


@pytest.mark.parametrize(("width", "first"), [(53, "ProspectID  "), (52, "ProspectID:")])
def test_columns_that_fit_are_a_table(width: int, first: str) -> None:
    assert drawn(WIDE, width)[0].startswith(first)


def test_a_table_with_a_header_only() -> None:
    assert drawn(Result((), 0, ("ProspectID", "OwnerId")), width=15)[-1] == "─" * 15


def test_an_old_terminal_has_no_bars() -> None:
    """Its encoding has no block characters."""
    assert drawn(GROUPS, encoding="ascii")[2:4] == [
        "a       | 1,200 |          9.94",
        "        |   300 |",
    ]


@pytest.mark.parametrize(
    ("values", "bars"),
    [
        ((0, 0), ("", "")),
        ((None, 4), ("", "█" * 18)),
        ((-8, 4), ("", "█" * 18)),
        ((-8, -4), ("", "")),
        ((1, 144), ("▏", "█" * 18)),
        ((0.3, 0.1), ("█" * 18, "█" * 6)),
        ((10**300, 5 * 10**299), ("█" * 18, "█" * 9)),
    ],
)
def test_bars(values: tuple[Any, ...], bars: tuple[str, ...]) -> None:
    """From zero to the greatest number, in eighths of a character."""
    lines = drawn(Result(tuple({"N": value} for value in values), 2, grouped=True), width=500)

    assert (
        tuple(line.rpartition("   ")[2] if "█" in line or "▏" in line else "" for line in lines[2:])
        == bars
    )


@pytest.mark.parametrize(
    "result",
    [
        Result(ROWS, 3),
        Result(({"OwnerId": "a"},), 1, grouped=True),
        Result(({"Count": True},), 1, grouped=True),
        Result(({"Count": None},), 1, grouped=True),
        Result(({"Count": "7"}, {"Count": 7}), 2, grouped=True),
        Result(({"Count": float("nan")},), 1, grouped=True),
        Result(({"Count": float("inf")},), 1, grouped=True),
        Result(({"Count": 10**400},), 1, grouped=True),
        ASKED,
        Result((), 0),
    ],
)
def test_a_result_without_bars(result: Result) -> None:
    """A list, or groups without a finite number."""
    assert not {"█", "▏"} & set("".join(drawn(result, width=1_000)))


def test_a_table_without_rows_has_a_header() -> None:
    """With the requested columns."""
    assert drawn(ASKED) == ["OwnerId   Count", "─" * 15]


CONTROL = "\x1b[31m\n\ud800\x07\u202e"
ESCAPED = r"\x1b[31m\n\ud800\x07\u202e"


def test_markup_is_not_interpreted() -> None:
    """In values and names, on a terminal and in HTML."""
    result = Result(({f"N{MARKUP}": f"V{MARKUP}"},), 1)
    escaped = "[bold]&lt;b&gt;&amp;&quot;&#x27;"

    assert str(result) == f"N{MARKUP}\nV{MARKUP}"
    assert drawn(result) == [f"N{MARKUP}", "─" * 13, f"V{MARKUP}"]
    assert cells_of(result) == [[f"N{escaped}"], [f"V{escaped}"]]


def test_control_characters_are_escaped() -> None:
    """So a value cannot control the terminal or break a line."""
    result = Result(({f"N{CONTROL}": f"V{CONTROL}"},), 1)

    assert str(result) == f"N{ESCAPED}\nV{ESCAPED}"
    assert drawn(result)[::2] == [f"N{ESCAPED}", f"V{ESCAPED}"]
    assert cells_of(result) == [[f"N{ESCAPED}"], [f"V{ESCAPED}"]]


@pytest.mark.parametrize("value", ["Web ", " Web", " "])
def test_a_group_with_blanks_at_its_ends_is_in_quotes(value: str) -> None:
    """So it is not taken for another group."""
    rows = ({"Source": value}, {"Source": "Web"})
    result = Result(rows, 2, grouped=True)

    assert str(result) == f'Source\n"{value}"\nWeb'
    assert drawn(result)[2:] == [f'"{value}"', "Web"]
    assert cells_of(result)[1:] == [[f"&quot;{value}&quot;"], ["Web"]]
    assert str(Result(rows, 2)).splitlines()[1].strip() == value.strip()


def cells_of(result: Result) -> list[list[str]]:
    """The content of the cells of a result in a notebook, the header first."""
    rows = re.findall("<tr>(.*?)</tr>", result._repr_html_())
    return [re.findall("<t[hd] [^>]*>(.*?)</t[hd]>", row) for row in rows]


def caption_of(result: Result) -> list[str]:
    """The lines below a table in a notebook."""
    [caption] = re.findall("<div style=[^>]*>([^<].*?)</div>$", result._repr_html_())
    return str(caption).split("<br>")


def test_a_result_as_html() -> None:
    """Text is on the left, numbers on the right, and neither is wrapped; groups have bars."""
    html = GROUPS._repr_html_()

    assert [row[:3] for row in cells_of(GROUPS)] == [
        ["OwnerId", "Count", "Average_Score"],
        ["a", "1,200", "9.94"],
        ["", "300", ""],
        ["b", "0", "4.97"],
    ]
    assert re.findall(r"width: ([0-9.]+)em", html) == ["9.00", "0.00", "4.50"]
    aligned = re.findall(r"<t[hd] [^>]*align: (\w+); white-space: (\w+)", html)
    assert aligned == [("left", "nowrap"), *[("right", "nowrap")] * 2, ("left", "nowrap")] * 4
    assert "color: black" not in html
    assert cells_of(ASKED) == [["OwnerId", "Count"]]


def test_long_text_is_wrapped_in_a_notebook() -> None:
    id_, note = "00169527-fea5-447e-9157-8e7fd9f1c921", "word " * 20

    html = Result(({"ProspectID": id_, "Notes": note},), 1)._repr_html_()

    assert re.search(f"nowrap;[^>]*>{id_}", html)
    assert re.search(f"white-space: normal; min-width: 24em;[^>]*>{note}", html)


def test_the_caption_of_a_notebook() -> None:
    """The number of rows, the zone of times, and the query in English."""
    client = Client("api.example.com", "key", "secret", Emulator.demo(40).session())
    stages, leads = Leads.group_by(ProspectStage).count(), Leads.select(CreatedOn).page(1, 15)

    assert caption_of(client.run(stages.order_by(ProspectStage).limit(1))) == [
        "1 row",
        (
            "Number of leads per ProspectStage, of all leads, sorted by ProspectStage, "
            "the first 1 row."
        ),
    ]
    assert caption_of(client.run(leads, tz="Asia/Kolkata")) == [
        "the first 20 of 40 rows; times in Asia/Kolkata",
        "List of CreatedOn of all leads.",
    ]
    assert caption_of(client.run_page(leads))[0] == "15 rows; 40 in all; times in UTC"
    assert caption_of(Result(ROWS * 9, 90)) == ["the first 20 of 27 rows; 90 in all"]


def test_times_name_their_zone() -> None:
    """As text and on a terminal."""
    noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
    result = Result(({"At": noon}, {"At": None}), 2)

    assert str(result).splitlines() == ["At", "2026-01-31 12:00:00", "", "times in UTC"]
    assert drawn(result.tz_convert("Asia/Kolkata"))[2:] == [
        "2026-01-31 17:30:00",
        "",
        "times in Asia/Kolkata",
    ]


def test_a_long_result_shows_its_first_rows() -> None:
    """As text and as HTML, with the number of the others."""
    long = Result(tuple({"N": n} for n in range(1_100)), 5_000)

    assert str(long).splitlines()[-2:] == ["59", "… and 1,040 more rows"]
    assert cells_of(long)[-1] == ["19"]
    assert caption_of(long) == ["the first 20 of 1,100 rows; 5,000 in all"]
    assert "more" not in str(long[:60])
    assert len(format_text(long).splitlines()) == 1_101


def test_numbers_of_a_list_are_not_rounded() -> None:
    """Only those computed for groups are."""
    rows = ({"Latitude": 12.971599}, {"Latitude": 1234.5})

    assert str(Result(rows, 2)).split() == ["Latitude", "12.971599", "1,234.5"]
    assert str(Result(rows, 2, grouped=True)).split() == ["Latitude", "12.97", "1,234.50"]


def test_other_values_are_shown_as_python_formats_them() -> None:
    """Such as lists."""
    assert str(Result(({"A": True, "B": [1], "C": {"x": None}},), 1)).splitlines() == [
        "A     B    C",
        "True  [1]  {'x': None}",
    ]


def test_rich_is_imported_only_for_tables() -> None:
    code = (
        "import sys; from leadquery import Result; answer = Result(({'A': 1},), 1); "
        "str(answer); answer._repr_html_(); print('rich' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == "False\n"


# The names of owners


def owners(*pairs: tuple[str | None, str | None]) -> Result:
    rows = tuple(
        {"OwnerId": owner, "OwnerIdName": name, "Count": n} for n, (owner, name) in enumerate(pairs)
    )
    return Result(rows, len(rows), grouped=True)


def test_people_read_the_names_of_owners() -> None:
    """In place of ids; programs get both."""
    result = owners(("a1", "Ann Lee"), ("b1", "Bo Lund"))

    assert str(result) == "OwnerIdName  Count\nAnn Lee          0\nBo Lund          1"
    assert "Ann Lee" in result._repr_html_()
    assert ">OwnerId<" not in result._repr_html_()
    assert ">a1<" not in result._repr_html_()
    assert [*result.to_csv().splitlines()] == [
        "OwnerId,OwnerIdName,Count",
        "a1,Ann Lee,0",
        "b1,Bo Lund,1",
    ]
    assert result.columns == ("OwnerId", "OwnerIdName", "Count")
    assert str(Result((), 0, ("OwnerId", "OwnerIdName"))) == "OwnerIdName"


def test_ids_tell_owners_of_one_name_apart() -> None:
    """And stand for a name that is not known."""
    result = owners(("a1", "Ann Lee"), ("a2", "Ann Lee"), ("x1", None), (None, None))

    assert str(result).splitlines()[1:] == [
        "Ann Lee (a1)      0",
        "Ann Lee (a2)      1",
        "x1                2",
        "                  3",
    ]


def test_a_list_names_an_owner_in_each_row() -> None:
    rows = ({"OwnerId": "a1", "OwnerIdName": "Ann Lee"},) * 2

    assert str(Result(rows, 2)) == "OwnerIdName\nAnn Lee\nAnn Lee"


def test_a_chart_names_owners() -> None:
    result = owners(("a1", "Ann Lee"), ("x1", None), (None, None))
    (axes,) = result.plot().axes

    assert [label.get_text() for label in axes.get_yticklabels()] == ["Ann Lee", "x1", "(no data)"]
    assert axes.get_title() == "Count per OwnerIdName"


def test_the_numbers_of_a_column_of_groups_have_the_same_decimals() -> None:
    """The values of leads are as they are, and so is a column of whole numbers."""
    medians = 22, 2**60, 21.5
    rows = tuple({"Count": n, "Median_Score": one} for n, one in enumerate(medians, 1))

    groups = str(Result(rows, 3, grouped=True)).split()
    assert groups[2:] == ["1", "22.00", "2", f"{2**60:,}.00", "3", "21.50"]
    assert str(Result(rows, 3)).split()[-5:] == ["22", "2", f"{2**60:,}", "3", "21.5"]
