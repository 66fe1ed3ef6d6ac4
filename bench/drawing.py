"""One document, drawn in a process of its own. Nothing of Django is imported before it is ready."""

import time


def ready() -> None:
    """As a process of the web server, which draws what is opened or signed."""
    import config.wsgi  # noqa: F401


def draw(key: int) -> tuple[float, float, int]:
    """Seconds by the clock, seconds of the processor, and bytes."""
    from shanzhi.agreements import document, queries
    from shanzhi.agreements.models import Agreement

    agreement = Agreement.objects.select_related("own", "assist").get(pk=key)
    began, worked = time.perf_counter(), time.process_time()
    content = document.draw(agreement, queries.clauses(agreement))
    return time.perf_counter() - began, time.process_time() - worked, len(content)
