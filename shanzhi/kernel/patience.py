"""The database connection of a page: nobody waits for a server that does not answer at all."""

import psycopg
from psycopg.pq import TransactionStatus

LONGEST = 4.5  # seconds; a server that still lives has ended the statement before


class Connection(psycopg.Connection):
    """For the pool of config/settings. A frozen server is no broken connection to the kernel."""

    def wait(self, gen, interval=0.1, timeout=None):
        try:
            return super().wait(gen, interval, LONGEST if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # whatever it still answers is no longer for us
            raise
