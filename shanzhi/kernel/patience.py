"""The database connection of a page: nobody waits for a server that does not answer at all."""

import select

import psycopg
from psycopg.pq import ConnStatus, TransactionStatus

LONGEST = 4.5  # seconds; a server that still lives has ended the statement before


class Connection(psycopg.Connection):
    """For the pool of config/settings. A frozen server is no broken connection to the kernel."""

    def execute(self, query, params=None, **options):
        """The pool asks "" of a connection before each use. A server that ended it, or was ended,
        has left something to read; where there is nothing, we save the journey there and back.
        """
        if query == "" and params is None and self._is_silent():
            return self.cursor()
        return super().execute(query, params, **options)

    def _is_silent(self):
        if self.pgconn.status != ConnStatus.OK:
            return False
        poll = select.poll()  # unlike select(), it knows no highest file number
        poll.register(self.pgconn.socket, select.POLLIN)
        return self.pgconn.transaction_status == TransactionStatus.IDLE and not poll.poll(0)

    def wait(self, gen, interval=0.1, timeout=None):
        try:
            return super().wait(gen, interval, LONGEST if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # whatever it still answers is no longer for us
            raise
