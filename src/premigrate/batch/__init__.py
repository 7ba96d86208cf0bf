"""Files, folders and tables of payloads, read in chunks and checked by one process or several."""
