"""A real Solr 9 for tests and benches: Maven Central's artefacts in `var/solr`, or those in LANDLAB_SOLR_LIB."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

VERSION = "9.10.1"
CHECKOUT = Path(__file__).parents[1]
CONFIGSET = CHECKOUT / "config" / "solr" / "conf"
MEMORY = "512m"  # what Solr starts with when nobody says otherwise
WAIT = 120  # seconds for a server to start

POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>landlab</groupId><artifactId>oracle</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.solr</groupId><artifactId>solr-core</artifactId><version>{VERSION}</version></dependency>
<dependency><groupId>org.apache.solr</groupId><artifactId>solr-test-framework</artifactId><version>{VERSION}</version>
</dependency></dependencies></project>"""


def jars() -> Path | str:
    """The folder with Solr's jars, fetched if they are not there; else why there is none."""
    given = os.environ.get("LANDLAB_SOLR_LIB")
    if given:
        return Path(given)
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    folder = CHECKOUT / "var" / "solr" / VERSION
    if not (folder / "lib").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pom.xml").write_text(POM, encoding="utf-8")
        goal = ["dependency:copy-dependencies", "-DoutputDirectory=lib.new", "-DincludeScope=runtime"]
        done = subprocess.run(["mvn", "-q", "-B", *goal], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"Maven fetches nothing: {done.stdout[-300:]}"
        (folder / "lib.new").rename(folder / "lib")
    return folder / "lib"


def stock(folder: Path) -> Path:
    """CKAN's own configuration of a core, in *folder*."""
    import ckan

    shutil.copytree(CONFIGSET, folder, dirs_exist_ok=True)
    schema = Path(ckan.__file__).with_name("config") / "solr" / "schema.xml"
    spell = '<field name="spell" type="text_general" indexed="true" stored="false"/><uniqueKey>'
    text = schema.read_text(encoding="utf-8").replace("<uniqueKey>", spell)
    (folder / "schema.xml").write_text(text, encoding="utf-8")
    for name in ("synonyms.txt", "protwords.txt"):
        (folder / name).write_text("", encoding="utf-8")
    return folder


@contextmanager
def running(library: Path, folder: Path, cores: Mapping[str, Path], memory: str = MEMORY) -> Iterator[str]:
    """Solr with *cores*, each from a configuration, empty, in *folder*: its address."""
    home, port = folder / "home", free_port()
    shutil.rmtree(home, ignore_errors=True)
    for name, configuration in cores.items():
        shutil.copytree(configuration, home / name / "conf")
        (home / name / "core.properties").write_text(f"name={name}\n", encoding="utf-8")
    (home / "solr.xml").write_text("<solr/>", encoding="utf-8")
    server = CHECKOUT / "tests" / "Solr9.java"
    command = ["java", f"-Xmx{memory}", "-cp", f"{library}/*", server, home, str(port)]
    with (folder / "solr.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder)
    try:
        base = f"http://127.0.0.1:{port}/solr"
        for name in cores:
            wait_for(f"{base}/{name}/select", process)
        yield base
    finally:
        process.kill()
        process.wait()


CLOUD = """<solr><solrcloud><str name="host">127.0.0.1</str><int name="hostPort">{port}</int>
<str name="hostContext">/solr</str><int name="zkClientTimeout">30000</int></solrcloud></solr>"""
ZOOKEEPER = (
    "admin.enableServer=false\ntickTime=2000\ninitLimit=10\nsyncLimit=5\n4lw.commands.whitelist=mntr,conf,ruok\n"
)


@contextmanager
def cloud(library: Path, folder: Path, name: str, configuration: Path, shards: int = 2) -> Iterator[str]:
    """SolrCloud with its own ZooKeeper and one collection of several shards, empty, in *folder*: its address."""
    home, port = folder / "cloud", free_port()
    home.mkdir()
    (home / "solr.xml").write_text(CLOUD.format(port=port), encoding="utf-8")
    (home / "zoo.cfg").write_text(ZOOKEEPER, encoding="utf-8")
    settings = ["-DzkRun", f"-Dsolr.solr.home={home}", f"-Dsolr.log.dir={folder}"]
    server = CHECKOUT / "tests" / "Solr9.java"
    command = ["java", f"-Xmx{MEMORY}", *settings, "-cp", f"{library}/*", server, home, str(port)]
    with (folder / "cloud.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder)
    try:
        base = f"http://127.0.0.1:{port}/solr"
        wait_for(f"{base}/admin/collections?action=LIST", process)
        packed = Path(shutil.make_archive(str(folder / "configset"), "zip", configuration))
        with packed.open("rb") as content:
            kind = {"Content-Type": "application/octet-stream"}
            upload = f"{base}/admin/configs?action=UPLOAD&name={name}"
            requests.post(upload, data=content, headers=kind, timeout=WAIT).raise_for_status()
        made = {"action": "CREATE", "name": name, "numShards": str(shards), "collection.configName": name}
        requests.get(f"{base}/admin/collections", params=made, timeout=WAIT).raise_for_status()
        wait_for(f"{base}/{name}/select", process)
        yield f"{base}/{name}"
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        assert process.poll() is None, f"{url} ended"
        try:
            if requests.get(url, params={"q": "*:*", "rows": "0"}, timeout=10).status_code == 200:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")
