"""Fetching: the only place that opens sockets. Whoever needs payloads opens a `Fetcher` in one of three ways."""

from trialweave.fetch.client import Fetcher, Progress
from trialweave.fetch.opening import Services, open_live, open_record, open_replay
from trialweave.fetch.report import FetchPlan, FetchReport, SourcePlan, SourceReport
from trialweave.fetch.retry import Policy

__all__ = [
    "FetchPlan",
    "FetchReport",
    "Fetcher",
    "Policy",
    "Progress",
    "Services",
    "SourcePlan",
    "SourceReport",
    "open_live",
    "open_record",
    "open_replay",
]
