"""Starts the window; takes a data folder or its 打开.zrd, or --self-test. Called as mbo-desktop-cli it runs the commands."""

import multiprocessing
import sys
from pathlib import Path

if __name__ == "__main__":
    multiprocessing.freeze_support()

    # Installed on Linux both names lead to this one executable.
    if Path(sys.argv[0]).name == "mbo-desktop-cli":
        from mbo_desktop.__main__ import main
    else:
        from ui.application import main

    sys.exit(main(sys.argv[1:]))
