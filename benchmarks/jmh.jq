# SPDX-License-Identifier: Apache-2.0
#
# Tables for RESULTS.md from what benchmarks/jmh writes: jq --raw-output --slurp --from-file benchmarks/jmh.jq FILE...
# The files are JMH's JSON, first that of the JDK that xdp4j runs on, then that of the one with FFM, if there is one.
# They may be of the same JDK: then the second has FFM alone.
#
# A figure is the lowest of all iterations, with their median in brackets: what neighbours on a shared machine take is
# only ever added. Differences, which are small, are of the lowest; ratios of the medians, which do not hang on a lucky
# iteration. Bytes are the most of all iterations: what allocates now and then shall not hide. JMH's own are in them.

def median: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;

# A number with so many decimals.
def fixed($digits):
    (fabs * pow(10; $digits) | round | tostring)
    | (("0" * ($digits + 1 - length)) // "") + .
    | if $digits > 0 then .[:-$digits] + "." + .[-$digits:] else . end;
def signed($digits): (if . < 0 then "-" else "" end) + fixed($digits);

# One for each benchmark, parameters and JDK, whatever run it is from.
def measured:
    [.[] | {
        name: (.benchmark | sub("^io\\.xdp4j\\.benchmarks\\."; "")),
        jdk: .jdkVersion,
        parameters: (.params // {} | [.[keys[]]]),
        ns: [.primaryMetric.rawData[][]],
        bytes: [.secondaryMetrics["gc.alloc.rate.norm"].rawData[][]]
    }]
    | group_by([.name, .jdk, .parameters])
    | map(.[0] + { ns: (map(.ns) | add), bytes: (map(.bytes) | add | max) })
    | map(. + { lowest: (.ns | min), median: (.ns | median) });

# Figures of $name in units of so many operations.
def cell($operations):
    if . == null then "-"
    else (.lowest / $operations) as $ns
    | (if $ns < 10 then 2 elif $ns < 100 then 1 else 0 end) as $digits
    | "\($ns | fixed($digits)) (\(.median / $operations | fixed($digits)))"
    end;

def ratio($of; $to): if $of and $to then $of.median / $to.median | fixed(2) else "-" end;
def row: "| " + join(" | ") + " |";
def table($columns; $rows): ([$columns, [$columns[] | "--:"]] + $rows)[] | row;

map(select(length > 0))
| .[0][0].jdkVersion as $jdk
| (.[1] // [])[0].jdkVersion as $ffm_jdk
| ($ffm_jdk and $ffm_jdk != $jdk) as $two_jdks
| (add | measured) as $all
| def one($name; $of_jdk; $parameters):
    [$all[] | select(.name == $name and .jdk == $of_jdk and .parameters == $parameters)][0];
def parameters($name): [$all[] | select(.name == $name) | .parameters | map(tonumber)] | unique | map(map(tostring));
[
    { title: "JNI, \($jdk)", class: "JniCrossingBenchmark", jdk: $jdk },
    if $two_jdks then { title: "JNI, \($ffm_jdk)", class: "JniCrossingBenchmark", jdk: $ffm_jdk } else empty end,
    if $ffm_jdk then
        { title: "FFM, \($ffm_jdk)", class: "FfmCrossingBenchmark", jdk: $ffm_jdk },
        { title: "FFM critical, \($ffm_jdk)", class: "FfmCrossingBenchmark", jdk: $ffm_jdk, suffix: "Critical" }
    else empty end,
    { title: "VarHandle, \($jdk)", class: "RingAccessBenchmark", jdk: $jdk },
    if $two_jdks then { title: "VarHandle, \($ffm_jdk)", class: "RingAccessBenchmark", jdk: $ffm_jdk } else empty end
] as $ways
| def by_way($method; $parameters): [$ways[] | one("\(.class).\($method)\(.suffix // "")"; .jdk; $parameters)];
# JNI to another way on the same JDK.
def jni_to($of_jdk; $other; $method; $parameters):
    ratio(one("JniCrossingBenchmark.\($method)"; $of_jdk; $parameters); one($other; $of_jdk; $parameters));
parameters("JniCrossingBenchmark.receive") as $batches

| "Times are the lowest of all iterations (and their median), ratios are of medians. B are bytes allocated, those of",
"the iteration with most; JMH itself allocates some 6 KB in each, which shows as 0.1 or so where a call is long.",
"",
"A call, ns, lowest (median):",
"",
table(
    ["packets a call"] + [$ways[].title]
        + (if $ffm_jdk then ["JNI / FFM", "JNI / FFM critical"] else [] end) + ["JNI / VarHandle", "B a call"];
    [([], $batches[]) as $batch
    | (if $batch == [] then "empty" else "receive" end) as $method
    | by_way($method; $batch) as $by_way
    | [$batch[0] // "none"] + [$by_way[] | cell(1)]
        + if $ffm_jdk then
            [("", "Critical") | jni_to($ffm_jdk; "FfmCrossingBenchmark.\($method)\(.)"; $method; $batch)]
        else [] end
        + [jni_to($jdk; "RingAccessBenchmark.\($method)"; $method; $batch)]
        + [[$by_way[] | select(.) | .bytes] | max | fixed(1)]]),
"",
"The same for each packet, ns, lowest (median):",
"",
table(
    ["packets a call"] + [$ways[].title];
    [$batches[] as $batch | $batch + [by_way("receive"; $batch)[] | cell($batch[0] | tonumber)]]),
"",
64 as $batch
| one("JniCrossingBenchmark.receive"; $jdk; ["\($batch)"]) as $ring
| "What Java costs a packet, \($jdk), ns, lowest (median), in batches of \($batch). The first four columns have the",
"receiving in them and the numbering of the packets, which is the benchmark's own; the next three are what is done",
"besides, by the lowest:",
"",
table(
    ["ring", "flows", "received and numbered", "and header read", "and sequence tracked",
        "and counted (the full path)", "header", "sequence tracking", "counting", "B a packet"];
    [parameters("RtpPacketBenchmark.batch")[] as $depth_flows
    | [("batch", "header", "sequence", "path") | one("RtpPacketBenchmark.\(.)"; $jdk; $depth_flows)] as $by_method
    | $depth_flows + [$by_method[] | cell(1)]
        + [$by_method[1:][] | .lowest - $by_method[0].lowest | signed(1)]
        + [[$by_method[].bytes] | max | fixed(1)]]),
"",
"A packet that waits in a socket, \($jdk), ns, lowest (median), in batches of \($batch):",
"",
table(
    ["received by", "ns", "times JNI and a ring", "B a packet"];
    [["JNI and a ring, no kernel", ($ring | cell($batch)), "1", ($ring.bytes / $batch | fixed(1))]]
    + [("RAW", "RECVMMSG", "NIO") as $way
    | one("SocketBenchmark.receive"; $jdk; [$way])
    | select(.)
    | ["`\($way | ascii_downcase)`", cell(1), (.median / ($ring.median / $batch) | fixed(0)), (.bytes | fixed(1))]])
