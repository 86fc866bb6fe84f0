"""Weaving in more than one process: `processes` on this machine, `dask` on others. Neither ever asks a service.

Both take records in order and give back rows in the same order, and the same bytes as one process gives.
"""
