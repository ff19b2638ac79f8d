"""The document is one file that asks for nothing, and no name in it is markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib

from oneroom.report.html.document import _sources, packed, render

HOSTILE = "</script><script>alert(1)</script>\u202e\"'<b>\x1b[31m"


def blocks(document: str) -> list[bytes]:
    found = re.findall(r'<script type="application/octet-stream"[^>]*>([^<]*)</script>', document)
    return [zlib.decompress(base64.b64decode(text)) for text in found]


def test_a_hostile_name_ends_no_element() -> None:
    suite = json.dumps({"title": HOSTILE}).encode()
    document = render(HOSTILE, suite, {("A1",): packed(json.dumps([HOSTILE]).encode())})
    assert "alert(1)</script>" not in document
    assert document.count("</script>") == 3
    assert [json.loads(block) for block in blocks(document)] == [{"title": HOSTILE}, [HOSTILE]]


def test_only_the_style_and_the_script_of_the_document_may_run() -> None:
    document = render("a", b"{}", {})
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', document)
    assert policy.startswith("default-src 'none'; ")
    for element in ("style", "script"):
        (text,) = re.findall(rf"<{element}>(.*?)</{element}>", document, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in policy


def test_no_two_files_of_the_page_give_a_name_to_different_things() -> None:
    """`page` is one object for all of them."""
    _, script = _sources()
    names = re.findall(r"^ *page\.(\w+) = ", script, re.MULTILINE)
    assert len(names) > 20
    assert [name for name in set(names) if names.count(name) > 1] == []


def test_nothing_in_it_is_somewhere_else() -> None:
    document = render("a", b"{}", {})
    found = set(re.findall(r"https?://[^\s\"'`)]+", document))
    assert found == {"http://www.w3.org/2000/svg"}  # the name of SVG's namespace
    assert not re.search(r"\b(?:src|srcset|@import)\s*=|\burl\((?!#)", document)
