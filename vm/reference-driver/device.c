// SPDX-License-Identifier: GPL-2.0-only
/* The device behind one open file: its queues, counters and log. */
#include <linux/cleanup.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "device.h"

struct ref_device *ref_device_new(void)
{
	struct ref_device *device = kvzalloc(sizeof(*device), GFP_KERNEL_ACCOUNT);
	int queue;

	if (!device)
		return NULL;
	mutex_init(&device->reading);
	spin_lock_init(&device->lock);
	INIT_LIST_HEAD(&device->armed);
	for (queue = 0; queue < REF_QUEUES; queue++)
		INIT_LIST_HEAD(&device->kept[queue]);
	return device;
}

/* The file is gone, and with it every command. */
void ref_device_free(struct ref_device *device)
{
	int queue;

	for (queue = 0; queue < REF_QUEUES; queue++)
		ref_events_free(&device->kept[queue]);
	mutex_destroy(&device->reading);
	kvfree(device);
}

/* Lists of events. */

bool ref_list_length_ok(u64 bytes)
{
	return bytes <= REF_LIST_MAX && bytes % sizeof(struct ref_event) == 0;
}

static bool ref_event_ok(const struct ref_event *event, bool may_be_now)
{
	if (event->op != REF_POST && event->op != REF_END)
		return false;
	if (event->queue >= REF_QUEUES || event->flags & ~REF_F_ALL)
		return false;
	return may_be_now || !(event->flags & REF_F_NOW);
}

/*
 * Adds a list to @events, @repeat times over: raising them allocates nothing,
 * so that it can happen anywhere and cannot fail.
 */
int ref_events_new(struct list_head *events, const struct ref_event *list,
		   u32 bytes, u32 repeat, bool may_be_now)
{
	u32 count = bytes / sizeof(*list);
	u32 at;

	for (at = 0; at < count; at++)
		if (!ref_event_ok(&list[at], may_be_now))
			return -EINVAL;
	for (at = 0; at < count * repeat; at++) {
		struct ref_raised *one = kzalloc(sizeof(*one), GFP_KERNEL_ACCOUNT);

		if (!one) {
			ref_events_free(events);
			return -ENOMEM;
		}
		one->event = list[at % count];
		list_add_tail(&one->node, events);
	}
	return 0;
}

void ref_events_free(struct list_head *events)
{
	struct ref_raised *one;

	while ((one = ref_events_first(events)))
		kfree(one);
}

/* Takes the first of @events; NULL if there is none. */
struct ref_raised *ref_events_first(struct list_head *events)
{
	struct ref_raised *one;

	one = list_first_entry_or_null(events, struct ref_raised, node);
	if (one)
		list_del(&one->node);
	return one;
}

/* What follows is called with the device's lock held. */

static void ref_log(struct ref_device *device, u8 what, u8 queue, u16 cookie,
		    s32 value)
{
	u32 at = (device->log_first + device->log_count) % REF_LOG_ENTRIES;

	lockdep_assert_held(&device->lock);
	if (device->log_count == REF_LOG_ENTRIES) {
		device->status.log_lost++;
		return;
	}
	device->log[at] = (struct ref_log) {
		.what = what, .queue = queue, .cookie = cookie, .value = value,
	};
	device->log_count++;
}

static void ref_log_command(struct ref_command *command, u8 what, s32 value)
{
	ref_log(command->device, what, command->queue, command->cookie, value);
}

static void ref_number(struct ref_device *device, struct ref_raised *one)
{
	device->status.raised++;
	one->number = device->numbers[one->event.queue]++;
}

static void ref_lose(struct ref_device *device, struct ref_raised *one)
{
	device->status.lost++;
	ref_log(device, REF_L_LOST, one->event.queue, 0, (s32)one->number);
	kfree(one);
}

static bool ref_takes(const struct ref_command *command, u8 queue)
{
	return command->queue == queue || command->queue == REF_BOTH;
}

static struct ref_command *ref_oldest_for(struct ref_device *device, u8 queue)
{
	struct ref_command *command;

	list_for_each_entry(command, &device->armed, node)
		if (ref_takes(command, queue))
			return command;
	return NULL;
}

/* The command cannot end until that task has run: it is left to it. */
static void ref_send(struct ref_command *command)
{
	if (command->task_under_way)
		return;
	command->task_under_way = true;
	ref_command_send(command);
}

static void ref_hand_over(struct ref_device *device, u8 queue,
			  struct ref_command *taker)
{
	if (list_empty(&device->kept[queue]))
		return;
	device->kept_count[queue] = 0;
	list_splice_tail_init(&device->kept[queue], &taker->waiting);
	ref_send(taker);
}

static void ref_ended(struct ref_command *command, s32 result,
		      struct ref_raised *undelivered)
{
	struct ref_device *device = command->device;
	struct ref_raised *one, *next;

	command->ended = true;
	device->status.ended++;
	if (!list_empty(&command->node)) {
		list_del_init(&command->node);
		device->status.armed--;
	}
	ref_log_command(command, REF_L_END, result);
	if (undelivered)
		list_add(&undelivered->node, &command->waiting);
	list_for_each_entry_safe(one, next, &command->waiting, node) {
		if (one->event.flags & REF_F_RETRY)
			continue;
		list_del(&one->node);
		ref_lose(device, one);
	}
	list_for_each_entry_safe_reverse(one, next, &command->waiting, node) {
		list_move(&one->node, &device->kept[one->event.queue]);
		device->kept_count[one->event.queue]++;
	}
}

/* Events. */

/* Returns whether it is not lost. */
bool ref_device_raise(struct ref_device *device, struct ref_raised *one)
{
	u8 queue = one->event.queue;
	struct ref_command *taker;

	scoped_guard(spinlock_irqsave, &device->lock) {
		ref_number(device, one);
		taker = ref_oldest_for(device, queue);
		if (!taker) {
			if (!(one->event.flags & REF_F_RETRY)) {
				ref_lose(device, one);
				return false;
			}
			list_add_tail(&one->node, &device->kept[queue]);
			device->kept_count[queue]++;
			return true;
		}
		ref_hand_over(device, queue, taker);
		if (one->event.op != REF_END || taker->task_under_way ||
		    !(one->event.flags & REF_F_NOW)) {
			list_add_tail(&one->node, &taker->waiting);
			ref_send(taker);
			return true;
		}
		ref_ended(taker, one->event.value, NULL);
	}
	ref_command_complete(taker, &one->event, IO_URING_F_UNLOCKED);
	kfree(one);
	return true;
}

/* Raises an event of a command's own list. */
void ref_device_number(struct ref_device *device, struct ref_raised *one)
{
	guard(spinlock_irqsave)(&device->lock);
	ref_number(device, one);
}

/* Commands. */

/*
 * Arms a command, unless it was cancelled meanwhile. @own is what its list
 * still has to do.
 */
void ref_device_arm(struct ref_command *command, struct list_head *own)
{
	struct ref_device *device = command->device;
	struct ref_raised *one, *next;
	u8 queue;

	guard(spinlock_irqsave)(&device->lock);
	list_for_each_entry_safe(one, next, own, node) {
		ref_number(device, one);
		if (!command->ended)
			continue;
		list_del(&one->node);
		ref_lose(device, one);
	}
	if (command->ended)
		return;
	list_add_tail(&command->node, &device->armed);
	device->status.armed++;
	if (!list_empty(own)) {
		list_splice_tail_init(own, &command->waiting);
		ref_send(command);
	}
	for (queue = 0; queue < REF_QUEUES; queue++)
		if (ref_takes(command, queue))
			ref_hand_over(device, queue,
				      ref_oldest_for(device, queue));
}

/*
 * What a command's task does next; NULL if that was all, and then the task is
 * over and the command may end at any moment.
 */
struct ref_raised *ref_device_next(struct ref_command *command)
{
	struct ref_raised *one;

	guard(spinlock_irqsave)(&command->device->lock);
	one = ref_events_first(&command->waiting);
	if (!one)
		command->task_under_way = false;
	return one;
}

/* A command ends: what waits for it, and @undelivered, is lost or kept. */
void ref_device_ended(struct ref_command *command, s32 result,
		      struct ref_raised *undelivered)
{
	guard(spinlock_irqsave)(&command->device->lock);
	ref_ended(command, result, undelivered);
}

/* A command is asked to go. Returns whether it has ended, here and now. */
bool ref_device_cancelled(struct ref_command *command)
{
	guard(spinlock_irqsave)(&command->device->lock);
	command->device->status.cancels++;
	ref_log_command(command, REF_L_CANCEL, 0);
	if (command->ended || command->task_under_way)
		return false;
	ref_ended(command, -ECANCELED, NULL);
	return true;
}

void ref_device_posted(struct ref_command *command, bool finished)
{
	guard(spinlock_irqsave)(&command->device->lock);
	if (!finished)
		command->device->status.posted++;
	ref_log_command(command, REF_L_POST, finished);
}

void ref_device_task(struct ref_device *device)
{
	guard(spinlock_irqsave)(&device->lock);
	device->status.tasks++;
}

/* What is known of it. */

void ref_device_log(struct ref_device *device, u8 what, u8 queue, u16 cookie,
		    s32 value)
{
	guard(spinlock_irqsave)(&device->lock);
	ref_log(device, what, queue, cookie, value);
}

/* Entries are copied where they lie: none is overwritten before it was read. */
ssize_t ref_device_read_log(struct ref_device *device, struct iov_iter *to)
{
	u32 first, count, moved = 0;

	if (iov_iter_count(to) < sizeof(struct ref_log))
		return -EINVAL;
	if (mutex_lock_interruptible(&device->reading))
		return -ERESTARTSYS;
	scoped_guard(spinlock_irqsave, &device->lock) {
		first = device->log_first;
		count = min_t(size_t, device->log_count,
			      iov_iter_count(to) / sizeof(struct ref_log));
	}
	while (moved < count) {
		u32 at = (first + moved) % REF_LOG_ENTRIES;
		u32 piece = min(count - moved, REF_LOG_ENTRIES - at);
		size_t bytes = array_size(piece, sizeof(struct ref_log));
		size_t copied = copy_to_iter(&device->log[at], bytes, to);

		moved += copied / sizeof(struct ref_log);
		if (copied < bytes)
			break;
	}
	scoped_guard(spinlock_irqsave, &device->lock) {
		device->log_first = (first + moved) % REF_LOG_ENTRIES;
		device->log_count -= moved;
	}
	mutex_unlock(&device->reading);
	if (count && !moved)
		return -EFAULT;
	return array_size(moved, sizeof(struct ref_log));
}

struct ref_status ref_device_status(struct ref_device *device)
{
	struct ref_status status;
	int queue;

	guard(spinlock_irqsave)(&device->lock);
	status = device->status;
	for (queue = 0; queue < REF_QUEUES; queue++)
		status.kept += device->kept_count[queue];
	return status;
}
