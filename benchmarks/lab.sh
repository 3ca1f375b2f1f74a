# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Sourced by the measurements that receive and send in the lab: starts and ends the two, and keeps their reports.

: "${root:?the top folder}"
# shellcheck source=scripts/prepare.sh
source "$root/scripts/prepare.sh"

results=$root/target/benchmarks
receiver=    # the process that start_receiver started
senders=()   # those that send_beside started
lab_is_ours= # somebody else's is left alone

allowed_cpus=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
first_cpu=${allowed_cpus%%[-,]*}
# shellcheck disable=SC2034 # not every one that sources this needs both
last_cpu=${allowed_cpus##*[-,]}

# Builds and installs what is missing, and makes the lab. At the end nothing of it is left.
open_lab() {
    [[ $EUID -eq 0 ]] || { say "needs root: run it with sudo"; exit 2; }
    locate_build
    lock
    install_missing "${build_tools[@]}" jq:jq
    unlock
    "$root/xdp4j" --version >/dev/null
    mkdir -p "$results"
    reports=$(mktemp -d)
    trap close_lab EXIT
    make_lab 1
}

# With so many queues.
make_lab() {
    "$root/xdp4j" lab up --queues "$1" >/dev/null
    lab_is_ours=yes
}

remove_lab() {
    "$root/xdp4j" lab down >/dev/null
    lab_is_ours=
}

close_lab() {
    if [[ -n $lab_is_ours ]]; then
        # What receives and sends, which a signal to those who started it does not reach.
        { ip netns pids xdp4j-tx && ip netns pids xdp4j-rx; } 2>/dev/null | xargs --no-run-if-empty kill 2>/dev/null || true
        wait
        remove_lab || true
    fi
    rm -rf "$reports"
}

# Sets `flows` to the options for so many flows, the first of which has this number.
number_flows() {
    local first=$1 count=$2 number
    flows=()
    for ((number = first; number < first + count; number++)); do
        flows+=(--flow "239.1.$((3 + number / 250)).$((1 + number % 250)):5004")
    done
}

# Starts `receive` with these arguments on CPUs, and returns when packets may come.
start_receiver() {
    local cpus=$1
    shift
    follow_receiver taskset --cpu-list "$cpus" "$root/xdp4j" lab exec rx "$root/xdp4j" receive --interface rx0 "$@"
}

# The command that starts it; its report will be $reports/receive.json, and what it says $reports/receive.txt.
follow_receiver() {
    "$@" --json "$reports/receive.json" >"$reports/receive.txt" 2>&1 &
    receiver=$!
    until grep -qs '^receiving ' "$reports/receive.txt"; do
        kill -0 "$receiver" 2>/dev/null || { cat "$reports/receive.txt" >&2; exit 1; }
        sleep 0.1
    done
}

# The process that receives, behind those that enter its namespace.
receiver_pid() {
    ip netns pids xdp4j-rx | head -n 1
}

# Ends it in order; its report is then there.
stop_receiver() {
    sleep 0.5 # for what is on its way
    kill -TERM "$(receiver_pid)"
    wait "$receiver" || true
    receiver=
}

# Sends with these arguments on a CPU. Its report is then $reports/send-CPU.json.
send() {
    local cpu=$1
    shift
    taskset --cpu-list "$cpu" "$root/xdp4j" lab exec tx "$root/xdp4j" send --interface tx0 "$@" \
        --json "$reports/send-$cpu.json" >/dev/null 2>"$reports/send-$cpu.txt" ||
        { cat "$reports/send-$cpu.txt" >&2; return 1; }
}

# The same in the background, until await_senders.
send_beside() {
    send "$@" &
    senders+=($!)
}

await_senders() {
    local sender
    for sender in "${senders[@]}"; do
        wait "$sender"
    done
    senders=()
}
