"""Queries with texts that clients could misread, and leads for them."""

from __future__ import annotations

from typing import Final

from leadquery import Leads, users
from leadquery.expr.field_types import Field
from leadquery.fields import Notes, Score

HOSTILE: Final = (
    "'single' \"double\" \\ back\\slash $HOME ${HOME} $(id) `id` %PATH% %24 {{y}} {{{z}}} {y} }} "
    "<?php echo 1 ?> <% x %> </script> <!-- ⟨PATH⟩ é 語 🎈 \u202eright to left\u202c ’‘“” "
    "\n### line\r\n\ttab \x7f \u2028 \0 #{y} @x ~ ! ^ & | ; * / */ // -- coding: latin-1 "
    "\\{\\{z\\}\\} \\u007b \\ud83c\\udf88"
)
"""A text with characters that mean something to one client or another."""

HARD: Final = (
    Leads.where(
        Notes == HOSTILE,
        Field(f"mx_{HOSTILE}").is_in([HOSTILE, "a", "'", "''", "\\", '"', "$x"]),
        Field("mx_\U0001f388").has_data(),
    )
    .owned_by(users.Attribute(HOSTILE).matches("eq", HOSTILE), users.Role == "'")
    .created_between("2026-01-01", "2026-02-01")
    .group_by(Field(HOSTILE))
    .average(Field(f"{HOSTILE}x"))
)

EASY: Final = Leads.where(Score > 5).select(Score, Notes).page(1, 3)

SIZE: Final = 7
LEADS: Final = [
    {"ProspectID": f"{number}", "Score": f"{number + 10}", "Notes": f"a,\"{number}' é"}
    for number in range(SIZE)
]
