"""The commands of the command line, one file each. Heavy rooms are imported inside them, so that `--help` is light."""
