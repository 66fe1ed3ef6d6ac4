"""A whole city in processes of its own, to be hurt: `town.py` runs it, `load.py` uses it."""
