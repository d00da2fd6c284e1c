"""The `promptsheet` command: finds the commands, and turns whatever ends one into a sentence and a status."""

from __future__ import annotations

import sys
import tempfile
import traceback
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn, cast

import click

from schema.errors import PromptsheetError, Unreadable

COMMANDS = ("up", "web", "worker", "template", "check", "draft", "run", "doctor")
"""Each is a module of assistant.commands that holds its `command`, loaded when it is asked for."""

INTERRUPTED = 130
"""The status a shell gives a program that Ctrl-C ended: 128 + SIGINT."""


class Commands(click.Group):
    """Loads a command with its libraries only when it is needed: `template` opens no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"assistant.commands.{cmd_name}").command)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="promptsheet", message="%(prog)s %(version)s")
def commands() -> None:
    """Turn a spreadsheet of prompts into images."""


def main() -> NoReturn:
    """The console script. Commands return their exit status; errors of ours are told on stderr, status 1."""
    for stream in (sys.stdout, sys.stderr):  # a file name may hold what no encoding has
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = commands.main(prog_name="promptsheet", standalone_mode=False)
    except click.ClickException as reason:
        reason.show()
        status = reason.exit_code
    except (KeyboardInterrupt, click.Abort):
        status = INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stdout = None  # nothing is left to be flushed into the pipe
        status = 0
    except Exception as reason:  # noqa: BLE001  the last stop before a trace
        tell(sentence(reason))
        status = 1
    sys.exit(status or 0)


def tell(words: str) -> None:
    """Say something on stderr, which leaves stdout to results."""
    click.echo(words, err=True)


def sentence(reason: Exception) -> str:
    """What ended a command, in words for the person: what it was and how to mend it."""
    if isinstance(reason, Unreadable):
        return " ".join((str(reason), *reason.steps))
    if isinstance(reason, PromptsheetError):
        return str(reason)
    if isinstance(reason, OSError) and reason.filename is not None:
        return f"{reason.filename}: {(reason.strerror or 'it cannot be used').lower()}."
    return _fault(reason)


def _fault(reason: Exception) -> str:
    """A fault of ours: the trace goes into a file, for a report."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="promptsheet-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        traceback.print_exception(reason, file=log)
    return f"Promptsheet broke off; that is a fault of ours. What it met is written down in {log.name}."


if __name__ == "__main__":
    main()
