"""Messages as text, in TypeScript: what is a message in Python is one there, and nothing else."""

from __future__ import annotations

import json

import pytest

from oneroom.core import wire
from oneroom.javascript.engine import Engine
from tests.core.test_wire import MESSAGES, NO_MESSAGES
from tests.typescript.bundle import bundle

ENTRY = """
import { decode, encode } from 'oneroom-core';
globalThis.again = (text) => {
  const message = decode(text);
  return message ? encode(message) : null;
};
"""


@pytest.fixture(scope="module")
def engine() -> Engine:
    made = Engine()
    made.evaluate(bundle(ENTRY), "wire.js")
    return made


def again(engine: Engine, text: str) -> str | None:
    """The text that the TypeScript core makes of the message that it reads in `text`."""
    made: str | None = engine.call(engine.function("again"), text)
    return made


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_comes_out_as_it_went_in(name: str, engine: Engine) -> None:
    text = again(engine, wire.encode(MESSAGES[name]))
    assert text is not None
    assert wire.decode(text) == MESSAGES[name]


@pytest.mark.parametrize("name", MESSAGES)
def test_a_field_of_another_type_makes_no_message(name: str, engine: Engine) -> None:
    told = json.loads(wire.encode(MESSAGES[name]))
    for field in told:
        assert again(engine, json.dumps({**told, field: {}})) is None, field
        assert again(engine, json.dumps({k: v for k, v in told.items() if k != field})) is None


@pytest.mark.parametrize("text", [text for text in NO_MESSAGES if text.isascii()])
def test_what_is_no_message_is_none(text: str, engine: Engine) -> None:
    assert again(engine, text) is None
