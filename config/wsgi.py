import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
os.environ["SHANZHI_PROCESS"] = "web"  # the settings give it the database role of the web
application = get_wsgi_application()
del os.environ["SHANZHI_PROCESS"]  # programs started from here are not the web
import_module("shanzhi.gate.warming").serve()  # models are there only now
resolve("/")  # every view is loaded now, not with the first visitor

# What is loaded by now stays: the collector need not look through it with each request it follows.
# A page makes some thousand objects and hardly a ring of them (measured: a sixth of a list's time).
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
