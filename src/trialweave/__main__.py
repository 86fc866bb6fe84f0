"""`python -m trialweave`: the command where its script is not on the PATH, as in a virtual environment under cron."""

from trialweave.cli import entry

if __name__ == "__main__":
    entry()
