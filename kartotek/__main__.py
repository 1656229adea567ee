"""Lets `python -m kartotek` run the command line."""

from kartotek.cli.main import main

if __name__ == "__main__":
    main()
