from django.apps import AppConfig


class Registry(AppConfig):
    name = "shanzhi.registry"

    def ready(self):
        from . import plugs

        plugs.register()
