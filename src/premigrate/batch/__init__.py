"""Reading files, folders and tables of payloads in chunks, and validating them in one process or several."""
