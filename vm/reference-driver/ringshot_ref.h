/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures and numbers of the reference device. What they mean is said once,
 * on the page of the Java package dev.ringshot.conformance.device.
 */
#ifndef RINGSHOT_REF_H
#define RINGSHOT_REF_H

#include <linux/bits.h>
#include <linux/types.h>

#define REF_NAME	"ringshot-ref"
#define REF_NAME_POLL	"ringshot-ref-poll"

/* cmd_op */
enum {
	REF_ARM		= 1,
	REF_TRIGGER	= 2,
	REF_STATUS	= 3,
	REF_DESCRIBE	= 4,
};

/* An event, and lists of them. */

enum {
	REF_POST	= 1,
	REF_END		= 2,
};

#define REF_F_GROUP	BIT(0)
#define REF_F_NO_SELECT	BIT(1)
#define REF_F_TWICE	BIT(2)
#define REF_F_KEEP	BIT(3)
#define REF_F_END_VALUE	BIT(4)
#define REF_F_RETRY	BIT(5)
#define REF_F_NOW	BIT(6)
#define REF_F_RES2	BIT(7)
#define REF_F_ALL	(BIT(8) - 1)

#define REF_QUEUES	2

struct ref_event {
	__u8	op;
	__u8	queue;
	__u16	group;
	__u32	flags;
	__u32	length;
	__s32	value;
};

#define REF_LIST_MAX	4096	/* bytes */

/* REF_ARM */

#define REF_BOTH	0xff

#define REF_A_CANCELABLE	BIT(0)
#define REF_A_RETURN		BIT(1)
#define REF_A_AGAIN		BIT(2)
#define REF_A_AGAIN_ALWAYS	BIT(3)
#define REF_A_ALL		(BIT(4) - 1)

struct ref_arm {
	__u16	cookie;
	__u8	queue;
	__u8	resv;
	__u32	flags;
	__s32	result;
	__u32	resv2;
};

/* REF_TRIGGER */

enum {
	REF_VIA_CALL	= 0,
	REF_VIA_TIMER	= 1,
	REF_VIA_THREAD	= 2,
};

#define REF_TRIGGER_MAX	65536	/* events */

struct ref_trigger {
	__u8	via;
	__u8	resv[3];
	__u32	repeat;
	__u32	period_us;
	__u32	resv2;
};

/* REF_STATUS */

struct ref_status {
	__u32	armed;
	__u32	kept;
	__u64	raised;
	__u64	posted;
	__u64	lost;
	__u64	tasks;
	__u64	cancels;
	__u64	ended;
	__u64	log_lost;
};

/* REF_DESCRIBE */

#define REF_ISSUE_NONBLOCK	BIT(0)
#define REF_ISSUE_WORKER	BIT(1)
#define REF_ISSUE_SQE128	BIT(2)
#define REF_ISSUE_CQE32		BIT(3)

struct ref_describe_in {
	__u32	flags;
	__u8	any[12];
};

struct ref_describe {
	__u32	issue;
	__u32	payload_bytes;
	__u32	len;
	__u32	resv;
	__u8	payload[80];
};

/* read(2) */

enum {
	REF_L_ISSUE	= 1,
	REF_L_SELECT	= 2,
	REF_L_POST	= 3,
	REF_L_END	= 4,
	REF_L_CANCEL	= 5,
	REF_L_LOST	= 6,
	REF_L_CLOSING	= 7,
};

#define REF_LOG_ENTRIES	8192

struct ref_log {
	__u8	what;
	__u8	queue;
	__u16	cookie;
	__s32	value;
};

#endif
