"""Service items and cases: apply, accept, handle, reply, rate.

Owns: Item, Category, Case and what hangs on a case, Draft, Route. Does not own clocks (work),
attachments (files), or what a business line adds to a kind of case (lines).
"""
