from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import navigation


class Places(AppConfig):
    name = "shanzhi.places"

    def ready(self):
        navigation.register(
            navigation.Entry(
                code="places",
                label=_("Divisions and grids"),
                icon="map-2",
                url_name="places:index",
                section="administration",
                order=200,
            )
        )
