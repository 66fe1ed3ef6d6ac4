"""Time stamps of a third party on signatures (RFC 3161): of whom SHANZHI_SEALS_TIMESTAMP names."""

import asyncio
import hashlib
from asyncio import to_thread
from datetime import datetime
from urllib.request import Request, urlopen

from asn1crypto import cms, tsp
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper

SECONDS = 10  # to answer
MOST = 1_000_000  # bytes of an answer
ASKED, ANSWERED = "application/timestamp-query", "application/timestamp-reply"


class NoStampError(Exception):
    """The authority is silent, or says something else than it was asked."""


class Authority(TimeStamper):
    """Asks over HTTP; `stamped` is the time of the last token it gave."""

    def __init__(self, url: str):
        super().__init__()
        self.url = url
        self.stamped: datetime | None = None

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return await to_thread(self._ask, req.dump())

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            told = token["content"]["encap_content_info"]["content"].parsed
            same = told["message_imprint"]["hashed_message"].native == message_digest
            self.stamped = told["gen_time"].native
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as fault:
            raise NoStampError(str(fault)) from fault
        if not same:
            raise NoStampError("it stamped something else")
        return token

    def _ask(self, content):
        asked = Request(self.url, content, {"Content-Type": ASKED, "Accept": ANSWERED})
        with urlopen(asked, timeout=SECONDS) as answer:
            if answer.headers.get_content_type() != ANSWERED:
                raise ValueError(f"no time stamp but {answer.headers.get_content_type()}")
            return tsp.TimeStampResp.load(answer.read(MOST))


def authority() -> Authority | None:
    url = settings.SHANZHI_SEALS_TIMESTAMP
    return Authority(url) if url else None


def fault() -> str:
    """What the authority fails at when it is asked for a stamp; "" where it gives one."""
    asked = Authority(settings.SHANZHI_SEALS_TIMESTAMP)
    if not asked.url.startswith(("http://", "https://")):
        return "no http address"
    try:
        asyncio.run(asked.async_timestamp(hashlib.sha256(b"shanzhi").digest(), "sha256"))
    except NoStampError as silent:
        return str(silent) or "no answer"
    return ""
