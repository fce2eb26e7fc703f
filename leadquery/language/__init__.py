"""How people say it: queries, their Python, their English."""
