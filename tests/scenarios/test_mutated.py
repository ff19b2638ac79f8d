"""A mutated file gives a Scenario or a ScenarioError: no traceback, no empty list."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from oneroom.explore.vocabulary import vocabulary as everything
from oneroom.scenario import Scenario, ScenarioError, Vocabulary, document, parse
from oneroom.scenario.source import decode_source
from tests.project import SCENARIOS

Mutation = Callable[[bytes], bytes]

# Every verb, every key and every name stands somewhere in these.
WORD = re.compile(rb"[\w.-]+")
OURS = [path.read_bytes() for path in sorted(SCENARIOS.glob("**/*.yaml"))]
WORDS = sorted(
    {
        word
        for text in OURS
        for line in text.splitlines()
        if b": {" in line
        for word in WORD.findall(line)
    }
)

BOTH_PARSERS = pytest.mark.parametrize(
    "loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]
)

# What YAML, UTF-8 or a terminal reads as more than a character.
NASTY = st.sampled_from(
    [
        b":",
        b": ",
        b"-",
        b"- ",
        b"? ",
        b",",
        b"{",
        b"}",
        b"[",
        b"]",
        b"'",
        b'"',
        b"#",
        b"|",
        b">",
        b"=",
        b"@",
        b"..",
        b"&a ",
        b"*a",
        b"!!x ",
        b"<<: ",
        b"~",
        b"null",
        b"9" * 30,
        b"\\",
        b"\t",
        b"\n",
        b"\r",
        b"\n---\n",
        b"\n...\n",
        b"%YAML 1.1\n",
        b"\0",
        b"\x1b",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xc2\x85",
        b"\xe2\x80\xa8",
        b"\xef\xbb\xbf",
        b'"\\ud800"',
        b'"\\U0011ffff"',
    ]
)


def mutations(size: int, line_count: int) -> st.SearchStrategy[Mutation]:
    """Byte flips, insertions, and lines taken away, doubled, swapped or torn."""
    at, line = st.integers(0, size), st.integers(0, line_count - 1)
    return st.one_of(
        st.builds(lambda n, bit: lambda data: _flip(data, n, bit), at, st.integers(0, 7)),
        st.builds(lambda n, what: lambda data: data[:n] + what + data[n:], at, NASTY),
        st.builds(
            lambda n, count: lambda data: data[:n] + data[n + count :], at, st.integers(1, 8)
        ),
        st.builds(lambda n: lambda data: data[:n], at),
        st.builds(lambda i: lambda data: _lines(data, i, lambda row: []), line),
        st.builds(lambda i: lambda data: _lines(data, i, lambda row: [row, row]), line),
        st.builds(lambda i: lambda data: _lines(data, i, lambda row: [b" " + row]), line),
        st.builds(lambda i: lambda data: _lines(data, i, lambda row: [row.lstrip()]), line),
        st.builds(
            lambda i: (
                lambda data: _lines(data, i, lambda row: [b":".join(reversed(row.split(b":")))])
            ),
            line,
        ),
        st.builds(
            lambda i, j: lambda data: _swap_words(data, i, j),
            st.integers(0, 150),
            st.integers(0, 150),
        ),
    )


def _flip(data: bytes, index: int, bit: int) -> bytes:
    index %= max(1, len(data))
    return (
        data[:index]
        + bytes(byte ^ 1 << bit for byte in data[index : index + 1])
        + data[index + 1 :]
    )


def _lines(data: bytes, index: int, change: Callable[[bytes], list[bytes]]) -> bytes:
    rows = data.split(b"\n")
    index %= len(rows)
    return b"\n".join([*rows[:index], *change(rows[index]), *rows[index + 1 :]])


def _swap_words(data: bytes, one: int, other: int) -> bytes:
    words = data.split(b" ")
    one, other = one % len(words), other % len(words)
    words[one], words[other] = words[other], words[one]
    return b" ".join(words)


@BOTH_PARSERS
def test_mutated(
    loader: object, good: str, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "_LOADER", loader)
    original = good.encode()

    @settings(max_examples=150)
    @given(st.lists(mutations(len(original), good.count("\n")), min_size=1, max_size=4))
    def mutate(changes: list[Mutation]) -> None:
        data = original
        for change in changes:
            data = change(data)
        _assert_answered(data, vocabulary)

    mutate()


@settings(max_examples=600)
@given(
    st.sampled_from(OURS),
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from(WORDS)), min_size=1, max_size=3),
    st.integers(0, 40),
    st.booleans(),
)
def test_words_of_our_own_scenarios_in_each_others_place(
    text: bytes, changes: list[tuple[int, bytes]], line: int, keep: bool
) -> None:
    for place, word in changes:
        found = list(WORD.finditer(text))
        old = found[place % len(found)]
        text = text[: old.start()] + word + text[old.end() :]
    if not keep:
        text = _lines(text, line, lambda row: [])
    _assert_answered(text, everything())


@BOTH_PARSERS
@pytest.mark.parametrize(
    "data",
    [
        b'scenario: "\\U0011ffff"',
        b'scenario: "\\Uffffffff"',
        b'scenario: "\\ud800"',
        b"%YAML 1." + b"9" * 5_000 + b"\n---\na: 1",
        b"? ? ? ?",
        b"windows:\nsteps:\n  -\n",
        b"windows: {a: {kind: main, opens: later}}\nsteps: [{at: 1s, open: {window: {}}}]",
        b"{[]: 1, {}: 2, : 3}",
        b"expect: {limits: {a: 1}, ? : 3}",
        b"a: " + b"[" * 10_000,
        b"- " * 10_000,
    ],
    ids=lambda data: repr(data[:20]),
)
def test_hostile(
    data: bytes, loader: object, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "_LOADER", loader)
    assert isinstance(_answer(data, vocabulary), ScenarioError)
    _assert_answered(data, vocabulary)


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    vocabulary = Vocabulary(("naive",), (), (), (), {})
    _assert_answered(data, vocabulary)


@given(st.text(alphabet="abw:{}[],-#'\"\n \t&*!|>%@?", max_size=60))
def test_any_yaml_punctuation(text: str) -> None:
    _assert_answered(b"scenario: a\nwhy: b\n" + text.encode(), Vocabulary((), (), (), (), {}))


def _answer(data: bytes, vocabulary: Vocabulary) -> Scenario | ScenarioError:
    try:
        return parse(decode_source("m.yaml", data).text, vocabulary, "m.yaml")
    except ScenarioError as error:
        return error


def _assert_answered(data: bytes, vocabulary: Vocabulary) -> None:
    answer = _answer(data, vocabulary)
    if isinstance(answer, Scenario):
        return
    assert answer.problems
    for problem in answer.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message
        rendered = problem.render()
        assert rendered.startswith(f"m.yaml:{problem.line}:{problem.column}: ")
        assert all(character.isprintable() or character == "\n" for character in rendered)
