// SPDX-License-Identifier: GPL-2.0-only
/* A command of REF_ARM: what it does with events. */
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "device.h"

static void ref_command_release(struct kref *refs)
{
	kfree(container_of(refs, struct ref_command, refs));
}

static void ref_command_put(struct ref_command *command)
{
	kref_put(&command->refs, ref_command_release);
}

static struct ref_command *ref_command_of(struct io_uring_cmd *cmd)
{
	return io_uring_cmd_to_pdu(cmd, struct ref_pdu)->data;
}

/* Ends. After the completion the request may be gone, and the file with it. */

static void ref_command_done(struct ref_command *command, s32 result,
			     unsigned int issue_flags)
{
	io_uring_cmd_done(command->cmd, result, issue_flags);
	ref_command_put(command);
}

/* Completes a command that has ended by REF_END. */
void ref_command_complete(struct ref_command *command,
			  const struct ref_event *end, unsigned int issue_flags)
{
	if (!(end->flags & REF_F_RES2)) {
		ref_command_done(command, end->value, issue_flags);
		return;
	}
	io_uring_cmd_done32(command->cmd, end->value, end->length, issue_flags);
	ref_command_put(command);
}

/*
 * Ends a command. @undelivered is the event that ends it, if it was not posted.
 * Returns false: it is not armed any more.
 */
static bool ref_end(struct ref_command *command, s32 result,
		    struct ref_raised *undelivered, unsigned int issue_flags)
{
	ref_device_ended(command, result, undelivered);
	ref_command_done(command, result, issue_flags);
	return false;
}

/* REF_POST. */

static s32 ref_selection_error(const struct io_br_sel *sel)
{
	if (IS_ERR_VALUE(sel->val))
		return sel->val;
	return sel->addr ? 0 : -ENOBUFS;
}

/* Selects a buffer, @length bytes of it. Returns 0 or -errno. */
static s32 ref_select_once(struct ref_command *command,
			   const struct ref_event *event, struct io_br_sel *sel,
			   size_t *length, unsigned int issue_flags)
{
	u16 group = event->flags & REF_F_GROUP ? event->group : command->group;
	s32 error;

	*length = event->length;
	*sel = io_uring_cmd_buffer_select(command->cmd, group, length,
					  issue_flags);
	error = ref_selection_error(sel);
	ref_device_log(command->device, REF_L_SELECT, command->queue,
		       command->cookie,
		       error ?: (s32)min_t(size_t, *length, INT_MAX));
	return error;
}

static s32 ref_select(struct ref_command *command,
		      const struct ref_event *event, struct io_br_sel *sel,
		      size_t *length, unsigned int issue_flags)
{
	s32 error = ref_select_once(command, event, sel, length, issue_flags);

	if (!error && event->flags & REF_F_TWICE) {
		struct io_br_sel second;
		size_t rest;

		ref_select_once(command, event, &second, &rest, issue_flags);
	}
	return error;
}

/* Fills a buffer with a word, repeated. */
static int ref_fill(void __user *to, u64 word, size_t bytes)
{
	u64 words[32];
	size_t at, piece;

	memset64(words, word, ARRAY_SIZE(words));
	for (at = 0; at < bytes; at += piece) {
		piece = min(bytes - at, sizeof(words));
		if (copy_to_user(to + at, words, piece))
			return -EFAULT;
		cond_resched();
	}
	return 0;
}

/* Returns whether the command is still armed. */
static bool ref_post(struct ref_command *command, struct ref_raised *one,
		     unsigned int issue_flags)
{
	const struct ref_event event = one->event;
	struct io_br_sel sel = { };
	s32 value = event.value;
	size_t length;
	bool finished;

	if (!(event.flags & REF_F_NO_SELECT)) {
		s32 error = ref_select(command, &event, &sel, &length,
				       issue_flags);

		if (error && command->multishot)
			return ref_end(command, error, one, issue_flags);
		if (error)
			sel = (struct io_br_sel) { };
		else
			value = min_t(s64, value, length);
	}
	if (sel.addr && value > 0 &&
	    ref_fill(sel.addr, (u64)event.queue << 56 | one->number, value))
		value = -EFAULT;

	sel.val = value;
	finished = io_uring_mshot_cmd_post_cqe(command->cmd, &sel, issue_flags);
	ref_device_posted(command, finished);

	if (finished && command->multishot) {
		if (value > 0)
			return ref_end(command, event.flags & REF_F_END_VALUE ?
				       value : -ENOBUFS, one, issue_flags);
		if (value == -EFAULT && event.value > 0)
			return ref_end(command, value, one, issue_flags);
		if (value == 0 && event.flags & REF_F_KEEP)
			finished = false;
	}
	kfree(one);
	if (!finished)
		return true;
	return ref_end(command, value, NULL, issue_flags);
}

/* Returns whether the command is still armed; if not it may be gone. */
static bool ref_carry_out(struct ref_command *command, struct ref_raised *one,
			  unsigned int issue_flags)
{
	if (one->event.op == REF_POST)
		return ref_post(command, one, issue_flags);
	ref_device_ended(command, one->event.value, NULL);
	ref_command_complete(command, &one->event, issue_flags);
	kfree(one);
	return false;
}

/* Tasks: a command's events in its ring's own context. */

static void ref_command_task(struct io_tw_req tw_req, io_tw_token_t tw)
{
	struct io_uring_cmd *cmd = io_uring_cmd_from_tw(tw_req);
	struct ref_command *command = ref_command_of(cmd);
	struct ref_raised *one;

	ref_device_task(command->device);
	if (tw.cancel) {
		ref_device_log(command->device, REF_L_CLOSING, command->queue,
			       command->cookie, 0);
		ref_end(command, -ECANCELED, NULL,
			IO_URING_CMD_TASK_WORK_ISSUE_FLAGS);
		return;
	}
	do {
		one = ref_device_next(command);
	} while (one && ref_carry_out(command, one,
				      IO_URING_CMD_TASK_WORK_ISSUE_FLAGS));
}

/* Sends a task to the command's ring; takes no lock of the ring's. */
void ref_command_send(struct ref_command *command)
{
	io_uring_cmd_complete_in_task(command->cmd, ref_command_task);
}

/* Issue and cancellation. */

static struct ref_command *ref_command_new(struct ref_device *device,
					   struct io_uring_cmd *cmd,
					   const struct ref_arm *arm)
{
	struct ref_command *command = kzalloc(sizeof(*command), GFP_KERNEL_ACCOUNT);

	if (!command)
		return NULL;
	kref_init(&command->refs);
	INIT_LIST_HEAD(&command->node);
	INIT_LIST_HEAD(&command->waiting);
	command->device = device;
	command->cmd = cmd;
	command->cookie = arm->cookie;
	command->queue = arm->queue;
	command->group = READ_ONCE(cmd->sqe->buf_group);
	command->multishot = cmd->flags & IORING_URING_CMD_MULTISHOT;
	io_uring_cmd_to_pdu(cmd, struct ref_pdu)->data = command;
	return command;
}

/* Raises the command's own events and carries them out. Returns as above. */
static bool ref_carry_out_all(struct ref_command *command,
			      struct list_head *events,
			      unsigned int issue_flags)
{
	struct ref_raised *one;
	bool armed = true;

	while (armed && (one = ref_events_first(events))) {
		ref_device_number(command->device, one);
		armed = ref_carry_out(command, one, issue_flags);
	}
	return armed;
}

/*
 * A command that may be cancelled meanwhile is read first: the one who cancels
 * it takes its SQE away. One that returns its result is not marked cancelable:
 * only io_uring_cmd_done() would take the mark off.
 */
int ref_command_issue(struct ref_device *device, struct io_uring_cmd *cmd,
		      const struct ref_arm *arm, struct list_head *events,
		      unsigned int issue_flags)
{
	bool returns = arm->flags & REF_A_RETURN;
	struct ref_command *command = ref_command_new(device, cmd, arm);
	int result = -EIOCBQUEUED;

	if (!command)
		return -ENOMEM;
	kref_get(&command->refs);
	if (arm->flags & REF_A_CANCELABLE && !returns)
		io_uring_cmd_mark_cancelable(cmd, issue_flags);
	if (issue_flags & IO_URING_F_UNLOCKED ||
	    ref_carry_out_all(command, events, issue_flags)) {
		if (returns) {
			result = arm->result;
			ref_command_put(command);
		} else {
			ref_device_arm(command, events);
		}
	}
	ref_command_put(command);
	return result;
}

/* The kernel asks a command to go. */
void ref_command_cancel(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct ref_command *command = ref_command_of(cmd);

	if (ref_device_cancelled(command))
		ref_command_done(command, -ECANCELED, issue_flags);
}
