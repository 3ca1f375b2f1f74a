# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Sourced by the measurements that receive and send in the lab: starts and ends the two, and keeps their reports.

: "${root:?the top folder}"
# shellcheck source=scripts/prepare.sh
source "$root/scripts/prepare.sh"

results=$root/target/benchmarks
last_cpu=$(($(nproc) - 1))

# Builds and installs what is missing, and makes the lab. At the end nothing of it is left.
open_lab() {
    [[ $EUID -eq 0 ]] || { say "needs root: run it with sudo"; exit 1; }
    locate_build
    lock
    install_missing "${build_tools[@]}" jq:jq
    unlock
    "$root/xdp4j" --version >/dev/null
    mkdir -p "$results"
    reports=$(mktemp -d)
    trap close_lab EXIT
    "$root/xdp4j" lab up >/dev/null
}

close_lab() {
    [[ -z ${receiver:-} ]] || kill "$receiver" 2>/dev/null || true
    [[ -z ${sender:-} ]] || kill "$sender" 2>/dev/null || true
    "$root/xdp4j" lab down >/dev/null 2>&1 || true
    rm -rf "$reports"
}

# Another lab, with so many queues.
restart_lab() {
    "$root/xdp4j" lab down >/dev/null
    "$root/xdp4j" lab up --queues "$1" >/dev/null
}

# Sets `flows` to the options for so many flows, the first of which has this number.
number_flows() {
    local first=$1 count=$2 number
    flows=()
    for ((number = first; number < first + count; number++)); do
        flows+=(--flow "239.1.$((3 + number / 250)).$((1 + number % 250)):5004")
    done
}

# Starts `receive` with these arguments on a CPU, and returns when packets may come. "any" is every CPU.
start_receiver() {
    local cpu=${1/any/0-$last_cpu}
    shift
    taskset --cpu-list "$cpu" "$root/xdp4j" lab exec rx "$root/xdp4j" receive --interface rx0 "$@" \
        --json "$reports/receive.json" >"$reports/receive.txt" 2>&1 &
    receiver=$!
    until grep -q '^receiving ' "$reports/receive.txt" 2>/dev/null; do
        kill -0 "$receiver" 2>/dev/null || { cat "$reports/receive.txt" >&2; exit 1; }
        sleep 0.1
    done
}

# The process that receives, behind those that enter its namespace.
receiver_pid() {
    ip netns pids xdp4j-rx | head -n 1
}

# Ends it in order; its report is then in $reports/receive.json.
stop_receiver() {
    sleep 0.5 # for what is on its way
    kill -TERM "$(receiver_pid)"
    wait "$receiver" || true
    receiver=
}

# Sends with these arguments on a CPU. Its report is then in $reports/send-CPU.json.
send() {
    local cpu=$1
    shift
    taskset --cpu-list "$cpu" "$root/xdp4j" lab exec tx "$root/xdp4j" send --interface tx0 "$@" \
        --json "$reports/send-$cpu.json" >/dev/null 2>"$reports/send-$cpu.txt" ||
        { cat "$reports/send-$cpu.txt" >&2; exit 1; }
}
