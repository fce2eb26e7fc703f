"""PowerShell: Windows PowerShell 5.1 and PowerShell 7."""

from __future__ import annotations

from typing import Final

from leadquery.errors import QueryError
from leadquery.exporters.base import (
    ExportRequest,
    LiteralSyntax,
    ResponseCode,
    ScriptTemplate,
    require_unicode,
    script_exporter,
)
from leadquery.wire.types import Json

MAX_DEPTH: Final = 100
"""The largest -Depth of ConvertTo-Json."""

TEMPLATE: Final = ScriptTemplate(
    comment_mark="#",
    # The script encodes and decodes UTF-8 itself: Windows PowerShell takes texts without a charset
    # for Latin-1.
    frame="""\
⟨comment⟩$ErrorActionPreference = 'Stop'

function Get-FromEnvironment([string] $Name) {
    $value = [string] [Environment]::GetEnvironmentVariable($Name)
    if ($value.Trim() -eq '') { throw "the environment lacks $Name" }
    return $value.Trim()
}

$origin = (Get-FromEnvironment '⟨HOST⟩').TrimEnd('/')
if (-not $origin.Contains('://')) { $origin = "https://$origin" }
$uri = $origin + '⟨PATH⟩' +
    '?⟨access⟩=' + [Uri]::EscapeDataString((Get-FromEnvironment '⟨ACCESS⟩')) +
    '&⟨secret⟩=' + [Uri]::EscapeDataString((Get-FromEnvironment '⟨SECRET⟩')) +
    '&⟨format⟩=⟨response_format⟩'
$payload = ⟨payload⟩

function Send-Payload {
    $body = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $payload -Depth ⟨depth⟩))
    try {
        # A compressed response that breaks off would look complete.
        $response = Invoke-WebRequest -UseBasicParsing -Method ⟨METHOD⟩ -Uri $uri `
            -Headers @{ 'Accept-Encoding' = 'identity' } `
            -ContentType '⟨CONTENT_TYPE⟩' -Body $body -MaximumRedirection 0 -TimeoutSec ⟨TIMEOUT⟩
    } catch {
        # A redirect may repeat the URL, which holds the keys.
        $status = [int] $_.Exception.Response.StatusCode
        if ($status -ge 300 -and $status -lt 400) { throw "status $status" }
        throw
    }
    $text = [Text.Encoding]::UTF8.GetString($response.RawContentStream.ToArray())
    if (-not (⟨check⟩)) { throw $text }
    return $text
}

⟨calls⟩""",
    json=ResponseCode(
        # Some errors have status 200; Invoke-WebRequest throws those with another status.
        # Without any rows, the list may be missing.
        check="$null -ne (ConvertFrom-Json $text).⟨ROWS⟩"
        " -or [string] (ConvertFrom-Json $text).⟨TOTAL⟩ -eq '0'",
        one_page="Send-Payload\n",
        all_pages="""\
$rows = @()
$total = '0'
for ($page = 1; ; $page++) {
    $payload['⟨PAGING⟩']['⟨INDEX⟩'] = $page
    $response = ConvertFrom-Json (Send-Payload)
    $found = @($response.⟨ROWS⟩ | Where-Object { $null -ne $_ })
    $rows += $found
    # After the last page, the total is 0.
    if ([int] $response.⟨TOTAL⟩ -ne 0) { $total = $response.⟨TOTAL⟩ }
    $isLast = $page * $payload['⟨PAGING⟩']['⟨SIZE⟩'] -ge [int] $total
    if ($rows.Count -ge [int] $total -or ($found.Count -eq 0 -and $isLast)) { break }
    Start-Sleep -Milliseconds (⟨PAUSE⟩ * 1000) # At most ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds.
}
ConvertTo-Json -InputObject ([ordered]@{ ⟨TOTAL⟩ = $total; ⟨ROWS⟩ = $rows }) -Depth 3
""",
    ),
    csv=ResponseCode(
        check="[string] $response.Headers['Content-Type'] -like '⟨CSV⟩*'",
        one_page="[Console]::Out.Write((Send-Payload))\n",
        all_pages="""\
for ($page = 1; ; $page++) {
    $payload['⟨PAGING⟩']['⟨INDEX⟩'] = $page
    $header, $rows = (Send-Payload) -split "`n", 2
    if ($page -eq 1) { [Console]::Out.Write($header + "`n") }
    # CSV has no total: the first page with only a header is the end.
    if ([string] $rows -eq '') { break }
    if ($rows -notmatch '\\n\\z') { $rows += "`n" }
    [Console]::Out.Write($rows)
    Start-Sleep -Milliseconds (⟨PAUSE⟩ * 1000) # At most ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds.
}
""",
    ),
)


def _text(text: str) -> str:
    """A string in single quotes, where only quotes need an escape.

    Windows PowerShell reads files without a byte order mark as Latin-1, and takes curly quotes
    for straight ones, so text that is not ASCII is written with regular expression escapes.
    """
    if all(" " <= char <= "~" for char in text):
        return f"'{_double_quotes(text)}'"
    escaped = "".join(map(_escape, require_unicode(text, "powershell")))
    return f"[regex]::Unescape('{_double_quotes(escaped)}')"


def _double_quotes(text: str) -> str:
    return text.replace("'", "''")


def _escape(char: str) -> str:
    """A character, or the escapes of its code units in UTF-16."""
    if char == "\\":
        return r"\\"
    if " " <= char <= "~":
        return char
    units = char.encode("utf-16-be").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


SYNTAX: Final = LiteralSyntax(
    text=_text,
    braces=("[ordered]@{", "}"),
    brackets=("@(", ")"),
    key_separator=" = ",
    entry_end="",
    last_item_end="",
    empty="[ordered]@{}",
    constants=("$null", "$false", "$true"),
    lone_list=",",
)


def _parts(request: ExportRequest) -> dict[str, str]:
    depth = _depth(request.payload)
    if depth > MAX_DEPTH:
        raise QueryError(
            f"the payload is {depth} levels deep, but ConvertTo-Json writes at most {MAX_DEPTH}; "
            "choose another exporter"
        )
    return {"payload": SYNTAX.literal(request.payload), "depth": str(depth)}


def _depth(value: Json) -> int:
    """How many objects and lists are nested in each other at most."""
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max((_depth(item) for item in inner if isinstance(item, (dict, list))), default=0)


POWERSHELL: Final = script_exporter(
    name="powershell",
    title="PowerShell 5.1 and later",
    suffix=".ps1",
    template=TEMPLATE,
    parts=_parts,
    written_by="leadquery itself, as no library writes PowerShell literals",
)
