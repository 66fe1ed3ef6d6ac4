from django.apps import AppConfig


class Effort(AppConfig):
    name = "shanzhi.effort"

    def ready(self):
        from . import plugs

        plugs.register()
