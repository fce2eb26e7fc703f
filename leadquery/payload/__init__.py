"""How a request travels: written, read, checked, described."""
