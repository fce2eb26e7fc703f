"""Completion of words, and the shells that ask for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pexpect
import pytest
from hypothesis import given, strategies as st

from leadquery.cli import COMMANDS, main
from leadquery.cli.completion import VARIABLE, Zsh, split_line
from leadquery.exporters import NAMES
from leadquery.fields import STANDARD
from leadquery.lint.rules import all_rules
from tests.cli.payloads import SUSPICIOUS
from tests.cli.shell import HOME, leadquery, process
from tests.request_files import document

SOURCE = """
from leadquery import Client, Leads, from_payload
from leadquery.fields import OwnerId, Score
import leadquery as lq
open("was-run", "w")

low = Leads.where(Score < 20)
phones = low.select("Phone")
owners: object = low.group_by(OwnerId).average(Score).limit(3)
number, text, _hidden, gone = 5, phones.to_json(), phones, phones
_hidden = phones
gone = phones
gone = None
loaded = from_payload("{}")
counted = lq.Leads.count()
client = Client()
result = client.run(phones)

def made(days=3):
    return phones.page(1, days)

with open("was-run") as file:
    inside = phones

def asked(days):
    return phones

if __name__ == "__main__":
    script = phones
else:
    other = phones

try:
    tried = phones
except ValueError:
    pass
"""
QUERIES = ["phones", "owners", "loaded", "counted", "made", "inside", "other", "tried"]


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its shells are others")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with files of many kinds, in which commands are completed."""
    folder = tmp_path_factory.mktemp("completed")
    for name in ("queries.py", "my file.py", "package/module.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(SOURCE)
    (folder / "broken.py").write_text("phones = (\n")
    (folder / "huge.py").write_text(SOURCE + "# " + "x" * 300_000)
    (folder / "collection.json").write_text(document("postman", SUSPICIOUS, SUSPICIOUS))
    (folder / "fields.json").write_text(
        '[{"SchemaName": "mx_Budget", "DisplayName": "Budget \\u001b[1m"}]'
    )
    (folder / "fields.py").write_text(
        'Budget = Number("mx_Budget")\nN: X = Field("mx_N")\nOf = 5\n'
    )
    for name in ("report.json", "list.sql", "notes.txt", ".hidden.json", "-dash.json", "a\tb.py"):
        (folder / name).write_text("{}")
    os.mkfifo(folder / "pipe.py")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder
    assert not (folder / "was-run").exists()


def completed(*words: str) -> dict[str, str]:
    """The completions of the last word, and what is said of each."""
    *args, incomplete = words
    found = Zsh(main, {}, "leadquery", VARIABLE).get_completions(args, incomplete)
    return {one.value: one.help or "" for one in found}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ch"], ["check"]),
        ([""], list(COMMANDS)),
        (["--v"], ["--version"]),
        (["check", "--fo"], ["--format"]),
        (["payload", "--as", ""], list(NAMES)),
        (["payload", "--as=c"], ["--as=curl"]),
        (["describe", "q"], ["queries.py", *(f"queries.py:{name}" for name in QUERIES)]),
        (["describe", "queries.py:l"], ["queries.py:loaded"]),
        (["describe", "queries.py:l", ""], []),
        (["describe", "./queries.py:l"], ["./queries.py:loaded"]),
        (["describe", "my file.py:m"], ["my file.py:made"]),
        (["describe", "package.module:ph"], ["package.module:phones"]),
        (["describe", "queries.py:loaded,p"], []),
        (["payload", "queries.py:loaded,p"], ["queries.py:loaded,phones"]),
        (["payload", "queries.py:phones,p"], []),
        (["payload", "report.json", "l"], ["list.sql"]),
        (["describe", "broken.py:"], []),
        (["describe", "huge.py:"], []),
        (["describe", "pipe.py:"], []),
        (["describe", "none.py:"], []),
        (["describe", "none/"], []),
        (["describe", "collection.json:"], ["collection.json:1", "collection.json:2"]),
        (["describe", "report.json:"], []),
        (["describe", "\0"], []),
        (["describe", "a"], []),
        (["fields", "--python", "package/"], ["package/module.py"]),
        (["fields", "--search", "EngagementS"], ["EngagementScore"]),
        (["fields", "--from", "fields.json", "--search", ""], ["mx_Budget"]),
        (["check", ".h"], [".hidden.json"]),
        (["describe", "--fields", "f"], ["fields.json", "fields.py"]),
        (["payload", "--out", ""], ["package/"]),
        (["run", "--table", "q"], []),
        (["rule", "LQ30"], [rule.code for rule in all_rules() if rule.code.startswith("LQ30")]),
        (["rule", "lq304"], ["LQ304"]),
        (["rule", "304"], ["304"]),
        (["rule", "x"], []),
        (["users", "--search", ""], []),
        (["run", "--tz", "Asia/Kolk"], ["Asia/Kolkata"]),
        (["run", "--max-calls", ""], []),
        (["zebra", ""], []),
        (["zebra", "--"], []),
        (["sql", "--column", "Engagement"], ["EngagementScore="]),
        (["sql", "--fields", "fields.json", "--column", ""], ["mx_Budget="]),
        (["sql", "--fields", "fields.py", "--column", ""], ["mx_Budget=", "mx_N="]),
        (["sql", "--fields", "broken.py", "--column", ""], []),
        (["sql", "--fields", "none.json", "--column", ""], []),
        (["completion", "z"], ["zsh"]),
    ],
    ids=" ".join,
)
def test_words(words: list[str], expected: list[str]) -> None:
    assert list(completed(*words)) == expected


@pytest.mark.usefixtures("folder")
def test_descriptions() -> None:
    """Of commands, options, rules, fields and queries."""
    assert completed("sche") == {"schema": COMMANDS["schema"][1]}
    assert completed("check", "--fi")["--fix"] == "Apply the safe fixes."
    assert completed("describe", "collection.json:2") == {"collection.json:2": "Reports / Report 2"}
    assert completed("rule", "304") == {"304": "an unknown operator"}
    assert completed("sql", "--column", "Score") == {"Score=": STANDARD["Score"].label}
    assert completed("sql", "--column", "ProspectI") == {"ProspectID=": ""}, "not its name again"
    assert completed("describe", "queries.py:ow") == {
        "queries.py:owners": "low.group_by(OwnerId).average(Score).limit(3)"
    }


BEGINNINGS = st.sampled_from(
    ["", "--", "q", "queries.py:", "queries.py:phones,", "LQ304,", "--as="]
)


@pytest.mark.usefixtures("folder")
@given(data=st.data())
def test_what_is_offered_is_accepted(data: st.DataObject) -> None:
    """By the parser of the command, and so is what is offered after it."""
    name = data.draw(st.sampled_from([*completed("")]))
    command = main.get_command(click.Context(main), name)
    assert command
    args: list[str] = []
    for _ in range(data.draw(st.integers(1, 4))):
        offered = [*completed(name, *args, data.draw(BEGINNINGS))]
        if not offered:
            break
        args.append(data.draw(st.sampled_from(offered)))
        try:
            command.make_context(name, [*args], resilient_parsing=False)
        except click.MissingParameter:
            pass
        except click.BadOptionUsage:
            # An option, whose value is the next word.
            assert args[-1].startswith("--")
        except click.exceptions.Exit:
            # It was --help.
            break


@pytest.mark.parametrize(
    ("line", "words", "kept"),
    [
        ("leadquery ", ["leadquery", ""], 0),
        ("leadquery  run q.py:lo", ["leadquery", "run", "q.py:lo"], 5),
        ("leadquery payload --as=cu", ["leadquery", "payload", "--as=cu"], 5),
        ("leadquery run 'my q.py:lo", ["leadquery", "run", "my q.py:lo"], 0),
        ('leadquery run "my q.py":lo', ["leadquery", "run", "my q.py:lo"], 8),
        ("leadquery run my\\ q.py:lo", ["leadquery", "run", "my q.py:lo"], 8),
        ("leadquery run '' x", ["leadquery", "run", "", "x"], 0),
        ("leadquery run 'a\\b", ["leadquery", "run", "a\\b"], 0),
        ("leadquery run a\\", ["leadquery", "run", "a"], 0),
        ("leadquery run q.py:'lo", ["leadquery", "run", "q.py:lo"], 5),
    ],
)
def test_a_line_is_split_as_bash_does(line: str, words: list[str], kept: int) -> None:
    assert split_line(line, ":=") == (words, kept)


@pytest.mark.usefixtures("folder")
def test_the_replies() -> None:
    """One line for each completion; Bash gets only what it replaces."""
    line = {"COMP_LINE": "leadquery describe queries.py:l", "COMP_WORDBREAKS": ":="}
    source = "queries.py:loaded\tfrom_payload('{}')\n"

    assert reply("bash", line) == "+o filenames +o nospace\nloaded\n"
    assert reply("bash", line | {"COMP_LINE": "leadquery payload --out p"}) == (
        "-o filenames +o nospace\npackage\n"
    )
    assert reply("bash", line | {"COMP_LINE": "leadquery sql --column Score"}) == (
        "+o filenames -o nospace\nScore=\n"
    )
    assert reply("zsh", {"COMP_WORDS": "describe\nqueries.py:l"}) == source
    assert reply("fish", {"COMP_WORDS": "describe\nqueries.py:\\l\n"}) == source
    assert reply("fish", {"COMP_WORDS": "describe\nbroken.py:\n"}) == "\n"
    assert reply("zsh", {"COMP_WORDS": "sql\n--fields\nfields.json\n--column\nmx_B"}) == (
        "mx_Budget=\tBudget \\x1b[1m\n"
    )


def test_the_command_prints_the_script() -> None:
    script = leadquery("completion", "zsh").output

    assert script.startswith("#compdef leadquery\n_leadquery_completion() {\n")
    assert f"{VARIABLE}=zsh_complete" in script


def reply(shell: str, variables: dict[str, str]) -> str:
    """What a shell gets, without a word of errors."""
    ran = process(**{VARIABLE: f"{shell}_complete"}, **variables)

    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


# The shells themselves

STARTS = {
    "bash": [
        "bash --norc --noprofile",
        "bind 'set bell-style none' 'set show-all-if-ambiguous on'; PS1='> '",
        'eval "$(leadquery completion bash)"',
    ],
    "zsh": [
        "zsh -f",
        "PS1='> '; autoload -Uz compinit; compinit -u -D",
        'eval "$(leadquery completion zsh)"',
    ],
    "fish": [
        "fish --no-config",
        "function fish_prompt; echo '> '; end; function fish_greeting; end",
        "leadquery completion fish | source",
    ],
}

PROGRAM = f"""#!/bin/sh
if [ -n "${VARIABLE}" ] || [ "$1" = completion ]; then
    PYTHONPATH='{HOME}' exec '{sys.executable}' -m leadquery "$@"
fi
printf 'got'; printf '<%s>' "$@"; echo
"""
"""Completes as the command does, but only prints the words it is called with."""


@pytest.fixture(scope="module", params=STARTS)
def shell(
    request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[pexpect.spawn[str]]:
    """A shell on a terminal, with its completions of `leadquery`."""
    start, *lines = STARTS[request.param]
    program, *options = start.split()
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    if program == "bash" and subprocess.run([found, "-c", "type compopt"], check=False).returncode:
        pytest.skip("it is Bash 3, which knows no completions of files")
    home = tmp_path_factory.mktemp(program)
    (home / "leadquery").write_text(PROGRAM)
    (home / "leadquery").chmod(0o755)
    environment = {
        "HOME": str(home),
        "PATH": f"{home}:{os.environ['PATH']}",
        # On a dumb terminal, fish lists nothing.
        "TERM": "xterm" if program == "fish" else "dumb",
        "LC_ALL": "C.UTF-8",
    }
    shell = pexpect.spawn(
        program,
        options,
        cwd=folder,
        env=environment,
        encoding="utf-8",
        dimensions=(60, 200),
        timeout=60,
    )
    for line in lines:
        shell.sendline(line)
    shell.sendline("echo rea''dy")
    shell.expect_exact("ready\r\n")
    yield shell
    shell.close(force=True)


RULES = {rule.code: rule.title for rule in all_rules()}

LINES = {
    "leadquery che": "<check>",
    "leadquery describe queries.py:lo": "<describe><queries.py:loaded>",
    "leadquery describe 'my file.py:lo": "<describe><my file.py:loaded>",
    "leadquery payload --as=cu": "<payload><--as=curl>",
    "leadquery fields --from fields.json --search ": (
        "<fields><--from><fields.json><--search><mx_Budget>"
    ),
    "leadquery check pack": "<check><package/>",
    "leadquery describe broken.py:ph": "<describe><broken.py:ph>",
}
MORE_LINES = {
    "leadquery describe queries.py:loa": "<describe><queries.py:loaded>",
    "leadquery describe my\\ file.py:lo": "<describe><my file.py:loaded>",
    "leadquery payload queries.py:phones,lo": "<payload><queries.py:phones,loaded>",
    "leadquery payload --as cu": "<payload><--as><curl>",
    "leadquery payload --response-f": "<payload><--response-format>",
    "leadquery check repo": "<check><report.json>",
    "leadquery rule 304": "<rule><304>",
    "leadquery sql --column EngagementS": "<sql><--column><EngagementScore=>",
    "leadquery describe none.py:ph": "<describe><none.py:ph>",
}


@pytest.mark.parametrize("line", LINES)
def test_a_tab_completes_a_word(shell: pexpect.spawn[str], line: str) -> None:
    assert arguments_after_tab(shell, line) == LINES[line]


@pytest.mark.slow
@pytest.mark.parametrize("line", MORE_LINES)
def test_a_tab_completes_more_words(shell: pexpect.spawn[str], line: str) -> None:
    assert arguments_after_tab(shell, line) == MORE_LINES[line]


def arguments_after_tab(shell: pexpect.spawn[str], line: str) -> str:
    """The words that the command gets after a line, a Tab and Enter."""
    shell.send(f"{line}\t\r")
    shell.expect(r"got(<.*>)\r\n")
    assert isinstance(shell.match, re.Match)
    return str(shell.match[1])


def test_a_tab_lists_what_fits(shell: pexpect.spawn[str]) -> None:
    """With descriptions, but not in Bash."""
    shell.send("leadquery rule LQ30\t")
    for code in ("LQ301", "LQ302", "LQ309"):
        shell.expect_exact(code if str(shell.command).endswith("bash") else RULES[code])
    shell.send("\x03\r")
    # A shell may have run the line. The next test reads what comes after it.
    shell.sendline("echo do''ne")
    shell.expect_exact("done\r\n")
