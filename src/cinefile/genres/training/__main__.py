"""One branch of one stage, as `recipe.run_all` starts it: DATA RUN STAGE BRANCH BRANCHES SEED."""

import sys
from pathlib import Path

from cinefile.genres.training.recipe import run_branch


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    data, run, stage, branch, branches, seed = sys.argv[1:]
    run_branch(Path(data), Path(run), stage, int(branch), int(branches), int(seed), _say)
