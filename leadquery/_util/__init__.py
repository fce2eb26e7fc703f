"""Helpers that know nothing about queries or the API. They import nothing from leadquery.

Start reading at `text`, which quotes, shortens and escapes text for messages, and at
`text.closest_match`, which finds the known name that a misspelt one resembles. `layout` fits
text into screen columns, `date_guess` guesses dates in other formats, and `atomic_write` writes
files.
"""
