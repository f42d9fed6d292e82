"""`python -m cinefile` is the `cinefile` command."""

from cinefile.cli.app import main

main()
