"""A bar on the terminal while an import runs; nothing where nobody looks."""

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar

from kartotek.imports.run import Step


class Progress:
    """Drawn on stderr, so that stdout stays for what came of it."""

    def __init__(self, name: str, *, silent: bool) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("rows"),
        )
        console = Console(stderr=True)
        hidden = silent or not sys.stderr.isatty()
        self._bar = Bar(
            *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True, disable=hidden
        )
        self._name, self._said = name, ""
        self._task = self._bar.add_task(name, total=None)

    def __enter__(self) -> "Progress":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def at(self, step: Step) -> None:
        self._bar.update(self._task, completed=step.done, total=step.rows, description=f"{self._name}: {step.phase}")

    def say(self, sentence: str) -> None:
        """Something worth knowing while it lasts, said once."""
        if sentence != self._said:
            self._said = sentence
            self._bar.console.print(sentence, highlight=False, soft_wrap=True)
