/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fail.h"
#include "xsk_kernel.h"

static const char *boolean(bool value)
{
	return value ? "true" : "false";
}

/* Of packets that the XDP program drops, only it knows. */
static void print_flow(const struct receiver *receiver, const struct steering *steering, uint32_t flow)
{
	struct flow_counters kernel = steering_counters(steering, flow);
	struct rtp_counts rtp;
	uint64_t received;

	rtp_flow_counts(&receiver->flows[flow], &rtp);
	received = receiver->options->drop ? kernel.redirected : rtp.received;
	printf("{\"flow\":\"%s\",\"received\":%lu,\"expected\":%lu,\"lost\":%lu,\"discontinuities\":%lu,"
	       "\"reordered\":%lu,\"duplicate\":%lu,\"late\":%lu,\"ssrcChanges\":%lu,\"restarts\":%lu,\"nonRtp\":%lu,"
	       "\"bytes\":%lu,\"jitterMs\":%.6f,\"kernel\":{\"seen\":%llu,\"redirected\":%llu}}",
	       receiver->options->flows[flow].text, received, rtp.expected, rtp.lost, rtp.discontinuities,
	       rtp.reordered, rtp.duplicate, rtp.late, rtp.ssrc_changes, rtp.restarts, rtp.non_rtp, rtp.bytes,
	       rtp_flow_jitter_ns(&receiver->flows[flow]) / 1e6, kernel.seen, kernel.redirected);
}

static void print_latency(const struct histogram *latency)
{
	if (!histogram_total(latency)) {
		printf("\"latencyUs\":null");
		return;
	}
	printf("\"latencyUs\":{\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f}",
	       histogram_ns_at(latency, 500) / 1e3, histogram_ns_at(latency, 990) / 1e3,
	       histogram_ns_at(latency, 999) / 1e3, histogram_ns_at(latency, 1000) / 1e3);
}

static void print_xdp(const struct receiver *receiver, const char *mode)
{
	const struct options *options = receiver->options;
	struct xdp_statistics statistics;
	int result = xsk_kernel_statistics(receiver->xsk->fd, &statistics);

	if (result)
		fail(FAILURE, "reading XDP_STATISTICS: %s", strerror(-result));
	printf("\"xdp\":{\"mode\":\"%s\",\"zeroCopy\":%s,\"hugePages\":%s,\"fillRing\":%u,\"rxRing\":%u,"
	       "\"rxDropped\":%llu,\"rxRingFull\":%llu,\"rxFillRingEmpty\":%llu,\"rxInvalidDescriptors\":%llu}",
	       mode, boolean(xsk_kernel_zero_copy(receiver->xsk->fd) == 1), boolean(receiver->xsk->huge_pages),
	       options->fill_ring, options->rx_ring, statistics.rx_dropped, statistics.rx_ring_full,
	       statistics.rx_fill_ring_empty_descs, statistics.rx_invalid_descs);
}

void report_print(const struct receiver *receiver, const struct steering *steering, const char *mode)
{
	printf("{\"backend\":\"peer\",\"flows\":[");
	for (uint32_t flow = 0; flow < receiver->options->flow_count; flow++) {
		if (flow)
			printf(",");
		print_flow(receiver, steering, flow);
	}
	printf("],\"cpu\":{\"userNs\":%lu,\"systemNs\":%lu,\"busyNs\":%lu},\"longestAbsenceMs\":%.6f,",
	       receiver->user_ns, receiver->system_ns, receiver->busy_ns, receiver->longest_absence_ns / 1e6);
	print_latency(&receiver->latency);
	printf(",");
	print_xdp(receiver, mode);
	printf("}\n");
	if (fflush(stdout) || ferror(stdout))
		fail(FAILURE, "writing the report: %s", strerror(errno));
}
