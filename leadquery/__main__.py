"""`python -m leadquery` is the command `leadquery`."""

from leadquery_main import main

main()
