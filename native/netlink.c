/* SPDX-License-Identifier: Apache-2.0 */
#include "netlink.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int netlink_ask(int protocol, const struct nlmsghdr *request, union netlink_reply *reply)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	ssize_t bytes;
	int result = 0;

	if (fd < 0)
		return -errno;
	if (send(fd, request, request->nlmsg_len, 0) < 0) {
		result = -errno;
		goto close;
	}
	do
		bytes = recv(fd, reply, sizeof(*reply), 0);
	while (bytes < 0 && errno == EINTR);
	if (bytes < 0)
		result = -errno;
	else if (!NLMSG_OK(&reply->header, (size_t)bytes))
		result = -EPROTO;
	else if (reply->header.nlmsg_type == NLMSG_ERROR)
		result = ((struct nlmsgerr *)NLMSG_DATA(&reply->header))->error;
close:
	close(fd);
	return result;
}

#define ATTRIBUTE_BYTES 64

/* One command of a family of generic netlink by its number. */
static int ask_generic(uint16_t family, uint8_t command, const void *attributes, size_t bytes,
		       union netlink_reply *reply)
{
	struct {
		struct nlmsghdr header;
		struct genlmsghdr generic;
		char attributes[ATTRIBUTE_BYTES];
	} request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN) + bytes, .nlmsg_type = family,
			    .nlmsg_flags = NLM_F_REQUEST },
		.generic = { .cmd = command, .version = 1 },
	};

	if (bytes > sizeof(request.attributes))
		return -EMSGSIZE;
	memcpy(request.attributes, attributes, bytes);
	return netlink_ask(NETLINK_GENERIC, &request.header, reply);
}

int netlink_ask_family(const char *family, uint8_t command, const void *attributes, size_t bytes,
		       union netlink_reply *reply)
{
	struct {
		struct nlattr header;
		char name[GENL_NAMSIZ];
	} name = { .header = { .nla_len = sizeof(name), .nla_type = CTRL_ATTR_FAMILY_NAME } };
	const uint16_t *id;
	int result;

	strncpy(name.name, family, sizeof(name.name) - 1);
	result = ask_generic(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, &name, sizeof(name), reply);
	if (result)
		return result;
	id = netlink_attribute(reply, GENL_HDRLEN, CTRL_ATTR_FAMILY_ID, sizeof(*id));
	return id ? ask_generic(*id, command, attributes, bytes, reply) : -EPROTO;
}

const void *netlink_attribute(const union netlink_reply *reply, size_t family_bytes, uint16_t type, size_t bytes)
{
	const char *at = reply->bytes + NLMSG_HDRLEN + NLMSG_ALIGN(family_bytes);
	const char *end = reply->bytes + reply->header.nlmsg_len;

	while (end - at >= (ptrdiff_t)sizeof(struct nlattr)) {
		const struct nlattr *attribute = (const void *)at;

		if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > end - at)
			return NULL;
		if ((attribute->nla_type & NLA_TYPE_MASK) == type)
			return attribute->nla_len >= NLA_HDRLEN + bytes ? at + NLA_HDRLEN : NULL;
		at += NLA_ALIGN(attribute->nla_len);
	}
	return NULL;
}
