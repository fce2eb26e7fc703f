"""curl, in a script that any POSIX shell runs."""

from __future__ import annotations

from shlex import quote
from typing import Final

from leadquery.targets.target import INDEX, Sending, Target, single
from leadquery.targets.texts import as_json, comment, filled

# Every byte of a key is written as %XX: od is in every POSIX shell, curl's own encoding is not in
# every curl. The URL goes to curl's standard input, so that no list of processes shows the keys.
SCRIPT: Final = """\
#!/bin/sh
⟨comment⟩set -eu
: "${⟨HOST⟩:?is not set}" "${⟨ACCESS⟩:?is not set}" "${⟨SECRET⟩:?is not set}"

encoded() {
  printf %s "$1" | od -An -v -tx1 | tr -d ' \\n' | sed 's/../%&/g'
}

case $⟨HOST⟩ in
  *://*) origin=${⟨HOST⟩%/} ;;
  *) origin=https://${⟨HOST⟩%/} ;;
esac

ask() {
  printf 'url = "%s⟨PATH⟩?⟨access⟩=%s&⟨secret⟩=%s&⟨format⟩=⟨answer⟩"\\n' \\
    "$origin" "$(encoded "$⟨ACCESS⟩")" "$(encoded "$⟨SECRET⟩")" |
    curl --config - --globoff --silent --show-error --fail-with-body \\
      --max-time ⟨TIMEOUT⟩ --header 'Content-Type: ⟨CONTENT_TYPE⟩' \\
      --data-raw ⟨body⟩
}

⟨calls⟩"""

ONCE: Final = "ask\n"

# POSIX has no reader of JSON: the page behind the last one is known by its empty list, in which
# no text can stand; in a text, quotes are escaped.
PAGES: Final = """\
page=1
while :; do
  answer=$(ask) || { status=$?; printf '%s\\n' "$answer" >&2; exit "$status"; }
  case $(printf %s "$answer" | tr -d ' \\t\\r\\n') in
    *'"⟨ROWS⟩":[]'*) break ;;
    *'"⟨ROWS⟩":['*) printf '%s\\n' "$answer" ;;
    *) printf '%s\\n' "$answer" >&2; exit 1 ;;
  esac
  page=$((page + 1))
  sleep ⟨PAUSE⟩ # ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
done
"""

# The page behind the last one is its header alone.
CSV_PAGES: Final = """\
page=1
while :; do
  answer=$(ask) || { status=$?; printf '%s\\n' "$answer" >&2; exit "$status"; }
  case $answer in
    '{'*) printf '%s\\n' "$answer" >&2; exit 1 ;;
  esac
  if [ "$page" -eq 1 ]; then
    printf '%s\\n' "$answer" | sed -n 1p
  fi
  rows=$(printf '%s\\n' "$answer" | sed 1d)
  if [ -z "$rows" ]; then
    break
  fi
  printf '%s\\n' "$rows"
  page=$((page + 1))
  sleep ⟨PAUSE⟩ # ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
done
"""


def _write(sending: Sending) -> str:
    calls = ONCE
    if sending.every_page:
        calls = CSV_PAGES if sending.csv else PAGES
    own = {"comment": comment(sending, "#"), "body": _body(sending)}
    return filled(SCRIPT, sending, **own, calls=filled(calls, sending))


def _body(sending: Sending) -> str:
    """The body as one word of the shell, which in a loop has `$page` in it."""
    text = as_json(sending.payload)
    if not sending.every_page:
        return quote(text)
    # The last of its kind: what stands behind it is the size of the page, no text of a person.
    before, index, behind = text.rpartition(f'"{INDEX}": 1')
    return f"""{quote(before + index[:-1])}"$page"{quote(behind)}"""


TARGET: Final = Target(
    name="curl",
    title="curl, in a POSIX shell",
    suffix=".sh",
    write=single(_write),
    writer="Python's `shlex.quote` and `json`",
    loops=True,
)
