/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the module know of each other. */
#ifndef REF_DEVICE_H
#define REF_DEVICE_H

#include <linux/io_uring/cmd.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/uio.h>

#include "ringshot_ref.h"

/*
 * One event: raised, or still to be. Its queue is the one it is raised on.
 * Whoever is handed one frees it or hands it on.
 */
struct ref_raised {
	struct list_head	node;
	struct ref_event	event;
	u64			number;	/* of its queue's events before it */
};

/*
 * The device behind one open file.
 *
 * That file's reference count is the device's: a request holds its file until
 * it is complete, and whatever else gets here (a write(2), a task, a timer)
 * does so on behalf of a request or a descriptor.
 *
 * @lock guards everything below it and the lists and states of commands. Timers
 * take it, so interrupts are off while it is held. ->uring_cmd() is called with
 * the ring's lock held: nothing that may take that one (completing a command,
 * marking it cancelable, selecting, posting) is called with @lock held.
 */
struct ref_device {
	struct mutex		reading;	/* the log, one reader at a time */
	spinlock_t		lock;
	struct list_head	armed;		/* commands, the oldest first */
	struct list_head	kept[REF_QUEUES];	/* events */
	u32			kept_count[REF_QUEUES];
	u64			numbers[REF_QUEUES];	/* the next event's */
	struct ref_status	status;		/* all but kept */
	u32			log_first;
	u32			log_count;
	struct ref_log		log[REF_LOG_ENTRIES];
};

/* A command of REF_ARM. */
struct ref_command {
	/* One reference is the request's, until it is complete; one is the issue's. */
	struct kref		refs;
	struct ref_device	*device;
	struct io_uring_cmd	*cmd;
	u16			cookie;
	u16			group;		/* the SQE's */
	u8			queue;
	bool			multishot;

	/* guarded by the device's lock */
	struct list_head	node;		/* in armed, or empty */
	struct list_head	waiting;	/* events */
	bool			task_under_way;
	bool			ended;
};

/* What a request remembers in io_uring's own memory. */
struct ref_pdu {
	void			*data;	/* a ref_command, or a trigger's run */
};

/* device.c */
struct ref_device *ref_device_new(void);
void ref_device_free(struct ref_device *device);
bool ref_list_length_ok(u64 bytes);
int ref_events_new(struct list_head *events, const struct ref_event *list,
		   u32 bytes, u32 repeat, bool may_be_now);
void ref_events_free(struct list_head *events);
struct ref_raised *ref_events_first(struct list_head *events);
bool ref_device_raise(struct ref_device *device, struct ref_raised *one);
void ref_device_number(struct ref_device *device, struct ref_raised *one);
void ref_device_arm(struct ref_command *command, struct list_head *own);
struct ref_raised *ref_device_next(struct ref_command *command);
void ref_device_ended(struct ref_command *command, s32 result,
		      struct ref_raised *undelivered);
bool ref_device_cancelled(struct ref_command *command);
void ref_device_posted(struct ref_command *command, bool finished);
void ref_device_task(struct ref_device *device);
void ref_device_log(struct ref_device *device, u8 what, u8 queue, u16 cookie,
		    s32 value);
ssize_t ref_device_read_log(struct ref_device *device, struct iov_iter *to);
struct ref_status ref_device_status(struct ref_device *device);

/* command.c */
int ref_command_issue(struct ref_device *device, struct io_uring_cmd *cmd,
		      const struct ref_arm *arm, struct list_head *events,
		      unsigned int issue_flags);
void ref_command_send(struct ref_command *command);
void ref_command_complete(struct ref_command *command,
			  const struct ref_event *end, unsigned int issue_flags);
void ref_command_cancel(struct io_uring_cmd *cmd, unsigned int issue_flags);

/* trigger.c */
int ref_triggers_init(void);
void ref_triggers_exit(void);
int ref_raise_all(struct ref_device *device, struct list_head *events);
int ref_trigger_start(struct ref_device *device, struct io_uring_cmd *cmd,
		      const struct ref_trigger *trigger,
		      struct list_head *events);

#endif
