from django.apps import AppConfig


class Agreements(AppConfig):
    name = "shanzhi.agreements"

    def ready(self):
        from . import plugs

        plugs.register()
