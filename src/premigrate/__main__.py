"""Lets ``python -m premigrate`` be the command."""

from premigrate.cli import main

main()
