"""Files, folders and streams of any size to the answers of their accounts, in one process or several."""
