"""`mailtui completion`: the script with which a shell completes commands, options and names."""

import os
from typing import Final

import click
from click.shell_completion import (
    BashComplete,
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


add_completion_class(Bash, "bash")


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
