#!/usr/bin/env bash
# Builds the image without a Docker engine and shows that it works:  npm run container
#
# Needs Linux, root, buildah, debootstrap and util-linux (Debian: apt-get install buildah debootstrap).
# The base image is a stand-in made here: a minimal Debian, the Node of node_modules, npm of this machine and the
# user "node". BASE=<image> takes another base, such as the real one, where a registry can be reached.
# The image runs as an engine would run it: own process and mount namespaces, node as process 1, the image's user
# without capabilities, a read-only root, /tmp in memory, /data a volume. Each step is printed; the first failure ends it.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly DRAIN_LIMIT_S=8
readonly READY_LIMIT_S=60
readonly IMAGE=rulebot-container-test
# Debian release of node:24-slim, so that the stand-in has the same C library.
readonly SUITE=${SUITE:-bookworm}

node=$(readlink -f node_modules/node/bin/node)
work=$(mktemp -d)
root=$work/root
volume=$work/volume
# A folder that is mounted at /config; empty: the rules of the image.
config=
sandbox_pid=
runner_pid=
engine=(buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs)

step() { printf '\n== %s\n' "$*"; }
pass() { printf '   ok: %s\n' "$*"; }
fail() {
  local log
  printf '   FAILED: %s\n' "$*" >&2
  # The log that was written last tells why.
  # shellcheck disable=SC2012 # the names are our own
  log=$(ls -t "$work"/*.log 2>/dev/null | head -n 1)
  [ -z "$log" ] || { printf -- '--- %s\n' "$(basename "$log")" && tail -n 40 "$log"; } >&2
  exit 1
}

cleanup() {
  # The image's process 1 has changed its user since, so it does not end with its parent by itself.
  if [ -n "$runner_pid" ]; then kill -KILL "$(image_pid)" 2>/dev/null || true; fi
  for pid in $runner_pid $sandbox_pid; do
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  if [ -n "${container:-}" ]; then "${engine[@]}" umount "$container" >/dev/null 2>&1 || true; fi
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT

need() {
  for tool in "$@"; do command -v "$tool" >/dev/null || fail "$tool is missing; see the head of this script"; done
  [ "$(id -u)" = 0 ] || fail "run this as root: it makes a root file system and namespaces"
  [ -x "$node" ] || fail "no Node in node_modules; run npm ci first"
}

# A minimal Debian with Node, npm and the user "node" (1000), as the official image has them. npm trusts what this
# machine trusts, for networks that look into TLS.
make_base() {
  local draft base
  draft=$("${engine[@]}" from scratch)
  base=$("${engine[@]}" mount "$draft")
  debootstrap --variant=minbase --include=ca-certificates,libstdc++6 "$SUITE" "$base" >"$work/debootstrap.log" 2>&1 ||
    fail "debootstrap could not make a Debian"
  rm -rf "$base"/var/cache/apt/* "$base"/var/lib/apt/lists/*
  chroot "$base" useradd --uid 1000 --user-group --shell /bin/bash --create-home node
  install -m 755 "$node" "$base/usr/local/bin/node"
  mkdir -p "$base/usr/local/lib/node_modules" "$base/usr/local/etc"
  # Its folder is found by its command: `npm root` would tell the folder of whichever Node comes first.
  cp -R "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$base/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$base/usr/local/bin/npm"
  cp /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/ca-certificates.crt"
  echo "cafile=/etc/ssl/certs/ca-certificates.crt" >"$base/usr/local/etc/npmrc"
  "${engine[@]}" umount "$draft" >/dev/null
  "${engine[@]}" commit --quiet --rm "$draft" base-stand-in >/dev/null
}

# Reads one value of the built image's configuration: setting '{{.Docker.Config.User}}'.
setting() { "${engine[@]}" inspect --type image --format "$1" "$IMAGE"; }

# expect_setting NAME TEMPLATE VALUE
expect_setting() {
  local found
  found=$(setting "$2")
  [ "$found" = "$3" ] || fail "$1 is $found instead of $3"
  pass "$1 is $found"
}

# A list of the built image's configuration, one entry a line: entries Env
entries() { setting "{{range .Docker.Config.$1}}{{println .}}{{end}}" | sed '/^$/d'; }

# Starts the image in the background: start_image LOG [NAME=VALUE...] -- ARGUMENTS. Its process 1 is the entry point.
start_image() {
  local log=$1 variables entry folder
  shift
  mapfile -t variables < <(entries Env)
  mapfile -t entry < <(entries Entrypoint)
  folder=$(setting '{{.Docker.Config.WorkingDir}}')
  while [ "$1" != -- ]; do variables+=("$1") && shift; done
  environment=("${variables[@]}")
  shift
  # shellcheck disable=SC2016 # the inner shell expands these
  unshare --mount --pid --fork --kill-child bash -euc '
    root=$1 volume=$2 config=$3
    shift 3
    mount --make-rprivate /
    mount --bind "$root" "$root"
    mount -o remount,ro,bind "$root"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --bind "$volume" "$root/data"
    if [ -n "$config" ]; then mount --bind "$config" "$root/config" && mount -o remount,ro,bind "$root/config"; fi
    exec chroot "$root" setpriv --reuid 1000 --regid 1000 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
      env --ignore-environment "$@"
  ' run "$root" "$volume" "$config" --chdir="$folder" "${variables[@]}" "${entry[@]}" "$@" </dev/null >"$log" 2>&1 &
  runner_pid=$!
}

# Waits until the image that was started last has ended; its exit code is then in $code.
await_image() {
  code=0
  wait "$runner_pid" || code=$?
  runner_pid=
}

# Process 1 of the image, as it is numbered outside.
image_pid() { ps --no-headers -o pid --ppid "$runner_pid" | tr -d ' '; }

# Runs a command of the program inside the running image, as an engine's `exec` does: with its user and its environment.
exec_image() {
  local pid entry
  pid=$(image_pid)
  mapfile -t entry < <(entries Entrypoint)
  nsenter --target "$pid" --mount --pid chroot "$root" setpriv --reuid 1000 --regid 1000 --clear-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all env --ignore-environment --chdir=/config "${environment[@]}" "${entry[@]}" "$@"
}

# Runs the image's own health check inside its namespaces.
health_check() {
  local test
  mapfile -t test < <(entries Healthcheck.Test)
  nsenter --target "$(image_pid)" --mount --pid env "PORT=$port" chroot "$root" "${test[@]:1}"
}

# fetch_text ADDRESS [TOKEN]: the status, then the body.
fetch_text() {
  # shellcheck disable=SC2016 # that is JavaScript
  "$node" -e '
    const [address, token] = process.argv.slice(1);
    const headers = { accept: "text/html,*/*", ...(token && { authorization: `Bearer ${token}` }) };
    fetch(address, { headers }).then(async (answer) => console.log(answer.status, await answer.text()));
  ' "$@"
}

answers_ok() { "$node" -e "fetch('$1').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"; }

# wait_ok ADDRESS: until it answers 200, the image ends, or the time is over.
wait_ok() {
  local tries=$((READY_LIMIT_S * 2))
  until answers_ok "$1"; do
    kill -0 "$runner_pid" 2>/dev/null || fail "the image ended before $1 answered"
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "$1 did not answer 200 in $READY_LIMIT_S s"
    sleep 0.5
  done
}

# wait_text ADDRESS TOKEN PATTERN: until what stands there matches.
wait_text() {
  local tries=$((READY_LIMIT_S * 2))
  until fetch_text "$1" "$2" | grep -q "$3"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "$1 does not tell of $3 after $READY_LIMIT_S s"
    sleep 0.5
  done
}

# wait_answers COUNT: until the stand-in for the CRM has seen so many answers about delivery.
wait_answers() {
  local tries=$((READY_LIMIT_S * 2))
  until [ "$(grep -c '^BOT: We deliver' "$work/sandbox.log")" -ge "$1" ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "a customer's question got no answer in $READY_LIMIT_S s"
    sleep 0.5
  done
}

# Sends SIGTERM and expects exit 0 in time.
stop_image() {
  local began spent
  began=$(date +%s%N)
  kill -TERM "$(image_pid)"
  await_image
  spent=$((($(date +%s%N) - began) / 1000000))
  [ "$code" = 0 ] || fail "exit code $code after SIGTERM instead of 0"
  [ "$spent" -le $((DRAIN_LIMIT_S * 1000)) ] || fail "it took $spent ms to stop, more than $DRAIN_LIMIT_S s"
  pass "SIGTERM: exit 0 after $spent ms"
}

free_port() { "$node" -e "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })"; }

need buildah debootstrap unshare nsenter setpriv ps npm openssl

step "Base image"
if [ -n "${BASE:-}" ]; then
  base=$BASE && pass "given: $base"
else
  make_base
  base=localhost/base-stand-in
  pass "stand-in made of Debian $SUITE and Node $("$node" --version)"
fi

step "Build"
# The docker format keeps HEALTHCHECK; the OCI one has no place for it.
"${engine[@]}" build --isolation chroot --format docker --layers=false --build-arg "BASE=$base" \
  --tag "$IMAGE" . >"$work/build.log" 2>&1 || fail "the Dockerfile does not build"
pass "built"

step "What the image says of itself"
expect_setting "the user" '{{.Docker.Config.User}}' 1000:1000
expect_setting "the entry point" '{{.Docker.Config.Entrypoint}}' '[node /app/src/main.ts]'
expect_setting "the command" '{{.Docker.Config.Cmd}}' '[start]'
expect_setting "the volume" '{{.Docker.Config.Volumes}}' 'map[/data:{}]'
expect_setting "the port" '{{.Docker.Config.ExposedPorts}}' 'map[8080/tcp:{}]'
[ "$(setting '{{(index .Docker.Config.Healthcheck.Test 0)}}')" = CMD ] || fail "there is no health check"
pass "the health check is $(setting '{{(index .Docker.Config.Healthcheck.Test 1)}}')"

step "What is in it"
container=$("${engine[@]}" from "$IMAGE")
root=$("${engine[@]}" mount "$container")
mkdir "$volume" && chown 1000:1000 "$volume"
# Every engine gives its containers this file.
echo '127.0.0.1 localhost' >"$root/etc/hosts"
for unwanted in app/node_modules/typescript app/node_modules/vitest app/test config/.env app/.git; do
  [ ! -e "$root/$unwanted" ] || fail "$unwanted should not be in the image"
done
pass "no development packages, tests or secrets"
writable=$(find "$root/app" "$root/config" \( -user 1000 -o -perm -o=w \) ! -type l -print -quit)
[ -z "$writable" ] || fail "its user may write $writable"
pass "its user can write neither /app nor /config"

step "The starter rules have no fault"
start_image "$work/check.log" -- check
await_image
[ "$code" = 0 ] || fail "check ended with $code"
pass "check: exit 0"

step "Without a CRM it says what to set"
start_image "$work/no-crm.log" -- start
await_image
[ "$code" = 2 ] || fail "start without a CRM ended with $code instead of 2"
grep -q CRM_URL "$work/no-crm.log" || fail "it does not name CRM_URL"
pass "exit 2: $(grep -m1 CRM_URL "$work/no-crm.log")"

step "It runs"
"$node" scripts/container-crm.ts >"$work/sandbox.log" 2>&1 &
sandbox_pid=$!
until grep -qs '^CRM_API_KEY=' "$work/sandbox.log"; do
  kill -0 "$sandbox_pid" 2>/dev/null || fail "the stand-in for the CRM did not start"
  sleep 0.2
done
mapfile -t crm < <(grep -E '^CRM_(URL|API_KEY)=' "$work/sandbox.log")
port=$(free_port)
answers=0
for round in first second; do
  start_image "$work/$round.log" "${crm[@]}" "PORT=$port" "PUBLIC_URL=http://127.0.0.1:$port" -- start
  wait_ok "http://127.0.0.1:$port/healthz" && pass "$round start: /healthz answers 200"
  wait_ok "http://127.0.0.1:$port/readyz" && pass "$round start: /readyz answers 200"
  answers=$((answers + 1))
  wait_answers "$answers" && pass "a customer's question got its answer from the starter rules"
  health_check && pass "its own health check says healthy"
  pid=$(image_pid)
  [ "$(awk '/^Uid:/ { print $2 }' "/proc/$pid/status")" = 1000 ] || fail "it runs as another user than 1000"
  [ "$(awk '/^CapEff:/ { print $2 }' "/proc/$pid/status")" = 0000000000000000 ] || fail "it has capabilities"
  [ "$(awk '/^NSpid:/ { print $NF }' "/proc/$pid/status")" = 1 ] || fail "node is not process 1"
  pass "node is process 1, user 1000, without capabilities"
  [ -s "$volume/rulebot.db" ] || fail "there is no database on the volume"
  pass "the database is on the volume"
  stop_image
done
[ "$(grep -c '^REGISTERED' "$work/sandbox.log")" = 1 ] || fail "the second start registered a second module"
pass "the second start took over the volume of the first: one module in the CRM"

step "It serves many accounts, with the files of deploy/config"
config=$work/config
mkdir "$config"
cp deploy/config/*.yaml "$config"
# The account of the file stands in for those that would connect at the form.
# shellcheck disable=SC2016 # the program reads these from its environment
printf '\ncrm: {url: "${CRM_URL}", api_key: "${CRM_API_KEY}"}\n' >>"$config/bot.config.yaml"
many=(
  "${crm[@]}" "PORT=$port" "PUBLIC_URL=http://127.0.0.1:$port" ADMIN_PASSWORD=correct-horse-battery
  "ENCRYPTION_KEY=$(openssl rand -hex 32)" METRICS_TOKEN=a-token-for-the-metrics TRUSTED_PROXY=127.0.0.1
)
start_image "$work/many.log" "${many[@]}" -- start
wait_ok "http://127.0.0.1:$port/readyz" && pass "/readyz answers 200"
answers=$((answers + 1))
wait_answers "$answers" && pass "a customer's question got its answer"
page=$(fetch_text "http://127.0.0.1:$port/?lang=es")
[[ "$page" == 200*'<form'*apiKey* ]] || fail "the form is not there: ${page:0:200}"
style=$(grep -o 'href="[^"]*\.css[^"]*"' <<<"$page" | head -n 1 | cut -d '"' -f 2)
[[ "$(fetch_text "http://127.0.0.1:$port$style")" == 200*'{'* ]] || fail "the form's stylesheet $style is not there"
pass "the form and its stylesheet are there"
[[ "$(fetch_text "http://127.0.0.1:$port/metrics")" == 401* ]] || fail "/metrics can be read without its token"
[[ "$(fetch_text "http://127.0.0.1:$port/metrics" a-token-for-the-metrics)" == 200*rulebot_socket_up* ]] ||
  fail "/metrics does not tell of the socket"
pass "/metrics tells of the socket, with the token only"
exec_image pause >"$work/pause.log" 2>&1 || fail "pause ended with $?"
grep -q '^Paused' "$work/pause.log" || fail "pause does not say so"
# The stand-in asks whenever a socket opens, so it has to close first.
wait_text "http://127.0.0.1:$port/metrics" a-token-for-the-metrics 'rulebot_socket_up[^ ]* 0'
exec_image resume >"$work/resume.log" 2>&1 || fail "resume ended with $?"
answers=$((answers + 1))
wait_answers "$answers" && pass "pause and resume inside: it goes on"
exec_image backup /data/backup.db >"$work/backup.log" 2>&1 || fail "backup ended with $?"
[ "$(stat -c '%u %a' "$volume/backup.db")" = "1000 600" ] || fail "others may read the backup"
pass "$(cat "$work/backup.log")"
stop_image
rm -f "$volume"/rulebot.db "$volume"/rulebot.db-*
mv "$volume/backup.db" "$volume/rulebot.db"
start_image "$work/restored.log" "${many[@]}" -- start
wait_ok "http://127.0.0.1:$port/readyz" && pass "restored: /readyz answers 200"
answers=$((answers + 1))
wait_answers "$answers" && pass "restored: a customer's question got its answer"
stop_image
[ "$(grep -c '^REGISTERED' "$work/sandbox.log")" = 1 ] || fail "another module was registered"

step "All fine"
