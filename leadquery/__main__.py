"""`python -m leadquery` is the command `leadquery`."""

from leadquery.cli import main

main(prog_name="leadquery")
