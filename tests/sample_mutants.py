"""Runs mutmut on a random sample of mutants and prints how many were killed: ``python -m tests.sample_mutants 200 1``.

The arguments are the size of the sample and its seed. The modules and the tests are listed in pyproject.toml, under
[tool.mutmut]. mutmut itself tests all mutants, or those it is given by name.
"""

import random
import shutil
import subprocess
import sys
from pathlib import Path

from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import get_mutant_name

_KILLED = {"killed", "timeout", "segfault"}  # a crash of the tests counts, too
_MUTMUT = Path(sys.executable).with_name("mutmut")


def main(size: int, seed: int) -> None:
    """Test the sample; print each survivor as a diff, and the share that was killed."""
    mutants = sorted(
        get_mutant_name(file, name)
        for file in walk_mutatable_files()
        for name in mutate_file_contents(str(file), file.read_text("utf-8")).mutant_names
    )
    sample = random.Random(seed).sample(mutants, min(size, len(mutants)))  # noqa: S311 - a sample, not a secret
    shutil.rmtree("mutants", ignore_errors=True)  # mutmut would keep results of older tests
    subprocess.run([_MUTMUT, "run", *sample], check=True)
    completed = subprocess.run([_MUTMUT, "results", "--all", "true"], check=True, capture_output=True, text=True)
    status = dict(line.strip().rsplit(": ", 1) for line in completed.stdout.splitlines())
    survivors = sorted(name for name in sample if status[name] not in _KILLED)
    for name in survivors:
        subprocess.run([_MUTMUT, "show", name], check=True)
    killed = len(sample) - len(survivors)
    print(
        f"{killed} of {len(sample)} mutants killed ({killed / len(sample):.1%}); seed {seed}, of {len(mutants)} mutants"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
