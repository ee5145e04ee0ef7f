"""Starts the window; takes a data folder or its 打开.zrd, or --self-test."""

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()

    from ui.application import main

    sys.exit(main(sys.argv[1:]))
