#!/usr/bin/env bash
# What the containers promise, on a real engine: a run ends with the bits of a run in one process, also when containers are killed, paused or cut
# off in its middle and when workers are added. One cluster goes through all of it, run after run. Prints one line for each promise; the last line
# is "N passed, N failed". Needs docker and `docker compose` (or docker-compose); where no engine answers it says so and passes. On a machine that does other things besides,
# DISTNET_PATIENCE=5 waits five times as long for everything.
set -uo pipefail
cd "$(dirname "$0")/../.."

if ! docker version > /dev/null 2>&1; then
    echo "No container engine answers: the tests of the containers were skipped."
    echo "0 passed, 0 failed"
    exit 0
fi

export COMPOSE_PROJECT_NAME=distnet-test
network=${COMPOSE_PROJECT_NAME}_cluster
patience=${DISTNET_PATIENCE:-1}
passed=0 failed=0
log=$(mktemp)
cut=() # Pairs of addresses between which nothing passes: FROM TO FROM TO ...

if docker compose version > /dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
compose() { "${compose[@]}" "$@" 2>> "$log"; }

can_part() { iptables --list DOCKER-USER > /dev/null 2>&1; }

# Nothing passes between one container and others, either way.
part() { # ID OTHER...
    local one other; one=$(address "$1"); shift
    for other in $(for id in "$@"; do address "$id"; done); do
        iptables -I DOCKER-USER -s "$one" -d "$other" -j DROP && iptables -I DOCKER-USER -s "$other" -d "$one" -j DROP || return 1
        cut+=("$one" "$other" "$other" "$one")
    done
}

heal() {
    while (( ${#cut[@]} > 0 )); do
        iptables -D DOCKER-USER -s "${cut[0]}" -d "${cut[1]}" -j DROP
        cut=("${cut[@]:2}")
    done
}
trap 'heal; compose --profile standby down --volumes --timeout 5 > /dev/null; rm -f "$log"' EXIT

verdict() { # NAME, then the command that tells
    local name=$1 start=$SECONDS; shift
    if "$@"; then
        echo "passed: $name ($((SECONDS - start)) s)"; passed=$((passed + 1))
    else
        echo "FAILED: $name ($((SECONDS - start)) s)"; failed=$((failed + 1)); tail -20 "$log"; compose logs --tail 30
    fi
}

containers() { # [SERVICE], all without; also those that stand still
    docker ps --all --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" ${1:+--filter "label=com.docker.compose.service=$1"}
}
first() { containers "$1" | head -1; }

# What the coordinator, or another container, has said since the run that is under way was ordered.
said() { docker logs --since "$ordered" "$(first "${2:-coordinator}")" 2>&1 | grep -o "$1" | tail -1; } # LINE [SERVICE]

# Waits until a command succeeds, at most so many seconds.
within() { # SECONDS, then the command
    local end=$((SECONDS + $1 * patience)); shift
    until "$@"; do
        (( SECONDS < end )) || return 1
        sleep 0.5
    done
}

has_said() { [[ -n $(said "$@") ]]; }
await() { within "$2" has_said "$1" "${3:-coordinator}"; } # LINE SECONDS [SERVICE]

now() { date --utc +%FT%T.%NZ; }

# Commands as a user gives them, in the coordinator's container. What they print is read to its end before it is searched: a reader that leaves
# early would make them fail.
distnet() { compose exec -T coordinator distnet "$@"; }

# The run's end, and its bits against those of one process.
same_bits() { # EPOCHS [SERVICE]
    await "weights SHA-256 [0-9a-f]*" 180 "${2:-coordinator}" && [[ $(said "weights SHA-256 [0-9a-f]*" "${2:-coordinator}") == "weights SHA-256 ${expected[$1]}" ]]
}

# So ends a run that was harmed: by itself, with the same bits, and in a cluster that is whole again.
recovers() { same_bits "${1:-3}" && all_healthy; } # [EPOCHS]

expect() { docker run --rm --network none distnet train --plain --json --epochs "$1" 2>> "$log" | grep -o '"weightsSha256":"[0-9a-f]*"' | grep -o '[0-9a-f]\{64\}'; }

build_image() { docker build --quiet --tag distnet . >> "$log" 2>&1; }

healthy() { [[ $(docker inspect --format '{{.State.Health.Status}}' $(containers) | sort -u) == healthy ]]; }
all_healthy() { within 60 healthy; }

# Health check, restart policy, memory limit, time to stop and privileges of a container, as the engine has them. The parameter server's limit is half.
is_set_up() {
    local wanted='unless-stopped 60 true [ALL]' found id
    for id in $(containers); do
        found=$(docker inspect --format '{{.HostConfig.RestartPolicy.Name}} {{.Config.StopTimeout}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}' "$id")
        [[ $found == "$wanted" ]] || { echo "$id has: $found"; return 1; }
        (( $(docker inspect --format '{{.HostConfig.Memory}}' "$id") > 0 )) || { echo "$id may take all of the memory"; return 1; }
        [[ $(docker inspect --format '{{.Config.Env}}' "$id") == *DISTNET_SECRET=* ]] && { echo "$id has the secret in its environment"; return 1; }
        [[ $(docker inspect --format '{{json .Config.Healthcheck.Test}}' "$id") == *ready.sh* ]] || { echo "$id has no health check"; return 1; }
    done
}

# Each of these happens in the middle of a run, once its first epoch is complete.
middle() { # [EPOCHS]
    all_healthy || return 1
    ordered=$(now)
    distnet submit --epochs "${1:-3}" --workers 3 --parameter-servers 2 > /dev/null && await "epoch 1/" 120
}

# What happens after the run's end harms nothing, and would show nothing.
is_under_way() { ! has_said "weights SHA-256"; }

# A container that was killed counts as stopped by the user, so that its restart policy does not start it.
kills() { # SERVICE
    middle || return 1
    local id; id=$(first "$1")
    docker kill "$id" > /dev/null && is_under_way && docker start "$id" > /dev/null && recovers
}

kills_all() { middle && docker kill $(containers) > /dev/null && is_under_way && docker start $(containers) > /dev/null && recovers; }

# A node that was taken for lost, or has lost its coordinator, ends itself and is started again by the engine.
restarts() { docker inspect --format '{{.RestartCount}}' "$1"; }
was_restarted() { (( $(restarts "$1") > $2 )); } # ID RESTARTS BEFORE

# An engine may fail to freeze processes that are busy ("unable to freeze"), and leaves them running then: tried again.
freezes() { docker pause "$1" > /dev/null; }

pauses() { # SERVICE, then the command that tells when it is lost
    middle || return 1
    local id; id=$(first "$1"); shift
    within 10 freezes "$id" && is_under_way && "$@"
    local lost=$?
    docker unpause "$id" > /dev/null && (( lost == 0 )) && recovers
}

pauses_coordinator() {
    local id; id=$(first worker)
    pauses coordinator within 60 was_restarted "$id" "$(restarts "$id")"
}

# It gets the address back that it had: the lowest that is free.
cuts_off() { # SERVICE
    middle || return 1
    local id; id=$(first "$1")
    docker network disconnect "$network" "$id" && is_under_way && await "is unreachable" 30
    local lost=$?
    docker network connect --alias "$1" "$network" "$id" && (( lost == 0 )) && recovers
}

address() { docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1"; }

# Everybody reaches everybody but these two, each other.
cuts_pair() { # SERVICE SERVICE
    middle || return 1
    part "$(first "$1")" "$(first "$2")" && is_under_way && await "is unreachable" 30
    local lost=$?
    heal
    (( lost == 0 )) && recovers
}

exit_code() { docker inspect --format '{{.State.ExitCode}}' "$1"; }

stops_coordinator() {
    middle || return 1
    local id; id=$(first coordinator)
    is_under_way && compose stop --timeout 60 coordinator > /dev/null && (( $(exit_code "$id") == 0 ))
    local stopped=$?
    compose start coordinator > /dev/null
    (( stopped == 0 )) && recovers
}

members() { grep -c '^node ' <<< "$(distnet status)"; }
has_members() { (( $(members) == $1 )); }

# SIGTERM: takes leave of the cluster, which takes nobody for lost.
leaves() { # SERVICE
    all_healthy || return 1
    local id before; id=$(first "$1") before=$(members)
    ordered=$(now)
    docker stop --time 30 "$id" > /dev/null
    (( $(exit_code "$id") == 0 )) && within 30 has_members $((before - 1)) && ! has_said "is unreachable"
    local left=$?
    docker start "$id" > /dev/null && (( left == 0 ))
}

verdict "the image builds" build_image
declare -A expected=([1]=$(expect 1) [3]=$(expect 3) [5]=$(expect 5))

# From `up` to the line that the first step is made, by the engine's clock. How long that takes is told, and no more: it depends on the machine.
first_step() {
    compose down --volumes --timeout 5 > /dev/null
    ordered=$(now)
    DISTNET_TRAIN="--epochs 1 --workers 3 --parameter-servers 2" compose up --detach --no-build > /dev/null
    await "step [0-9,]* is made" 120 || return 1
    local lines made; lines=$(docker logs --timestamps "$(first coordinator)" 2>&1)
    made=$(grep -m 1 ' is made' <<< "$lines" | cut -d ' ' -f 1)
    awk -v from="$(date --date "$ordered" +%s.%N)" -v to="$(date --date "$made" +%s.%N)" \
        'BEGIN { printf "the first step was made %.1f s after \"docker compose up\"\n", to - from }'
}

# The first 8 digits of the weights' hash stand in the list.
keeps_model() {
    local runs; runs=$(distnet runs list) && grep -q "${expected[1]:0:8}" <<< "$runs" || { echo "$runs"; return 1; }
    compose exec -T coordinator sh -c 'test -s runs/*/model.safetensors'
}

shows_status() {
    local status; status=$(distnet status) || return 1
    (( $(grep -c '^node .*  worker, 1 worker$' <<< "$status") == 3 && $(grep -c '^node .*  parameter-server$' <<< "$status") == 2 )) \
        && grep -q '^node coordinator:4053  coordinator, leads$' <<< "$status" && grep -q "^run .* is complete: .*${expected[1]}" <<< "$status" \
        || { echo "$status"; return 1; }
}

takes_order() {
    local run; run=$(distnet submit --epochs 1 --workers 3 --parameter-servers 2 --wait)
    grep -q "^weights SHA-256 ${expected[1]}$" <<< "$run" || { echo "$run"; return 1; }
}

# The same containers from nothing, and one more; the run is the coordinator's first.
stands_by() {
    compose down --volumes --timeout 5 > /dev/null
    ordered=$(now)
    DISTNET_TRAIN="--epochs 1 --workers 3 --parameter-servers 2" compose --profile standby up --detach --no-build > /dev/null
    same_bits 1 && all_healthy
}

leads() { # SERVICE MEMBERS, the nodes that it knows
    local status; status=$(compose exec -T "$1" distnet status --cluster "$1:4053") || return 1
    grep -q "^node $1:4053  coordinator, leads$" <<< "$status" && (( $(grep -c '^node ' <<< "$status") == $2 ))
}

# The leader and a worker on one side, everybody else on the other. The lesser side ends itself; its leader is started again while nobody else can be
# reached, and founds a cluster of its own, which it has to leave for the other when the network is whole.
parts() {
    middle || return 1
    local leader worker before; leader=$(first coordinator) worker=$(first worker)
    before=$(restarts "$leader")
    local others=($(containers standby) $(containers parameter-server) $(containers worker | tail -n +2))
    part "$leader" "${others[@]}" && part "$worker" "${others[@]}" && is_under_way || return 1
    same_bits 3 standby && within 60 was_restarted "$leader" "$before" && within 60 leads coordinator 2
    local apart=$?
    heal
    (( apart == 0 )) && within 120 leads standby 7 && has_said "There is another cluster, led by standby:4053" && all_healthy
}

scales() {
    middle 5 || return 1
    compose up --detach --no-build --no-recreate --scale worker=8 > /dev/null
    recovers 5 && (( $(containers worker | wc -l) == 8 ))
}

verdict "the first step is made" first_step
verdict "a cluster ends with the bits of one process" same_bits 1
verdict "all containers become healthy" all_healthy
verdict "each has its limits, health check and restart policy, and no secret in its environment" is_set_up
verdict "the model and the run are in the volume" keeps_model
verdict "distnet status shows the cluster and its run" shows_status
verdict "distnet submit trains another run to the same bits" takes_order
verdict "a worker that is told to stop leaves with code 0" leaves worker
verdict "a parameter server that is told to stop leaves with code 0" leaves parameter-server
for service in worker parameter-server coordinator; do
    verdict "a $service that is killed and started changes no bit" kills $service
    verdict "a $service that is cut off from the network and comes back changes no bit" cuts_off $service
done
verdict "a worker that is paused changes no bit" pauses worker await "is unreachable" 30
verdict "a parameter server that is paused changes no bit" pauses parameter-server await "is unreachable" 30
verdict "a coordinator that is paused until the others leave changes no bit" pauses_coordinator
verdict "a coordinator that is stopped goes on where it was" stops_coordinator
verdict "a cluster all of whose containers are killed goes on where it was" kills_all
if can_part; then
    verdict "a worker and a parameter server that cannot reach each other change no bit" cuts_pair worker parameter-server
else
    echo "iptables cannot be used here: the tests of partitions were skipped."
fi
verdict "eight workers, five of which come later, give the same bits" scales

# From here on the cluster has a second coordinator.
export DISTNET_COORDINATORS=coordinator:4053,standby:4053
verdict "a cluster with a coordinator that stands by ends with the bits of one process" stands_by
if can_part; then
    verdict "of two sides that cannot reach each other the greater goes on, and the rest joins it when they can" parts
fi

echo "$passed passed, $failed failed"
(( failed == 0 ))
