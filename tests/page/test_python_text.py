"""Python as the page reads it: the queries that Python would build, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given

from leadquery import Leads, count, periods
from leadquery.fields import CreatedOn, OwnerId, Phone, Score, Source, mx_City
from leadquery.page.python_text import MAX_BRACKETS, MAX_CHARACTERS, PythonTextError, read_python
from leadquery.query.query import Query
from leadquery.testing.strategies import queries

SAME = {
    "Leads.where(Score > 50).select(Phone)": Leads.where(Score > 50).select(Phone),
    "from leadquery import Leads as L\nL.select('Phone')": Leads.select("Phone"),
    "import leadquery\nleadquery.Leads.select(leadquery.fields.Phone)": Leads.select(Phone),
    "import leadquery.fields as f\nquery: Query = Leads.select(f.Phone)": Leads.select(Phone),
    "from leadquery.fields import *\n\n'text'\npass\nLeads.select(Phone)": Leads.select(Phone),
    "a = Leads.where(Score > 1)\nb = a.select(Phone)\na.select(Source)": (
        Leads.where(Score > 1).select(Source)
    ),
    "Leads.where((Score > 50) | ~(mx_City == 'Delhi')).group_by(OwnerId).count()": (
        Leads.where((Score > 50) | ~(mx_City == "Delhi")).group_by(OwnerId).count()
    ),
    "cities = ['Delhi', 'Pune']\nLeads.where(mx_City.is_in([*cities, 'Goa'])).select(Phone)": (
        Leads.where(mx_City.is_in(["Delhi", "Pune", "Goa"])).select(Phone)
    ),
    "c = (Score > 1, Score < 5)\nLeads.where(*c).select(Phone)": (
        Leads.where(Score > 1, Score < 5).select(Phone)
    ),
    "Leads.group_by(CreatedOn.month(tz='Asia/Kolkata')).aggregate(n=count())": (
        Leads.group_by(CreatedOn.month(tz="Asia/Kolkata")).aggregate(n=count())
    ),
    "Leads.created_in(periods.month(2026, 3)).select(Phone)": (
        Leads.created_in(periods.month(2026, 3)).select(Phone)
    ),
    "from datetime import date, timedelta\n"
    "Leads.where(CreatedOn < date(2026, 3, 8) - timedelta(days=7)).select(Phone)": (
        Leads.where(CreatedOn < "2026-03-01").select(Phone)
    ),
    "import datetime\nLeads.where(CreatedOn < datetime.date.fromisoformat('2026-03-01'))"
    ".select(Phone)": Leads.where(CreatedOn < "2026-03-01").select(Phone),
    "Leads.where(Score > -5).select(Phone)": Leads.where(Score > -5).select(Phone),
    "x = None or 5 and 1 < 2 < 3\ny = 3 < 2 < x\nz = 0 and Leads\nLeads.select(Phone)": (
        Leads.select(Phone)
    ),
    "from __future__ import annotations\nLeads.group_by(OwnerId).count()"
    ".order_by(count().desc()).limit(3)": (
        Leads.group_by(OwnerId).count().order_by(count().desc()).limit(3)
    ),
}

REFUSED = {
    "Leads.where(Score > 50 and Score < 60).select(Phone)": (1, 13, "neither true nor false"),
    "Leads.where(Score > 50 or Score < 60).select(Phone)": (1, 13, "neither true nor false"),
    "Leads.where(5 < Score < 50).select(Phone)": (1, 13, "A.between(5, 20)"),
    "Leads.where(not Score).select(Phone)": (1, 13, "has_data"),
    "Leads.where('a' in Source).select(Phone)": (1, 13, "holds no values"),
    "Leads.where(Source is None).select(Phone)": (1, 1, "where"),
    "Leads.where(\n    Scor > 50\n).select(Phone)": (2, 5, "did you mean Score?"),
    "x = 'é'; Leads.where(Scor == x).select(Phone)": (1, 22, "did you mean Score?"),
    "Leads.where(Score > 50)": (1, 1, "the query is not complete"),
    "Leads.where(Score > 50).selct(Phone)": (1, 1, "did you mean .select?"),
    "Leads.where(": (1, 12, "was never closed"),
    "1 + 1": (1, 1, "not read here"),
    "'a' + 'b'": (1, 1, "not read here"),
    "": (1, 1, "there is no query"),
    "x = 5": (1, 1, "there is no query"),
    "\0": (1, 1, "null bytes"),
    "\ud800": (1, 1, "surrogates"),
    "import os": (1, 8, "'os' is not imported here"),
    "from os import system": (1, 16, "'os' is not imported here"),
    "from .a import b": (1, 1, "nothing is run"),
    "from leadquery import Client": (1, 23, "Client is not read here"),
    "leadquery = 1\nfields.STANDARD": (2, 1, "not public"),
    "users.os": (1, 1, "users has no 'os'"),
    "open('/etc/passwd')": (1, 1, "has no 'open'"),
    "__import__('os').system('ls')": (1, 1, "not public"),
    "Leads.__class__": (1, 1, "not public"),
    "Leads._conditions": (1, 1, "not public"),
    "''.join(['a'])": (1, 1, "'join' is not read here"),
    "datetime.strptime('a', 'b')": (1, 1, "'strptime' is not read here"),
    "Leads()": (1, 1, "cannot be called"),
    "'a'()": (1, 1, "cannot be called"),
    "Leads.select(**{'a': 1})": (1, 1, "** is not read"),
    "Leads.select(Phone).to_json()": (1, 1, "the page calls .to_json()"),
    "Leads.select(Phone).plan()": (1, 1, "the page calls .plan()"),
    "[x for x in (1, 2)]": (1, 1, "not read here"),
    "lambda: 1": (1, 1, "not read here"),
    "Leads[0]": (1, 1, "not read here"),
    "f'{Leads}'": (1, 1, "not read here"),
    "b'a'": (1, 1, "not read here"),
    "for x in (1, 2): pass": (1, 1, "nothing is run"),
    "def f(): pass": (1, 1, "nothing is run"),
    "del Leads": (1, 1, "nothing is run"),
    "a = b = Leads.select(Phone)": (1, 1, "nothing is run"),
    "{[]: 1}": (1, 1, "unhashable"),
    "{[]}": (1, 1, "unhashable"),
    "[*5]": (1, 2, "iterable"),
    "date(2026, 2, 30)": (1, 1, "day"),
    "date(1, 1, 1) - timedelta(days=9)": (1, 1, "out of range"),
    "Leads" + ".where(Score > 1)" * 400 + ".select(Phone)": (1, 1, "300 brackets;"),
    "(" * 21 + "Leads": (1, 1, "20 brackets inside each other"),
    "Leads.where(" + "~" * 600 + "(Score > 1))": (1, 1, "nested too deeply"),
    "Leads.where(" + "~" * 20_000 + "(Score > 1))": (1, 1, ""),
    "x" * (MAX_CHARACTERS + 1): (1, 1, "more than 50,000 characters"),
}


@pytest.mark.parametrize(("text", "query"), SAME.items())
def test_a_query_is_what_python_builds(text: str, query: Query) -> None:
    assert read_python(text) == query


@given(queries())
def test_every_query_is_read_from_its_python(query: Query) -> None:
    """Unless it has more brackets than the page reads."""
    text = query.to_python()
    assume(len(re.findall(r"[()\[\]{}]", text)) <= MAX_BRACKETS)

    assert read_python(text) == query
    assert read_python(repr(query)) == query


@pytest.mark.parametrize(("text", "expected"), REFUSED.items())
def test_anything_else_is_refused_at_its_place(text: str, expected: tuple[int, int, str]) -> None:
    line, column, message = expected
    with pytest.raises(PythonTextError) as caught:
        read_python(text)

    assert message in str(caught.value)
    assert caught.value.issue[:2] == (line, column)
    assert caught.value.issue.width > 0


def test_a_set_and_a_dict_are_values() -> None:
    with pytest.raises(PythonTextError, match="not dict"):
        read_python("Leads.where({'a': 1})")
    assert read_python("x = {1, 2}\nLeads.select(Phone)") == Leads.select(Phone)


def test_the_period_of_today_is_read() -> None:
    today = Leads.created_in(periods.today()).select(Phone)
    assert read_python("Leads.created_in(periods.today()).select(Phone)") == today
