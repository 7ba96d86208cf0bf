"""The public names of premigrate, compared with the list that 1.x promises to keep."""
