"""The stored failures that a command line names."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from oneroom.cli import selection
from oneroom.explore.replay import Outdated, Replayed, replay
from oneroom.explore.replay_token import BadToken, decode, is_token
from oneroom.explore.store import FOLDER, Store, Unreadable, read
from oneroom.explore.stored_failure import StoredFailure
from oneroom.scenario import ScenarioError

REFUSED = "The stored text is refused by this version:"


def find(name: str) -> StoredFailure:
    """The failure called `name`, in the file of that name, or in that token.

    Raises click.UsageError, Unreadable.
    """
    if is_token(name):
        try:
            return _safe(decode(name))
        except BadToken as error:
            raise click.UsageError(str(error)) from error
    path = Path(name)
    store = Store()
    try:
        if path.suffix == ".json" or path.is_file():
            return _safe(read(path))
        if name in store.ids():
            return store.load(name)
    except OSError as error:
        raise click.UsageError(f"{name} cannot be read: {error.strerror}") from error
    near = difflib.get_close_matches(name, store.ids(), 1)
    if near:
        hint = f"did you mean {near[0]}?"
    else:
        hint = (
            "stored are " + ", ".join(store.ids()[:10])
            if store.ids()
            else f"no failure is stored in {FOLDER}"
        )
    raise click.UsageError(f"there is no stored failure {name!r}; {hint}")


def find_here(failure_id: str) -> StoredFailure:
    """The failure called `failure_id` in the store of the present folder. A file or a token may be
    somebody else's, and what it names here is not run in its place. Raises click.UsageError,
    Unreadable.
    """
    if failure_id in Store().ids():
        return Store().load(failure_id)
    if is_token(failure_id) or Path(failure_id).is_file():
        raise click.UsageError(
            "name a failure that is stored here by its ID: a token or a file from elsewhere is run "
            "by `oneroom replay`, as it was stored"
        )
    return find(failure_id)


def _safe(stored: StoredFailure) -> StoredFailure:
    """A failure that may come from somebody else: it must not start a program here, and its script
    is run by the engine that shuts it in, which Node's contexts do not. Raises click.UsageError.
    """
    if stored.bundle is not None and stored.bundle.command:
        raise click.UsageError(
            f"this failure would start the program `{stored.bundle.path}`, and oneroom starts none "
            f"that a token or a file names; start it yourself: {_seed_form(stored)}"
        )
    if stored.bundle is not None:
        bundle = msgspec.structs.replace(stored.bundle, engine="quickjs")
        return msgspec.structs.replace(stored, bundle=bundle)
    return stored


def _seed_form(stored: StoredFailure) -> str:
    """The command that makes the run of a stored failure anew, from the file of its scenario."""
    command = shlex.quote(stored.policy)
    return f"oneroom run {stored.scenario} --app-command {command} --seed {stored.seed}"


def replayed(names: Sequence[str]) -> list[Replayed]:
    """The failures of those names, run again from their tapes.

    Raises click.ClickException, ScenarioError.
    """
    try:
        stored = [find(name) for name in names]
        for one in stored:
            selection.find_policy_of(one)
        return [replay(one) for one in stored]
    except (Unreadable, Outdated) as error:
        raise click.ClickException(str(error)) from error


def refuse(error: ScenarioError) -> int:
    """Report what is wrong with the text of a stored failure. Returns the exit code."""
    click.echo(REFUSED, err=True)
    return selection.refuse(error)
