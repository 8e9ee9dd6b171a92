#!/usr/bin/env python3
"""Makes the embedded store of Kubernetes schemas. See README.md beside this file.

    package kubernetes-validate ──read──> kubernetes.txt ──pack──> kubernetes.bin

    build.py               pack kubernetes.bin from kubernetes.txt (needs nothing but Python)
    build.py --fetch       download the pinned package and write both files
    build.py --wheel FILE  the same from a wheel that is already here
    build.py --check       write nothing, fail when a file would change (goes with each of the above)
"""
import argparse
import hashlib
import pathlib
import subprocess
import sys
import tempfile

import facts
import pack
import package

HERE = pathlib.Path(__file__).resolve().parent
TEXT = HERE / "kubernetes.txt"
BINARY = HERE / "kubernetes.bin"

PACKAGE = "kubernetes-validate"
VERSION = "1.37.0"
SHA256 = "85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9"


def download(folder):
    """The wheel of the pinned version, through the ordinary client, so that mirrors and proxies apply."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, "--dest", folder, f"{PACKAGE}=={VERSION}"], check=True)
    return next(pathlib.Path(folder).glob("*.whl"))


def text_from(wheel):
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != SHA256:
        sys.exit(f"{wheel.name}: sha256 is {found}, expected {SHA256}")
    return package.read(wheel, facts)


def put(path, content, check):
    """Writes a file that differs; with `check`, says so instead. True when it differed."""
    if path.exists() and path.read_bytes() == content:
        return False
    if check:
        print(f"{path.name} is not what build.py makes of its source", file=sys.stderr)
    else:
        path.write_bytes(content)
        print(f"{path.name}: {len(content)} bytes")
    return True


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--fetch", action="store_true")
    arguments.add_argument("--wheel", type=pathlib.Path)
    arguments.add_argument("--check", action="store_true")
    given = arguments.parse_args()

    differs = False
    text = TEXT.read_text() if TEXT.exists() else ""
    if given.fetch or given.wheel:
        with tempfile.TemporaryDirectory() as folder:
            text = text_from(given.wheel or download(folder))
        differs |= put(TEXT, text.encode(), given.check)
    differs |= put(BINARY, pack.binary(text), given.check)
    return 1 if given.check and differs else 0


if __name__ == "__main__":
    sys.exit(main())
