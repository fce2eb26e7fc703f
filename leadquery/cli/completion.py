"""`leadquery completion`: scripts by which shells complete commands, and what those call.

click finds the parameter that is being written. What it takes, `candidates` knows by its metavar.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class
from click.types import StringParamType

from leadquery._util.text import escape_unprintable
from leadquery.cli.candidates import candidates

VARIABLE: Final = "_LEADQUERY_COMPLETE"
"""By this variable click knows that a shell asks."""


class _Described(StringParamType):
    """Text that is completed by the metavar of its parameter."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        given = {one.opts[0]: ctx.params.get(one.name or "") for one in ctx.command.params}
        found = candidates(param.metavar or "", incomplete, given)
        return [CompletionItem(one.word, "file" if one.is_file else "", one.help) for one in found]


@contextmanager
def _described(command: click.Command | None) -> Iterator[None]:
    """Let the texts and paths of a command be completed by their metavars."""
    types = {
        param: param.type
        for param in (command.params if command else ())
        if isinstance(param.type, (StringParamType, click.Path))
    }
    try:
        for param in types:
            param.type = _Described()
        yield
    finally:
        for param, usual in types.items():
            param.type = usual


def _can_continue(command: click.Command | None, args: list[str], incomplete: str) -> bool:
    """Whether a word that begins with a dash may stand behind the words before it.

    click would complete the name of an option as the value of the one before, and values of flags.
    """
    if not incomplete.startswith("-"):
        return True
    options = [one for one in (command.params if command else ()) if isinstance(one, click.Option)]
    with_value = {name for one in options if not one.is_flag for name in one.opts}
    option, equals, _ = incomplete.partition("=")
    is_value = bool(args) and args[-1] in with_value
    return not is_value and (not equals or option in with_value)


class _Shell(ShellComplete):
    """A shell that passes the words up to the cursor in COMP_WORDS, one a line."""

    def get_completion_args(self) -> tuple[list[str], str]:
        *words, incomplete = os.environ["COMP_WORDS"].split("\n")
        return words, incomplete

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """The completions of a word; none after an error."""
        option, equals, _ = incomplete.partition("=")
        before = f"{option}{equals}" if equals and option.startswith("-") else ""
        try:
            command = None
            if args and isinstance(self.cli, click.Group):
                command = self.cli.get_command(click.Context(self.cli), args[0])
            if not _can_continue(command, args, incomplete):
                return []
            with _described(command):
                found = super().get_completions(args, incomplete)
        except Exception:  # noqa: BLE001 - no error may disturb the line that somebody is writing.
            return []
        for one in found:
            one.value = f"{before}{one.value}"
        # What would break the lines of the reply, or steer the terminal, is left out.
        return [one for one in found if one.value.isprintable()]

    def format_completion(self, item: CompletionItem) -> str:
        described = escape_unprintable(" ".join((item.help or "").split()))
        return f"{item.value}\t{described}".rstrip("\t")


@add_completion_class
class Bash(_Shell):
    """Bash replaces only what is behind the last of its word breaks, such as the colon."""

    name = "bash"
    source_template = r"""%(complete_func)s() {
    local options line
    COMPREPLY=()
    {
        read -r options && compopt $options
        while IFS= read -r line; do COMPREPLY+=("$line"); done
    } 2>/dev/null < <(
        COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \
            %(complete_var)s=bash_complete "$1" 2>/dev/null
    )
}
complete -F %(complete_func)s %(prog_name)s
"""

    def complete(self) -> str:
        """The options of `compopt` on the first line, and the completions."""
        breaks = os.environ["COMP_WORDBREAKS"]
        (_, *args, incomplete), kept = split_line(os.environ["COMP_LINE"], breaks)
        found = self.get_completions(args, incomplete)
        is_file = any(one.type == "file" for one in found)
        has_space = not any(one.value.endswith("=") for one in found)
        options = f"{'-' if is_file else '+'}o filenames {'+' if has_space else '-'}o nospace"
        # Bash adds the slash of a folder itself.
        return "\n".join([options, *(one.value[kept:].removesuffix("/") for one in found)])


@add_completion_class
class Zsh(_Shell):
    """Zsh shows descriptions beside the completions."""

    name = "zsh"
    source_template = r"""#compdef %(prog_name)s
%(complete_func)s() {
    local -a written values labels open_values open_labels
    local line value
    written=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    for line in "${(@f)$(
        COMP_WORDS="${(pj:\n:)written}" %(complete_var)s=zsh_complete ${~words[1]} 2>/dev/null
    )}"; do
        value=${line%%%%$'\t'*}
        if [[ -z $value ]]; then
            continue
        elif [[ $value == *[/=] ]]; then
            open_values+=("$value") open_labels+=("${line/$'\t'/  -- }")
        else
            values+=("$value") labels+=("${line/$'\t'/  -- }")
        fi
    done
    compadd -S '' -l -d open_labels -a open_values
    compadd -l -d labels -a values
}
if [[ $funcstack[1] == %(complete_func)s ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


@add_completion_class
class Fish(_Shell):
    """Fish passes the current word as it is written, with its quotes and escapes."""

    name = "fish"
    source_template = r"""function %(complete_func)s
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    COMP_WORDS=(string join \n -- $words[2..] "$current" | string collect --no-trim-newlines) \
        %(complete_var)s=fish_complete $words[1] 2>/dev/null
end
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        *words, incomplete, _ = os.environ["COMP_WORDS"].split("\n")
        return words, split_line(incomplete, "")[0][-1]


def split_line(line: str, breaks: str) -> tuple[list[str], int]:
    """The words of a line without quotes and escapes; the last one is what is being written.

    The number is how much of that one Bash keeps: up to the last word break, or an open quote.

    >>> split_line("leadquery run 'my file.py':lo", ":=")
    (['leadquery', 'run', 'my file.py:lo'], 11)
    """
    words, word, quote, is_open = [], "", "", False
    kept = kept_before = 0
    characters = iter(line)
    for character in characters:
        if character == quote:
            quote, kept = "", kept_before
        elif character == "\\" and quote != "'":
            word += next(characters, "")
        elif quote:
            word += character
        elif character in "'\"":
            quote, is_open = character, True
            kept_before, kept = kept, len(word)
        elif character.isspace():
            if word or is_open:
                words.append(word)
            word, is_open, kept = "", False, 0
        else:
            word += character
            kept = len(word) if character in breaks else kept
    return [*words, word], kept


@click.command("completion")
@click.argument("shell", type=click.Choice([Bash.name, Zsh.name, Fish.name]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """It completes commands, options, files, the queries in FILE.py:, codes of rules and more.

    In bash, add eval "$(leadquery completion bash)" to ~/.bashrc.

    In zsh, add eval "$(leadquery completion zsh)" to ~/.zshrc, below compinit.

    In fish, add leadquery completion fish | source to ~/.config/fish/config.fish.
    """
    shells: dict[str, type[ShellComplete]] = {one.name: one for one in (Bash, Zsh, Fish)}
    root = context.find_root().command
    click.echo(shells[shell](root, {}, "leadquery", VARIABLE).source().encode(), nl=False)
