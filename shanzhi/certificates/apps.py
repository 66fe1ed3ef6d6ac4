from django.apps import AppConfig


class Certificates(AppConfig):
    name = "shanzhi.certificates"

    def ready(self):
        from . import plugs

        plugs.register()
