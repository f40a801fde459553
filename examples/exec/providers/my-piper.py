"""A job of vidgen's in, Piper's speech out. Needs piper."""

import json
import subprocess
import sys

job = json.load(sys.stdin)
voice = job.get("voice") or job["params"]["voice"]
done = subprocess.run(
    ["piper", "--model", voice, "--length_scale", str(1 / job.get("speed", 1)), "--output_file", job["path"]],
    input=job["text"].encode(),
    stdout=sys.stderr,
)
if done.returncode == 127:
    print(json.dumps({"error": {"class": "auth", "message": "piper is not installed"}}))
sys.exit(done.returncode)
