"""Polling of RoomService: no repeats, no doubles after a move, silence is no leave."""

from __future__ import annotations

import asyncio

import pytest

pytestmark = pytest.mark.live

Listed = tuple[tuple[str, str, bool], ...]
ADA_1, ADA_2 = ("ada", "PA_1", True), ("ada", "PA_2", True)
WITNESS = ("witness", "PA_9", True)


class Scripted:
    """RoomService of one room: each look finds the next list, and at last the same again and
    again.
    """

    def __init__(self, *lists: Listed | Exception) -> None:
        self._lists = list(lists)

    async def participants(self) -> Listed:
        found = self._lists.pop(0) if len(self._lists) > 1 else self._lists[0]
        if isinstance(found, Exception):
            raise found
        return found


def polled(
    count: int, **rooms: Scripted
) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str]]]:
    """The changes reported during `count` polls, and the log lines made of them."""
    from oneroom.live.evidence.polling import Polling

    told: list[tuple[str, str, bool]] = []

    async def story() -> list[tuple[str, str]]:
        polling = Polling(rooms, "witness", lambda *one: told.append(one))  # type: ignore[arg-type]  # a double
        for _ in range(count):
            await polling.poll()
        return [(one.sid, one.presence.name) for one in polling.lines]

    said = asyncio.run(story())
    return told, said


def test_who_comes_and_goes_is_told_once_and_the_witness_never() -> None:
    told, said = polled(3, lobby=Scripted((WITNESS,), (WITNESS, ADA_1), (WITNESS, ADA_1), ()))
    assert told == [("ada", "PA_1", True), ("ada", "PA_1", False)]
    assert said == [("PA_1", "JOINED"), ("PA_1", "ACTIVE"), ("PA_1", "LEFT")]


def test_who_moves_to_another_room_between_two_questions_is_not_taken_for_two() -> None:
    # The first question finds it here, the next one there already.
    lobby = Scripted((ADA_1,), (ADA_1,), (ADA_1,), ())
    stage = Scripted((), (), (ADA_2,))
    told, _ = polled(3, lobby=lobby, stage=stage)
    assert told == [("ada", "PA_1", True), ("ada", "PA_1", False), ("ada", "PA_2", True)]


def test_who_was_there_for_one_question_alone_is_not_told() -> None:
    assert polled(2, lobby=Scripted((ADA_1,), (), ())) == ([], [])


def test_a_server_that_does_not_answer_lists_what_it_listed() -> None:
    told, _ = polled(
        4, lobby=Scripted((ADA_1,), (ADA_1,), ConnectionRefusedError(), (ADA_1,), (ADA_1,))
    )
    assert told == [("ada", "PA_1", True)]
