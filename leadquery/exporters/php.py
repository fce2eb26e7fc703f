"""PHP, with nothing but what every PHP has."""

from __future__ import annotations

from typing import Final

from leadquery.exporters.base import Exporter, ExportRequest, single
from leadquery.exporters.literals import LiteralSyntax
from leadquery.exporters.scripts import ScriptTemplate
from leadquery.exporters.templating import whole_pairs

# Not file_get_contents: where it leaves the headers of an answer depends on the version of PHP.
FRAME: Final = """\
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
    . '&⟨format⟩=⟨answer⟩';
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
    // The warning that is silenced here shows the URL, which holds the keys.
    $stream = @fopen($url, 'r', false, $context);
    if ($stream === false) {
        fail('no answer');
    }
    $headers = implode("\\n", stream_get_meta_data($stream)['wrapper_data']);
    preg_match('~^HTTP/\\S+ (\\d+)~', $headers, $status);
    if ($status[1][0] === '3') {
        fail("status $status[1]"); // What a redirect says may repeat the URL.
    }
    $answer = whole($stream, $headers);
    if ($status[1] !== '200' || !⟨answered⟩) {
        fail("status $status[1]: $answer");
    }
    return $answer;
}

// PHP itself takes what came before an answer broke off for the whole.
function whole($stream, string $headers): string
{
    $answer = (string) stream_get_contents($stream);
    $whole = !stream_get_meta_data($stream)['timed_out'];
    if (preg_match('~^Transfer-Encoding: *chunked~mi', $headers)) {
        $whole = $whole && str_ends_with("\\r\\n$answer", "\\r\\n0\\r\\n\\r\\n");
        $chunks = fopen('php://memory', 'w+');
        fwrite($chunks, $answer);
        rewind($chunks);
        stream_filter_append($chunks, 'dechunk', STREAM_FILTER_READ);
        $answer = (string) stream_get_contents($chunks);
    } elseif (preg_match('~^Content-Length: *(\\d+)~mi', $headers, $length)) {
        $whole = $whole && strlen($answer) === (int) $length[1];
    }
    return $whole ? $answer : fail('the answer breaks off');
}

⟨calls⟩"""

# Some errors come with status 200.
ANSWERED: Final = "isset(json_decode($answer)->⟨ROWS⟩)"

ANSWERED_CSV: Final = "preg_match('~^Content-Type: *⟨CSV⟩~mi', $headers)"

ONCE: Final = "echo ask($url, $payload), PHP_EOL;\n"

ONCE_CSV: Final = "echo ask($url, $payload);\n"

PAGES: Final = """\
$rows = [];
for ($page = 1; ; $page++) {
    $payload['⟨PAGING⟩']['⟨INDEX⟩'] = $page;
    $answer = json_decode(ask($url, $payload));
    array_push($rows, ...$answer->⟨ROWS⟩);
    if ($answer->⟨ROWS⟩ === [] || count($rows) >= (int) $answer->⟨TOTAL⟩) {
        break;
    }
    usleep((int) (⟨PAUSE⟩ * 1_000_000)); // ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
}
$answer->⟨ROWS⟩ = $rows;
echo json_encode($answer, JSON_PRETTY_PRINT | JSON_THROW_ON_ERROR), PHP_EOL;
"""

PAGES_CSV: Final = """\
for ($page = 1; ; $page++) {
    $payload['⟨PAGING⟩']['⟨INDEX⟩'] = $page;
    [$header, $rows] = explode("\\n", ask($url, $payload) . "\\n", 2);
    if ($page === 1) {
        echo $header, "\\n";
    }
    // The page behind the last one is its header alone.
    if (trim($rows) === '') {
        break;
    }
    echo rtrim($rows, "\\n"), "\\n";
    usleep((int) (⟨PAUSE⟩ * 1_000_000)); // ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
}
"""

SCRIPT: Final = ScriptTemplate(
    FRAME, "//", json=(ANSWERED, ONCE, PAGES), csv=(ANSWERED_CSV, ONCE_CSV, PAGES_CSV)
)


def _text(text: str) -> str:
    """In single quotes, where nothing but quotes and backslashes is read; else in double ones."""
    if all(" " <= one <= "~" for one in text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return f'"{"".join(map(_escaped, whole_pairs(text, "php")))}"'


def _escaped(one: str) -> str:
    if one in '\\"$':
        return f"\\{one}"
    return one if " " <= one <= "~" else f"\\u{{{ord(one):x}}}"


NOTATION: Final = LiteralSyntax(_text, "[", "]", " => ", ",", ("[", "]"), ",", "new stdClass()")


def _write(sending: ExportRequest) -> str:
    return SCRIPT.text(sending, payload=NOTATION.literal(sending.payload))


EXPORTER: Final = Exporter(
    name="php",
    title="PHP 8.1 and later",
    suffix=".php",
    write=single(_write),
    writer="none is kept for Python; the literals are leadquery's own",
    loops=True,
)
