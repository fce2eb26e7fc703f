"""How Sphinx builds these pages; nothing is fetched from anywhere.

sphinx-build -n -W --keep-going -b html docs build/docs        the pages
sphinx-build -b linkcheck docs build/links                     asks every outside link
"""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

project = "leadquery"
author = "The leadquery authors"
copyright = author
version = release = version_of("leadquery")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinxext.opengraph",
    "docs.derived",
]
exclude_patterns = ["compared", "derived"]
nitpicky = True
highlight_language = "none"  # A block without a language is a sketch.
smartquotes = False  # Two hyphens are those of an option.
# Of the types in signatures, only public names have a page that must be there.
nitpick_ignore_regex = [("py:class", r"(?!leadquery\.\w+$).*")]

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

# Docstrings write code in single backticks.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
# A field has the same name.
autodoc_type_aliases = {"TimeZone": "leadquery.periods.TimeZone"}

# The button copies the commands, without the prompt and the output.
copybutton_prompt_text = "$ "
# Descriptions of pages for search engines and links. The pages have no fixed address.
ogp_site_url = ""
ogp_social_cards = {"enable": False}

html_theme = "furo"
html_title = f"leadquery {version}"
html_static_path = ["_static"]
html_css_files = ["phone.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
