"""What is collected once: persons, households, dwellings; their catalogue and who may read them.

See docs/registry.md.
"""
