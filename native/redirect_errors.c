/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's tracepoint xdp:xdp_redirect_err, counted by perf events and not recorded. */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "error.h"

#define UNTOLD "packets redirected to a socket of another queue or device cannot be told: "
#define MOUNT "mount -t tracefs tracefs /sys/kernel/tracing"

struct xdp4j_redirect_errors {
	int count;
	int events[]; /* one a CPU */
};

/* The number by which perf knows the tracepoint, or -errno. */
static int read_tracepoint_id(void)
{
	static const char *const files[] = {
		"/sys/kernel/tracing/events/xdp/xdp_redirect_err/id",
		"/sys/kernel/debug/tracing/events/xdp/xdp_redirect_err/id",
	};
	int result = -ENOENT;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		FILE *file = fopen(files[i], "re");
		int id;

		if (!file) {
			/* A folder that may not be entered is there; one without the file is not mounted. */
			if (result == -ENOENT)
				result = -errno;
			continue;
		}
		if (fscanf(file, "%d", &id) != 1)
			id = -EPROTO;
		fclose(file);
		return id;
	}
	return result;
}

static int explain_open(int code, struct xdp4j_error *error)
{
	switch (code) {
	case EACCES:
	case EPERM:
		return xdp4j_fail(error, code,
				  UNTOLD "the tracepoint xdp:xdp_redirect_err may not be used; run as root, or with "
					 "CAP_PERFMON and the right to read /sys/kernel/tracing");
	case ENOENT:
		return xdp4j_fail(error, code,
				  UNTOLD "there is no tracefs with events/xdp/xdp_redirect_err; as root: `" MOUNT "`");
	default:
		return xdp4j_fail(error, code, UNTOLD "the tracepoint xdp:xdp_redirect_err: %s", strerror(code));
	}
}

/* An event that counts on one CPU from now on; a descriptor or -errno. */
static int open_event(int tracepoint, int cpu, const char *filter)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attributes),
		.config = tracepoint,
		.disabled = 1, /* until the filter is there */
	};
	int fd = (int)syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (ioctl(fd, PERF_EVENT_IOC_SET_FILTER, filter) || ioctl(fd, PERF_EVENT_IOC_ENABLE, 0)) {
		int result = -errno;

		close(fd);
		return result;
	}
	return fd;
}

int xdp4j_redirect_errors_open(struct xdp4j_redirect_errors **out, uint32_t sockets, struct xdp4j_error *error)
{
	int cpus = libbpf_num_possible_cpus();
	struct xdp4j_redirect_errors *errors;
	int tracepoint = read_tracepoint_id();
	char filter[64];

	if (tracepoint < 0)
		return explain_open(-tracepoint, error);
	if (cpus < 1)
		return xdp4j_fail(error, ENOENT, "counting CPUs failed: is /sys mounted?");
	errors = calloc(1, sizeof(*errors) + (size_t)cpus * sizeof(errors->events[0]));
	if (!errors)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	snprintf(filter, sizeof(filter), "map_id == %u && (err == -%d || err == -%d)", sockets, EINVAL, ENXIO);
	for (int cpu = 0; cpu < cpus; cpu++) {
		int fd = open_event(tracepoint, cpu, filter);

		if (fd == -ENODEV) /* a CPU that is off */
			continue;
		if (fd < 0) {
			xdp4j_redirect_errors_close(errors);
			return explain_open(-fd, error);
		}
		errors->events[errors->count++] = fd;
	}
	*out = errors;
	return 0;
}

int64_t xdp4j_redirect_errors_count(const struct xdp4j_redirect_errors *errors)
{
	int64_t sum = 0;

	for (int i = 0; i < errors->count; i++) {
		uint64_t value;
		ssize_t bytes = read(errors->events[i], &value, sizeof(value));

		if (bytes != sizeof(value))
			return bytes < 0 ? -errno : -EIO;
		sum += (int64_t)value;
	}
	return sum;
}

void xdp4j_redirect_errors_close(struct xdp4j_redirect_errors *errors)
{
	if (!errors)
		return;
	for (int i = 0; i < errors->count; i++)
		close(errors->events[i]);
	free(errors);
}
