"""Completion in bash, zsh and fish: the shell scripts, and the names that the program offers.

Names come from untrusted data, and must reach the command line as one literal word. Zsh and fish
quote what they insert. Bash does not quote all of it, so names are quoted for it here. A shell with another script,
such as PowerShell, is offered only names that need no quotes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import typer
from typer import _completion_shared as typers  # there is no public way to set a script; the tests run real shells
from typer._click.shell_completion import split_arg_string

from movie_reports.reports.subjects import Subject

# Each script sends the words up to the cursor in COMP_WORDS, quoted as for sh; the last is to be completed (-1). An
# empty line in the answer means that there is no candidate. Bash replaces only $2, such as the Drama of --genre=Drama.
BASH = r"""
%(complete_func)s() {
    local line=${COMP_LINE:0:COMP_POINT}
    [[ $2 || $line != *[[:space:]] ]] || line+="''"
    mapfile -t COMPREPLY < <(env COMP_SHELL=bash COMP_WORDS="$line" COMP_CWORD=-1 COMP_TEXT="$2" \
        COMP_TYPE="$COMP_TYPE" %(autocomplete_var)s=complete_bash "$1")
    [[ ${COMPREPLY[0]-} ]] || COMPREPLY=()
}

complete -o default -F %(complete_func)s %(prog_name)s
"""

# Without -U, zsh would drop names spelled differently from what was typed. A blank in the answer means that zsh should
# not replace the typed text with the common prefix of the names.
ZSH = r"""
#compdef %(prog_name)s

%(complete_func)s() {
    local word=${(Q)${:-$compstate[quote]$PREFIX${compstate[quote][-1]}}}
    local -a before found
    before=("${(@Q)words[1,CURRENT-1]}")
    found=("${(@f)$(env COMP_SHELL=zsh COMP_WORDS="${(j: :)${(@qq)before}} ${(qq)word}" COMP_CWORD=-1 \
        %(autocomplete_var)s=complete_bash %(prog_name)s)}")
    if [[ $found[1] == ' ' ]]; then
        shift found
        [[ $compstate[insert] != *unambiguous ]] || compstate[insert]= compstate[list]=list
    fi
    [[ $PREFIX != --*=* ]] || compset -P 1 '*='
    if [[ -n $found[1] ]]; then compadd -U -i "$IPREFIX" -a found; else _files; fi
}

compdef %(complete_func)s %(prog_name)s
[[ $zsh_eval_context[-1] != loadautofunc ]] || %(complete_func)s "$@"
"""

FISH = r"""
function %(complete_func)s
    set -l token (commandline --current-token --cut-at-cursor)
    set -l word (string unescape -- $token)
    set -l words (commandline --tokenize --current-process --cut-at-cursor) "$word"
    set -l quoted \'(string replace --all \' \'\\\'\' -- $words)\'
    set -l found (env COMP_SHELL=fish COMP_WORDS="$quoted" COMP_CWORD=-1 \
        %(autocomplete_var)s=complete_bash %(prog_name)s)
    if test -n "$found"
        set -l option (string match --regex -- '^--[^=]+=' "$word")
        printf '%%s\n' "$option"$found
    else
        __fish_complete_path "$token"
    end
end

complete --command %(prog_name)s --no-files --arguments '(%(complete_func)s)'
"""

BLANK = " "  # a candidate that leaves the candidates without a common prefix
LISTING = "63"  # the COMP_TYPE for which bash lists several candidates and inserts none
STEERING = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"  # a terminal, or the direction of text
PRIVATE = "[\ue000-\uf8ff]"  # Unicode's characters for private use, some of which zsh takes for broken bytes
UNTYPABLE = rf"{STEERING}|{PRIVATE}|^\s+$"
PLAIN = r"\w[\w-]*"
CLOSED = r"""(?s)\\.|'[^']*'|"(?:\\.|[^"\\])*\""""
LITERAL = {
    "": (r"(?![\w\-.,/+%])[ -~]", r"\\\g<0>"),
    "'": (r"['!]", r"'\\\g<0>'"),
    '"': (r'[$`"\\!]+', "\"'\\g<0>'\""),
}
"""Patterns of characters that bash does not take literally after an open quote or none, and their replacements."""


class Name(str):
    """A name that matches what was typed in another spelling; Typer would drop it for its different beginning."""

    __slots__ = ()

    def startswith(self, *_: object) -> bool:
        """Return True, since the query has found only names that match."""
        return True


def use() -> None:
    """Make --show-completion and --install-completion use these scripts."""
    typers._completion_scripts.update(bash=BASH, zsh=ZSH, fish=FISH)  # noqa: SLF001


def names_of(subject: Subject) -> Callable[[typer.Context, str], list[str]]:
    """Return the completion of names of a subject: those that may be meant, the likeliest first."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        return _names(ctx, subject, incomplete)

    return complete


def _names(ctx: typer.Context, subject: Subject, typed: str) -> list[str]:
    """Return names from the database of the command line so far, or none without a database."""
    try:
        from movie_reports.cli import config
        from movie_reports.publishing import source
        from movie_reports.reports import names

        typed_path = os.path.expandvars(ctx.params.get("database") or ctx.obj or "")
        path = Path(typed_path or config.read().get("database", "")).expanduser()
        with closing(source.connect(source.find(path if path.name else None))) as connection:
            found = names.beginning_with(connection, subject, typed)
    except Exception:  # noqa: BLE001 (an error would only disturb the line that is being typed)
        return []
    return list(map(Name, _offered(found, typed)))


def _offered(names: Sequence[str], typed: str) -> Sequence[str]:
    """Return the names that the shell can insert as one word, in the form that it needs."""
    shell = os.environ.get("COMP_SHELL")
    *before, word = split_arg_string(os.environ.get("COMP_WORDS", "")) or [""]
    option = word.removesuffix(typed) if word.startswith("--") else ""
    unfit = ("~" if shell == "fish" else "") + ("" if "--" in before else "-")  # fish expands ~, and - begins an option
    names = [name for name in names if not re.search(UNTYPABLE, name) and (option or name[:1] not in unfit)]
    if shell == "bash":
        return _quoted(names, typed, option)
    if shell == "zsh":
        return [*_blank(names, typed), *names]
    return names if shell == "fish" else [name for name in names if re.fullmatch(PLAIN, name)]


def _blank(names: Sequence[str], typed: str) -> list[str]:
    """Return a blank if names differ from what was typed, which a shell would replace with their common prefix."""
    return [BLANK] if len({name[: len(typed)] for name in names}) > 1 else []


def _quoted(names: Sequence[str], typed: str, option: str) -> Sequence[str]:
    """Quote names for bash, without what comes before the text that it replaces, such as `--genre=`."""
    if os.environ["COMP_TYPE"] == LISTING and len(names) > 1:
        return names
    line = os.environ["COMP_WORDS"]
    before = line.removesuffix(os.environ["COMP_TEXT"])
    quote = (re.findall("['\"]", re.sub(CLOSED, "", line)) or [""])[0]
    kept = split_arg_string(before if quote else f"{before}''")[-1]
    names = [name for name in names if (option + name).startswith(kept)]
    return [*_blank(names, typed), *(_literal((option + name)[len(kept) :], quote) for name in names)]


def _literal(text: str, quote: str) -> str:
    """Escape a text so that bash takes it literally after an open quote, or none.

    Readline drops one of two quotes at the beginning, and closes a text that does not end with one.
    """
    literal = re.sub(*LITERAL[quote], text)
    start = quote if literal.startswith(quote) else ""
    return start + literal + (quote if literal.endswith(quote) else "")
