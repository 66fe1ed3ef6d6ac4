"""What the web server's log leaves out."""

import logging


class Intended(logging.Filter):
    """granian counts threads by cores and says that its word may be ignored where the number is
    meant: ours is, four for each connection to the database (supervisor.web_command)."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Python threads" not in record.getMessage()
