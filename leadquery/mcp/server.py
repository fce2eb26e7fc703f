"""The server: the tools over stdio, by the official SDK.

Tools run in threads, so that the server goes on answering meanwhile. Nothing is logged: neither
what a model sends nor what the account returns.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
import warnings
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from typing import Any, Final

import anyio
import anyio.to_thread
from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool as ToolDefinition,
    ToolAnnotations,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from leadquery.errors import LeadQueryError
from leadquery.mcp.assistant import Assistant, Scope
from leadquery.mcp.budget import ApprovalNeededError, count_requests
from leadquery.mcp.refusals import plain_message
from leadquery.mcp.tools import INSTRUCTIONS, TOOLS, Tool, get_tool

Context = ServerRequestContext[Any, Any]

_CONFIRMATION: Final[dict[str, Any]] = {"type": "object", "properties": {}}
"""The form that a person accepts or declines; it asks for nothing else."""


def build_server(assistant: Assistant) -> Server:
    """The server of an assistant's tools."""
    handlers = _Handlers(assistant)
    return Server(
        "leadquery",
        version=version("leadquery"),
        title="leadquery",
        instructions=INSTRUCTIONS,
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
    )


def serve(assistant: Assistant) -> None:
    """Serve over stdin and stdout until the client closes them."""
    # The thread that reads stdin would keep the process alive after Ctrl-C.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # The SDK logs what is wrong with messages, and with that what is in them.
    logging.getLogger("mcp").setLevel(logging.CRITICAL + 1)
    # Notes of a result say the same.
    warnings.simplefilter("ignore")
    server = build_server(assistant)

    async def run() -> None:
        async with stdio_server() as (read_stream, write_stream):
            await server.run(read_stream, write_stream, server.create_initialization_options())

    anyio.run(run)


class _Handlers:
    """Lists and calls the tools of an assistant."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._asked: dict[str, int] = {}
        """The requests of questions that wait for a response of the person."""

    async def list_tools(
        self, context: Context, params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        """The definitions of the tools."""
        return ListToolsResult(tools=list(map(_definition, TOOLS)))

    async def call_tool(
        self, context: Context, params: CallToolRequestParams
    ) -> CallToolResult | InputRequiredResult:
        """What a tool returns, a message for the model, or a question to the person."""
        try:
            tool = get_tool(params.name)
            arguments = tool.read_arguments(params.arguments or {})
            return await self._call(context, params, tool, arguments)
        except LeadQueryError as error:
            return _message(plain_message(error))
        except Exception as error:  # noqa: BLE001 - what it says may have rows or keys in it.
            _report(error)
            return _message(
                f"leadquery failed with {type(error).__name__}, which is a fault of leadquery; "
                "nothing is wrong with the call; try another one, and tell the person"
            )

    async def _call(
        self,
        context: Context,
        params: CallToolRequestParams,
        tool: Tool,
        arguments: dict[str, Any],
    ) -> CallToolResult | InputRequiredResult:
        approved, declined = self._responses(tool, arguments, params)
        while True:
            try:
                return _result(await _in_thread(self._assistant, tool, Scope(approved), arguments))
            except ApprovalNeededError as error:
                needed = error
            if declined:
                return self._refusal(needed, "the person has not agreed")
            if not _can_ask(context):
                return self._refusal(needed, "this client cannot ask the person")
            request = self._question(arguments, needed)
            if context.protocol_version in MODERN_PROTOCOL_VERSIONS:
                key = _question_key(tool, arguments, needed.requests)
                self._asked[key] = needed.requests
                return InputRequiredResult(input_requests={key: request})
            try:
                response = await context.session.elicit_form(
                    request.params.message, _CONFIRMATION, context.request_id
                )
            except MCPError:
                return self._refusal(needed, "this client could not ask the person")
            declined = response.action != "accept"
            approved = 0 if declined else needed.requests

    def _responses(
        self, tool: Tool, arguments: Mapping[str, Any], params: CallToolRequestParams
    ) -> tuple[int, bool]:
        """The requests that the person has approved for this call, and whether one was declined."""
        approved, declined = 0, False
        for key, response in (params.input_responses or {}).items():
            requests = self._asked.get(key)
            if requests is None or key != _question_key(tool, arguments, requests):
                continue
            del self._asked[key]
            if isinstance(response, ElicitResult) and response.action == "accept":
                approved = requests
            else:
                declined = True
        return approved, declined

    def _question(self, arguments: Mapping[str, Any], needed: ApprovalNeededError) -> ElicitRequest:
        draft = self._assistant.draft_sentence(arguments.get("draft"))
        return ElicitRequest(
            params=ElicitRequestFormParams(
                message=f"leadquery: {plain_message(needed)}. Send "
                f"{count_requests(needed.requests)} to your LeadSquared account?{draft}",
                requested_schema=_CONFIRMATION,
            )
        )

    def _refusal(self, needed: ApprovalNeededError, reason: str) -> CallToolResult:
        return _message(
            f"{plain_message(needed)}, and {reason}; nothing was sent. Draft a query that takes "
            f"fewer requests, wait {self._assistant.budget.minutes} minutes, or tell the person to "
            "start leadquery mcp with a larger --budget"
        )


def _question_key(tool: Tool, arguments: Mapping[str, Any], requests: int) -> str:
    """Names a question, so that its response counts for the same call only."""
    return f"{tool.name} {arguments.get('draft', '')} {requests}"


def _can_ask(context: Context) -> bool:
    """Whether the client shows forms to the person; one that names no kind of them does."""
    capabilities = context.session.client_capabilities
    elicitation = None if capabilities is None else capabilities.elicitation
    return elicitation is not None and (elicitation.form is not None or elicitation.url is None)


async def _in_thread(
    assistant: Assistant, tool: Tool, scope: Scope, arguments: dict[str, Any]
) -> dict[str, Any]:
    """What a tool returns. A call that is cancelled is left at once, and sends nothing more."""
    function = partial(getattr(assistant, tool.name), scope, **arguments)
    try:
        return await anyio.to_thread.run_sync(function, abandon_on_cancel=True)
    except anyio.get_cancelled_exc_class():
        scope.cancel()
        raise


def _result(response: dict[str, Any]) -> CallToolResult:
    text = _sendable(json.dumps(response, ensure_ascii=False))
    return CallToolResult(content=[TextContent(text=text)], structured_content=json.loads(text))


def _message(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=_sendable(text))], is_error=True)


def _sendable(text: str) -> str:
    """The text in which a half of a surrogate pair, which a lead may have, is a question mark."""
    return text.encode(errors="replace").decode()


def _report(error: BaseException) -> None:
    """Name a fault on stderr, and where it was, without what it says."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" in {trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}"
    print(f"leadquery mcp: {type(error).__name__}{place}", file=sys.stderr)


def _definition(tool: Tool) -> ToolDefinition:
    annotations = ToolAnnotations(
        title=tool.title,
        read_only_hint=True,
        destructive_hint=False,
        idempotent_hint=True,
        open_world_hint=tool.sends,
    )
    return ToolDefinition(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=annotations,
    )
