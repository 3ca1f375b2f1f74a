/* SPDX-License-Identifier: Apache-2.0 */
/* Ethernet frames with a UDP packet of 239.1.2.3 or ff3e::8000:1, made byte by byte. */
#ifndef XDP4J_TEST_UDP_FRAME_H
#define XDP4J_TEST_UDP_FRAME_H

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifndef UDP_FRAME_MAX
#define UDP_FRAME_MAX 2048
#endif
#define UDP_FRAME_PORT 5004

/* What to send; zeros stand for the usual. */
struct frame {
	bool ipv6;
	uint8_t sender;      /* last byte of the source address; usually 2 */
	uint16_t port;       /* usually UDP_FRAME_PORT */
	uint16_t payload;    /* bytes, of which each is the lower byte of its own length */
	uint16_t udp_length; /* what the UDP header claims; usually the truth */
	uint16_t padding;    /* bytes behind the IP packet */
	bool ip_options;     /* four bytes of them */
	bool rtp;            /* the payload begins with an RTP header of the two below; 12 bytes at least */
	uint16_t sequence;
	uint32_t ssrc;
};

static uint32_t add_words(uint32_t sum, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	return sum;
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* RFC 1071. */
static uint16_t checksum(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void address(uint8_t out[16], bool ipv6, bool group, uint8_t last)
{
	const char *text =
		group ? (ipv6 ? "ff3e::8000:1" : "::ffff:239.1.2.3") : (ipv6 ? "fd99::" : "::ffff:10.99.0.0");

	inet_pton(AF_INET6, text, out);
	if (!group)
		out[15] = last;
}

/* Returns how many bytes there are. */
static size_t make_frame(uint8_t bytes[UDP_FRAME_MAX], struct frame frame)
{
	static const uint8_t IPV4[20] = { 0x45, 0, 0, 0, 0, 0, 0x40, 0, 8, 17 };
	static const uint8_t IPV6[40] = { 0x60, 0, 0, 0, 0, 0, 17, 8 };
	static const uint8_t ETHERNET[ETH_HLEN] = { 0x01, 0x00, 0x5e, 1, 2, 3, 0x02, 0, 0, 0, 0, 9, 0x08, 0x00 };
	uint8_t *ip = bytes + ETH_HLEN;
	size_t ip_bytes = frame.ipv6 ? 40 : frame.ip_options ? 24 : 20;
	size_t udp_bytes = 8 + frame.payload;
	uint8_t *udp = ip + ip_bytes;
	uint8_t source[16], group[16];

	memset(bytes, 0, UDP_FRAME_MAX);
	memcpy(bytes, ETHERNET, sizeof(ETHERNET));
	address(source, frame.ipv6, false, frame.sender ? frame.sender : 2);
	address(group, frame.ipv6, true, 0);
	put16(udp, 40000);
	put16(udp + 2, frame.port ? frame.port : UDP_FRAME_PORT);
	put16(udp + 4, frame.udp_length ? frame.udp_length : udp_bytes);
	memset(udp + 8, frame.payload & 0xff, frame.payload);
	if (frame.rtp) {
		udp[8] = 0x80; /* RFC 3550 5.1: version 2 */
		udp[9] = 96;
		put16(udp + 10, frame.sequence);
		put16(udp + 16, frame.ssrc >> 16);
		put16(udp + 18, frame.ssrc);
	}
	if (frame.ipv6) {
		memcpy(bytes, (uint8_t[]){ 0x33, 0x33, 0x80, 0, 0, 1 }, 6); /* RFC 2464 7 */
		put16(bytes + 12, ETH_P_IPV6);
		memcpy(ip, IPV6, sizeof(IPV6));
		put16(ip + 4, udp_bytes);
		memcpy(ip + 8, source, 16);
		memcpy(ip + 24, group, 16);
		/* Over the pseudo-header as well, and never absent (RFC 8200 8.1). */
		put16(udp + 6, checksum(add_words(add_words(17 + udp_bytes, ip + 8, 32), udp, udp_bytes)));
	} else {
		memcpy(ip, IPV4, sizeof(IPV4));
		if (frame.ip_options) {
			ip[0] = 0x46;
			memcpy(ip + 20, (uint8_t[]){ 1, 1, 1, 0 }, 4); /* three no-operations, end of list */
		}
		put16(ip + 2, ip_bytes + udp_bytes);
		memcpy(ip + 12, source + 12, 4);
		memcpy(ip + 16, group + 12, 4);
		put16(ip + 10, checksum(add_words(0, ip, ip_bytes)));
	}
	return ETH_HLEN + ip_bytes + udp_bytes + frame.padding;
}

#endif
