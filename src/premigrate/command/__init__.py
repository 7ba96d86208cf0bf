"""Shared parts of the commands: options, configuration, filters, baseline, output files and exit codes."""
