"""Who signs in, and through which post they act where.

Owns: Account, Department, Post, Card, Notice, Key, and what signing in needs (SentCode, PhoneCode,
Attempt). Does not own residents' records (registry).
"""
