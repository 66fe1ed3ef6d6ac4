"""Double entries."""

from django.urls import path

from ..views import linking

R = "desk/registry/"
urlpatterns = [
    path(f"{R}comparisons/", linking.index, name="comparisons"),
    path(f"{R}comparisons/<int:pk>/", linking.comparison, name="comparison"),
    path(f"{R}pairs/<int:one>/<int:two>/", linking.pair, name="link_pair"),
]
