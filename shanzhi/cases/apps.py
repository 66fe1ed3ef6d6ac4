from django.apps import AppConfig


class Cases(AppConfig):
    name = "shanzhi.cases"

    def ready(self):
        from . import plugs

        plugs.register()
