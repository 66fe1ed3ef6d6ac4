"""Tables as people keep them: read, understood and checked, before anything is written.

cells (text files, workbooks) → headers (where the titles are) → guessing (which column is what) →
values (one spelling, or what is wrong) → rows. Nothing here asks the registry.
"""
