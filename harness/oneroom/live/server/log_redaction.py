"""Redaction of tokens in the SDK's log.

Rules: livekit 1.2.1 logs the answer to a refused connection, and LiveKit v1.13.5 answers with the
token that it refuses (observed), so the SDK's log records are redacted before any handler gets
them.
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
    """Redact the SDK's log records in this process. Calling it again is harmless."""
    logging.getLogger("livekit").addFilter(_CLEANED)
