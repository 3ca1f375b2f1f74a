/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xdp4j-peer on a veth, with packets of which it is known what was left out, doubled and swapped. Needs root; runs in a
 * network namespace of its own. Argument: the program.
 */
#define _GNU_SOURCE 1
#include "source_lab.h"

#include <bpf/libbpf.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#define IPV4 "239.129.2.3:5004"
#define IPV6 "[ff3e::4:5:6]:5004"
#define FLOWS_MAX 1024 /* options.h */
#define OUTPUT_MAX (1 << 20)
#define POSITIONS 15000 /* of two flows all packets fit into the rings: none is lost, however late the receiver is */
#define TICK_NS 10000000 /* USER_HZ is 100 */
#define PAUSE_NS 5000000L
#define PATIENCE 4000 /* pauses: 20 s */

static int program; /* a descriptor: a user who is not root may not find the path */

struct peer {
	pid_t pid;
	int out, err;
};

static void sleep_a_little(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
}

static const char *text_of(int file)
{
	static char text[OUTPUT_MAX];
	ssize_t bytes = pread(file, text, sizeof(text) - 1, 0);

	text[bytes < 0 ? 0 : bytes] = '\0';
	return text;
}

static struct peer start_as(uid_t user, char *const arguments[])
{
	struct peer peer = { .out = memfd_create("out", 0), .err = memfd_create("err", 0) };

	peer.pid = fork();
	if (!peer.pid) {
		dup2(peer.out, STDOUT_FILENO);
		dup2(peer.err, STDERR_FILENO);
		if (!setuid(user))
			fexecve(program, arguments, environ);
		_exit(126);
	}
	return peer;
}

/* Its exit code, or -1 after a signal. */
static int end(const struct peer *peer, int signal)
{
	int status;

	if (signal)
		kill(peer->pid, signal);
	waitpid(peer->pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void forget(const struct peer *peer)
{
	close(peer->out);
	close(peer->err);
}

/* Returns when packets may come. */
static struct peer start(char *const arguments[])
{
	struct peer peer = start_as(0, arguments);

	for (int i = 0; strncmp(text_of(peer.err), "receiving ", 10); i++) {
		if (i == PATIENCE || waitpid(peer.pid, NULL, WNOHANG)) {
			printf("the peer does not receive: %s\n", text_of(peer.err));
			exit(1);
		}
		sleep_a_little();
	}
	return peer;
}

/* A number of the report, behind a text in front of it. */
static uint64_t number(const char *report, const char *behind, const char *name)
{
	const char *at = strstr(report, behind);
	char key[64];

	snprintf(key, sizeof(key), "\"%s\":", name);
	at = at ? strstr(at, key) : NULL;
	CHECK(at, "no %s behind %s in %s", key, behind, report);
	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

static uint64_t arrived(void)
{
	struct xdp4j_netdev_counters counters;
	struct xdp4j_error error;
	uint64_t packets;

	CHECK(!xdp4j_netdev_counters_read(&counters, "rx0", &error), "%s", error.text);
	packets = counters.rx_packets;
	xdp4j_netdev_counters_free(&counters);
	return packets;
}

/* Sends over the wrap of the sequence number, with all patterns, and returns when all has arrived. */
static void send_packets(struct xdp4j_source_counters sent[2])
{
	const struct xdp4j_source_flow flows[] = { flow_of(&ipv4, 65000), flow_of(&ipv6, 65000) };
	struct xdp4j_source_options options = options_of(XDP4J_SOURCE_LIVE_FRAMES, flows, 2, POSITIONS);
	struct xdp4j_source_schedule schedule = { .rate_pps = 200000 };
	uint64_t before = arrived();
	struct xdp4j_source *source;
	struct timespec now;
	int turns;

	options.lose[0] = (struct position_range){ 1000, 1999, 1 };
	options.lose[1] = (struct position_range){ 4000, 13999, 97 };
	options.duplicate[0] = (struct position_range){ 2500, 14500, 113 };
	options.swap[0] = (struct position_range){ 501, 14001, 211 };
	source = open_source(&options);
	clock_gettime(CLOCK_MONOTONIC, &now);
	schedule.origin_ns = now.tv_sec * 1000000000ull + now.tv_nsec;
	while ((turns = xdp4j_source_send(source, 2000, &schedule)) > 0)
		schedule.turn += turns;
	CHECK(turns == 0, "%s", strerror(-turns));
	CHECK(xdp4j_source_refused(source) == 0, "the veth refused packets");
	for (uint32_t flow = 0; flow < 2; flow++)
		xdp4j_source_counters(source, flow, &sent[flow]);
	for (int i = 0; i < PATIENCE && arrived() - before < sent[0].sent + sent[1].sent; i++)
		sleep_a_little();
	/* A few that the kernel sends by itself are among them, so the last ones may still be on their way. */
	for (int i = 0; i < 20; i++)
		sleep_a_little();
	CHECK(sent[0].lost > 1000 && sent[0].duplicated && sent[0].swapped, "no patterns");
	xdp4j_source_close(source);
}

static bool has_program(void)
{
	uint32_t id = 0;

	return !bpf_xdp_query_id(if_nametoindex("rx0"), 0, &id) && id;
}

static void expect_flow(const char *report, const char *flow, const struct xdp4j_source_counters *sent)
{
	const struct {
		const char *name;
		uint64_t expected;
	} counts[] = {
		{ "received", sent->sent },
		{ "expected", POSITIONS },
		{ "lost", sent->lost },
		{ "reordered", sent->swapped },
		{ "duplicate", sent->duplicated },
		{ "late", 0 },
		{ "ssrcChanges", 0 },
		{ "restarts", 0 },
		{ "nonRtp", 0 },
		{ "seen", sent->sent },
		{ "redirected", sent->sent },
		{ "bytes", sent->sent * (SIZE - (flow[0] == '[' ? 74 : 54)) },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		uint64_t seen = number(report, flow, counts[i].name);

		CHECK(seen == counts[i].expected, "%s %s: %lu, not %lu", flow, counts[i].name, seen,
		      counts[i].expected);
	}
}

static void test_counts(char *idle, char *batch, int signal)
{
	struct peer peer = start((char *[]){ "xdp4j-peer", "--interface", "rx0", "--flow", IPV4, "--flow",
					     IPV6 "@fd77::2", "--idle", idle, "--batch", batch, NULL });
	struct xdp4j_source_counters sent[2];
	const char *report;
	uint64_t user_ns;

	CHECK(has_program(), "attached");
	/* A veth takes multicast without: look at the membership itself. */
	must("ip maddr show dev rx0 | grep -q 239.129.2.3 && ip maddr show dev rx0 | grep -q ff3e::4:5:6");
	send_packets(sent);
	CHECK(end(&peer, signal) == 0, "%s", text_of(peer.err));
	CHECK(!has_program(), "left behind");
	report = text_of(peer.out);
	expect_flow(report, IPV4, &sent[0]);
	expect_flow(report, IPV6 "@fd77::2", &sent[1]);
	CHECK(number(report, "\"cpu\"", "busyNs") > 0, "never busy");
	user_ns = number(report, "\"cpu\"", "userNs");
	CHECK(user_ns / TICK_NS * TICK_NS == user_ns, "not in ticks, as Java's is: %s", report);
	CHECK(user_ns + number(report, "\"cpu\"", "systemNs") > 0, "no CPU time: %s", report);
	CHECK(strstr(report, "\"latencyUs\":{\"p50\":"), "%s", report);
	CHECK(strstr(report, "\"mode\":\"native\""), "%s", report);
	CHECK(number(report, "\"xdp\"", "rxDropped") == 0, "dropped");
	CHECK(number(report, "\"xdp\"", "rxRingFull") == 0, "dropped");
	forget(&peer);
}

/* The program counts what it would have redirected, and the receiver gets nothing. */
static void test_drop(void)
{
	struct peer peer =
		start((char *[]){ "xdp4j-peer", "--interface", "rx0", "--flow", IPV4, "--flow", IPV6, "--drop", NULL });
	struct xdp4j_source_counters sent[2];
	const char *report;

	send_packets(sent);
	CHECK(end(&peer, SIGTERM) == 0, "%s", text_of(peer.err));
	report = text_of(peer.out);
	for (int flow = 0; flow < 2; flow++) {
		CHECK(number(report, flow ? IPV6 : IPV4, "received") == sent[flow].sent, "%s", report);
		CHECK(number(report, flow ? IPV6 : IPV4, "redirected") == sent[flow].sent, "%s", report);
		CHECK(number(report, flow ? IPV6 : IPV4, "expected") == 0, "%s", report);
	}
	CHECK(strstr(report, "\"latencyUs\":null"), "%s", report);
	forget(&peer);
}

static void test_kill(void)
{
	struct peer peer = start((char *[]){ "xdp4j-peer", "--interface", "rx0", "--flow", IPV4, NULL });

	CHECK(end(&peer, SIGKILL) == -1, "exit code");
	for (int i = 0; i < PATIENCE && has_program(); i++)
		sleep_a_little();
	CHECK(!has_program(), "left behind");
	forget(&peer);
}

/* One line that says what is wrong. */
static void expect_failure(uid_t user, int exit_code, const char *words, char *const arguments[])
{
	struct peer peer = start_as(user, arguments);
	int seen = end(&peer, 0);
	const char *text = text_of(peer.err);

	CHECK(seen == exit_code, "%d instead of %d: %s", seen, exit_code, text);
	CHECK(!strncmp(text, "xdp4j-peer: ", 12) && strchr(text, '\n') == text + strlen(text) - 1, "%s", text);
	CHECK(strstr(text, words), "no '%s' in %s", words, text);
	CHECK(!*text_of(peer.out), "a report");
	forget(&peer);
}

#define EXPECT_BAD_INPUT(words, ...) expect_failure(0, 2, words, (char *[]){ "xdp4j-peer", __VA_ARGS__, NULL })

static void test_bad_input(void)
{
	char *const usual[] = { "xdp4j-peer", "--interface", "rx0", "--flow", IPV4, NULL };
	struct peer peer;

	EXPECT_BAD_INPUT("--interface and --flow are needed", "--interface", "rx0");
	EXPECT_BAD_INPUT("--bogus is no option", "--interface", "rx0", "--flow", IPV4, "--bogus");
	EXPECT_BAD_INPUT("no interface 'nope'", "--interface", "nope", "--flow", IPV4);
	EXPECT_BAD_INPUT("loopback", "--interface", "lo", "--flow", IPV4);
	EXPECT_BAD_INPUT("not a multicast group", "--interface", "rx0", "--flow", "10.1.2.3:5004");
	EXPECT_BAD_INPUT("not an IPv4 address", "--interface", "rx0", "--flow", "239.1.2:5004");
	EXPECT_BAD_INPUT("port", "--interface", "rx0", "--flow", "239.1.2.3:65536");
	EXPECT_BAD_INPUT("write GROUP:PORT", "--interface", "rx0", "--flow", "239.1.2.3");
	EXPECT_BAD_INPUT("of the group's family", "--interface", "rx0", "--flow", "[ff3e::1]:5004@10.1.2.3");
	EXPECT_BAD_INPUT("address of a sender", "--interface", "rx0", "--flow", "239.1.2.3:5004@0.0.0.0");
	EXPECT_BAD_INPUT("already", "--interface", "rx0", "--flow", IPV4, "--flow", IPV4);
	EXPECT_BAD_INPUT("power of two", "--interface", "rx0", "--flow", IPV4, "--rx-ring", "1000");
	EXPECT_BAD_INPUT("power of two", "--interface", "rx0", "--flow", IPV4, "--fill-ring", "0");
	EXPECT_BAD_INPUT("--batch 0", "--interface", "rx0", "--flow", IPV4, "--batch", "0");
	EXPECT_BAD_INPUT("sleep:DURATION", "--interface", "rx0", "--flow", IPV4, "--idle", "sleep:0ms");
	EXPECT_BAD_INPUT("--queue 1", "--interface", "rx0", "--flow", IPV4, "--queue", "1");
	expect_failure(65534, 2, "must be root", usual);
	must("ip link set rx0 mtu 3000");
	expect_failure(0, 2, "MTU", usual);
	must("ip link set rx0 mtu 1500 && ip link set rx0 down");
	expect_failure(0, 2, "is down", usual);
	must("ip link set rx0 up");
	peer = start(usual);
	expect_failure(0, 1, "taken by another AF_XDP socket", usual);
	CHECK(end(&peer, SIGTERM) == 0, "%s", text_of(peer.err));
	CHECK(strstr(text_of(peer.out), "\"latencyUs\":null"), "nothing came");
	forget(&peer);
}

/* More than file descriptors that a process may have by default. */
static void test_many_flows(void)
{
	static char flows[FLOWS_MAX + 1][32], *arguments[2 * FLOWS_MAX + 6] = { "xdp4j-peer", "--interface", "rx0" };
	struct peer peer;

	for (int i = 0; i <= FLOWS_MAX; i++) {
		snprintf(flows[i], sizeof(flows[i]), "239.1.%d.%d:5004", i / 256, i % 256);
		arguments[3 + 2 * i] = "--flow";
		arguments[4 + 2 * i] = flows[i];
	}
	expect_failure(0, 2, "1024", arguments);
	arguments[3 + 2 * FLOWS_MAX] = NULL;
	peer = start(arguments);
	CHECK(end(&peer, SIGTERM) == 0, "%s", text_of(peer.err));
	CHECK(number(text_of(peer.out), flows[FLOWS_MAX - 1], "seen") == 0, "the last flow");
	forget(&peer);
}

int main(int argc, char *argv[])
{
	program = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	if (program < 0) {
		printf("usage: peer_test PROGRAM\n");
		return 1;
	}
	enter_lab();
	test_counts("sleep:1ms", "64", SIGTERM);
	test_counts("spin", "7", SIGINT);
	test_counts("poll", "1", SIGTERM);
	test_drop();
	test_kill();
	test_bad_input();
	test_many_flows();
	return failures != 0;
}
