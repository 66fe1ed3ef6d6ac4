"""The append-only record of who did what to which, where and when, and those who read on from it.

Owns: Entry, the daily chain, the followers' cursors, tallies. Knows nothing of what it records.
"""
