"""Rules of structured clone, as far as a bus shows them. Chromium's word:
`tests/conformance/windows`.
"""

from __future__ import annotations

import pytest

from oneroom_fakes.structured_clone import DataCloneError, SharedMemory, broadcast


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
