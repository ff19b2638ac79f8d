"""The reference pages say what the code says."""

from __future__ import annotations

import pytest

from docs.site import reference


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_reference_page_is_up_to_date(name: str) -> None:
    """Otherwise call `python -m docs.site.reference`."""
    assert (reference.FOLDER / name).read_text(encoding="utf-8") == reference.PAGES[name]()
