# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Sourced by ./xdp4j and ./check: finds a JDK, installs what is missing (Debian), builds what has changed.
# Writes to stderr and $root/target only.

: "${root:?the top folder}" "${program:?the name in front of messages}"

oldest_java=17
oldest_ffm_java=22 # the foreign function interface is final from there on
PATH=$PATH:/usr/sbin:/sbin # which su without "-" leaves out: bpftool and ethtool are there

say() {
    printf '%s: %s\n' "$program" "$*" >&2
}

die() {
    say "$*"
    exit 1
}

# --- the JDK ---

# Prints 17 for the home of a JDK 17, nothing where there is no JDK. From the file that every JDK has, because starting
# java to ask it takes longer than all the rest of a start.
java_version() {
    local home=$1
    [[ ! -x $home/bin/javac || ! -r $home/release ]] \
        || sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release"
}

is_usable_jdk() {
    local version
    version=$(java_version "$1")
    [[ -n $version && $version -ge $oldest_java ]]
}

# Exports JAVA_HOME, for Maven too: the one given if it is new enough, else that of javac, else Debian's default.
find_jdk() {
    local home javac
    javac=$(readlink -f "$(type -P javac)") || javac=
    for home in "${JAVA_HOME:-}" "${javac%/bin/javac}" /usr/lib/jvm/default-java; do
        if [[ -n $home ]] && is_usable_jdk "$home"; then
            export JAVA_HOME=$home
            return 0
        fi
    done
    return 1
}

# Prints the homes of JDKs: first the one that builds, then those in JAVA_HOME_NN, as CI has them, and those that Debian
# knows.
installed_jdks() {
    local name
    printf '%s\n' "$JAVA_HOME"
    for name in "${!JAVA_HOME_@}"; do
        printf '%s\n' "${!name}"
    done
    printf '%s\n' /usr/lib/jvm/*
}

# Prints the home of the newest JDK with FFM, for the benchmarks; nothing where there is none.
find_ffm_jdk() {
    local home version newest=$((oldest_ffm_java - 1)) found=
    while read -r home; do
        version=$(java_version "$home")
        if [[ -n $version && $version -gt $newest ]]; then
            newest=$version
            found=$home
        fi
    done < <(installed_jdks)
    printf '%s' "$found"
}

# --- packages ---

# COMMAND:PACKAGE: what building and running need.
build_tools=(mvn:maven cmake:cmake make:make cc:gcc clang:clang bpftool:bpftool pkg-config:pkg-config
    ip:iproute2 ethtool:ethtool sysctl:procps)

# Prints the Debian packages to be installed so that these COMMAND:PACKAGE, a JDK and the libraries are there.
missing_packages() {
    local tool module
    for tool in "$@"; do
        type -P "${tool%:*}" >/dev/null || echo "${tool#*:}"
    done
    find_jdk || echo default-jdk-headless
    [[ -e /usr/include/stdio.h ]] || echo libc6-dev
    for module in libbpf libxdp; do
        pkg-config --exists "$module" 2>/dev/null || echo "$module-dev"
    done
}

# Arguments as above. Afterwards JAVA_HOME is set.
install_missing() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    if [[ ${#missing[@]} -gt 0 ]]; then
        type -P apt-get >/dev/null \
            || die "missing: ${missing[*]} (names of Debian packages): install them and run this again"
        [[ $EUID -eq 0 ]] \
            || die "missing: ${missing[*]}: run sudo apt-get install --no-install-recommends ${missing[*]}"
        say "installing ${missing[*]}"
        run_logged install.log apt_install "${missing[@]}"
    fi
    find_jdk || die "no JDK of version $oldest_java or later: set JAVA_HOME to one"
}

apt_install() {
    apt-get update \
        && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
            -o DPkg::Lock::Timeout=300 "$@"
}

# Runs a command with its output in a log under target/; prints the end of it and exits when it fails.
run_logged() {
    local log=$root/target/$1
    shift
    mkdir -p "$root/target"
    if ! "$@" </dev/null >"$log" 2>&1; then
        grep -v '^[[:space:]]*at ' "$log" | tail -n 40 >&2
        die "$1 failed: see $log"
    fi
}

# --- the build ---

# One process installs and builds at a time. The locked file is one that is there anyway.
lock() {
    exec {lock_fd}<"$root/pom.xml"
    flock "$lock_fd"
}

unlock() {
    exec {lock_fd}<&-
}

# Name, size and time of every file that the command line is made from, and of those given: tells a change, an addition
# and a removal.
# shellcheck disable=SC2120,SC2119 # benchmarks/jmh gives arguments
source_list() (
    cd "$root" || exit
    find pom.xml CMakeLists.txt benchmarks/peer bpf native java "$@" \
        \( -name target -o -path '*/src/test' -o -path native/test -o -path benchmarks/peer/test \) -prune \
        -o -type f -printf '%p %s %T@\n' |
        LC_ALL=C sort
)

project_version() {
    sed -n 's|^  <version>\(.*\)</version>$|\1|p' "$root/pom.xml"
}

# What the build makes: the runnable jar, the folder for -Djava.library.path, the C receiver to measure against, and the
# list of sources they are from.
locate_build() {
    cli_jar=$root/java/xdp4j-cli/target/xdp4j-cli-$(project_version).jar
    library_path=$root/native/target/lib
    peer=$root/native/target/bin/xdp4j-peer
    built_from=$root/java/xdp4j-cli/target/built-from
}

is_up_to_date() {
    [[ -e $cli_jar && -e $library_path/libxdp4j.so && -e $built_from && $(source_list) == "$(<"$built_from")" ]]
}

# CMake refuses a build tree that was moved or copied here together with the sources.
remove_if_moved() {
    grep -qsFx "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$1/CMakeCache.txt" || rm -rf "$1"
}

# Runs Maven with these arguments, after which the command line is up to date.
build() {
    local sources
    say "building"
    # Taken before: what is edited while Maven runs is built the next time.
    sources=$(source_list)
    remove_if_moved "$root/native/target/cmake"
    run_logged build.log mvn --batch-mode --no-transfer-progress --file "$root/pom.xml" "$@"
    build_peer
    printf '%s\n' "$sources" >"$built_from"
}

# Only compare needs it, and does without.
build_peer() {
    cmake --build "$root/native/target/cmake" --target xdp4j-peer </dev/null >"$root/target/peer.log" 2>&1 ||
        say "the receiver in C to compare with could not be built: see $root/target/peer.log"
}

# --- the JVM ---

# What java is given, and so the processes that the command line starts. A receiver's heap is small: this collector has
# no threads that wait for work and the least memory, and with so much for new objects it does not run for 10 minutes,
# nor takes what it has not needed yet.
jvm_options() {
    local archive
    archive=$(class_archive)
    printf '%s\n' "-Djava.library.path=$library_path" "-Dxdp4j.peer=$peer" -XX:+UseSerialGC -Xmn160m
    # The JVM would say on standard output that it cannot use one, and then do without its own as well.
    if [[ -s $archive && $archive -nt $cli_jar ]]; then
        printf '%s\n' "-XX:SharedArchiveFile=$archive" -Xlog:cds=off -Xlog:cds+dynamic=off
    fi
}

# The classes that a receiver loads, as this JDK has them in memory when it has loaded them (class data sharing): with
# them the command line is ready in half of the time.
class_archive() {
    echo "${cli_jar%.jar}-$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release").jsa"
}

# Whether it is to be made: by root, for anybody else cannot receive.
lacks_archive() {
    [[ $EUID -eq 0 && ! $(class_archive) -nt $cli_jar ]]
}

# Has a receiver end that received for a second on a cable of its own, where no packet comes. What cannot be made is
# empty, so that it is not tried each time.
archive_classes() {
    local archive
    archive=$(class_archive)
    say "preparing a quick start"
    rm -f "$archive"
    # shellcheck disable=SC2016 # for the other shell
    unshare --net bash -c 'ip link add rx0 type veth peer name tx0 && ip link set tx0 up && ip link set rx0 up &&
        exec "$@" receive --interface rx0 --flow 239.1.2.3:5004 --seconds 1 --json /dev/null' -- \
        "$JAVA_HOME/bin/java" "-Djava.library.path=$library_path" -XX:+UseSerialGC \
        "-XX:ArchiveClassesAtExit=$archive" -jar "$cli_jar" </dev/null >"$root/target/archive.log" 2>&1 ||
        : >"$archive"
}
