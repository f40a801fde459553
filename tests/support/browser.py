"""browser.py - a page in a real Chromium, driven through its WebDriver wire protocol with the standard library alone

    browser.py PAGE.html SCRIPT.js [SHOTS-DIR]

SCRIPT.js holds checks: lines "// NAME" begin one, what follows is the body of a function that returns true. A line
"// size WIDTH HEIGHT", "// scheme dark|light" or "// shot FILE" does that. Prints what was not so and exits with 1; any
line in the console, a violation of the page's policy among them, is one. 77: there is no browser.
"""
import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request


class Browser:
    def __init__(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.driver = subprocess.Popen(["chromedriver", "--port=%d" % self.port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.base = ""

    def call(self, method, path, body=None):
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = urllib.request.Request("http://127.0.0.1:%d%s" % (self.port, path), data, {"Content-Type": "application/json"}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=50) as answer:
            return json.load(answer)["value"]

    def start(self):
        for _ in range(400):
            try:
                self.call("GET", "/status")
                break
            except OSError:
                time.sleep(0.05)
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio",
                            "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"]}
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"}, "goog:chromeOptions": options}}})
        self.base = "/session/" + session["sessionId"]

    def post(self, path, **body):
        return self.call("POST", self.base + path, body)

    def cdp(self, command, **params):
        return self.post("/goog/cdp/execute", cmd=command, params=params)

    def stop(self):
        try:
            if self.base:
                self.call("DELETE", self.base)
        except OSError:
            pass
        self.driver.terminate()
        self.driver.wait()


def checks(path):
    name, body = None, []
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("// "):
                if name:
                    yield name, "".join(body)
                name, body = line[3:].strip(), []
            else:
                body.append(line)
    if name:
        yield name, "".join(body)


def run(b, page, script, shots):
    bad = 0
    b.post("/timeouts", script=15000)
    b.cdp("Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1, mobile=False)
    b.post("/url", url="file://" + os.path.abspath(page))
    for name, body in checks(script):
        words = name.split()
        if words[0] == "size":
            b.cdp("Emulation.setDeviceMetricsOverride", width=int(words[1]), height=int(words[2]), deviceScaleFactor=1, mobile=int(words[1]) < 600)
        elif words[0] == "scheme":
            b.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": words[1]}])
        elif words[0] == "shot":
            if shots:
                picture = b.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=True)
                with open(os.path.join(shots, words[1]), "wb") as f:
                    f.write(base64.b64decode(picture["data"]))
        else:
            got = b.post("/execute/async", script="const done = arguments[0]; (async () => {" + body + "})().then(done, (e) => done(String(e)));", args=[])
            if got is not True:
                print("not so: %s: %s" % (name, json.dumps(got)))
                bad = 1
    for line in b.post("/se/log", type="browser"):
        print("not so: nothing in the console: %s" % line["message"])
        bad = 1
    return bad


def main():
    if not shutil.which("chromedriver") or not (shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")):
        print("there is no Chromium with its chromedriver")
        return 77
    b = Browser()
    try:
        b.start()
        return run(b, sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
    except urllib.error.HTTPError as e:
        print("the browser: %s" % e.read().decode("utf-8", "replace")[:1000])
        return 1
    finally:
        b.stop()


sys.exit(main())
