"""`trialweave completion`: the script that completes commands, options and files in a shell; click's own."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script for a shell.

    \b
    bash   trialweave completion bash > ~/.local/share/bash-completion/completions/trialweave
    zsh    trialweave completion zsh > "${fpath[1]}/_trialweave"
    fish   trialweave completion fish > ~/.config/fish/completions/trialweave.fish
    """
    from click.shell_completion import get_completion_class

    root = click.get_current_context().find_root().command
    script = get_completion_class(shell)
    if script is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    click.echo(script(root, {}, "trialweave", "_TRIALWEAVE_COMPLETE").source())
    return 0
