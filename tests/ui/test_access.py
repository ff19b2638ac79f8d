"""The server lets in its own page alone: not another site, not a name that was rebound, not a
request without the token.
"""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from oneroom.report.html import document
from oneroom.ui import pages
from tests.ui.client import Client, served

QUESTION = {"name": {"scenario": "scenarios/two.yaml", "policy": "naive", "seed": 1}}


def test_the_address_that_is_printed_opens_the_page(client: Client) -> None:
    path = f"/?token={client.token}"
    answer = client.get(path, X_Oneroom_Token=None)
    assert answer.status == 200
    assert "connect-src 'self'" in answer.text
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.server.address.endswith(path)


@pytest.mark.parametrize("path", ["/", "/?token=", "/?token=guess", "/failures?token={token}"])
def test_without_the_token_in_its_place_nothing_is_told(client: Client, path: str) -> None:
    answer = client.get(path.format(token=client.token), X_Oneroom_Token=None)
    assert answer.status == 403
    assert "token" in answer.value["error"]
    assert client.token not in answer.text


def test_the_token_is_another_one_for_each_server(client: Client) -> None:
    with served() as other:
        assert other.token != client.token
        assert other.get("/failures", X_Oneroom_Token=client.token).status == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "", None])
def test_a_name_that_was_rebound_to_this_machine_is_refused(
    client: Client, host: str | None
) -> None:
    shown = None if host is None else host.format(port=client.server.server_port)
    assert client.get("/failures", Host=shown).status == 421
    assert client.post("/what-if", QUESTION, Host=shown).status == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "{own}s"])
def test_another_site_is_refused_with_the_token_even(client: Client, origin: str) -> None:
    own = f"http://127.0.0.1:{client.server.server_port}"
    assert client.post("/what-if", QUESTION, Origin=origin.format(own=own)).status == 403
    assert client.post("/what-if", QUESTION, Origin=own).status == 200


def test_a_change_needs_a_post_with_the_token(client: Client) -> None:
    assert client.post("/what-if", QUESTION, X_Oneroom_Token=None).status == 403
    assert client.get("/what-if").status == 404
    assert client.post(f"/what-if?token={client.token}", QUESTION, X_Oneroom_Token="").status == 403


def test_it_listens_on_the_loopback_alone(client: Client) -> None:
    assert client.server.server_address[0] == "127.0.0.1"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", client.server.server_port), timeout=5)


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/secret",
        "/failures/..",
        "//evil.example/",
        "/%00",
        "/failures%0d%0a",
    ],
)
def test_no_path_leads_to_a_file(client: Client, folder: Path, path: str) -> None:
    (folder / "secret").write_text("secret", encoding="utf-8")
    assert client.get(path).status == 404


def test_a_body_of_any_size_is_not_read(client: Client) -> None:
    assert client.post("/what-if", {}).status == 400  # the name is missing
    assert client.post("/what-if", {}, Content_Length="1000001").status == 413
    assert client.post("/what-if", {}, Content_Length="-1").status == 413


def test_the_report_as_a_file_has_none_of_it() -> None:
    file = document.render("a", b"{}", {})
    assert "connect-src" not in file
    assert "fetch(" not in file
    assert "fetch(" in pages.page(Path("nowhere"))
