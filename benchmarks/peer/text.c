/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <arpa/inet.h>
#include <string.h>

#include "flow_key.h"

#define DIGITS "0123456789"
#define DURATION_DIGITS_MAX 9
#define NS_PER_SECOND 1000000000ull

bool text_number(const char *text, uint64_t most, uint64_t *number)
{
	*number = 0;
	if (!*text || text[strspn(text, DIGITS)])
		return false;
	for (; *text; text++) {
		*number = *number * 10 + (*text - '0');
		if (*number > most)
			return false;
	}
	return true;
}

bool text_duration(const char *text, struct timespec *duration)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = { { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", NS_PER_SECOND } };
	char number[DURATION_DIGITS_MAX + 1] = "";
	size_t digits = strspn(text, DIGITS);
	uint64_t count;

	if (digits > DURATION_DIGITS_MAX)
		return false;
	memcpy(number, text, digits);
	if (!text_number(number, NS_PER_SECOND, &count) || !count)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!strcmp(text + digits, units[i].name)) {
			duration->tv_sec = count * units[i].ns / NS_PER_SECOND;
			duration->tv_nsec = count * units[i].ns % NS_PER_SECOND;
			return true;
		}
	}
	return false;
}

/* An IPv4 address is mapped into an IPv6 one: flow.h. */
static bool read_address(const char *text, size_t length, bool ipv6, __u8 address[16])
{
	char copy[INET6_ADDRSTRLEN] = "";

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	if (ipv6)
		return inet_pton(AF_INET6, copy, address) == 1;
	memset(address + FLOW_KEY_IPV4_AT - 2, 0xff, 2);
	return inet_pton(AF_INET, copy, address + FLOW_KEY_IPV4_AT) == 1;
}

static bool is_multicast(const __u8 address[16], bool ipv6)
{
	return ipv6 ? address[0] == 0xff : address[FLOW_KEY_IPV4_AT] >> 4 == 0xe;
}

/* 0.0.0.0 or ::, which the key has for any source. */
static bool is_any(const __u8 address[16], bool ipv6)
{
	static const __u8 zeros[16];
	size_t from = ipv6 ? 0 : FLOW_KEY_IPV4_AT;

	return !memcmp(address + from, zeros, sizeof(zeros) - from);
}

static const char *read_source(const char *text, bool ipv6, struct flow_key *key)
{
	size_t length = strlen(text);

	if (length > 1 && text[0] == '[' && text[length - 1] == ']') {
		text++;
		length -= 2;
	}
	if (!read_address(text, length, ipv6, key->source))
		return "the source is no address of the group's family";
	if (is_multicast(key->source, ipv6) || is_any(key->source, ipv6))
		return "the source is not the address of a sender";
	return NULL;
}

const char *text_flow(const char *text, struct flow_key *key)
{
	bool ipv6 = text[0] == '[';
	const char *group = text + ipv6;
	size_t length = strcspn(group, ipv6 ? "]" : ":");
	const char *port = group + length + ipv6;
	char digits[6] = "";
	size_t port_length;
	uint64_t number;

	memset(key, 0, sizeof(*key));
	if (!group[length] || port[0] != ':')
		return "write GROUP:PORT or GROUP:PORT@SOURCE, for example 239.1.2.3:5004 or [ff3e::1]:5004";
	if (!read_address(group, length, ipv6, key->destination))
		return ipv6 ? "the group is not an IPv6 address" : "the group is not an IPv4 address";
	if (!is_multicast(key->destination, ipv6))
		return "not a multicast group: use 224.0.0.0 to 239.255.255.255, or ff00::/8";
	port++;
	port_length = strcspn(port, "@");
	memcpy(digits, port, port_length < sizeof(digits) ? port_length : 0);
	if (!text_number(digits, UINT16_MAX, &number) || !number)
		return "the port is not between 1 and 65535";
	key->port = htons(number);
	return port[port_length] ? read_source(port + port_length + 1, ipv6, key) : NULL;
}
