from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Work(AppConfig):
    name = "shanzhi.work"

    def ready(self):
        from shanzhi.journal.kinds import Follower, register_follower
        from shanzhi.kernel import navigation
        from shanzhi.places.moves import following

        from . import commands, kinds, leaving, queries, rules

        register_follower(Follower("work.moves", following(commands.follow_move), from_now=True))
        register_follower(Follower("work.posts", leaving.follow, from_now=True))

        navigation.register(
            navigation.Entry(
                "work", _("Desk"), "inbox", "work:inbox", order=0, count=queries.waiting
            )
        )
        navigation.register(
            navigation.Entry(
                "work.units", _("Work by unit"), "list-check", "work:units",
                section="insight", roles=rules.OVERSEERS,
            )
        )  # fmt: skip
        navigation.register(
            navigation.Entry(
                "work.calendar", _("Working-day calendar"), "calendar", "work:calendar",
                section="administration", roles=rules.CALENDAR_ROLES,
            )
        )  # fmt: skip
        kinds.register_panel(
            kinds.Panel("work.calendar", "work/parts/calendar_ends.html", queries.calendar_ends)
        )
