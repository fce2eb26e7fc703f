"""What the scripts of all languages share: a frame, how an answer is known, one call or a loop."""

from __future__ import annotations

from attrs import frozen

from leadquery.exporters.base import ExportRequest
from leadquery.exporters.templating import comment, render


@frozen
class ScriptTemplate:
    """The templates of a language; `mark` begins its comments.

    `json` and `csv` are for an answer in that format: how one is known, one call, and a call for
    each page.
    """

    frame: str
    mark: str
    json: tuple[str, str, str]
    csv: tuple[str, str, str]

    def text(self, sending: ExportRequest, **own: str) -> str:
        """The script of a sending, with the parts that are the language's own."""
        answered, once, pages = self.csv if sending.csv else self.json
        shared = {
            "comment": comment(sending, self.mark),
            "answered": render(answered, sending),
            "calls": render(pages if sending.every_page else once, sending),
        }
        return render(self.frame, sending, **shared, **own)
