"""Receiver of LiveKit's webhooks on 127.0.0.1.

Rules: it listens on the loopback interface alone, so the server must share it: a native one, or one
in a container on the host's network (`LiveKit(webhook_url=...)`). A request that is not signed with
the server's secret is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import jwt
import msgspec
from aiohttp import web
from livekit import api

from oneroom.core.reasons import Reason
from oneroom.live.server.credentials import Credentials
from oneroom.live.server.free_ports import LOOPBACK

_PATH = "/webhook"


class WebhookNotice(msgspec.Struct, frozen=True):
    """One webhook.

    `name` is LiveKit's (`participant_joined`, `track_published`, `room_finished` ...); fields that
    do not apply are empty. `reason` is UNKNOWN unless a participant has left.
    """

    name: str
    room: str
    identity: str
    sid: str
    reason: Reason
    track_sid: str


class Webhooks:
    """A webhook receiver. It calls `on_webhook` on the event loop that started it."""

    def __init__(self, on_webhook: Callable[[WebhookNotice], None]) -> None:
        self.url = ""
        self._on_webhook = on_webhook
        self._receivers: list[api.WebhookReceiver] = []

    @classmethod
    async def start(cls, on_webhook: Callable[[WebhookNotice], None]) -> Webhooks:
        """Listen on a free port. Requests are refused until `trust` was called."""
        hooks = cls(on_webhook)
        application = web.Application()
        application.router.add_post(_PATH, hooks._posted)
        hooks._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0)
        await hooks._runner.setup()
        await web.TCPSite(hooks._runner, LOOPBACK, 0).start()
        hooks.url = f"http://{LOOPBACK}:{hooks._runner.addresses[0][1]}{_PATH}"
        return hooks

    def trust(self, credentials: Credentials) -> None:
        """Accept the server with these credentials, in addition to those trusted already."""
        self._receivers.append(
            api.WebhookReceiver(api.TokenVerifier(credentials.key, credentials.secret))
        )

    async def close(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    _runner: web.AppRunner

    async def _posted(self, request: web.Request) -> web.Response:
        body = await request.text()
        for receiver in self._receivers:
            try:
                event = receiver.receive(body, request.headers.get("Authorization", ""))
            except jwt.InvalidTokenError:
                continue
            self._on_webhook(_notice(event))
            return web.Response()
        return web.Response(status=HTTPStatus.UNAUTHORIZED)


def _notice(event: api.WebhookEvent) -> WebhookNotice:
    who = event.participant
    return WebhookNotice(
        event.event,
        event.room.name,
        who.identity,
        who.sid,
        Reason(who.disconnect_reason),
        event.track.sid,
    )
