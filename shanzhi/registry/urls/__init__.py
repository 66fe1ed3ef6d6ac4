from . import imports, linking, persons, population, rights, sharing, sources

app_name = "registry"
urlpatterns = [
    *imports.urlpatterns,
    *linking.urlpatterns,
    *persons.urlpatterns,
    *rights.urlpatterns,
    *population.urlpatterns,
    *sharing.urlpatterns,
    *sources.urlpatterns,
]
