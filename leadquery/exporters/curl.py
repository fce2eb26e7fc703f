"""curl: one command, or a script for any POSIX shell."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote
from typing import Final

from leadquery.exporters.base import (
    INDEX,
    Exporter,
    ExportRequest,
    ResponseCode,
    ScriptTemplate,
    ascii_json,
    render,
    script_exporter,
)

# The keys go to curl's standard input, so that no list of processes shows them, and curl encodes
# them. With `url-query`, it takes a host without a scheme for http, and ignores `--proto-default`.
# There is no comment, since zsh reads none in a command that is pasted.
COMMAND: Final = """\
curl --silent --show-error --fail-with-body --config - \\
  "$(case $⟨HOST⟩ in (*://*) ;; (*) echo https:// ;; esac)${⟨HOST⟩:?}\\
⟨PATH⟩?⟨format⟩=⟨response_format⟩" \\
  --header 'Content-Type: ⟨CONTENT_TYPE⟩' --data-raw '⟨body⟩' <<KEYS
url-query = ⟨access⟩=${⟨ACCESS⟩:?}
url-query = ⟨secret⟩=${⟨SECRET⟩:?}
KEYS
"""


def _write_command(requests: Sequence[ExportRequest]) -> str:
    # Without quotes and `!`, the history sign, the body is itself between single quotes.
    body = ascii_json(requests[0].payload).replace("'", r"\u0027").replace("!", r"\u0021")
    return render(COMMAND, requests[0], body=body)


TEMPLATE: Final = ScriptTemplate(
    comment_mark="#",
    # Every byte of a key is written as %XX: every POSIX shell has od, not every curl can encode.
    # The URL goes to curl's standard input, so that no list of processes shows the keys. The
    # response goes to a file, since a shell variable cannot hold every byte.
    frame="""\
#!/bin/sh
⟨comment⟩set -eu

fail() {
  printf '%s\\n' "$1" >&2
  exit 1
}

trimmed() {
  value=${1#"${1%%[![:space:]]*}"}
  printf %s "${value%"${value##*[![:space:]]}"}"
}

encoded() {
  printf %s "$1" | od -An -v -tx1 | tr -d ' \\n' | sed 's/../%&/g'
}

⟨HOST⟩=$(trimmed "${⟨HOST⟩-}")
⟨ACCESS⟩=$(trimmed "${⟨ACCESS⟩-}")
⟨SECRET⟩=$(trimmed "${⟨SECRET⟩-}")
: "${⟨HOST⟩:?is not set}"
: "${⟨ACCESS⟩:?is not set}"
: "${⟨SECRET⟩:?is not set}"
case $⟨HOST⟩ in
  *://*) origin=${⟨HOST⟩%/} ;;
  *) origin=https://${⟨HOST⟩%/} ;;
esac

response=$(mktemp)
trap 'rm -f "$response"' EXIT
trap 'exit 1' HUP INT TERM

holds() {
  LC_ALL=C tr -d ' \\t\\r\\n' <"$response" | LC_ALL=C grep -q "$1"
}

ask() {
  : >"$response"
  result=$(
    printf 'url = "%s⟨PATH⟩?⟨access⟩=%s&⟨secret⟩=%s&⟨format⟩=⟨response_format⟩"\\n' \\
      "$origin" "$(encoded "$⟨ACCESS⟩")" "$(encoded "$⟨SECRET⟩")" |
      curl --config - --globoff --silent --show-error --output "$response" \\
        --write-out '%{http_code} %{content_type}' \\
        --max-time ⟨TIMEOUT⟩ --header 'Content-Type: ⟨CONTENT_TYPE⟩' \\
        --data-raw ⟨body⟩
  )
  case $result in
    # A redirect may repeat the URL, which holds the keys.
    3*) fail "status ${result%% *}" ;;
  esac
  # Some errors have status 200.
  ⟨check⟩ || fail "status ${result%% *}: $(cat "$response")"
}

⟨calls⟩""",
    json=ResponseCode(
        # POSIX has no JSON parser: a response is recognized by its list of rows, or by a total of
        # 0. Neither can appear in a string, where quotes are escaped.
        check="""\
[ "${result%% *}" = 200 ] &&
    { holds '"⟨ROWS⟩":\\[' || holds '"⟨TOTAL⟩":"\\{0,1\\}0[",}]'; }""",
        one_page="""\
ask
cat "$response"
echo
""",
        all_pages="""\
page=1
total=0
while :; do
  ask
  found=$(LC_ALL=C tr -d ' \\t\\r\\n' <"$response" |
    LC_ALL=C sed -n 's/.*"⟨TOTAL⟩":"\\{0,1\\}\\([0-9]\\{1,\\}\\).*/\\1/p')
  # After the last page, the total is 0.
  if [ "${found:-0}" -ne 0 ]; then
    total=$found
  fi
  if holds '"⟨ROWS⟩":\\[[^]]'; then
    cat "$response"
    echo
  elif [ "$page" -eq 1 ] && [ "$total" -eq 0 ]; then
    cat "$response"
    echo
    break
  elif [ $((page * ⟨size⟩)) -ge "$total" ]; then
    break
  fi
  page=$((page + 1))
  sleep ⟨PAUSE⟩ # At most ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds.
done
""",
    ),
    csv=ResponseCode(
        check='[ "${result#200 ⟨CSV⟩}" != "$result" ]',
        one_page="""\
ask
cat "$response"
""",
        all_pages="""\
page=1
while :; do
  ask
  if [ "$page" -eq 1 ]; then
    head -n 1 "$response"
  fi
  # CSV has no total: the first page with only a header is the end.
  if [ "$(tail -n +2 "$response" | wc -c)" -eq 0 ]; then
    break
  fi
  tail -n +2 "$response"
  # Add a missing line end after the last line.
  [ -z "$(tail -c 1 "$response")" ] || echo
  page=$((page + 1))
  sleep ⟨PAUSE⟩ # At most ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds.
done
""",
    ),
)


def _body(request: ExportRequest) -> str:
    """The body as one word of the shell, which in a loop has `$page` in it."""
    text = ascii_json(request.payload)
    if not request.all_pages:
        return quote(text)
    # The last match is the page index: after it comes only the size of the page.
    before, index, after = text.rpartition(f'"{INDEX}": 1')
    return f"""{quote(before + index[:-1])}"$page"{quote(after)}"""


CURL: Final = Exporter(
    name="curl",
    title="curl: a command, or a script for a POSIX shell with `--script`",
    suffix=".sh",
    write=_write_command,
    written_by="Python's `shlex.quote` and `json`",
    has_comment=False,
    script=script_exporter(
        name="curl",
        title="curl, in a POSIX shell",
        suffix=".sh",
        template=TEMPLATE,
        parts=lambda request: {"body": _body(request)},
        written_by="Python's `shlex.quote` and `json`",
    ),
)
