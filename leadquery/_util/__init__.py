"""Helpers that know nothing of queries or of the API.

`text` quotes, shortens and escapes text for messages; `suggest` finds the nearest of some names.
"""
