from django.apps import AppConfig


class Burden(AppConfig):
    name = "shanzhi.burden"

    def ready(self):
        from . import plugs

        plugs.register()
