"""How the pages are built: ``sphinx-build -W -b html docs docs/_build``."""

import sys
from pathlib import Path

from manyworks import __version__

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "manyworks"
author = "The manyworks authors"
copyright = "The manyworks authors, Apache-2.0"  # noqa: A001
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "finding_codes",
    "process_figures",
    "sanity_pictures",
    "command_help",
    "reading_tables",
]
exclude_patterns = ["_build", "_ext"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_ivar = True
default_role = "any"
suppress_warnings = ["ref.any", "ref.python"]

html_theme = "furo"
html_title = "manyworks"
html_theme_options = {"navigation_with_keys": True}
