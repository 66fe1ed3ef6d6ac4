from django.apps import AppConfig


class Gate(AppConfig):
    name = "shanzhi.gate"

    def ready(self):
        from . import plugs

        plugs.register()
