"""三井街道民政办 applies: a draft, one that is heard, one that waits for the meeting, one that was
admitted and is evaluated; an emergency, a meeting, a return."""

from shanzhi.gate.tests import factories


def furnish(world, at):
    clerk, office, worker = map(
        world.actor, ("department_clerk", "burden_office", "community_worker")
    )
    return factories.furnished(clerk, office, worker, at)
