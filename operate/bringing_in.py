"""`shanzhi import`: the same steps as on the desk, by the system, one after the other."""

from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation

from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import bringing, importing, queries, refusing
from shanzhi.registry.commands import imports as commands
from shanzhi.registry.intake import targets
from shanzhi.registry.models import Batch, Source

from .progress import Tell
from .system import Problem

BLOCK = 1 << 20


def bring_in(
    file: Path,
    *,
    source: str,
    place: str,
    columns: list[str],
    decision: str,
    lenient: bool,
    check_only: bool,
    left_out: Path | None,
    tell: Tell,
) -> list[str]:
    """Sentences that say what became of it."""
    if decision not in Batch.Decision.values:
        raise Problem("--decision is fill, keep or take.")
    with translation.override(settings.LANGUAGE_CODE):
        batch = _brought(file, _source(source), place or settings.SHANZHI_CITY)
        aside = _assigned(batch, _chosen(columns))
        batch = _run(batch, "checked", tell)
        told = [f"Batch {batch.pk}: {_counts(batch)}."]
        if aside:
            told.append(f"Kept aside: {', '.join(aside)}.")
        if left_out:
            left_out.write_text("".join(refusing.as_csv(batch)), encoding="utf-8", newline="")
        if check_only:
            return told
        commands.take_over(
            batch=batch, decision=decision, lenient=lenient, by=SYSTEM, at=timezone.now()
        )
        batch = _run(batch, "taken over", tell)
        return [*told, f"{sum(batch.counts.get('written', {}).values())} persons were written."]


def _source(code):
    try:
        return queries.source(code)
    except Source.DoesNotExist:
        known = ", ".join(Source.objects.order_by("id").values_list("code", flat=True))
        raise Problem(f"There is no source {code!r}; there are {known}.") from None


def _chosen(pairs):
    if wrong := [pair for pair in pairs if "=" not in pair]:
        raise Problem(f"--map is title=element, not {wrong[0]!r}.")
    chosen = dict(pair.split("=", 1) for pair in pairs)
    for code in chosen.values():
        if code and not targets.is_target(code):
            raise Problem(f"There is no element {code!r}.")
    return chosen


def _brought(file, source, place):
    with file.open("rb") as content:
        return bringing.bring(
            content=iter(lambda: content.read(BLOCK), b""), name=file.name, source=source,
            place=place, by=SYSTEM, at=timezone.now(),
        )  # fmt: skip


def _assigned(batch, chosen):
    """Columns as guessed but for those chosen; the titles of those kept aside."""
    found = bringing.header_of(batch)
    columns = [chosen.get(each.title, each.target) for each in found.columns]
    commands.assign_columns(
        batch=batch, layout=bringing.layout_with(batch, found), columns=columns,
        fingerprint=found.header.fingerprint, by=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    return [each.title for each, code in zip(found.columns, columns, strict=True) if not code]


def _run(batch, what, tell):
    importing.run(batch.pk, now=timezone.now, tell=lambda done, total: tell(what, done, total))
    batch = Batch.objects.get(pk=batch.pk)
    if batch.trouble:
        raise Problem(batch.trouble)
    return batch


def _counts(batch):
    return ", ".join(f"{count} {name}" for name, count in batch.counts["outcomes"].items())
