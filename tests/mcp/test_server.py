"""The server in this process, by the SDK's own client: questions to the person, and errors."""

from __future__ import annotations

import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest

pytest.importorskip("mcp", reason="the SDK is not installed")

from mcp import Client
from mcp.client.context import ClientRequestContext
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, ElicitRequestParams, ElicitResult

from leadquery import Client as LeadClient
from leadquery.lint.catalog import FieldCatalog
from leadquery.mcp.assistant import Assistant
from leadquery.mcp.budget import Budget
from leadquery.mcp.server import build_server
from leadquery.mcp.tools import BY_NAME, TOOLS
from tests.mcp.accounts import Journal, demo_assistant, demo_client
from tests.mcp.test_assistant import LIST, SEVERAL

ERAS = ("legacy", "auto")
"""With the handshake of 2025, and without one since 2026."""

each_era = pytest.mark.parametrize("era", ERAS)


class Person:
    """Accepts or declines questions, and remembers them."""

    def __init__(self, *actions: str) -> None:
        self._actions = iter(actions)
        self.questions: list[str] = []

    async def __call__(
        self, context: ClientRequestContext, params: ElicitRequestParams
    ) -> ElicitResult:
        self.questions.append(params.message)
        action = next(self._actions)
        if action == "fail":
            raise MCPError(-32000, "the window is closed")
        return ElicitResult(action=action)  # type: ignore[arg-type]


def served(
    assistant: Assistant,
    use: Callable[[Client], Awaitable[None]],
    era: str = "legacy",
    person: Person | None = None,
) -> None:
    """Use a client of an assistant."""

    async def run() -> None:
        server = build_server(assistant)
        async with Client(server, mode=era, elicitation_callback=person) as client:
            await use(client)

    anyio.run(run)


def text(result: CallToolResult) -> str:
    (content,) = result.content
    return str(content.text)  # type: ignore[union-attr]


def test_the_tools_are_listed(assistant: Assistant) -> None:
    async def use(client: Client) -> None:
        listed = (await client.list_tools()).tools
        assert [tool.name for tool in listed] == list(BY_NAME)
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in listed)
        definitions = json.dumps([tool.model_dump(exclude_none=True) for tool in listed])
        # A model reads them at the start of each conversation: about 3,500 tokens.
        assert len(definitions) < 14_000

    served(assistant, use)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: str(tool.name))
def test_input_schemas_are_valid(tool: Any) -> None:
    jsonschema = pytest.importorskip("jsonschema")

    jsonschema.Draft202012Validator.check_schema(tool.input_schema)
    # Some clients do not read references.
    assert "$ref" not in json.dumps(tool.input_schema)


@each_era
def test_a_draft_is_made_and_run(era: str, assistant: Assistant) -> None:
    async def use(client: Client) -> None:
        draft = await client.call_tool("draft", {"query": LIST})
        assert json.loads(text(draft)) == draft.structured_content
        ran = await client.call_tool("run", {"draft": "draft-1", "limit": 2})
        assert not ran.is_error
        assert ran.structured_content["returned"] == 2

    served(assistant, use, era)


@each_era
def test_the_person_is_asked(era: str, journal: Journal) -> None:
    assistant = demo_assistant(budget=4)
    person = Person("accept", "decline", "cancel", "accept")

    async def use(client: Client) -> None:
        await client.call_tool("draft", {"query": SEVERAL})
        ran = await client.call_tool("run", {"draft": "draft-1"})
        assert ran.structured_content["requests"] == 6
        for _ in range(2):
            declined = await client.call_tool("run", {"draft": "draft-1"})
            assert declined.is_error
            assert text(declined) == (
                "this takes 6 requests, and 0 of the 4 that may be sent in an hour without asking "
                "are left, and the person has not agreed; nothing was sent. Draft a query that "
                "takes fewer requests, wait 61 minutes, or tell the person to start leadquery mcp "
                "with a larger --budget"
            )
        assert len(journal.payloads) == 6
        counted = await client.call_tool("count", {"draft": "draft-1", "max_requests": 20})
        assert counted.structured_content["requests"] == 6

    served(assistant, use, era, person)

    assert len(person.questions) == 4
    assert person.questions[0] == (
        "leadquery: this takes 6 requests, and 3 of the 4 that may be sent in an hour without "
        "asking are left. Send 6 requests to your LeadSquared account?\nNumber of leads per "
        'OwnerId, of leads with (mx_City equal to "Delhi" or Score above 80).'
    )
    assert "Send 20 requests" in person.questions[3]
    assert len(journal.payloads) == 12


@each_era
def test_a_client_that_cannot_ask(era: str, journal: Journal) -> None:
    assistant = demo_assistant(budget=4)

    async def use(client: Client) -> None:
        await client.call_tool("draft", {"query": SEVERAL})
        assert "this client cannot ask the person" in text(
            await client.call_tool("run", {"draft": "draft-1"})
        )

    served(assistant, use, era)
    assert journal.payloads == []


def test_a_question_that_fails(journal: Journal) -> None:
    assistant = demo_assistant(budget=4)

    async def use(client: Client) -> None:
        await client.call_tool("draft", {"query": SEVERAL})
        assert "this client could not ask the person" in text(
            await client.call_tool("run", {"draft": "draft-1"})
        )

    served(assistant, use, person=Person("fail"))
    assert journal.payloads == []


@each_era
def test_a_person_is_asked_again_for_each_part(era: str, journal: Journal) -> None:
    """The fields and the users are two calls."""
    assistant = demo_assistant(budget=1)
    person = Person("accept", "accept")

    async def use(client: Client) -> None:
        query = {**LIST, "owners": ["Aarav Roy"]}
        assert not (await client.call_tool("draft", {"query": query})).is_error
        ran = await client.call_tool("run", {"draft": "draft-1"})
        assert ran.structured_content["requests"] == 1

    served(assistant, use, era, person)
    assert len(person.questions) == 2
    assert len(journal.requests) == 3


def test_a_response_counts_for_its_call_and_once(journal: Journal) -> None:
    """A client that invents responses, or repeats one, is asked again."""
    assistant = demo_assistant(budget=1)
    accepted = ElicitResult(action="accept")

    async def use(client: Client) -> None:
        for _ in range(2):
            await client.call_tool("draft", {"query": SEVERAL})
        invented = {"run draft-1 6": accepted}
        call = client.session.call_tool
        arguments = {"draft": "draft-1"}

        async def asks(responses: Any, draft: str = "draft-1") -> bool:
            result = await call(
                "run", {"draft": draft}, input_responses=responses, allow_input_required=True
            )
            return result.result_type == "input_required"

        assert await asks(invented)
        # Now it has been asked, but for the other draft.
        assert await asks(invented, "draft-2")
        assert not await asks(invented)
        assert await asks(invented)
        assert arguments == {"draft": "draft-1"}

    served(assistant, use, "auto", Person())
    assert len(journal.payloads) == 6


WRONG_CALLS: dict[str, tuple[str, dict[str, Any], str]] = {
    "no such tool": ("runn", {}, "there is no tool 'runn'; did you mean 'run'?"),
    "unlike any tool": ("sql_query", {}, "there is no tool 'sql_query'; the tools are find_fields"),
    "a payload as a draft": ("run", {"draft": {"Output": {}}}, "draft takes the name of a draft"),
    "a payload beside": ("run", {"payload": {}}, "make a draft of it first, and pass its name"),
    "no draft": ("run", {}, "the call of run: draft is missing; The name of a draft"),
    "null for a draft": ("run", {"draft": None}, "draft is missing"),
    "misspelt argument": ("count", {"drafts": "draft-1"}, "write 'draft'"),
    "unknown argument": ("describe", {"draft": "draft-1", "verbose": True}, "it takes draft"),
    "limit as text": (
        "run",
        {"draft": "x", "limit": "5"},
        "limit: found '5'; write a whole number",
    ),
    "limit too large": (
        "run",
        {"draft": "x", "limit": 5000},
        "limit: found 5000; write a number from 1 to 1,000",
    ),
    "limit of true": (
        "run",
        {"draft": "x", "limit": True},
        "limit: found true; write a whole number",
    ),
    "warnings as numbers": (
        "run",
        {"draft": "x", "accept_warnings": [5]},
        'write a list of texts, such as ["LQ504"]',
    ),
    "a query as a list": ("draft", {"query": "[]"}, "query: found a list; write an object"),
    "a query as words": (
        "draft",
        {"query": "all leads"},
        "query: found 'all leads'; write an object",
    ),
    "a payload as a number": (
        "check_payload",
        {"payload": 5},
        "payload: found 5; write an object, in {...}, or a text",
    ),
}


@pytest.mark.parametrize("name", WRONG_CALLS)
def test_wrong_calls(name: str, assistant: Assistant, journal: Journal) -> None:
    tool, arguments, expected = WRONG_CALLS[name]

    async def use(client: Client) -> None:
        result = await client.call_tool(tool, arguments)
        assert result.is_error
        assert expected in text(result)

    served(assistant, use)
    assert journal.requests == []


def test_texts_that_nest_deep(assistant: Assistant) -> None:
    async def use(client: Client) -> None:
        for tool, name in (("draft", "query"), ("check_payload", "payload")):
            result = await client.call_tool(tool, {name: '{"any":' * 5_000})
            assert len(text(result)) < 3_000
            assert "failed" not in text(result)

    served(assistant, use, "auto")


def test_arguments_as_json_text(assistant: Assistant) -> None:
    """Some clients send objects so."""

    async def use(client: Client) -> None:
        draft = await client.call_tool("draft", {"query": json.dumps(LIST)})
        assert draft.structured_content["draft"] == "draft-1"

    served(assistant, use)


def test_errors_of_the_api_are_messages() -> None:
    session = demo_client()._transport.session
    other = LeadClient("api.example.com", "access", "mistyped", session)
    assistant = Assistant(other, Budget(9), FieldCatalog.of(["Phone", "Score"]))

    async def use(client: Client) -> None:
        await client.call_tool("draft", {"query": LIST})
        ran = text(await client.call_tool("run", {"draft": "draft-1"}))
        assert "keys" in ran
        assert "mistyped" not in ran

    served(assistant, use)


def test_a_fault_names_no_value(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("ann@example.com")

    monkeypatch.setattr(assistant, "describe", fail)

    async def use(client: Client) -> None:
        result = text(await client.call_tool("describe", {"draft": "draft-1"}))
        assert result.startswith("leadquery failed with KeyError")

    served(assistant, use)
    errors = capsys.readouterr().err
    assert errors.startswith("leadquery mcp: KeyError in fail, line ")
    assert "ann@example.com" not in errors


def test_half_of_a_surrogate_pair_in_a_row(assistant: Assistant) -> None:
    async def use(client: Client) -> None:
        result = await client.call_tool("find_fields", {"text": "shoe\ud800size"})
        assert "shoe" in text(result)

    served(assistant, use, "auto")


def test_a_call_that_is_cancelled_sends_nothing_more(journal: Journal) -> None:
    """And the server goes on with other calls meanwhile."""
    assistant = demo_assistant(budget=50)
    begun, release = threading.Event(), threading.Event()

    def wait() -> None:
        if len(journal.payloads) == 1:
            begun.set()
            release.wait(60)

    async def use(client: Client) -> None:
        await client.call_tool("draft", {"query": SEVERAL})
        journal.before = wait
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.call_tool, "run", {"draft": "draft-1"})
            assert await anyio.to_thread.run_sync(begun.wait, 60)
            assert not (await client.call_tool("describe", {"draft": "draft-1"})).is_error
            tasks.cancel_scope.cancel()
        with anyio.fail_after(30):
            # What was reserved for it is free at once.
            while assistant.budget.free != 48:
                await anyio.sleep(0.01)
        release.set()
        await anyio.sleep(0.1)

    served(assistant, use)
    assert assistant.budget.free == 48
    assert len(journal.payloads) == 1
