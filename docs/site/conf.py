"""Sphinx's configuration of the documentation's site: `make docs` builds it into build/docs.

Rules: the source folder is the project's own, so that a link of a page is the same path on the site
as it is in the repository. A link to a page leads to it, one to any other file of the project to a
copy of that file, and one that leads nowhere fails the build.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

project = "oneroom"
author = "the developers of oneroom"
root_doc = "docs/index"
extensions = ["myst_parser"]
include_patterns = [
    "*.md",
    "docs/**.md",
    "docker/README.md",
    "examples/*/README.md",
    "examples/README.md",
    "fakes/README.md",
    "reports/README.md",
    "benchmarks/README.md",
    "typescript/oneroom-core/README.md",
]
exclude_patterns = ["**/node_modules", "docs/site"]
# Anchors as GitHub makes them, down to the third level.
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]
html_theme = "furo"
html_title = "oneroom"
html_copy_source = False
html_show_copyright = False


def _unlink_folders(app: Sphinx, page: nodes.document) -> None:
    """Leave of a link to a folder of the project, which has no page on the site, its text alone."""
    here = Path(app.srcdir, app.env.docname).parent
    for link in list(page.findall(pending_xref)):
        if (here / str(link["reftarget"])).is_dir():
            link.replace_self(link.children)


def setup(app: Sphinx) -> None:
    """Tell Sphinx of what is ours."""
    app.connect("doctree-read", _unlink_folders)
