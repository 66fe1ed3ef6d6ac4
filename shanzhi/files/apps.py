from django.apps import AppConfig


class Files(AppConfig):
    name = "shanzhi.files"

    def ready(self):
        from . import resealing

        resealing.register()
