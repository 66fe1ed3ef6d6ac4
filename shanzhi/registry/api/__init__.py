"""The registry for programs: the catalogue, and what a grant lets its unit read."""

from .sharing import router

ROUTERS = [("/registry", router)]
