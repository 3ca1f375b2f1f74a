# SPDX-License-Identifier: Apache-2.0
# The runs of benchmarks/scale as tables for RESULTS.md: medians, and ratios to the first row of each table.

def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def round1: . * 10 | round / 10;
def ratio: . * 100 | round / 100;

def figures:
  { loaded: (map(.loadedQueues) | max),
    cpu: (map((.userNs + .systemNs) / .received) | median),
    least: (map((.userNs + .systemNs) / .received) | min),
    most: (map((.userNs + .systemNs) / .received) | max),
    user: (map(.userNs / .received) | median),
    busy: (map(.busyNs / .received) | median),
    lost: (map(.sent - .received) | add) };

def table($what; $heading):
  map(select(.what == $what)) as $runs
  | ($runs | reduce .[].setting as $setting ([]; if any(.[]; . == $setting) then . else . + [$setting] end)) as $settings
  | ($settings | map(. as $setting | $runs | map(select(.setting == $setting)) | figures)) as $rows
  | "",
    "| \($heading) | queues with packets | CPU, ns a packet | least to most | user | busy | CPU, to the first | busy, to the first | lost |",
    "|---|--:|--:|---|--:|--:|--:|--:|--:|",
    (range($rows | length) as $i | $rows[$i]
     | "| \($settings[$i]) | \(.loaded) | \(.cpu | round1) | \(.least | round1) to \(.most | round1) | \(.user | round1) "
       + "| \(.busy | round1) | \(.cpu / $rows[0].cpu | ratio) | \(.busy / $rows[0].busy | ratio) | \(.lost) |");

table("flows"; "flows"), table("queues"; "queues"), table("sockets"; "sockets")
