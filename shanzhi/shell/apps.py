from django.apps import AppConfig


class Shell(AppConfig):
    name = "shanzhi.shell"

    def ready(self):
        from . import plugs

        plugs.register()
