"""The private cluster: real initdb, start, stop, kill -9, second services, taken ports, strangers."""

import contextlib
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from gis.errors import SetupError
from gis.store import cluster_server
from gis.store.cluster import ELSEWHERE, PrivateCluster
from gis.store.cluster_host import find_programs, free_port, is_alive
from gis.store.cluster_record import StateFolder
from gis.store.cluster_settings import configuration

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def spare():
    """A folder that the server's user can reach: pytest's own is closed to all but root when root runs it."""
    with tempfile.TemporaryDirectory(prefix="weiwang-cluster-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="module")
def one(spare):
    """A running cluster that tests only look at."""
    cluster = PrivateCluster(spare / "one", durable=False)
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture
def make(spare):
    """Return a function that makes clusters; all are stopped at the end."""
    made = []

    def build(name, state=None, durable=False):
        cluster = PrivateCluster(state or spare / f"{name}-{time.monotonic_ns()}", durable=durable)
        made.append(cluster)
        return cluster

    yield build
    for cluster in made:
        number = None
        with contextlib.suppress(SetupError, OSError):
            number = pid_of(cluster)
        if number:
            os.kill(number, signal.SIGQUIT)
            wait_for(lambda number=number: not is_alive(number))
        cluster.release()


def wait_for(happens, seconds=10):
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def record_of(cluster):
    return StateFolder(cluster.state).known()


def pid_of(cluster):
    return cluster_server.postmaster(record_of(cluster))


def ask(address, query, *values):
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(query, values)
        return cursor.fetchone() if cursor.description else None


def test_a_fresh_cluster_is_private_and_careful(one):
    settings = {
        name: ask(one.superuser_url(), "SELECT current_setting(%s)", name)[0]
        for name in ("listen_addresses", "data_checksums", "password_encryption", "server_encoding", "ssl")
    }
    assert settings == {
        "listen_addresses": "127.0.0.1",
        "data_checksums": "on",
        "password_encryption": "scram-sha-256",
        "server_encoding": "UTF8",
        "ssl": "off",
    }
    methods = ask(one.superuser_url(), "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules")[0]
    assert methods == ["scram-sha-256"]
    assert ask(one.url(), "SELECT datcollate FROM pg_database WHERE datname = 'weiwang'")[0] in {
        "C.UTF-8",
        "C",
    }


def test_whole_pages_are_logged_by_the_quickest_way_that_the_server_has(one):
    known = ask(one.superuser_url(), "SELECT enumvals FROM pg_settings WHERE name = 'wal_compression'")[0]
    assert ask(one.url(), "SHOW wal_compression")[0] == ("lz4" if "lz4" in known else "pglz")


def test_the_role_owns_its_database_and_is_no_superuser(one):
    query = """
        SELECT current_user, rolsuper, rolcreaterole, rolcreatedb, pg_get_userbyid(datdba), postgis_lib_version() >= '3'
        FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()
    """
    assert ask(one.url(), query) == ("weiwang", False, False, False, "weiwang", True)


def test_durability_is_the_default(spare):
    text = configuration(port=1, sockets=spare, logs=spare, name="x", durable=True)
    assert "fsync = 'on'" in text
    assert "synchronous_commit = 'on'" in text
    assert PrivateCluster(spare / "default").durable is True


def test_passwords_are_for_the_owners_eyes_only(one):
    file = one.state / "cluster.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    record = record_of(one)
    assert record.superuser_password not in repr(record) + repr(one)
    assert stat.S_IMODE(record.data.stat().st_mode) == 0o700
    assert not (Path(record.home) / "password").exists()


@pytest.mark.parametrize("address", ["url", "superuser_url"])
def test_a_wrong_password_is_refused(one, address):
    right = getattr(one, address)()
    record = record_of(one)
    wrong = right.replace(record.role_password, "no").replace(record.superuser_password, "no")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_the_server_never_runs_as_root(one):
    assert Path(f"/proc/{pid_of(one)}").stat().st_uid != 0


def test_databases_are_made_copied_and_dropped(one):
    one.create_database("first")
    ask(one.url("first"), "CREATE TABLE here (what geometry)")
    one.create_database("second", template="first")
    assert ask(one.url("second"), "SELECT count(*) FROM here") == (0,)
    for name in ("first", "second", "second"):
        one.drop_database(name)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(one.url("first"))


def test_starting_twice_changes_nothing(one):
    before, number = record_of(one), pid_of(one)
    one.start()
    assert (record_of(one), pid_of(one)) == (before, number)
    assert one.is_ours()


def test_a_stopped_cluster_comes_back_with_its_data(make):
    cluster = make("again")
    cluster.start()
    ask(cluster.url(), "CREATE TABLE kept AS SELECT 7 AS n")
    before = record_of(cluster)
    cluster.stop()
    assert pid_of(cluster) is None
    assert not cluster.is_ours()
    cluster.start()
    assert ask(cluster.url(), "SELECT n FROM kept") == (7,)
    assert record_of(cluster) == before


@pytest.mark.fault
@pytest.mark.parametrize("durable", [True, False])
def test_a_killed_server_recovers_what_was_committed(make, durable):
    cluster = make("killed", durable=durable)
    cluster.start()
    ask(cluster.url(), "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    number = pid_of(cluster)
    os.kill(number, signal.SIGKILL)
    wait_for(lambda: not is_alive(number))
    assert not cluster.is_ours()
    cluster.start()
    assert ask(cluster.url(), "SELECT count(*) FROM kept") == (1000,)
    assert pid_of(cluster) != number


SERVICE = """
import sys, time
from pathlib import Path
from gis.store.cluster import PrivateCluster
cluster = PrivateCluster(Path(sys.argv[1]), durable=False)
cluster.start()
print("started", flush=True)
time.sleep(60)
"""


@pytest.fixture
def service(spare):
    """Another process that runs the cluster of a state folder."""
    state = spare / f"service-{time.monotonic_ns()}"
    process = subprocess.Popen([sys.executable, "-c", SERVICE, str(state)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    yield process, state
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.fault
@pytest.mark.parametrize("alone", [True, False])
def test_whoever_comes_after_a_kill_tidies_up(make, service, alone):
    process, state = service
    process.kill()
    process.wait()
    cluster = make("tidy", state)
    number = pid_of(cluster)
    with cluster.running(alone=alone):
        assert pid_of(cluster) == number
    assert not is_alive(number)


def test_a_server_left_behind_can_be_stopped(make, service):
    process, state = service
    process.kill()
    process.wait()
    cluster = make("left", state)
    cluster.stop()
    assert pid_of(cluster) is None


@pytest.mark.fault
def test_the_server_of_a_killed_service_is_adopted(make, service):
    process, state = service
    cluster = make("heir", state)
    number = pid_of(cluster)
    process.kill()
    process.wait()
    cluster.start()
    assert pid_of(cluster) == number
    cluster.stop()
    assert not is_alive(number)


def test_a_second_service_is_refused_and_harms_nobody(make, service):
    process, state = service
    second = make("second", state)
    with pytest.raises(SetupError, match=rf"process {process.pid}\) uses {state}"):
        second.start()
    second.stop()
    assert second.is_ours()
    with second.running():
        assert ask(second.url(), "SELECT 1") == (1,)
    assert second.is_ours()
    with pytest.raises(SetupError, match="another Weiwang"), second.running(alone=True):
        pass
    assert second.is_ours()


def test_a_short_command_starts_and_stops_what_it_needs(make):
    cluster = make("short")
    with cluster.running():
        assert ask(cluster.url(), "SELECT 1") == (1,)
    assert pid_of(cluster) is None


def test_a_taken_port_is_left_to_its_taker(make):
    cluster = make("port")
    cluster.start()
    cluster.stop()
    old = record_of(cluster).port
    with socket.create_server(("127.0.0.1", old)):
        cluster.start()
        assert record_of(cluster).port != old
        assert str(record_of(cluster).port) in cluster.url()
        assert ask(cluster.url(), "SELECT 1") == (1,)


def test_a_free_port_is_kept():
    port = free_port()
    assert free_port(port) == port


def test_a_server_of_someone_else_is_refused(make, one):
    cluster = make("stranger")
    cluster.start()
    folder = StateFolder(cluster.state)
    own = folder.known()
    folder.remember(port=record_of(one).port)
    assert not cluster.is_ours()
    with pytest.raises(SetupError, match="is not the database of"):
        cluster._verify()
    # Even one that knows the password: it serves other files.
    folder.remember(superuser_password=record_of(one).superuser_password)
    with pytest.raises(SetupError, match="serves"):
        cluster._verify()
    folder.write(own)
    assert cluster.is_ours()


def test_a_lock_file_whose_number_went_to_a_stranger_is_dropped(make):
    cluster = make("stale")
    cluster.start()
    lock = record_of(cluster).data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    cluster.stop()
    sleeper = subprocess.Popen(["sleep", "60"], user=record_of(cluster).data.stat().st_uid)
    try:
        lock.write_text("\n".join([str(sleeper.pid), *lines[1:]]) + "\n")
        assert pid_of(cluster) is None
        cluster.start()
        assert pid_of(cluster) != sleeper.pid
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_half_a_cluster_is_made_anew(make):
    cluster = make("half")
    leftover = cluster.state / "cluster" / "data.new"
    leftover.mkdir(parents=True)
    (leftover / "PG_VERSION").write_text("15")
    cluster.state.chmod(0o711)
    cluster.start()
    assert cluster.is_ours()
    assert not leftover.exists()


def test_lost_files_are_named_and_never_replaced(make):
    cluster = make("lost")
    cluster.ensure()
    data = record_of(cluster).data
    data.rename(data.with_name("moved"))
    with pytest.raises(SetupError, match="is gone"):
        cluster.start()
    data.with_name("moved").rename(data)
    (cluster.state / "cluster.json").unlink()
    with pytest.raises(SetupError, match="passwords is gone"):
        cluster.start()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"home": 1}', '{"surprise": true}'])
def test_a_damaged_record_is_one_clear_line(make, text):
    cluster = make("damaged")
    cluster.state.mkdir()
    (cluster.state / "cluster.json").write_text(text)
    with pytest.raises(SetupError, match=r"cluster\.json is damaged"):
        cluster.start()


def test_a_state_folder_that_is_a_file_is_one_clear_line(spare, make):
    (spare / "file").write_text("")
    with pytest.raises(SetupError, match="can't be used"):
        make("x", spare / "file").start()


def test_no_database_yet_is_one_clear_line(spare):
    cluster = PrivateCluster(spare / "nothing")
    assert not cluster.is_ours()
    cluster.stop()
    with pytest.raises(SetupError, match="no database"):
        cluster.url()


def test_missing_programs_say_what_to_install(monkeypatch, spare):
    monkeypatch.setenv("PG_BIN", str(spare))
    with pytest.raises(SetupError, match="apt-get install postgresql-15-postgis-3"):
        find_programs()


def test_data_of_a_version_that_is_gone_say_which(monkeypatch):
    with pytest.raises(SetupError, match="PostgreSQL 9,"):
        find_programs(9)


def test_a_long_path_does_without_a_socket(make, spare):
    cluster = make("long", spare / ("long" * 30))
    cluster.start()
    assert ask(cluster.superuser_url(), "SELECT current_setting('unix_socket_directories')") == ("",)
    assert ask(cluster.url(), "SELECT 1") == (1,)


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root has state folders that its server's user can't reach"
)
def test_data_go_elsewhere_when_the_way_is_barred(make, spare):
    barred = spare / "barred"
    barred.mkdir(mode=0o700)
    cluster = make("inside", barred / "state")
    try:
        cluster.start()
        home = Path(record_of(cluster).home)
        assert home.parent == ELSEWHERE
        assert json.loads((cluster.state / "cluster.json").read_text())["home"] == str(home)
        assert ask(cluster.url(), "SELECT 1") == (1,)
        cluster.stop()
    finally:
        shutil.rmtree(record_of(cluster).home)
