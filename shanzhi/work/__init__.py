"""Whatever waits for someone is a duty; the clocks that run on it; the calendar they count by.

Owns: Duty, Clock, Pause, Day, Year, Edition. Areas open and close duties inside their own
commands, by the functions of `duties`; they add kinds, figures and panels to the desk by `kinds`.
"""
