"""What the scripts of all languages share: a frame, how an answer is known, one call or a loop."""

from __future__ import annotations

from attrs import frozen

from leadquery.targets.target import Sending
from leadquery.targets.texts import comment, filled


@frozen
class Script:
    """The templates of a language; `mark` begins its comments.

    `json` and `csv` are for an answer in that format: how one is known, one call, and a call for
    each page.
    """

    frame: str
    mark: str
    json: tuple[str, str, str]
    csv: tuple[str, str, str]

    def text(self, sending: Sending, **own: str) -> str:
        """The script of a sending, with the parts that are the language's own."""
        answered, once, pages = self.csv if sending.csv else self.json
        shared = {
            "comment": comment(sending, self.mark),
            "answered": filled(answered, sending),
            "calls": filled(pages if sending.every_page else once, sending),
        }
        return filled(self.frame, sending, **shared, **own)
