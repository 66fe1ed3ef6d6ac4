from django.apps import AppConfig


class Journal(AppConfig):
    name = "shanzhi.journal"

    def ready(self):
        from . import chain, tallies
        from .kinds import Follower, register_follower

        register_follower(Follower("tallies", tallies.fold, batch=2000))
        register_follower(Follower("chain", chain.seal, batch=chain.BATCH))
