"""Population figures: folded every minute, proved every night."""

import logging

from procrastinate.contrib.django import app

from .. import population

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="registry.fold_population")
def fold_population(timestamp: int) -> int:
    folded = 0
    while batch := population.fold():
        folded += batch
    return folded


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="registry.prove_population", lock="registry.prove_population")
def prove_population(timestamp: int) -> int:
    """How many figures were wrong; they are counted anew then."""
    wrong = population.faults()
    if wrong:
        log.error("%s population figures were wrong and are counted anew", wrong)
        population.rebuild()
    return wrong
