"""Replay tokens: a failure in one word, and what is said of a word that is none."""

from __future__ import annotations

import base64
import zlib

import msgspec
import pytest

from oneroom.explore import replay_token
from oneroom.explore.judged_run import run_judged
from oneroom.explore.replay_token import BadToken, decode, encode, is_token, replay_command
from oneroom.explore.result_collector import ResultCollector
from oneroom.explore.stored_failure import StoredFailure, stored_failure
from tests.explore.texts import TWO_ROOMS, scenario


@pytest.fixture(scope="module")
def stored() -> StoredFailure:
    one = scenario(TWO_ROOMS)
    made = run_judged(one, "naive", 4)
    _, cases = ResultCollector(one, "naive").add(made.result)
    return stored_failure(cases[0], made, {"oneroom": "0.1.0", "simpy": "4.1.2"})


def test_a_token_is_the_whole_failure(stored: StoredFailure) -> None:
    token = encode(stored)
    assert token.startswith("or1-")
    assert is_token(token)
    assert decode(token) == stored
    assert decode(f" {token[:40]}\n  {token[40:]}\n") == stored, "as a terminal breaks it"
    assert replay_command(stored) == f"oneroom replay {token}"


def test_every_cut_is_told_as_a_cut(stored: StoredFailure) -> None:
    token = encode(stored)
    for length in range(len("or1-"), len(token)):
        with pytest.raises(BadToken, match="was cut: its end is missing"):
            decode(token[:length])


def test_every_changed_character_is_found(stored: StoredFailure) -> None:
    token = encode(stored)
    # The last one may have bits that mean nothing.
    for place in range(len("or1-"), len(token) - 1):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(BadToken, match=r"was changed|was cut"):
            decode(f"{token[:place]}{other}{token[place + 1 :]}")
    with pytest.raises(BadToken, match="checksum"):
        decode(f"{token}AAAA")


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("or2-AAAA", "is of version 2, this oneroom reads version 1"),
        ("or1-AAA!", "has characters that no token has"),
        ("or1-", "was cut"),
        ("or1-Aé", "has characters that no token has"),
    ],
)
def test_what_is_no_token_of_this_version_is_told(word: str, why: str) -> None:
    assert is_token(word)
    with pytest.raises(BadToken, match=why):
        decode(word)


def foreign(packed: bytes) -> str:
    """A token whose checksum is right, and whose content may be anything."""
    body = zlib.compress(packed, 9)
    head = len(body).to_bytes(4) + replay_token._checksum(body)
    return f"or1-{base64.urlsafe_b64encode(head + body).decode().rstrip('=')}"


def test_a_token_that_holds_something_else_is_refused(
    stored: StoredFailure, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadToken, match="holds no stored failure"):
        decode(foreign(b"\x93\x01\x02\x03"))
    later = msgspec.structs.replace(stored, format=9)
    with pytest.raises(BadToken, match="format 9, this version reads 1"):
        decode(encode(later))
    monkeypatch.setattr(replay_token, "_MOST_BYTES", 1_000)
    with pytest.raises(BadToken, match="larger than any failure"):
        decode(foreign(bytes(5_000)))


@pytest.mark.parametrize("word", ["Xt9Kp2", "order.json", "or1", "scenarios/or1-x.yaml"])
def test_other_words_are_no_tokens(word: str) -> None:
    assert not is_token(word)


def test_a_token_that_is_too_long_to_be_printed_gives_way_to_the_name(
    stored: StoredFailure,
) -> None:
    tape = tuple(("FATE", 1 << 31, number * 7919 % (1 << 31)) for number in range(3_000))
    long = msgspec.structs.replace(stored, tape=tape)
    assert len(encode(long)) > replay_token.LONGEST
    assert replay_command(long) == f"oneroom replay {long.id}"
    assert decode(encode(long)) == long, "but it is read all the same"
