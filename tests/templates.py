"""Environment that the processes of a test run share, where the run has a server of its own."""

TEMPLATE = "TESTED_TEMPLATE"  # the database that conftest.py has migrated; others are its copies
FOLDER = "TESTED_FOLDER"  # goes when the run ends
