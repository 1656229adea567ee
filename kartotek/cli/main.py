"""The command line: finds the command, and turns every error into one line and an exit code.

Exit codes: 0 all went well, 1 some of it did not (each command says what), 2 nothing was done, 130 stopped by Ctrl-C.
"""

import os
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

import click

from kartotek import __version__, errors
from kartotek.cli import loading, logs
from kartotek.settings import Settings

# Each is imported only when it is called for: a token is not to wait for a web framework.
COMMANDS = {
    "serve": ("kartotek.cli.serve", "serve"),
    "work": ("kartotek.cli.work", "work"),
    "import": ("kartotek.cli.import_file", "import_file"),
    "export": ("kartotek.cli.export_file", "export_file"),
    "imports": ("kartotek.cli.imports", "imports"),
    "objects": ("kartotek.cli.objects", "objects"),
    "undo": ("kartotek.cli.undo", "undo"),
    "template": ("kartotek.cli.template", "template"),
    "recipe": ("kartotek.cli.recipe", "recipe"),
    "recipes": ("kartotek.cli.recipe", "recipes"),
    "read": ("kartotek.cli.read_file", "read_file"),
    "user": ("kartotek.cli.people", "user"),
    "token": ("kartotek.cli.people", "token"),
    "privacy": ("kartotek.cli.privacy", "privacy"),
    "doctor": ("kartotek.cli.doctor", "doctor"),
    "database-url": ("kartotek.cli.database_url", "database_url"),
}


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code; what there is to say has been said."""
    shell = _Shell()
    try:
        code = kartotek.main(arguments, prog_name="kartotek", standalone_mode=False, obj=shell)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except BrokenPipeError:
        # Whoever read our output has had enough (`| head`); Python must not complain about it once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        click.echo(_sentence(error), err=True)
        if shell.debug:
            traceback.print_exc()
        return 2
    return code if isinstance(code, int) else 0


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(loading.load(module), name)
        return command


@dataclass
class _Shell:
    debug: bool = False


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, message="%(version)s")
@click.option("--debug", is_flag=True, envvar="KARTOTEK_DEBUG", help="Show where an error came from.")
@click.pass_obj
def kartotek(shell: _Shell, debug: bool) -> None:
    """A CRM that you host yourself."""
    shell.debug = debug
    logs.quiet(debug)


def _sentence(error: Exception) -> str:
    if isinstance(error, errors.Ambiguous):
        return error.sentence if error.option in error.sentence else f"{error.sentence} Say which with {error.option}."
    if isinstance(error, errors.KartotekError):
        return f"{error.sentence} ({error.type})" if error.type else error.sentence
    if errors.is_disk_full(error):
        return "The disk is full. Make room and run the same command again; what was stopped goes on."
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}."
    return f"Kartotek met something that it did not expect ({type(error).__name__}). {_written_down(error)}"


def _written_down(error: Exception) -> str:
    """Where the details of an unexpected error are."""
    try:
        file = Settings.from_environment().make_home() / "errors.log"
        _append(file, "".join(traceback.format_exception(error)))
    except (errors.KartotekError, OSError):
        return "Set KARTOTEK_DEBUG=1 and run it again to see where."
    return f"What is known about it stands at the end of {file}."


def _append(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as out:
        out.write(f"{text}\n")
