from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from .. import feeding, importing


@app.task(name="registry.import", lock="registry.imports")
def run_import(batch: int) -> str:
    return importing.run(batch, now=timezone.now)


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="registry.resume_imports")
def resume_imports(timestamp: int) -> int:
    """Those whose worker was killed, or lost the database."""
    waiting = importing.unfinished()
    for batch in waiting:
        go_on(batch)
    return len(waiting)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="registry.ask_sources", lock="registry.imports")
def ask_sources(timestamp: int) -> int:
    return feeding.run_due(now=timezone.now)


@app.periodic(cron="50 3 * * *")
@app.task(queueing_lock="registry.forget_imports", lock="registry.forget_imports")
def forget_imports(timestamp: int) -> int:
    """Files and rows of imports that were ended a month ago."""
    return importing.forget(at=timezone.now())


def go_on(batch: int) -> None:
    """Whatever is next for a batch is done soon; asked twice, it is done once."""
    try:
        with transaction.atomic():
            run_import.configure(queueing_lock=f"registry.import.{batch}").defer(batch=batch)
    except AlreadyEnqueued:
        return
