"""How well double entries are found: precision, recall, time and memory, as rows of the table."""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.report import Row
from shanzhi.registry.linking import CHINESE, Pair, propose

from . import febrl, lists, measure
from .measure import Score, Truth

PRECISION, RECALL = 0.95, 0.95  # of what is suggested, of lists as they usually are
SECONDS, MEGABYTES = 30, 1024  # 5,000 entries with 5,000


@dataclass(frozen=True)
class Trial:
    """`pairs` compares; `required` are the least precision and recall of what is suggested."""

    code: str
    title: str
    pairs: Callable[[], tuple[list[Pair], Truth]]
    required: tuple[float | None, float | None] = (PRECISION, RECALL)
    one_list: bool = False


def _two(**how) -> Callable[[], tuple[list[Pair], Truth]]:
    def run():
        made = lists.lists(**how)
        return propose(made.left, made.right, model=CHINESE), made.truth

    return run


def _one():
    made = lists.doubled()
    truth = {(min(each), max(each)) for each in made.truth}
    return propose(made.left, model=CHINESE), truth


def _febrl(number):
    found = febrl.load(number)
    return febrl.pairs(number, found), found.truth


TRIALS = [
    Trial("usual", "Two lists of 5,000, usual errors", _two()),
    Trial("careless", "Two lists of 5,000, 2.5 times the errors", _two(errors=2.5),
          (PRECISION, 0.8)),
    Trial("strangers", "Two lists of 5,000, one in twenty in both", _two(shared=0.05)),
    Trial("doubled", "One list of 5,150 with 150 twice", _one, (PRECISION, 0.88), one_list=True),
    *(Trial(f"febrl{n}", f"FEBRL {n}", lambda n=n: _febrl(n), (PRECISION, 0.95), n < 4)
      for n in febrl.FILES),
]  # fmt: skip


def rows() -> list[Row]:
    return [row for trial in TRIALS for row in of_trial(trial)] + [*cost()]


def of_trial(trial: Trial) -> list[Row]:
    pairs, truth = trial.pairs()
    suggested = measure.suggested(pairs, truth, one_list=trial.one_list)
    detail = "; ".join(
        f"from {each.threshold}: {each.precision:.3f} / {each.recall:.3f}"
        for each in measure.at_thresholds(pairs, truth)
    )
    precision, recall = trial.required
    return [
        _row(trial, "precision", suggested.precision, precision, f"precision / recall {detail}"),
        _row(trial, "recall", suggested.recall, recall, _counts(suggested)),
    ]


def _row(trial, what, reached, required, detail):
    title = f"Linking, {trial.title}: {what} of what is suggested"
    least = None if required is None else required * 100
    return Row(f"linking.{trial.code}.{what}", title, "%", reached * 100, least, detail=detail)


def _counts(each: Score) -> str:
    return f"{each.right:,} of {each.truth:,} true pairs, {each.proposed - each.right:,} wrong"


def cost() -> Iterator[Row]:
    """The libraries are loaded before; the peak is that of the whole process."""
    made = lists.lists()
    with _timed() as took:
        propose(made.left, made.right, model=CHINESE)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    title = "Linking, 5,000 entries with 5,000"
    yield Row("linking.seconds", title, "s", took[0], SECONDS, most=True)
    yield Row("linking.memory", f"{title}: memory", "MB", memory, MEGABYTES, most=True,
              detail="of the whole process")  # fmt: skip


@contextmanager
def _timed():
    took = [0.0]
    began = time.perf_counter()
    yield took
    took[0] = time.perf_counter() - began
