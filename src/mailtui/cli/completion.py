"""`mailtui completion`: the script with which a shell completes commands, options and names."""

import os
from typing import Final

import click
from click.shell_completion import (
    BashComplete,
    FishComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

from mailtui.cli.output import json_option, print_json

SHELLS: Final = ("bash", "zsh", "fish")

# Bash takes `@` and `:` for the beginnings of words, and replaces only what follows the last one, an `@` with it
# (rl_special_prefixes): addresses have one, and groups in access lists begin with one. So the whole line is handed
# over, and what stays is cut off. A name may hold what a shell obeys, and is quoted.
BASH: Final = """\
%(complete_func)s() {
    local IFS=$'\\n' line=${COMP_LINE:0:COMP_POINT} breaks=${COMP_WORDBREAKS//[^@:=]/} word kept= type value
    word=${line##*[[:space:]]}
    [[ -n $breaks ]] && kept=${word%%"${word##*[$breaks]}"}
    kept=${kept%%@}
    for completion in $(env COMP_LINE="$line" %(complete_var)s=bash_complete "$1" 2>/dev/null); do
        IFS=',' read -r type value <<< "$completion"
        case $type in
            dir) compopt -o dirnames 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
            plain)
                value=${value#"$kept"}
                if [[ $word != [\\'\\"]* ]]; then
                    printf -v value %%q "$value"
                elif [[ $value == *[^A-Za-z0-9@._+-]* ]]; then
                    continue
                fi
                COMPREPLY+=("$value") ;;
        esac
    done
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

# What stands before a value in the same word, as `--add=`, is kept: click's script would put the value in its place. Of
# a function that is loaded when it is first needed the whole file is the body, at every call; and click's would not
# complete at the second.
ZSH: Final = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a answer names told
    local type value words_of_it
    answer=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT - 1)) \\
        %(complete_var)s=zsh_complete ${~words[1]} 2>/dev/null)}")
    [[ $PREFIX == -*=* ]] && compset -P 1 '*='
    for type value words_of_it in $answer; do
        case $type in
            dir) _path_files -/ ;;
            file) _path_files -f ;;
            plain) [[ $words_of_it == _ ]] && names+=("$value") || told+=("$value:$words_of_it") ;;
        esac
    done
    (( $#told )) && _describe -V unsorted told -U -i "$IPREFIX"
    (( $#names )) && compadd -U -i "$IPREFIX" -V unsorted -a names
}

if [[ $funcstack[1] == _%(prog_name)s ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

# The same; only the first comma ends the type, for a description may have others; and fish itself, asked about a
# command that is none, completes files behind a `~`, too.
FISH: Final = """\
function %(complete_func)s
    set -l command (commandline -po)[1]
    set -l kept (string match -r -- '^-[^=]*=' (commandline -ct))
    set -l typed (string replace -r -- '^-[^=]*=' '' (commandline -ct))
    for completion in (env COMP_WORDS=(commandline -cp | string collect) COMP_CWORD=(commandline -ct) \\
            %(complete_var)s=fish_complete $command 2>/dev/null)
        set -l found (string split -m 1 , -- $completion)
        switch $found[1]
            case dir
                string replace -r '^' -- "$kept" (complete -C "'' $typed" | string match -r '.*/$')
            case file
                string replace -r '^' -- "$kept" (complete -C "'' $typed")
            case plain
                printf '%%s\\n' "$kept$found[2]"
        end
    end
end

complete --no-files --command %(prog_name)s --arguments '(%(complete_func)s)'
"""


class Bash(BashComplete):
    """Click's own, for words with an `@`."""

    source_template = BASH

    @staticmethod
    def _check_version() -> None:
        """The script needs nothing newer than click's does (4.4), and says nothing to whoever writes it into a file."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor's, and that one as far as it was typed."""
        line = os.environ.get("COMP_LINE", "")
        words = split_arg_string(line)[1:]
        incomplete = words.pop() if words and not line[-1:].isspace() else ""
        return words, incomplete


class Zsh(ZshComplete):
    """Click's own, for values that stand behind `=`."""

    source_template = ZSH


class Fish(FishComplete):
    """The same for fish."""

    source_template = FISH


add_completion_class(Bash, "bash")
add_completion_class(Zsh, "zsh")
add_completion_class(Fish, "fish")


def script(shell: str) -> str:
    """What the shell has to read; `shell` is one of `SHELLS`."""
    from mailtui.cli.root import mailtui
    from mailtui.cli.run import COMPLETING

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click knows the three
    return kind(mailtui, {}, "mailtui", COMPLETING).source().strip() + "\n"


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@json_option
def completion(shell: str, as_json: bool) -> None:
    """Print the script that lets your shell complete mailtui's words.

    \b
    Example: mailtui completion bash >> ~/.bash_completion
             mailtui completion zsh > ~/.zfunc/_mailtui
             mailtui completion fish > ~/.config/fish/completions/mailtui.fish
    """
    if as_json:
        print_json({"shell": shell, "script": script(shell)})
    else:
        click.echo(script(shell), nl=False)
