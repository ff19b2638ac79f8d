"""Rules of structured clone, as far as a bus shows them. Chromium's word:
`tests/conformance/windows`.
"""

from __future__ import annotations

import pytest

from oneroom_fakes.structured_clone import (
    DataCloneError,
    Date,
    Error,
    Map,
    RegExp,
    SharedMemory,
    broadcast,
)


def test_receivers_get_a_copy() -> None:
    value = {"channel": "lobby", "muted": None, "levels": [0.5, {"of": "ada"}]}
    copy = broadcast(value)
    assert copy == value
    value["channel"] = "another"
    assert copy != value


@pytest.mark.parametrize("value", [lambda: 0, object(), {"inside": lambda: 0}, [object()]])
def test_what_has_no_copy_is_refused(value: object) -> None:
    with pytest.raises(DataCloneError):
        broadcast(value)


def test_what_has_no_copy_is_refused_even_beside_shared_memory() -> None:
    with pytest.raises(DataCloneError):
        broadcast([SharedMemory(), object()])


@pytest.mark.parametrize(
    "value", [SharedMemory(), {"inside": SharedMemory()}, ["before", [SharedMemory()]]]
)
def test_shared_memory_makes_all_of_the_value_null(value: object) -> None:
    assert broadcast(value) is None


class Point:
    def __init__(self, x: int) -> None:
        self.x = x


@pytest.mark.parametrize(
    ("value", "copy"),
    [
        (Date(5), Date(5)),
        (Map({"a": [1]}), Map({"a": [1]})),
        ({1, "two"}, {1, "two"}),
        (RegExp("a", "g", 3), RegExp("a", "g", 0)),
        (Error("TypeError", "wrong", {"code": 1}), Error("TypeError", "wrong")),
        (Error("LeaseLost", "lost"), Error("Error", "lost")),
        (b"12", b"12"),
        (Point(1), {"x": 1}),
    ],
)
def test_a_copy_has_what_the_standard_says(value: object, copy: object) -> None:
    assert broadcast([value]) == [copy]
    assert type(broadcast(value)) is type(copy)


def test_a_cycle_and_a_value_that_is_there_twice_are_copied_as_such() -> None:
    one: dict[str, object] = {}
    one["self"] = one
    copy = broadcast([one, one])
    assert isinstance(copy, list)
    assert copy[0] is copy[1] is copy[0]["self"]
    assert copy[0] is not one
