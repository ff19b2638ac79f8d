"""YAML syntax errors, explained to scenario authors.

Rules of this file: one row of `_RULES` an error, the first that fits is taken. A row is chosen by
words that libyaml and PyYAML's own parser share, and placed at the mark that helps: a quote that is
never closed is an error of the place where it was opened, not of the end of the file where the
parser gave up.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml

from oneroom.scenario.diagnostic import Problem
from oneroom.scenario.source import SourceText


class _Rule(NamedTuple):
    """One row: `pattern` is searched for in "context: problem at character".

    `{c}` is the character at the reported place.
    """

    pattern: re.Pattern[str]
    message: str
    suggestion: str
    at_context: bool = False


def _rule(pattern: str, message: str, suggestion: str, at_context: bool = False) -> _Rule:
    return _Rule(re.compile(pattern), message, suggestion, at_context)


_GLUED_COLON = re.compile(r" *(?:- )? *[A-Za-z_][A-Za-z0-9_-]*:(?=[^ \t:])")
_QUOTE_IT = "if it belongs to a text, put the text in quotes"
_RULES = (
    _rule(
        "quoted scalar: found unexpected end",
        "the quote {c} is never closed",
        "add the closing quote",
        True,
    ),
    _rule(
        "quoted scalar: found unexpected document separator",
        "the quote {c} is never closed",
        "add the closing quote",
        True,
    ),
    _rule(
        "quoted scalar: ",
        "an escape in double quotes that YAML does not know",
        "in single quotes `\\` is a plain character",
    ),
    _rule(
        "block scalar: ",
        "`{c}` starts a block of text in YAML",
        'put the value in quotes, such as ">= 3"',
        True,
    ),
    _rule("scanning an alias", "`*` starts an alias in YAML", _QUOTE_IT, True),
    _rule("scanning an anchor", "`&` starts an anchor in YAML", _QUOTE_IT, True),
    _rule("(scanning|parsing) a tag", "`!` starts a tag in YAML", _QUOTE_IT, True),
    _rule(
        "directive|incompatible YAML|%YAML", "directives (`%…`) are refused", "leave the line out"
    ),
    _rule("undefined tag handle", "`!` starts a tag in YAML", _QUOTE_IT),
    _rule("cannot start any token", "a value cannot start with `{c}`", _QUOTE_IT),
    _rule(
        "mapping values are not allowed",
        "a `:` does not fit here",
        "check the indentation; a text that contains `: ` goes in quotes",
    ),
    _rule(
        "sequence entries are not allowed",
        "a list entry `- ` does not fit here",
        "start the list on a line of its own",
    ),
    _rule(
        "expected here ',' or '}'",
        "a `,` or `}}` is expected here",
        "put commas between the entries of `{{…}}`",
    ),
    _rule(
        "expected here ',' or ']'",
        "a `,` or `]` is expected here",
        "put commas between the entries of `[…]`",
    ),
    _rule(
        "expected ',' or '}'",
        "this `{{` is not closed",
        "close it with `}}`, and put commas between its entries",
        True,
    ),
    _rule(
        "expected ',' or ']'",
        "this `[` is not closed",
        "close it with `]`, and put commas between its entries",
        True,
    ),
    _rule(
        "could not find expected ':'",
        "a key without a value",
        "write `key: value`, with a space after the colon",
        True,
    ),
    _rule(
        r"block mapping: .* at [\]}]$", "`{c}` closes nothing", "leave it out, or open it before"
    ),
    _rule(
        "block mapping: .* at -$",
        "a list entry does not fit here",
        "check the indentation: all entries of one list start in the same column",
    ),
    _rule(
        "block mapping: ",
        "a `key: value` is expected here",
        "check the indentation: all keys of one mapping start in the same column",
    ),
    _rule(
        "block collection: ",
        "a list entry `- …` is expected here",
        "check the indentation: all entries of one list start in the same column",
    ),
    _rule("node content", "a value cannot start with `{c}`", _QUOTE_IT),
    _rule(
        "<document start>",
        "this does not belong to what stands before it",
        "check the indentation; a file holds one scenario, from its first column on",
    ),
)


def syntax_problem(source: SourceText, error: yaml.MarkedYAMLError) -> Problem:
    """The Problem for a YAML parser's error."""
    said = (
        f"{error.context or ''}: {error.problem or ''} at "
        f"{_character(source, *_position(error, at_context=False))}"
    )
    if (
        error.context_mark
        and error.problem_mark
        and error.context_mark.line == error.problem_mark.line
    ):
        said = said.replace("expected ','", "expected here ','")
    glued = (
        _glued_colon(source, error)
        if "mapping values" in said or "could not find expected ':'" in said
        else None
    )
    if glued is not None:
        return source.problem(*glued, "no space after the colon", "write `key: value`")
    for rule in _RULES:
        if rule.pattern.search(said):
            line, column = _position(error, rule.at_context)
            character = _character(source, line, column)
            return source.problem(
                line, column, rule.message.format(c=character), rule.suggestion.format(c=character)
            )
    line, column = _position(error, at_context=False)
    return source.problem(line, column, f"not valid YAML: {error.problem or error.context}")


def _glued_colon(source: SourceText, error: yaml.MarkedYAMLError) -> tuple[int, int] | None:
    """Line and column of a `key:value` that YAML took for a text, often reported one line later."""
    line, _ = _position(error, at_context=False)
    for number in (line, line - 1):
        match = (
            _GLUED_COLON.match(source.lines[number - 1])
            if 0 < number <= len(source.lines)
            else None
        )
        if match is not None:
            return number, match.end()
    return None


def _position(error: yaml.MarkedYAMLError, at_context: bool) -> tuple[int, int]:
    """Line and column from 1: where the parser stopped, or where the construct began."""
    mark = error.problem_mark or error.context_mark
    if at_context and error.context_mark is not None:
        mark = error.context_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def _character(source: SourceText, line: int, column: int) -> str:
    text = source.lines[line - 1] if line <= len(source.lines) else ""
    character = text[column - 1 : column]
    if character.isprintable():
        return character or "the end of the line"
    return "a tab" if character == "\t" else f"U+{ord(character):04X}"
