"""Durations and ranges: exact, with a unit, and back again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oneroom.scenario import Range, format_duration, parse_duration, parse_range
from oneroom.scenario.diagnostic import RefusalError
from oneroom.scenario.duration import DURATION_PATTERN, MAX_DURATION_US, RANGE_PATTERN

DURATIONS_US = st.integers(0, MAX_DURATION_US)


@pytest.mark.parametrize(
    ("text", "duration_us"),
    [
        ("250us", 250),
        ("3ms", 3_000),
        ("1.5s", 1_500_000),
        ("2m", 120_000_000),
        ("6h", 21_600_000_000),
        ("0s", 0),
        ("0", 0),
        (0, 0),
        ("0.000001s", 1),
        ("0.1ms", 100),
        ("007s", 7_000_000),
        ("8760h", MAX_DURATION_US),
    ],
)
def test_duration(text: object, duration_us: int) -> None:
    assert parse_duration(text) == duration_us


@given(DURATIONS_US)
def test_duration_round_trip(duration_us: int) -> None:
    text = format_duration(duration_us)
    assert parse_duration(text) == duration_us
    assert re.fullmatch(DURATION_PATTERN, text)


@pytest.mark.parametrize(
    ("duration_us", "text"),
    [
        (0, "0s"),
        (1, "1us"),
        (900_000, "900ms"),
        (1_500_000, "1.5s"),
        (1_500_001, "1500001us"),
        (90_000_000, "90s"),
        (5_400_000_000, "90m"),
        (3_600_000_000, "1h"),
        (61_001_000, "61.001s"),
    ],
)
def test_shortest_text(duration_us: int, text: str) -> None:
    assert format_duration(duration_us) == text


@given(DURATIONS_US, DURATIONS_US)
def test_range_round_trip(one_us: int, other_us: int) -> None:
    value = Range(min(one_us, other_us), max(one_us, other_us))
    assert parse_range(str(value)) == value
    assert re.fullmatch(RANGE_PATTERN, str(value))
    assert value.is_draw == (one_us != other_us)


@given(
    st.one_of(
        st.text(),
        st.from_regex(
            r"[-0-9.]{0,4}(us|ms|s|m|h| sec|min)?(\.\.|-)?[0-9.]{0,4}(ms|s)?", fullmatch=True
        ),
    )
)
def test_any_text_is_a_range_or_is_refused_with_something_that_works(text: str) -> None:
    try:
        assert isinstance(parse_range(text), Range)
    except RefusalError as refusal:
        meant = re.fullmatch(r"did you mean `(.+)`\?", refusal.suggestion)
        assert meant is None or isinstance(parse_range(meant.group(1)), Range)


@given(
    st.one_of(
        st.none(), st.booleans(), st.floats(), st.integers(), st.lists(st.text()), st.just({})
    )
)
def test_any_other_value_is_zero_or_refused(value: object) -> None:
    if type(value) is int and value == 0:
        assert parse_range(value) == Range(0, 0)
    else:
        with pytest.raises(RefusalError):
            parse_range(value)


@pytest.mark.parametrize(
    "text",
    [
        "1e3s",
        "3 s",
        "s",
        "",
        " 3s",
        "3S",
        "-1s",
        "+1s",
        "9999999h",
        "1s..2",
        "..",
        "3",
        "٣s",
        "3s\n",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(RefusalError):
        parse_range(text)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("3 seconds", "did you mean `3s`?"),
        ("5MIN", "did you mean `5m`?"),
        ("1h30m", "did you mean `90m`?"),
        ("1,5s", "did you mean `1.5s`?"),
        ("20µs", "did you mean `20us`?"),
        ("4-6s", "did you mean `4s..6s`?"),
        ("4s to 6s", "did you mean `4s..6s`?"),
        ("4s...6s", "did you mean `4s..6s`?"),
        ("9000h", ""),
        ("0-6s", "did you mean `0s..6s`?"),
    ],
)
def test_suggestion(text: str, suggestion: str) -> None:
    with pytest.raises(RefusalError) as raised:
        parse_range(text)
    assert raised.value.suggestion == suggestion


@pytest.mark.parametrize(("low_us", "high_us"), [(-1, 5), (5, 4)])
def test_a_range_is_never_impossible(low_us: int, high_us: int) -> None:
    with pytest.raises(ValueError, match="not a range"):
        Range(low_us, high_us)
