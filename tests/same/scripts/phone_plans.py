"""Prints how telephone numbers of every beginning are judged: what the numbering plans of an installation say."""

from premigrate.formats.phone import judge

for region in ("DK", "PT"):
    look = judge(region=region)
    for length in (8, 9):
        for start in range(10_000):
            number = f"{start:04}".ljust(length, "4")
            verdict = look(number)
            print(region, number, type(verdict).__name__ if verdict else "Accepted")
