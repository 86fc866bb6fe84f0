"""Ask whether a pinned dependency has a known vulnerability. 0: none, or nobody could be asked; 1: there is one.

    python .ci/audit.py

`constraints.txt` is what is asked about. An advisory stands in IGNORED only with the reason why it does not concern
us, and the test that proves it.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 180

_PICKLES = (
    "diskcache can load pickles; ours neither reads nor writes one: tests/fetch/test_store.py, docs/reliability.md"
)
IGNORED = {"CVE-2025-69872": _PICKLES, "GHSA-w8v5-vhqr-4h9v": _PICKLES}


def main() -> int:
    for advisory, reason in IGNORED.items():
        print(f"ignored: {advisory}: {reason}")
    if importlib.util.find_spec("pip_audit") is None:
        return _could_not_ask("pip-audit is not installed")
    try:
        done = subprocess.run(_command(), cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return _could_not_ask(f"no answer within {SECONDS} seconds")
    return judge(done.returncode, done.stdout, done.stderr)


def judge(code: int, out: str, err: str) -> int:
    """Our exit code for how pip-audit ended: it answers in JSON, or could not ask."""
    try:
        told = json.loads(out)
    except ValueError:
        lines = err.strip().splitlines()
        return _could_not_ask(lines[-1] if lines else f"pip-audit ended with {code} and said nothing")
    found = list(_found(told))
    for line in found:
        print(line)
    skipped = [name["name"] for name in told["dependencies"] if "skip_reason" in name]
    if skipped:
        _could_not_ask(f"nothing is known of {', '.join(sorted(skipped))}")
    print(f"{len(told['dependencies']) - len(skipped)} packages asked about, {len(found)} known vulnerabilities")
    return 1 if found else 0


def _command() -> list[str]:
    ignored = [word for advisory in IGNORED for word in ("--ignore-vuln", advisory)]
    asked = ["--requirement", "constraints.txt", "--no-deps", "--disable-pip", "--progress-spinner", "off"]
    return [sys.executable, "-m", "pip_audit", *asked, "--format", "json", *ignored]


def _found(told: Any) -> Iterator[str]:
    for package in told["dependencies"]:
        for advisory in package.get("vulns", ()):
            if not {advisory["id"], *advisory.get("aliases", ())} & IGNORED.keys():
                mended = ", ".join(advisory.get("fix_versions", ())) or "no release yet"
                yield f"{package['name']} {package['version']}: {advisory['id']}, mended in {mended}"


def _could_not_ask(reason: str) -> int:
    print(f"could not ask about known vulnerabilities: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
