"""Runs and nights made of a few words, shared by the tests of what compares and publishes runs."""
