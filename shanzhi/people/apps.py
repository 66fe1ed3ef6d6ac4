from django.apps import AppConfig


class People(AppConfig):
    name = "shanzhi.people"

    def ready(self):
        from . import plugs

        plugs.register()
