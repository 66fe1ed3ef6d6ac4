"""Shanzhi 善治: one package an area; docs/architecture.md says which may use which."""
