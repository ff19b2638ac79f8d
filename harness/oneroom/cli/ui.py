"""`oneroom ui`: the report from a server on this machine, where runs can be played again."""

from __future__ import annotations

import os
import shlex
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oneroom.cli import options

if TYPE_CHECKING:  # it would import all of the scenario package
    from oneroom.scenario import Scenario
    from oneroom.scenario.bundle import EngineName
    from oneroom.ui.server import PageServer
    from oneroom.ui.service import Service


@click.command("ui")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@options.policy_option("Search")
@options.app_option
@options.app_command_option
@options.js_option
@options.check_option
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    metavar="N",
    help="The port of 127.0.0.1; any that is free unless given.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--save-to",
    type=click.Path(file_okay=False, path_type=Path),
    default="scenarios",
    show_default=True,
    metavar="FOLDER",
    help="Folder for the scenarios that are saved.",
)
@options.report_dir_option
def command(
    paths: tuple[str, ...],
    policy: tuple[str, ...],
    app: str,
    app_command: tuple[str, ...],
    js: EngineName,
    check: tuple[str, ...],
    port: int,
    opens: bool,
    save_to: Path,
    report_dir: Path,
) -> int:
    """Serve the report on 127.0.0.1: with what-if, and the progress of a search.

    The page has the newest report and the stored failures. A message, a crash or any other step can
    be moved along time there, and the run is played again at once. PATH is a scenario file or a
    folder of them whose runs may be played; without one it is the folder `scenarios`.

    The address has a token, without which the server answers nobody. Ctrl-C ends it.
    """
    from oneroom import named_class
    from oneroom.cli import selection
    from oneroom.policies.registry import NAMES
    from oneroom.ui.search import Choices
    from oneroom.ui.server import Refused
    from oneroom.ui.service import Service

    chosen_app = options.choose_app(app, app_command, js, policy)
    selection.find_policies(policy)
    named_class.search_here()

    def load(path: str) -> Scenario | None:
        found = selection.one_of(paths, path)
        if found is None:
            return None
        try:
            chosen = selection.with_app((found.with_checks(check),), chosen_app, policy)
            selection.find_checks(chosen)
        except click.ClickException as error:
            raise Refused(error.format_message()) from error
        return chosen[0] if chosen else None

    words = [word for name in check for word in ("--check", name)]
    if chosen_app.is_named:
        named = shlex.join(app_command) if app_command else app
        words += [chosen_app.option, named, *([] if app_command else ["--js", js])]
    policies = tuple(dict.fromkeys((*policy, *NAMES)))
    choices = Choices(lambda: selection.shown_paths(paths), policies, paths, words)
    service = Service(load, choices, report_dir, save_to)
    try:
        server = service.server(port)
    except OSError as error:
        raise click.ClickException(f"port {port} of 127.0.0.1: {error.strerror}") from error
    return _serve(service, server, opens=opens)


def _serve(service: Service, server: PageServer, *, opens: bool) -> int:
    from oneroom.checks.verdict import Exit
    from oneroom.cli import browser
    from oneroom.cli.interrupts import Interrupts

    click.echo(server.address)
    sys.stdout.flush()
    if opens and browser.has_screen(os.environ, sys.platform):
        threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
    # Ctrl-C, or SIGTERM, is how it ends.
    with server, Interrupts():
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return Exit.HELD
        finally:
            service.close()
    return Exit.HELD
