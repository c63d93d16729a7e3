#!/usr/bin/env bash
# What the containers promise, on a real engine: a run of one epoch ends with the bits of a run in one process, also when containers are
# killed in its middle and when workers are added. Prints one line for each promise; the last line is "N passed, N failed".
# Needs docker and `docker compose`; where no engine answers it says so and passes.
set -uo pipefail
cd "$(dirname "$0")/../.."

if ! docker version > /dev/null 2>&1; then
    echo "No container engine answers: the tests of the containers were skipped."
    echo "0 passed, 0 failed"
    exit 0
fi

export COMPOSE_PROJECT_NAME=distnet-test
passed=0 failed=0

compose() { docker compose "$@" 2>> "$log"; }
log=$(mktemp)
trap 'compose down --volumes --timeout 5 > /dev/null; rm -f "$log"' EXIT

verdict() { # NAME, then the command that tells
    local name=$1; shift
    if "$@"; then echo "passed: $name"; passed=$((passed + 1)); else echo "FAILED: $name"; failed=$((failed + 1)); tail -20 "$log"; compose logs --tail 30; fi
}

said() { compose logs --no-color coordinator | grep -o "$1" | tail -1; }

# Waits for a line of the coordinator's, at most $2 seconds.
await() {
    local end=$((SECONDS + $2))
    until [[ -n $(said "$1") ]]; do
        (( SECONDS < end )) || return 1
        sleep 0.5
    done
}

begin() { # WORKERS EPOCHS
    compose down --volumes --timeout 5 > /dev/null
    DISTNET_TRAIN="--epochs $2 --workers 3 --parameter-servers 2" compose up --detach --no-build --scale "worker=$1" > /dev/null
}

# The run's end, and its bits against $expected.
same_bits() { await "weights SHA-256 [0-9a-f]*" 180 && [[ $(said "weights SHA-256 [0-9a-f]*") == "weights SHA-256 $expected" ]]; }

kill_in_middle() { # SERVICE
    await "epoch 1/2" 120 || return 1
    docker kill "$(compose ps -q "$1" | head -1)" > /dev/null
    same_bits
}

resume_after_stop() {
    await "epoch 1/4" 120 || return 1
    compose stop --timeout 60 coordinator > /dev/null
    compose start coordinator > /dev/null
    same_bits
}

build_image() { docker build --quiet --tag distnet . >> "$log" 2>&1; }

all_ready() {
    local end=$((SECONDS + 60))
    until [[ $(docker inspect --format '{{.State.Health.Status}}' $(compose ps -q) | sort -u) == healthy ]]; do
        (( SECONDS < end )) || return 1
        sleep 1
    done
}

expect() { docker run --rm --network none distnet train --plain --json $1 2>> "$log" | grep -o '"weightsSha256":"[0-9a-f]*"' | grep -o '[0-9a-f]\{64\}'; }

verdict "the image builds" build_image
expected=$(expect "--epochs 1")
started=$(date +%s)
begin 3 1
await "epoch 1/1" 120
echo "one epoch was made $(($(date +%s) - started)) seconds after 'docker compose up'"
verdict "a cluster ends with the bits of one process" same_bits
verdict "all containers become healthy" all_ready
begin 8 1
verdict "eight workers give the same bits" same_bits
expected=$(expect "--epochs 2")
begin 3 2
verdict "a worker that is killed changes no bit" kill_in_middle worker
begin 3 2
verdict "a parameter server that is killed changes no bit" kill_in_middle parameter-server
expected=$(expect "--epochs 4")
begin 3 4
verdict "a coordinator that is stopped goes on where it was" resume_after_stop

verdict "all containers become healthy again" all_ready

echo "$passed passed, $failed failed"
(( failed == 0 ))
