"""What the operator sees while something takes time: lines that move, or plain lines in a log."""

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

Tell = Callable[..., None]  # tell(sentence, done=0, total=0)

console = Console(highlight=False, soft_wrap=True)


def say(sentence: str) -> None:
    console.print(sentence, markup=False)


@contextlib.contextmanager
def step(title: str) -> Iterator[Tell]:
    """One line a step; what it is doing right now moves below it where there is a terminal."""
    began = time.monotonic()
    if console.is_terminal:
        with _bar() as bar:
            task = bar.add_task(title, total=None)
            yield lambda sentence, done=0, total=0: bar.update(
                task, description=f"{title}: {sentence}", completed=done, total=total or None
            )
    else:
        say(f"{title} …")
        yield _plain()
    console.print(f"[green]ok[/green]  {title} [dim]({time.monotonic() - began:.1f} s)[/dim]")


def _bar() -> Progress:
    return Progress(
        SpinnerColumn("line"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        console=console,
        transient=True,
    )


def _plain() -> Tell:
    last = ""

    def tell(sentence, done=0, total=0):
        nonlocal last
        if sentence != last:
            last = sentence
            say(f"    {sentence}")

    return tell
