"""From bytes and paths: what is no text, what is too large, what does not exist, and which files a
folder has.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oneroom.explore.vocabulary import vocabulary as every_name
from oneroom.scenario import Discovered, ScenarioError, Vocabulary, discover, load, source
from oneroom.scenario.source import MAX_SIZE_BYTES
from tests.project import SCENARIOS


def refused(data: bytes, folder: Path, vocabulary: Vocabulary) -> str:
    """How a file of these bytes is refused, its folder left out."""
    file = folder / "f.yaml"
    file.write_bytes(data)
    with pytest.raises(ScenarioError) as raised:
        load(file, vocabulary)
    return str(raised.value).replace(f"{folder}{os.sep}", "")


def test_load(good: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    file = tmp_path / "g.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + good.replace("\n", "\r\n").encode())
    scenario = load(file, vocabulary)
    assert scenario.path == str(file)
    assert scenario.steps[-1].line == good.splitlines().index("  - {at: 9s, heal: {}}") + 1


def test_empty(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert refused(b"", tmp_path, vocabulary) == (
        "f.yaml:1:1: the file is empty\n  a scenario begins with `scenario: what happens`"
    )


def test_a_byte_order_mark_moves_no_column(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = b"scenario: @\n"
    assert refused(b"\xef\xbb\xbf" + text, tmp_path, vocabulary) == refused(
        text, tmp_path, vocabulary
    )


def test_not_utf8(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert refused("scenario: a\nwhy: é\n".encode("latin-1"), tmp_path, vocabulary) == (
        "f.yaml:2:6: not UTF-8 text: byte 0xe9\n"
        "  2 | why: �\n"
        "    |      ^\n"
        "  save the file as UTF-8, or name another one"
    )


def test_binary_garbage(tmp_path: Path, vocabulary: Vocabulary) -> None:
    answer = refused(bytes(range(256)) * 64, tmp_path, vocabulary)
    assert answer.startswith("f.yaml:3:")
    assert "not UTF-8 text: byte 0x80" in answer
    assert all(character.isprintable() or character == "\n" for character in answer)


def test_nul_bytes(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert refused(b"scenario: a\nwhy: \0\0\0\n", tmp_path, vocabulary) == (
        "f.yaml:2:6: not a text file: a NUL byte, and 2 more like it\n"
        "  2 | why: ···\n"
        "    |      ^\n"
        "  is this the file that you meant?"
    )


def test_terminal_escapes(tmp_path: Path, vocabulary: Vocabulary) -> None:
    answer = refused(b"scenario: \x1b[31ma\n", tmp_path, vocabulary)
    assert answer.startswith("f.yaml:1:11: not a text file: the control character U+001B\n")
    assert "\x1b" not in answer


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16(encoding: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    answer = refused("\ufeffscenario: a\n".encode(encoding), tmp_path, vocabulary)
    assert answer == "f.yaml:1:1: the file is UTF-16\n  save it as UTF-8"


def test_utf32_is_not_taken_for_utf16(tmp_path: Path, vocabulary: Vocabulary) -> None:
    answer = refused("\ufeffscenario: a\n".encode("utf-32-le"), tmp_path, vocabulary)
    assert answer == "f.yaml:1:1: the file is UTF-32\n  save it as UTF-8"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_guessed(
    encoding: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    answer = refused("scenario: a\n".encode(encoding), tmp_path, vocabulary)
    assert answer.startswith("f.yaml:1:")
    assert answer.endswith("  this may be UTF-16; save it as UTF-8")


def test_a_pipe_is_read_to_its_end(good: str, vocabulary: Vocabulary) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as file:
        file.write(good.encode())
    try:
        assert load(f"/dev/fd/{reader}", vocabulary).title
    finally:
        os.close(reader)


def test_a_pipe_that_nobody_writes_into_is_empty(
    tmp_path: Path, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_PIPE_PATIENCE_S", 0.0)
    os.mkfifo(tmp_path / "f.yaml")
    with pytest.raises(ScenarioError, match="the file is empty"):
        load(tmp_path / "f.yaml", vocabulary)


def test_a_device_without_end_is_too_large(vocabulary: Vocabulary) -> None:
    with pytest.raises(
        ScenarioError, match="the file has 1,048,577 bytes; a scenario has at most 1,048,576"
    ):
        load("/dev/zero", vocabulary)


def test_too_large(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert refused(b"# " + b"x" * (10 * MAX_SIZE_BYTES - 2), tmp_path, vocabulary) == (
        "f.yaml:1:1: the file has 10,485,760 bytes; a scenario has at most 1,048,576\n"
        "  is this the file that you meant?"
    )


def test_as_large_as_allowed(tmp_path: Path, vocabulary: Vocabulary) -> None:
    answer = refused(b"#" * MAX_SIZE_BYTES, tmp_path, vocabulary)
    assert answer.startswith("f.yaml:1:1: there are only comments in the file")


def test_many_tabs(tmp_path: Path, vocabulary: Vocabulary) -> None:
    answer = refused(
        b"scenario: a\nwhy: b\nwithout:\n" + b"\t- fence_on_gap\n" * 1_000, tmp_path, vocabulary
    )
    assert answer.count(": a tab indents this line") == 20
    assert "f.yaml:23:1: a tab indents this line, and 980 lines below it\n" in answer


def test_many_values(tmp_path: Path, vocabulary: Vocabulary) -> None:
    answer = refused(b"x: [" + b"1," * 20_000 + b"]", tmp_path, vocabulary)
    assert "more than 10,000 values in one scenario" in answer


def test_many_steps(good: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    steps = "  - {at: 9s, heal: {}}\n"
    answer = refused(good.replace(steps, steps * 600).encode(), tmp_path, vocabulary)
    assert "606 steps; a scenario has at most 500" in answer


def test_a_folder_and_a_missing_file_are_not_read(tmp_path: Path, vocabulary: Vocabulary) -> None:
    for path, reason in (
        (tmp_path, "Is a directory"),
        (tmp_path / "no.yaml", "No such file or directory"),
    ):
        with pytest.raises(ScenarioError) as raised:
            load(path, vocabulary)
        assert str(raised.value) == f"{path}: cannot be read: {reason}"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Some scenario files, and some that are none; the working directory."""
    for name in (
        "stage1/b.yaml",
        "stage1/a.yaml",
        "stage1/deep/c.yaml",
        "stage1/a/z.yaml",
        "notes.md",
        "top.yaml",
    ):
        file = tmp_path / "scenarios" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_discover_below_a_folder(tree: Path) -> None:
    names = ["stage1/a/z.yaml", "stage1/a.yaml", "stage1/b.yaml", "stage1/deep/c.yaml", "top.yaml"]
    assert discover(["scenarios"]) == [Discovered(Path("scenarios", name)) for name in names]


def test_discover_keeps_the_line_and_the_order_and_no_file_twice(tree: Path) -> None:
    first, second = Path("scenarios/top.yaml"), Path("scenarios/stage1/a.yaml")
    found = discover([f"{first}:14", second, first, second, "scenarios/stage1"])
    assert found[:3] == [Discovered(first, 14), Discovered(second), Discovered(first)]
    assert len(found) == 6


def test_discover_takes_any_name_that_is_given(tree: Path) -> None:
    Path("odd:7").touch()
    assert discover(["scenarios/notes.md", "odd:7"]) == [
        Discovered(Path("scenarios/notes.md")),
        Discovered(Path("odd:7")),
    ]


def test_discover_nothing(tree: Path) -> None:
    Path("empty").mkdir()
    assert discover(["empty"]) == []


def test_discover_names_every_missing_path(tree: Path) -> None:
    with pytest.raises(ScenarioError) as raised:
        discover(
            [
                "scenarios/stage2",
                "scenarios",
                "scenarios/stage1/a.yml:3",
                "nowhere/at/all",
                "x\0y",
                "z" * 5_000,
            ]
        )
    assert [problem.render().replace(os.sep, "/") for problem in raised.value.problems] == [
        "nowhere/at/all: there is no such file or folder",
        "scenarios/stage1/a.yml:3: there is no such file or folder\n  did you mean "
        "`scenarios/stage1/a.yaml`?",
        "scenarios/stage2: there is no such file or folder\n  did you mean `scenarios/stage1`?",
        "x\\x00y: there is no such file or folder",
        f"{'z' * 199}…: there is no such file or folder",
    ]


def test_discover_in_the_catalogue() -> None:
    everything = [f"{found.path}" for found in discover(["oneroom:"])]
    files = [path.relative_to(SCENARIOS).as_posix() for path in SCENARIOS.rglob("*.yaml")]
    assert sorted(everything) == sorted(f"oneroom:{file}" for file in files)
    stage = discover(["oneroom:stage1"])
    assert stage == [
        Discovered(Path(name)) for name in everything if name.startswith("oneroom:stage1/")
    ]
    assert discover([f"{stage[0].path}:14"]) == [Discovered(stage[0].path, 14)]


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("oneroom:stge1", "did you mean `oneroom:stage1`?"),
        ("oneroom:stage1/main-crashs.yaml", "did you mean `oneroom:stage1/main-crashes.yaml`?"),
        ("oneroom:main-crashes.yaml:9", "did you mean `oneroom:stage1/main-crashes.yaml`?"),
        ("oneroom:quite-another-thing", "`oneroom list oneroom:` lists those that do"),
        ("oneroom:../pyproject.toml", "`oneroom list oneroom:` lists those that do"),
        ("oneroom:stage1\0", "did you mean `oneroom:stage1`?"),
    ],
)
def test_discover_suggests_a_name_of_the_catalogue(name: str, suggestion: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        discover([name])
    (problem,) = raised.value.problems
    assert (problem.path, problem.suggestion) == (name.replace("\0", "·"), suggestion)


def test_a_scenario_of_the_catalogue_is_called_by_its_name() -> None:
    name = "oneroom:stage1/main-crashes.yaml"
    scenario = load(name, every_name())
    assert scenario.path == name
    assert scenario.text == (SCENARIOS / "stage1" / "main-crashes.yaml").read_text("utf-8")


def test_discover_tells_a_link_that_leads_nowhere_and_an_empty_path(tree: Path) -> None:
    Path("gone.yaml").symlink_to("scenarios/gone.yaml")
    Path("round.yaml").symlink_to("round.yaml")
    with pytest.raises(ScenarioError) as raised:
        discover(["gone.yaml", "round.yaml", ""])
    assert [problem.render() for problem in raised.value.problems] == [
        "'': an empty path names nothing\n  leave it out, or name a file or a folder",
        "gone.yaml: a link to `scenarios/gone.yaml`, where nothing is",
        "round.yaml: a link to `round.yaml`, where nothing is",
    ]
