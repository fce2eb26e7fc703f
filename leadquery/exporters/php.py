"""PHP, without extensions or packages."""

from __future__ import annotations

from typing import Final

from leadquery.exporters.base import (
    ExportRequest,
    LiteralSyntax,
    ResponseCode,
    ScriptTemplate,
    require_unicode,
    script_exporter,
)

TEMPLATE: Final = ScriptTemplate(
    comment_mark="//",
    # Not file_get_contents: where it stores the response headers depends on the version of PHP.
    frame="""\
<?php

⟨comment⟩declare(strict_types=1);

function variable(string $name): string
{
    $value = trim((string) getenv($name));
    return $value === '' ? fail("the environment lacks $name") : $value;
}

function fail(string $message): never
{
    fwrite(STDERR, "$message\\n");
    exit(1);
}

$host = rtrim(variable('⟨HOST⟩'), '/');
$origin = str_contains($host, '://') ? $host : "https://$host";
$url = "{$origin}⟨PATH⟩"
    . '?⟨access⟩=' . rawurlencode(variable('⟨ACCESS⟩'))
    . '&⟨secret⟩=' . rawurlencode(variable('⟨SECRET⟩'))
    . '&⟨format⟩=⟨response_format⟩';
$payload = ⟨payload⟩;

function ask(string $url, array $payload): string
{
    $context = stream_context_create(['http' => [
        'method' => '⟨METHOD⟩',
        'header' => 'Content-Type: ⟨CONTENT_TYPE⟩',
        'content' => json_encode($payload, JSON_THROW_ON_ERROR),
        'ignore_errors' => true,
        'follow_location' => 0,
        'auto_decode' => false,
        'timeout' => ⟨TIMEOUT⟩,
    ]]);
    // Silence the warning, which shows the URL with the keys.
    $stream = @fopen($url, 'r', false, $context);
    if ($stream === false) {
        fail('no response');
    }
    $headers = implode("\\n", stream_get_meta_data($stream)['wrapper_data']);
    preg_match('~^HTTP/\\S+ (\\d+)~', $headers, $status);
    if ($status[1][0] === '3') {
        fail("status $status[1]"); // A redirect may repeat the URL.
    }
    $response = whole($stream, $headers);
    if ($status[1] !== '200' || !(⟨check⟩)) {
        fail("status $status[1]: $response");
    }
    return $response;
}

// PHP does not notice that a response breaks off, so check its length.
function whole($stream, string $headers): string
{
    $response = (string) stream_get_contents($stream);
    $whole = !stream_get_meta_data($stream)['timed_out'];
    if (preg_match('~^Transfer-Encoding: *chunked~mi', $headers)) {
        $whole = $whole && str_ends_with("\\r\\n$response", "\\r\\n0\\r\\n\\r\\n");
        $chunks = fopen('php://memory', 'w+');
        fwrite($chunks, $response);
        rewind($chunks);
        stream_filter_append($chunks, 'dechunk', STREAM_FILTER_READ);
        $response = (string) stream_get_contents($chunks);
    } elseif (preg_match('~^Content-Length: *(\\d+)~mi', $headers, $length)) {
        $whole = $whole && strlen($response) === (int) $length[1];
    }
    return $whole ? $response : fail('the response breaks off');
}

⟨calls⟩""",
    json=ResponseCode(
        # Some errors have status 200. Without any rows, the list may be missing.
        check="is_array(json_decode($response)->⟨ROWS⟩ ?? null)"
        " || (json_decode($response)->⟨TOTAL⟩ ?? '') == '0'",
        one_page="echo ask($url, $payload), PHP_EOL;\n",
        all_pages="""\
$rows = [];
$total = '0';
for ($page = 1; ; $page++) {
    $payload['⟨PAGING⟩']['⟨INDEX⟩'] = $page;
    $response = json_decode(ask($url, $payload));
    $found = $response->⟨ROWS⟩ ?? [];
    array_push($rows, ...$found);
    // After the last page, the total is 0.
    if ((int) $response->⟨TOTAL⟩ !== 0) {
        $total = $response->⟨TOTAL⟩;
    }
    $isLast = $page * $payload['⟨PAGING⟩']['⟨SIZE⟩'] >= (int) $total;
    if (count($rows) >= (int) $total || ($found === [] && $isLast)) {
        break;
    }
    usleep((int) (⟨PAUSE⟩ * 1_000_000)); // At most ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds.
}
$response = ['⟨TOTAL⟩' => $total, '⟨ROWS⟩' => $rows];
echo json_encode($response, JSON_PRETTY_PRINT | JSON_THROW_ON_ERROR), PHP_EOL;
""",
    ),
    csv=ResponseCode(
        check="preg_match('~^Content-Type: *⟨CSV⟩~mi', $headers)",
        one_page="echo ask($url, $payload);\n",
        all_pages="""\
for ($page = 1; ; $page++) {
    $payload['⟨PAGING⟩']['⟨INDEX⟩'] = $page;
    [$header, $rows] = explode("\\n", ask($url, $payload), 2) + ['', ''];
    if ($page === 1) {
        echo $header, "\\n";
    }
    // CSV has no total: the first page with only a header is the end.
    if ($rows === '') {
        break;
    }
    echo $rows, str_ends_with($rows, "\\n") ? '' : "\\n";
    usleep((int) (⟨PAUSE⟩ * 1_000_000)); // At most ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds.
}
""",
    ),
)


def _text(text: str) -> str:
    """A string in single quotes if it is printable ASCII, else in double quotes with escapes."""
    if all(" " <= char <= "~" for char in text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return f'"{"".join(map(_escape, require_unicode(text, "php")))}"'


def _escape(char: str) -> str:
    if char in '\\"$':
        return f"\\{char}"
    return char if " " <= char <= "~" else f"\\u{{{ord(char):x}}}"


SYNTAX: Final = LiteralSyntax(
    text=_text,
    braces=("[", "]"),
    brackets=("[", "]"),
    key_separator=" => ",
    entry_end=",",
    last_item_end=",",
    empty="new stdClass()",
    constants=("null", "false", "true"),
)


def _parts(request: ExportRequest) -> dict[str, str]:
    return {"payload": SYNTAX.literal(request.payload)}


PHP: Final = script_exporter(
    name="php",
    title="PHP 8.1 and later",
    suffix=".php",
    template=TEMPLATE,
    parts=_parts,
    written_by="leadquery itself, as no library writes PHP literals",
)
