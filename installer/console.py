"""Entry of the console executable on Windows: the commands of `python -m mbo_desktop` in the installed program."""

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()

    from mbo_desktop.__main__ import main

    sys.exit(main(sys.argv[1:]))
