"""A finished query, asked: one page, or as many as someone waits for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from leadquery.client.answer import Answer, answer_to
from leadquery.client.calls import Caller
from leadquery.client.pages import Send
from leadquery.client.patience import Patience
from leadquery.fields import ProspectID
from leadquery.language.query import Query, Unfinished
from leadquery.language.question import FINISHED, Question
from leadquery.slips import unsendable


def ask(caller: Caller, query: Query, patience: Patience | None = None) -> Answer:
    """The answer to exactly the page that a query asks for."""
    rows, total = caller.read(query.to_json(), query.explain, patience)
    return answer_to(query, rows, total)


@contextmanager
def asking(caller: Caller) -> Iterator[Send]:
    """What asks page after page, within one deadline. At the end, calls under way are given up."""
    patience = caller.patience()
    try:
        yield lambda query: ask(caller, query, patience)
    finally:
        patience.cancel()


def finished(query: object, method: str) -> None:
    """Raise QueryError for what cannot be sent by a method of a client."""
    if isinstance(query, Query):
        return
    text = f"{query!r} is no query; write {method}(Leads.where(...).select(...))"
    if isinstance(query, Question):
        text = f"the query does not say what to show; finish it with {FINISHED}"
    raise unsendable(text, query, method)


def counting(query: Question) -> Query:
    """The query whose total is the number of leads: a list of one row."""
    if not isinstance(query, Question):
        text = f"{query!r} is no query; write count(Leads.where(...))"
        raise unsendable(text, query, "count")
    leads = Unfinished(query.conditions, query.dates, query.users, None)
    return leads.select(ProspectID).page(1, 1)
