"""PowerShell: Windows PowerShell 5.1 and PowerShell 7."""

from __future__ import annotations

from typing import Final

from leadquery.errors import QueryError
from leadquery.exporters.base import Exporter, ExportRequest, single
from leadquery.exporters.literals import LiteralSyntax, depth
from leadquery.exporters.scripts import ScriptTemplate
from leadquery.exporters.templating import whole_pairs

DEEPEST: Final = 100
"""The largest depth that ConvertTo-Json takes."""

# The bytes of body and answer are made and read here: Windows PowerShell takes texts without a
# charset for Latin-1.
FRAME: Final = """\
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
    '&⟨format⟩=⟨answer⟩'
$payload = ⟨payload⟩

function Send-Payload {
    $body = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $payload -Depth ⟨depth⟩))
    try {
        $response = Invoke-WebRequest -UseBasicParsing -Method ⟨METHOD⟩ -Uri $uri `
            -ContentType '⟨CONTENT_TYPE⟩' -Body $body -MaximumRedirection 0 -TimeoutSec ⟨TIMEOUT⟩
    } catch {
        # What a redirect says may repeat the URL, which holds the keys.
        $status = [int] $_.Exception.Response.StatusCode
        if ($status -ge 300 -and $status -lt 400) { throw "status $status" }
        throw
    }
    $text = [Text.Encoding]::UTF8.GetString($response.RawContentStream.ToArray())
    if (-not (⟨answered⟩)) { throw $text }
    return $text
}

⟨calls⟩"""

# Some errors come with status 200; those with another are thrown by Invoke-WebRequest.
ANSWERED: Final = "(ConvertFrom-Json $text).PSObject.Properties['⟨ROWS⟩']"

ANSWERED_CSV: Final = "[string] $response.Headers['Content-Type'] -like '⟨CSV⟩*'"

ONCE: Final = "Send-Payload\n"

ONCE_CSV: Final = "[Console]::Out.Write((Send-Payload))\n"

PAGES: Final = """\
$rows = @()
for ($page = 1; ; $page++) {
    $payload['⟨PAGING⟩']['⟨INDEX⟩'] = $page
    $answer = ConvertFrom-Json (Send-Payload)
    $rows += @($answer.⟨ROWS⟩)
    if (@($answer.⟨ROWS⟩).Count -eq 0 -or $rows.Count -ge [int] $answer.⟨TOTAL⟩) { break }
    Start-Sleep -Milliseconds (⟨PAUSE⟩ * 1000) # ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
}
ConvertTo-Json -InputObject ([ordered]@{ ⟨TOTAL⟩ = $answer.⟨TOTAL⟩; ⟨ROWS⟩ = $rows }) -Depth 3
"""

PAGES_CSV: Final = """\
for ($page = 1; ; $page++) {
    $payload['⟨PAGING⟩']['⟨INDEX⟩'] = $page
    $header, $rows = (Send-Payload) -split "`n", 2
    if ($page -eq 1) { [Console]::Out.Write($header + "`n") }
    # The page behind the last one is its header alone.
    if (([string] $rows).Trim() -eq '') { break }
    [Console]::Out.Write($rows.TrimEnd("`n") + "`n")
    Start-Sleep -Milliseconds (⟨PAUSE⟩ * 1000) # ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
}
"""

SCRIPT: Final = ScriptTemplate(
    FRAME, "#", json=(ANSWERED, ONCE, PAGES), csv=(ANSWERED_CSV, ONCE_CSV, PAGES_CSV)
)


def _text(text: str) -> str:
    """In single quotes, where nothing but quotes is read.

    Windows PowerShell reads files without a mark as Latin-1, and takes quotes that are curved for
    straight ones: what is not ASCII is written as an escape of regular expressions.
    """
    if all(" " <= one <= "~" for one in text):
        return f"'{_doubled(text)}'"
    return f"[regex]::Unescape('{_doubled(''.join(map(_escaped, whole_pairs(text, NAME))))}')"


def _doubled(text: str) -> str:
    return text.replace("'", "''")


def _escaped(one: str) -> str:
    """A character, or its two halves in UTF-16."""
    if one == "\\":
        return r"\\"
    if " " <= one <= "~":
        return one
    units = one.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


NAME: Final = "powershell"

NOTATION: Final = LiteralSyntax(
    _text, "[ordered]@{", "}", " = ", "", ("@(", ")"), "", "[ordered]@{}"
)


def _write(sending: ExportRequest) -> str:
    payload = sending.payload
    deep = depth(payload)
    if deep > DEEPEST:
        raise QueryError(
            f"ConvertTo-Json goes {DEEPEST} levels deep, and this payload {deep}; "
            "write another target"
        )
    return SCRIPT.text(sending, payload=NOTATION.literal(payload), depth=str(deep))


EXPORTER: Final = Exporter(
    name=NAME,
    title="PowerShell 5.1 and later",
    suffix=".ps1",
    write=single(_write),
    writer="none is kept for Python; the literals are leadquery's own",
    loops=True,
)
