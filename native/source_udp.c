/* SPDX-License-Identifier: Apache-2.0 */
/* The sendmmsg engine: ordinary UDP sockets, for kernels and interfaces without live frames. */
#define _GNU_SOURCE /* sendmmsg, in6_pktinfo */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "source.h"

/* Where a flow's datagrams go, and from which interface and address. */
struct route {
	union {
		struct sockaddr any;
		struct sockaddr_in ipv4;
		struct sockaddr_in6 ipv6;
	} to;
	socklen_t to_bytes;
	size_t from_bytes;
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	} from;
};

struct source_udp {
	int sockets[2]; /* by `ipv6`; -1 where no flow needs it */
	struct pattern pattern;
	uint32_t flow_count;
	uint32_t turn_of;
	struct pace pace;
	struct source_flow flows[SOURCE_FLOWS];
	struct route routes[SOURCE_FLOWS];

	/* The group being sent. */
	struct source_flow *senders[PACE_GROUP_MAX];
	struct rtp_header rtp[PACE_GROUP_MAX];
	struct iovec parts[PACE_GROUP_MAX][2]; /* RTP header and payload */
	struct mmsghdr messages[PACE_GROUP_MAX];
	void *payload;             /* zeros */
	uint32_t payload_bytes[2]; /* by `ipv6` */
};

static void set_ipv4_route(struct route *route, const struct flow_key *key, uint32_t ifindex)
{
	struct in_pktinfo from = { .ipi_ifindex = ifindex };

	route->to.ipv4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = key->port };
	memcpy(&route->to.ipv4.sin_addr, key->destination + 12, sizeof(struct in_addr));
	route->to_bytes = sizeof(route->to.ipv4);
	memcpy(&from.ipi_spec_dst, key->source + 12, sizeof(struct in_addr));
	route->from.header = (struct cmsghdr){
		.cmsg_len = CMSG_LEN(sizeof(from)),
		.cmsg_level = IPPROTO_IP,
		.cmsg_type = IP_PKTINFO,
	};
	memcpy(CMSG_DATA(&route->from.header), &from, sizeof(from));
	route->from_bytes = CMSG_SPACE(sizeof(from));
}

static void set_ipv6_route(struct route *route, const struct flow_key *key, uint32_t ifindex)
{
	struct in6_pktinfo from = { .ipi6_ifindex = ifindex };

	route->to.ipv6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = key->port };
	memcpy(&route->to.ipv6.sin6_addr, key->destination, sizeof(key->destination));
	route->to_bytes = sizeof(route->to.ipv6);
	memcpy(&from.ipi6_addr, key->source, sizeof(key->source));
	route->from.header = (struct cmsghdr){
		.cmsg_len = CMSG_LEN(sizeof(from)),
		.cmsg_level = IPPROTO_IPV6,
		.cmsg_type = IPV6_PKTINFO,
	};
	memcpy(CMSG_DATA(&route->from.header), &from, sizeof(from));
	route->from_bytes = CMSG_SPACE(sizeof(from));
}

struct socket_option {
	int level;
	int name;
	int value;
};

/* As the live-frame engine sends: so many hops, never fragmented, not looped back to receivers on this host. */
static const struct socket_option options_by_family[2][4] = {
	{
		{ IPPROTO_IP, IP_MULTICAST_TTL, SOURCE_HOPS },
		{ IPPROTO_IP, IP_MULTICAST_LOOP, 0 },
		{ IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO },
		{ IPPROTO_IP, IP_TRANSPARENT, 1 },
	},
	{
		{ IPPROTO_IPV6, IPV6_MULTICAST_HOPS, SOURCE_HOPS },
		{ IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0 },
		{ IPPROTO_IPV6, IPV6_DONTFRAG, 1 },
		{ IPPROTO_IPV6, IPV6_TRANSPARENT, 1 },
	},
};

static int open_socket(bool ipv6, struct xdp4j_error *error)
{
	int fd = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return xdp4j_fail(error, errno, "UDP socket: %s", strerror(errno));
	for (int i = 0; i < 4; i++) {
		const struct socket_option *option = &options_by_family[ipv6][i];

		/* Without CAP_NET_ADMIN the last is refused; then only addresses of this host can be sources. */
		if (setsockopt(fd, option->level, option->name, &option->value, sizeof(option->value)) &&
		    errno != EPERM) {
			int code = errno;

			close(fd);
			return xdp4j_fail(error, code, "UDP socket option %d: %s", option->name, strerror(code));
		}
	}
	return fd;
}

int source_udp_open(struct source_udp **out, const struct xdp4j_source_options *options, const struct pattern *pattern,
		    const struct source_device *device, const struct source_flow **flows, struct xdp4j_error *error)
{
	struct source_udp *udp = calloc(1, sizeof(*udp));
	int result;

	if (!udp)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	udp->sockets[0] = -1;
	udp->sockets[1] = -1;
	udp->pattern = *pattern;
	udp->flow_count = options->flow_count;
	udp->payload = calloc(1, options->size);
	if (!udp->payload) {
		result = xdp4j_fail(error, ENOMEM, "out of memory");
		goto close;
	}
	for (uint32_t i = 0; i < options->flow_count; i++) {
		struct source_flow *flow = &udp->flows[i];

		source_flow_init(flow, &options->flows[i], device, options->size);
		if (flow->ipv6)
			set_ipv6_route(&udp->routes[i], &options->flows[i].key, device->ifindex);
		else
			set_ipv4_route(&udp->routes[i], &options->flows[i].key, device->ifindex);
		udp->payload_bytes[flow->ipv6] = options->size - source_headers_bytes(flow->ipv6);
		if (udp->sockets[flow->ipv6] < 0) {
			udp->sockets[flow->ipv6] = result = open_socket(flow->ipv6, error);
			if (result < 0)
				goto close;
		}
	}
	*flows = udp->flows;
	*out = udp;
	return 0;

close:
	source_udp_close(udp);
	return result;
}

static void prepare(struct source_udp *udp, uint32_t index, uint32_t of, uint64_t position)
{
	struct source_flow *flow = &udp->flows[of];
	struct route *route = &udp->routes[of];

	udp->senders[index] = flow;
	udp->rtp[index] = flow->headers.rtp;
	udp->rtp[index].sequence = htons(flow->first_sequence + position);
	udp->rtp[index].timestamp = htonl(source_rtp_time(udp->pace.last_ns));
	udp->parts[index][0] = (struct iovec){ &udp->rtp[index], sizeof(udp->rtp[index]) };
	udp->parts[index][1] = (struct iovec){ udp->payload, udp->payload_bytes[flow->ipv6] };
	udp->messages[index].msg_hdr = (struct msghdr){
		.msg_name = &route->to,
		.msg_namelen = route->to_bytes,
		.msg_iov = udp->parts[index],
		.msg_iovlen = 2,
		.msg_control = &route->from,
		.msg_controllen = route->from_bytes,
	};
}

/* In order; messages in a row that are of one family go in one call. 0 or -errno. */
static int send_group(struct source_udp *udp, uint32_t count)
{
	uint32_t next = 0;

	while (next < count) {
		bool ipv6 = udp->senders[next]->ipv6;
		uint32_t end = next + 1;
		int sent;

		while (end < count && udp->senders[end]->ipv6 == ipv6)
			end++;
		sent = sendmmsg(udp->sockets[ipv6], &udp->messages[next], end - next, 0);
		if (sent < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		for (; sent > 0; sent--)
			udp->senders[next++]->counters.sent++;
	}
	return 0;
}

/* How many of the turns were taken, fewer when all positions are done; or -errno. */
static int take_group(struct source_udp *udp, uint32_t turns)
{
	uint32_t count = 0;
	uint32_t taken = 0;
	int result;

	for (; taken < turns; taken++) {
		struct source_flow *flow = &udp->flows[udp->turn_of];
		enum pattern_turn turn;
		__u64 position;

		turn = pattern_take_turn(&udp->pattern, &flow->cursor, &flow->counters, &position);
		if (turn == PATTERN_DONE)
			break;
		if (turn == PATTERN_SEND)
			prepare(udp, count++, udp->turn_of, position);
		udp->turn_of = (udp->turn_of + 1) % udp->flow_count;
	}
	result = send_group(udp, count);
	return result ? result : (int)taken;
}

int source_udp_send(struct source_udp *udp, uint32_t frames, const struct xdp4j_source_schedule *schedule)
{
	struct pace *pace = &udp->pace;
	uint32_t turns = 0;

	source_pace_set(pace, schedule);
	while (turns < frames) {
		uint32_t group = frames - turns < pace->group ? frames - turns : pace->group;
		int taken;

		source_pace_await(pace, group);
		pace->last_ns = source_now_ns();
		taken = take_group(udp, group);
		if (taken < 0)
			return taken;
		pace->turn += taken;
		turns += taken;
		if ((uint32_t)taken < group)
			break;
	}
	return turns;
}

void source_udp_close(struct source_udp *udp)
{
	if (!udp)
		return;
	for (int i = 0; i < 2; i++) {
		if (udp->sockets[i] >= 0)
			close(udp->sockets[i]);
	}
	free(udp->payload);
	free(udp);
}
