# shellcheck shell=bash
# Brings a machine to where Weiwang can run: system packages, .venv with the locked Python packages, browser assets.
# Sourced by scripts/run and scripts/test. Everything is stamped, so that a second start only looks. Works with the
# bash 3.2 of macOS; packages of the system are installed on Debian and its kin only.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VENV=$ROOT/.venv
LOGS=$ROOT/var/setup
APT_PID=
# What Python has compiled is kept in var/, also where the environment wants no such files among the sources: without it
# every command compiles two thousand files anew before it begins.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=$ROOT/var/pycache

say() { printf 'weiwang: %s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

digest() { cat "$@" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c1-64; }

# --- the system -------------------------------------------------------------------------------------------------------

good_python() { "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The system's own Python comes first: distributions build theirs with what its tests have shown of it, which makes it 1.6 times
# as fast as one that was built by hand without.
find_python() {
    local name
    for name in "${PYTHON:-/usr/bin/python3}" python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && good_python "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

# Succeeds when a server of version 15 or newer is here together with PostGIS, or another database is to be used.
have_database() {
    local control major
    [ -z "${DATABASE_URL:-}${PG_BIN:-}" ] || return 0
    for control in /usr/share/postgresql/*/extension/postgis.control; do
        major=${control#/usr/share/postgresql/}
        major=${major%%/*}
        [ -x "/usr/lib/postgresql/$major/bin/initdb" ] && [ "$major" -ge 15 ] && return 0
    done
    [ ! -d /usr/lib/postgresql ] && command -v pg_ctl >/dev/null
}

have_browser() {
    local name
    [ -n "${WEIWANG_CHROMIUM:-}" ] && return 0
    for name in chromium-headless-shell chromium chromium-browser; do command -v "$name" >/dev/null && return 0; done
    return 1
}

# Chromium without windows where it is offered: the same pages with a third less of the processor.
browser_package() {
    if apt-cache show chromium-headless-shell >/dev/null 2>&1; then echo chromium-headless-shell; else echo chromium; fi
}

have_chinese_font() {
    compgen -G '/usr/share/fonts/truetype/wqy/*' >/dev/null || compgen -G '/usr/share/fonts/opentype/noto/*CJK*' >/dev/null ||
        [ -n "$(fc-list :lang=zh 2>/dev/null)" ] || [ "$(uname)" = Darwin ]
}

# The newest PostgreSQL that the package lists offer with PostGIS; one that is installed comes first.
database_packages() {
    local major
    major=$(for folder in /usr/lib/postgresql/*/bin/initdb; do echo "$folder"; done | sed -nE 's,.*/postgresql/([0-9]+)/.*,\1,p' |
        sort -n | awk '$1 >= 15' | tail -1)
    [ -n "$major" ] || major=$(apt-cache pkgnames postgresql- | sed -nE 's/^postgresql-([0-9]+)-postgis-3$/\1/p' | sort -n | tail -1)
    echo "postgresql-${major:-15} postgresql-${major:-15}-postgis-3"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Asks for the password once, in the foreground, before anything goes to the background.
need_root() {
    command -v apt-get >/dev/null ||
        fail "missing: $*. Install PostgreSQL 15+ with PostGIS and Python 3.11+ (macOS: brew install python postgis), then run this again"
    [ "$(id -u)" != 0 ] || return 0
    if command -v sudo >/dev/null; then
        if sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; then return 0; fi
    fi
    fail "missing: $*. As root: apt-get update && apt-get install --no-install-recommends $*"
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 \
        install -y -qq --no-install-recommends "$@" >>"$LOGS/apt.log" 2>&1
}

# Debian would make and start a cluster of its own with the server package; ours is private and needs none.
install_database() {
    local packages folder=/etc/postgresql-common/createcluster.d status=0
    packages=$(database_packages)
    as_root mkdir -p "$folder"
    echo 'create_main_cluster = false' | as_root tee "$folder/weiwang.conf" >/dev/null
    # shellcheck disable=SC2086 # two package names
    apt_install $packages "$@" || status=$?
    as_root rm -f "$folder/weiwang.conf"
    return "$status"
}

# system_packages [test]: Python first, since all else waits for it; the database goes on in the background.
system_packages() {
    local python=() rest=() database=()
    find_python >/dev/null || python=(python3 python3-venv)
    [ -e /etc/ssl/certs/ca-certificates.crt ] || [ "$(uname)" = Darwin ] || python+=(ca-certificates)
    have_database || database=(postgresql-15 postgresql-15-postgis-3)
    if [ "${1:-}" = test ]; then
        have_browser || rest+=(chromium)
        have_chinese_font || rest+=(fonts-wqy-microhei)
    fi
    local missing=(${python[@]+"${python[@]}"} ${database[@]+"${database[@]}"} ${rest[@]+"${rest[@]}"})
    [ ${#missing[@]} -gt 0 ] || return 0
    need_root "${missing[@]}"
    mkdir -p "$LOGS"
    say "installing ${missing[*]} (log: $LOGS/apt.log)"
    : >"$LOGS/apt.log"
    # An installation that was cut off earlier bars the next one until it is finished.
    ! compgen -G '/var/lib/dpkg/updates/*' >/dev/null || as_root dpkg --configure -a >>"$LOGS/apt.log" 2>&1 || true
    as_root apt-get -o DPkg::Lock::Timeout=120 update -qq >>"$LOGS/apt.log" 2>&1 || true
    rest=(${rest[@]+"${rest[@]/#chromium/$(browser_package)}"})
    if [ ${#python[@]} -gt 0 ]; then
        apt_install "${python[@]}" || fail "apt-get could not install ${python[*]}: $(tail -1 "$LOGS/apt.log")"
    fi
    if [ ${#database[@]} -gt 0 ]; then
        install_database ${rest[@]+"${rest[@]}"} &
        APT_PID=$!
    elif [ ${#rest[@]} -gt 0 ]; then
        apt_install "${rest[@]}" &
        APT_PID=$!
    fi
}

wait_for_system() {
    [ -z "$APT_PID" ] || wait "$APT_PID" || fail "apt-get could not install everything: $(tail -1 "$LOGS/apt.log") (log: $LOGS/apt.log)"
    APT_PID=
}

# --- Python -----------------------------------------------------------------------------------------------------------

# What a .venv depends on: its Python's version, the folder (its scripts hold full paths) and the tools that fill it.
venv_mark() {
    "$VENV/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo gone
    echo "$ROOT"
    digest "$ROOT/requirements/bootstrap.txt"
}

make_venv() {
    local python
    [ -x "$VENV/bin/uv" ] && [ "$(cat "$VENV/made-for" 2>/dev/null)" = "$(venv_mark)" ] && return
    python=$(find_python) || fail "Python 3.11 or newer with venv was not found: install it (Debian: apt-get install python3-venv)"
    say "making .venv with $python"
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
        --requirement "$ROOT/requirements/bootstrap.txt" ||
        fail "pip could not install uv (its words are above): is the network there, or an index set in pip's configuration?"
    venv_mark >"$VENV/made-for"
}

# uv does not read pip's configuration: a mirror that is set there should serve both.
uv_install() {
    local index=
    [ -n "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] || index=$("$VENV/bin/python" -m pip config get global.index-url 2>/dev/null) || index=
    index=${PIP_INDEX_URL:-$index}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
    UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 "$VENV/bin/uv" pip install --quiet --python "$VENV/bin/python" "$@"
}

# python_packages runtime|test
python_packages() {
    local lock=$ROOT/requirements/$1.txt wanted extra=()
    wanted=$(digest "$lock" "$ROOT/requirements/node.txt" "$ROOT/pyproject.toml")
    [ "$(cat "$VENV/has-$1" 2>/dev/null)" = "$wanted" ] && return
    say "installing Python packages"
    # Browser assets come through npm; a Python package carries it where there is no Node.
    { command -v node && command -v npm; } >/dev/null || extra=(--requirement "$ROOT/requirements/node.txt")
    uv_install --require-hashes --requirement "$lock" ${extra[@]+"${extra[@]}"} ||
        fail "the Python packages of requirements/$1.txt could not be installed (uv's words are above)"
    uv_install --no-deps --no-build-isolation --editable "$ROOT" ||
        fail "Weiwang itself could not be installed into .venv (uv's words are above)"
    echo "$wanted" >"$VENV/has-$1"
}

# The server for tests of photos in a bucket, apart from the service's own packages.
bucket_server() {
    local lock=$ROOT/requirements/s3.txt folder=$ROOT/var/s3
    [ "$(cat "$folder/has" 2>/dev/null)" = "$(digest "$lock")" ] && return
    say "installing a server for buckets"
    rm -rf "$folder"
    uv_install --target "$folder" --require-hashes --requirement "$lock" ||
        fail "the packages of requirements/s3.txt could not be installed (uv's words are above)"
    digest "$lock" >"$folder/has"
}

# --- all --------------------------------------------------------------------------------------------------------------

# bootstrap runtime|test
bootstrap() {
    cd "$ROOT" || exit 1
    if command -v flock >/dev/null; then
        exec 9>"$ROOT/.setup.lock"
        flock 9
    fi
    system_packages "$1"
    make_venv
    python_packages "$1"
    # Half a minute of a processor on a new machine, beside all that follows; whoever needs it first waits for its end.
    "$VENV/bin/python" -m gis.flows.compiling </dev/null >/dev/null 2>&1 9>&- &
    local tools=() buckets=
    if [ "$1" = test ]; then
        tools=(--tools)
        bucket_server &
        buckets=$!
    fi
    "$VENV/bin/python" scripts/install_assets.py ${tools[@]+"${tools[@]}"} || exit 1
    [ -z "$buckets" ] || wait "$buckets" || exit 1
    wait_for_system
    exec 9>&-
}
