"""A real Chromium, driven over loopback by the WebDriver protocol with the standard library alone."""

from __future__ import annotations

import base64
import http.client
import json
import re
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
KEYS = {
    "ArrowLeft": "\ue012",
    "ArrowRight": "\ue014",
    "Home": "\ue011",
    "End": "\ue010",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Tab": "\ue004",
}


def missing() -> str | None:
    """Why no browser can be driven here, or None."""
    if not shutil.which("chromium"):
        return "chromium is not installed (Debian: apt-get install chromium chromium-driver)"
    return None if shutil.which("chromedriver") else "chromedriver is not installed (Debian: chromium-driver)"


class Browser:
    """One headless window. Logs what the page writes to its console and every request that it makes."""

    def __init__(self, profile: Path, width: int = 1400, height: int = 1000, *flags: str) -> None:
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0", "--allowed-ips="], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._driver.stdout is not None
        port = None
        for line in self._driver.stdout:
            if (found := re.search(r"started successfully on port (\d+)", line)) is not None:
                port = int(found[1])
                break
        assert port is not None, "chromedriver ended before it listened"
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        options = {
            "binary": shutil.which("chromium"),
            "args": [*FLAGS, *flags, f"--user-data-dir={profile}", f"--window-size={width},{height}"],
        }
        logs = {"browser": "ALL", "performance": "ALL"}
        capabilities = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": logs}
        self._base = ""
        session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._base = f"/session/{session['sessionId']}"

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._ask("DELETE", "")
        finally:
            self._http.close()
            self._driver.terminate()
            self._driver.wait(20)
            assert self._driver.stdout is not None
            self._driver.stdout.close()

    def open(self, file: Path) -> None:
        self._ask("POST", "/url", {"url": file.as_uri()})

    def reload(self) -> None:
        self._ask("POST", "/refresh", {})

    def run(self, script: str, *arguments: object) -> Any:
        """The value that the function body `script` returns in the page."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, condition: str) -> None:
        """Until the expression holds: asked again with every frame that the page draws, at most 20 seconds."""
        script = f"""
            const done = arguments[0], end = performance.now() + 20000;
            const look = () => ({condition}) ? done(true)
              : performance.now() > end ? done(false) : requestAnimationFrame(look);
            look();"""
        assert self._ask("POST", "/execute/async", {"script": script, "args": []}), condition

    def press(self, *keys: str) -> None:
        """Keys as a person presses them: a name of KEYS, or characters."""
        strokes = [KEYS.get(key, key) for key in keys]
        actions = [{"type": kind, "value": s} for stroke in strokes for s in stroke for kind in ("keyDown", "keyUp")]
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def command(self, name: str, **parameters: object) -> Any:
        """A command of the DevTools protocol."""
        return self._ask("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def screenshot(self, file: Path, whole: bool = False) -> None:
        shot = self.command("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self) -> bytes:
        return base64.b64decode(self._ask("POST", "/print", {"background": True}))

    def console(self) -> list[str]:
        """What the console says since the last call."""
        return [f"{entry['level']}: {entry['message']}" for entry in self._ask("POST", "/se/log", {"type": "browser"})]

    def requested(self) -> list[str]:
        """The addresses that were asked for since the last call."""
        entries = self._ask("POST", "/se/log", {"type": "performance"})
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = json.dumps(body).encode("utf-8") if method == "POST" else None
        self._http.request(method, self._base + path, data, {"Content-Type": "application/json"})
        answer = json.loads(self._http.getresponse().read())["value"]
        if isinstance(answer, dict) and "error" in answer and "stacktrace" in answer:
            raise AssertionError(f"{answer['error']}: {answer['message']}")
        return answer
