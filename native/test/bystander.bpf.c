// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Somebody else's XDP program: counts what it sees, and passes it. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

__u64 seen = 0;

SEC("xdp")
int bystander(struct xdp_md *ctx __attribute__((unused)))
{
	__sync_fetch_and_add(&seen, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
