# SPDX-License-Identifier: Apache-2.0
# What `xdp4j compare` wrote with --json, as a table for RESULTS.md; --arg table says which.

def count: if . == null then "-" else (round | tostring | [while(length > 0; .[:-3]) | .[-3:]] | reverse | join(",")) end;
def round1: if . == null then "-" else . * 10 | round / 10 end;
def ratio: if . == null then "-" else . * 100 | round / 100 end;
def spread: "\(.median | round1) | \(.min | round1) to \(.max | round1)";

def lossless:
  "One flow, idle \(.settings.idle); steps of 1 % of the sender's limit; trials of \(.settings.searchSeconds) s, then "
    + "\(.settings.confirmations) runs of \(.settings.confirmationSeconds) s that have to lose nothing.",
  "",
  "| source | lossless pps | step | limit of the sender into it, pps | of the limit | to the peer | to the best socket | what binds | lost | at pps | trials | confirmed: sent = received |",
  "|---|--:|--:|--:|--:|--:|--:|---|--:|--:|--:|--:|",
  (.sources[]
   | "| `\(.backend)` | \(.losslessPps | count) | \(.stepPps | count) | \(.senderLimitPps | count) | \(.ofSenderLimit | ratio) | \(.toPeer | ratio) "
     + "| \(.toBestSocket | ratio) | \(.binds // "-") | \(.bindsLost | count) | \(.bindsAtPps | count) "
     + "| \(.trials | length) | \(.confirmedSent | count) |");

def cost:
  "One flow, rings of \(.settings.ringDescriptors | count), batches of \(.settings.batch); in turns, \(.settings.rounds) rounds "
    + "of \(.settings.seconds) s, medians. User and system time are told apart in ticks of 10 ms; with spin, who spins takes "
    + "all of a CPU, and busy tells what the packets take of it.",
  "",
  "| receiver | offered pps | idle | user | least to most | system | CPU | least to most | busy | least to most | to the peer: user | CPU | busy | lost | late rounds |",
  "|---|--:|---|--:|---|--:|--:|---|--:|---|--:|--:|--:|--:|--:|",
  (.costs[]
   | "| `\(.backend)` | \(.offeredPps | count) | \(.idle) | \(.user | spread) | \(.system.median | round1) | \(.cpu | spread) "
     + "| \(.busy | spread) | \(.toPeer.user | ratio) | \(.toPeer.cpu | ratio) | \(.toPeer.busy | ratio) | \(.lost | count) "
     + "| \(.lateRounds) |");

def latency:
  "| source | idle | p50 us | p99 us | max us | CPU, ns a packet | lost |",
  "|---|---|--:|--:|--:|--:|--:|",
  (.cells[]
   | "| `\(.backend)` | \(.idle) | \(.latencyUs.p50 | round1) | \(.latencyUs.p99 | round1) | \(.latencyUs.max | count) "
     + "| \(.cpuNsPerPacket | round1) | \(.lost | count) |");

(if .complete then empty else "Not complete: it ended before all had run.", "" end),
if $table == "lossless" then lossless elif $table == "cost" then cost else latency end
