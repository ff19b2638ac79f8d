"""The drawn machines are the tables of the core and of the recommended policy."""

from __future__ import annotations

from oneroom.report import diagram
from tests.project import ROOT

PAGE = ROOT / "docs" / "machines.md"


def test_the_drawing_is_up_to_date(rewrite: bool) -> None:
    if rewrite:
        PAGE.write_text(diagram.render())
    assert PAGE.read_text() == diagram.render()


def test_every_arrow_of_a_table_is_drawn() -> None:
    drawn = diagram.render()
    assert "OWNER --> HANDING_OVER: asked" in drawn
    assert "OPENING --> CLOSING: unwant" in drawn
    assert "STEALING --> CLAIMING: granted" in drawn
    assert drawn.count("stateDiagram-v2") == 8
