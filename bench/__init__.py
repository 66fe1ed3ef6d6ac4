"""Measuring: a city of any size, load upon it, and what it does beside bare PostgreSQL."""
