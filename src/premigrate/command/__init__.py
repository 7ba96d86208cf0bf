"""What all commands share: options, configuration, filters, baseline, output files and exit codes."""
