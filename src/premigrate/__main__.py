"""Lets ``python -m premigrate`` be the command."""

from premigrate.cli.main import main

main()
