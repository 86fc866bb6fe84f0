"""Readers and writers of the table formats people keep."""
