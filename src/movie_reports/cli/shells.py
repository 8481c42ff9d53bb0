"""The scripts by which bash and zsh complete names; Typer's own cannot hold a name of several words together."""

from __future__ import annotations

from typer import _completion_shared as typers  # it has no public place for a script; the tests drive real shells

# Bash makes three words of --genre=Drama. It quotes what it inserts only if it takes that for file names, and then not
# a $. Plain words are not to be taken for file names, or a folder of that name would add a slash. One empty line means
# that there is nothing.
BASH = r"""
%(complete_func)s() {
    local IFS=$'\n' word words=()
    for word in "${COMP_WORDS[@]:0:COMP_CWORD}"; do
        [[ $word == = ]] || words+=("$word")
    done
    word=${COMP_WORDS[COMP_CWORD]#=}
    mapfile -t COMPREPLY < <(env COMP_WORDS="${words[*]}"$'\n'"$word" COMP_CWORD=${#words[@]} \
        %(autocomplete_var)s=complete_bash "$1")
    [[ ${COMPREPLY[0]} ]] || COMPREPLY=()
    if [[ ${COMPREPLY[*]} == *\$* && $word != [\"\']* ]]; then
        mapfile -t COMPREPLY < <(printf '%%q\n' "${COMPREPLY[@]}")
    elif [[ ${COMPREPLY[*]} == *[^[:alnum:]$IFS-]* ]]; then
        compopt -o filenames
    fi
}

complete -o default -F %(complete_func)s %(prog_name)s
"""

# Zsh is given the names as they are (-U), since it would drop those in other letters.
ZSH = r"""
#compdef %(prog_name)s

%(complete_func)s() {
    local -a found
    found=("${(@f)$(env COMP_WORDS="${(F)words[1,CURRENT]}" COMP_CWORD=$((CURRENT - 1)) \
        %(autocomplete_var)s=complete_bash %(prog_name)s)}")
    [[ $words[CURRENT] != --*=* ]] || compset -P '*='
    if [[ -n $found[1] ]]; then compadd -U -i "$IPREFIX" -a found; else _files; fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


def use() -> None:
    """Let --show-completion and --install-completion give these scripts."""
    typers._completion_scripts.update(bash=BASH, zsh=ZSH)  # noqa: SLF001
