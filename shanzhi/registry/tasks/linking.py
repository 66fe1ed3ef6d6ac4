from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from .. import comparing


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="registry.compare", lock="registry.compare")
def compare(timestamp: int) -> int:
    """Comparisons that wait, and those whose worker was stopped."""
    return comparing.run_waiting(now=timezone.now)


def soon() -> None:
    """Not only at the full minute."""
    try:
        compare.defer(timestamp=0)
    except AlreadyEnqueued:
        return
