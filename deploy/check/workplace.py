"""A copy of what is deployed, in a folder of its own, and the tools to deploy it to an imitated AWS."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


class Workplace:
    """The template's sources, with zips of a function each that do nothing, and a web client of one page."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="darkroom-stack-"))
        shutil.copytree(REPOSITORY / "deploy", self.folder / "deploy", ignore=shutil.ignore_patterns("node_modules", ".venv", "*.pem"))
        os.symlink(REPOSITORY / "deploy" / "node_modules", self.folder / "deploy" / "node_modules")
        shutil.copytree(REPOSITORY / "appsync", self.folder / "appsync")
        shutil.copy(REPOSITORY / "serverless.yml", self.folder)
        self.functions = sorted(p.parent.name for p in (REPOSITORY / "functions").glob("*/bootstrap"))
        zips = self.folder / "bin" / "lambda"
        zips.mkdir(parents=True)
        for name in self.functions:
            with zipfile.ZipFile(zips / f"{name}.zip", "w") as z:
                z.writestr("bootstrap", name)
        assets = self.folder / "web" / "dist" / "assets"
        assets.mkdir(parents=True)
        (assets / "main-1.js").write_text("1")
        (assets.parent / "index.html").write_text("<!doctype html>")
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(self.folder),
            # No network but loopback's, and nobody's credentials.
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_ACCESS_KEY_ID": "imitated", "AWS_SECRET_ACCESS_KEY": "imitated",
            "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "NODE_NO_WARNINGS": "1", "SLS_AWS_MONITORING_FREQUENCY": "200", "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        }
        self.server = None
        self.log = self.folder / "cloud.log"

    def run(self, *command, stdin="", **more):
        done = subprocess.run(command, cwd=self.folder, env=self.environment | more, input=stdin, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
        if done.returncode:
            raise AssertionError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-6000:]}{self.trouble()}")
        return done.stdout

    def trouble(self):
        """What the imitated AWS has to say of its own failures."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return "\n".join(["", *[l for l in lines if "Error" in l or "HTTP/1.1\" 5" in l][-20:]])

    def package(self, *flags):
        """The template, made without credentials and without network."""
        self.run("deploy/node_modules/.bin/osls", "package", "--stage", "dev", *flags)
        return self.folder / ".serverless" / "cloudformation-template-update-stack.json"

    def start_cloud(self):
        with open(self.log, "w") as log:
            self.server = subprocess.Popen([sys.executable, str(Path(__file__).parent / "cloud.py")],
                                           stdout=log, stderr=subprocess.STDOUT, env=self.environment)
        give_up = time.monotonic() + 120
        while not (said := re.search(r"Running on (http://\S+)", self.log.read_text())):
            if self.server.poll() is not None or time.monotonic() > give_up:
                raise AssertionError("the imitated AWS did not start:\n" + self.log.read_text())
            time.sleep(0.1)
        self.environment["AWS_ENDPOINT_URL"] = said[1]

    def stood_in(self):
        return sorted(l.split()[-1] for l in self.log.read_text().splitlines() if l.startswith("stood in for"))

    def close(self):
        if self.server:
            self.server.kill()  # there is nothing in it to be kept
            self.server.wait()
        shutil.rmtree(self.folder)
