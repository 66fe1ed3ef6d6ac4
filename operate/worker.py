"""The background process: follows the journal, does the jobs. Run as many as needed."""

import asyncio
import logging
import os
import random
import signal
import socket
import threading

import psycopg_pool
from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

log = logging.getLogger("shanzhi.worker")

PAUSE = 0.5  # seconds between two looks at the journal
PATIENCE = 20  # seconds a job has to end when we are asked to stop
AWAY = (OperationalError, InterfaceError, ConnectorException, psycopg_pool.PoolTimeout, OSError)


class BackOff:
    """Waits longer after each failure, up to half a minute; says so once, and when it is over."""

    def __init__(self, what: str):
        self.what = what
        self.failures = 0

    def after(self, error: Exception) -> float:
        self.failures += 1
        if self.failures == 1:
            log.warning("%s: the database does not answer (%s); trying again.", self.what, error)
        return min(30, 0.5 * 2 ** min(self.failures - 1, 6)) * random.uniform(0.8, 1.2)

    def over(self) -> None:
        if self.failures:
            log.info("%s: the database answers again.", self.what)
        self.failures = 0


def follow(stop: threading.Event) -> None:
    """Run the journal's followers until asked to stop; whatever goes wrong, try again."""
    from shanzhi.journal import followers

    waits = BackOff("Journal followers")
    while not stop.is_set():
        pause = PAUSE
        try:
            read = followers.run_all(at=timezone.now())
            waits.over()
            pause = 0 if any(read.values()) else PAUSE
        except AWAY as error:
            pause = waits.after(error)
        except Exception:
            log.exception("Reading the journal failed; it is tried again in 10 s.")
            pause = 10
        close_old_connections()
        stop.wait(pause)


def worker_app() -> App:
    """The same tasks over an asynchronous connection. Commands that defer jobs go on using
    Django's own, so a job becomes visible together with the transaction that asked for it."""
    made = App(connector=app.connector.get_worker_connector(), worker_defaults=app.worker_defaults)
    made.tasks = app.tasks
    made.periodic_registry = app.periodic_registry
    return made


async def work(stop: asyncio.Event) -> None:
    """Do jobs until asked to stop; a database that went away is waited for."""
    waits = BackOff("Jobs")
    while not stop.is_set():
        try:
            async with worker_app().open_async() as jobs:
                waits.over()
                await _until_stopped(jobs, stop)
                continue  # the worker ended by itself: one of its side tasks lost the database
        except AWAY as error:
            pause = waits.after(error)
        await sync_to_async(close_old_connections)()
        await _sleep(stop, pause)


async def _until_stopped(jobs: App, stop: asyncio.Event) -> None:
    running = asyncio.create_task(
        jobs.run_worker_async(
            name=f"{socket.gethostname()}:{os.getpid()}",
            concurrency=2,
            install_signal_handlers=False,
            shutdown_graceful_timeout=PATIENCE,
        )
    )
    asked = asyncio.create_task(stop.wait())
    await asyncio.wait([running, asked], return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if stop.is_set():
        running.cancel()
    try:
        await running
    except asyncio.CancelledError:
        return


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def serve() -> None:
    from . import tasks  # noqa: F401  registers the periodic housekeeping

    stop, stop_following = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    following = threading.Thread(target=follow, args=[stop_following], name="followers")
    following.start()
    log.info("The worker has started.")
    try:
        await work(stop)
    finally:
        stop_following.set()
        await asyncio.to_thread(following.join)
        log.info("The worker has stopped.")


def main() -> None:
    asyncio.run(serve())
