"""Attachments: checked by content, cleaned, encrypted, served to those who may see their owner.

Owns: File. The areas above register who may read what they own (files/kinds.py).
"""
