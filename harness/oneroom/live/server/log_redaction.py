"""Tokens stay out of logs, whoever writes them.

Rules: livekit 1.2.1 logs the answer to a refused connection, and LiveKit v1.13.5 answers with the
token that it refuses (seen): so what the SDK logs is cleaned before any handler has it.
"""

from __future__ import annotations

import logging
import re

from oneroom.live.server.reaper import TOKEN

_TOKEN = re.compile(TOKEN)
_INSTEAD = "<token>"


class _Cleaned(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        cleaned = _TOKEN.sub(_INSTEAD, text)
        if cleaned != text:
            record.msg, record.args = cleaned, ()
        return True


_CLEANED = _Cleaned()


def keep_tokens_out_of_logs() -> None:
    """Clean what the SDK logs in this process. Once is enough, more does no harm."""
    logging.getLogger("livekit").addFilter(_CLEANED)
