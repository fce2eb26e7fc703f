"""curl, in a script that any POSIX shell runs."""

from __future__ import annotations

from shlex import quote
from typing import Final

from leadquery.exporters.base import INDEX, Exporter, ExportRequest, single
from leadquery.exporters.scripts import ScriptTemplate
from leadquery.exporters.templating import as_json

# Every byte of a key is written as %XX: od is in every POSIX shell, curl's own encoding is not in
# every curl. The URL goes to curl's standard input, so that no list of processes shows the keys.
# The answer goes to a file, since no shell holds every byte.
FRAME: Final = """\
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

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
trap 'exit 1' HUP INT TERM

holds() {
  LC_ALL=C tr -d ' \\t\\r\\n' <"$answer" | LC_ALL=C grep -q "$1"
}

ask() {
  : >"$answer"
  said=$(
    printf 'url = "%s⟨PATH⟩?⟨access⟩=%s&⟨secret⟩=%s&⟨format⟩=⟨answer⟩"\\n' \\
      "$origin" "$(encoded "$⟨ACCESS⟩")" "$(encoded "$⟨SECRET⟩")" |
      curl --config - --globoff --silent --show-error --output "$answer" \\
        --write-out '%{http_code} %{content_type}' \\
        --max-time ⟨TIMEOUT⟩ --header 'Content-Type: ⟨CONTENT_TYPE⟩' \\
        --data-raw ⟨body⟩
  )
  case $said in
    # What a redirect says may repeat the URL, which holds the keys.
    3*) fail "status ${said%% *}" ;;
  esac
  # Some errors come with status 200.
  ⟨answered⟩ || fail "status ${said%% *}: $(cat "$answer")"
}

⟨calls⟩"""

# POSIX has no reader of JSON: an answer is known by its list of rows, and the page behind the last
# one by an empty one. Neither can stand in a text, for there quotes are escaped.
ANSWERED: Final = """[ "${said%% *}" = 200 ] && holds '"⟨ROWS⟩":\\['"""

ANSWERED_CSV: Final = '[ "${said#200 ⟨CSV⟩}" != "$said" ]'

ONCE: Final = """\
ask
cat "$answer"
echo
"""

ONCE_CSV: Final = """\
ask
cat "$answer"
"""

PAGES: Final = """\
page=1
while :; do
  ask
  if holds '"⟨ROWS⟩":\\[\\]'; then
    break
  fi
  cat "$answer"
  echo
  page=$((page + 1))
  sleep ⟨PAUSE⟩ # ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
done
"""

# The page behind the last one is its header alone.
PAGES_CSV: Final = """\
page=1
while :; do
  ask
  if [ "$page" -eq 1 ]; then
    head -n 1 "$answer"
  fi
  if ! tail -n +2 "$answer" | LC_ALL=C grep -q '[^[:space:]]'; then
    break
  fi
  tail -n +2 "$answer"
  # A last line without an end gets one.
  [ -z "$(tail -c 1 "$answer")" ] || echo
  page=$((page + 1))
  sleep ⟨PAUSE⟩ # ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
done
"""

SCRIPT: Final = ScriptTemplate(
    FRAME, "#", json=(ANSWERED, ONCE, PAGES), csv=(ANSWERED_CSV, ONCE_CSV, PAGES_CSV)
)


def _write(sending: ExportRequest) -> str:
    return SCRIPT.text(sending, body=_body(sending))


def _body(sending: ExportRequest) -> str:
    """The body as one word of the shell, which in a loop has `$page` in it."""
    text = as_json(sending.payload)
    if not sending.every_page:
        return quote(text)
    # The last of its kind: what stands behind it is the size of the page, no text of a person.
    before, index, behind = text.rpartition(f'"{INDEX}": 1')
    return f"""{quote(before + index[:-1])}"$page"{quote(behind)}"""


EXPORTER: Final = Exporter(
    name="curl",
    title="curl, in a POSIX shell",
    suffix=".sh",
    write=single(_write),
    writer="Python's `shlex.quote` and `json`",
    loops=True,
)
