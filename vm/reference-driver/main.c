// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ringshot's reference device: a driver whose every move a program decides.
 * This part is what a program meets: files, commands and their checks.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "device.h"

/*
 * The SQE is memory that the program may go on writing: whatever is checked is
 * read once.
 */
static void ref_read_payload(const struct io_uring_cmd *cmd, void *to,
			     size_t bytes)
{
	const u32 *from = (const u32 *)cmd->sqe->cmd;
	u32 *words = to;
	size_t at;

	for (at = 0; at < bytes / sizeof(u32); at++)
		words[at] = READ_ONCE(from[at]);
}

/* Takes the list that an SQE points at, @repeat times over. */
static int ref_read_list(struct list_head *events, u64 addr, u32 len,
			 u32 repeat, bool may_be_now)
{
	struct ref_event *list = memdup_user(u64_to_user_ptr(addr), len);
	int error;

	if (IS_ERR(list))
		return PTR_ERR(list);
	error = ref_events_new(events, list, len, repeat, may_be_now);
	kfree(list);
	return error;
}

static bool ref_asks_again(u32 flags, unsigned int issue_flags)
{
	if (flags & REF_A_AGAIN_ALWAYS)
		return true;
	return flags & REF_A_AGAIN && issue_flags & IO_URING_F_NONBLOCK;
}

static u32 ref_issue(unsigned int issue_flags)
{
	u32 issue = 0;

	if (issue_flags & IO_URING_F_NONBLOCK)
		issue |= REF_ISSUE_NONBLOCK;
	if (issue_flags & IO_URING_F_IOWQ)
		issue |= REF_ISSUE_WORKER;
	if (issue_flags & IO_URING_F_SQE128)
		issue |= REF_ISSUE_SQE128;
	if (issue_flags & IO_URING_F_CQE32)
		issue |= REF_ISSUE_CQE32;
	return issue;
}

static int ref_arm(struct ref_device *device, struct io_uring_cmd *cmd,
		   unsigned int issue_flags)
{
	u64 addr = READ_ONCE(cmd->sqe->addr);
	u32 len = READ_ONCE(cmd->sqe->len);
	struct ref_raised *one;
	LIST_HEAD(events);
	struct ref_arm arm;
	int result;

	ref_read_payload(cmd, &arm, sizeof(arm));
	ref_device_log(device, REF_L_ISSUE, arm.queue, arm.cookie,
		       ref_issue(issue_flags));
	if (ref_asks_again(arm.flags, issue_flags))
		return -EAGAIN;
	if (arm.queue >= REF_QUEUES && arm.queue != REF_BOTH)
		return -EINVAL;
	if (arm.resv || arm.resv2 || arm.flags & ~REF_A_ALL)
		return -EINVAL;
	if (!ref_list_length_ok(len))
		return -EINVAL;
	if (arm.flags & REF_A_RETURN) {
		if (issue_flags & IO_URING_F_UNLOCKED && len)
			return -EINVAL;
		if (arm.result == -EIOCBQUEUED)
			return -EINVAL; /* nobody would ever complete it */
	}
	result = ref_read_list(&events, addr, len, 1, false);
	if (result)
		return result;
	list_for_each_entry(one, &events, node)
		one->event.queue = arm.queue == REF_BOTH ? 0 : arm.queue;
	result = ref_command_issue(device, cmd, &arm, &events, issue_flags);
	ref_events_free(&events); /* what an ended command left */
	return result;
}

static int ref_trigger(struct ref_device *device, struct io_uring_cmd *cmd)
{
	u64 addr = READ_ONCE(cmd->sqe->addr);
	u32 len = READ_ONCE(cmd->sqe->len);
	struct ref_trigger trigger;
	LIST_HEAD(events);
	u32 repeat;
	int result;

	ref_read_payload(cmd, &trigger, sizeof(trigger));
	if (trigger.via > REF_VIA_THREAD || trigger.resv2 ||
	    memchr_inv(trigger.resv, 0, sizeof(trigger.resv)))
		return -EINVAL;
	repeat = max(trigger.repeat, 1);
	if (repeat > INT_MAX || !ref_list_length_ok(len))
		return -EINVAL;
	if ((u64)(len / sizeof(struct ref_event)) * repeat > REF_TRIGGER_MAX)
		return -EINVAL;
	result = ref_read_list(&events, addr, len, repeat,
			       trigger.via == REF_VIA_THREAD);
	if (result)
		return result;
	if (trigger.via == REF_VIA_CALL)
		return ref_raise_all(device, &events);
	result = ref_trigger_start(device, cmd, &trigger, &events);
	ref_events_free(&events); /* if it did not start */
	return result;
}

static int ref_status(struct ref_device *device, struct io_uring_cmd *cmd)
{
	void __user *to = u64_to_user_ptr(READ_ONCE(cmd->sqe->addr));
	struct ref_status status;

	if (READ_ONCE(cmd->sqe->len) < sizeof(status))
		return -EINVAL;
	status = ref_device_status(device);
	return copy_to_user(to, &status, sizeof(status)) ? -EFAULT : 0;
}

static int ref_describe(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	void __user *to = u64_to_user_ptr(READ_ONCE(cmd->sqe->addr));
	struct ref_describe told = { };
	struct ref_describe_in in;

	ref_read_payload(cmd, &in, sizeof(in));
	if (ref_asks_again(in.flags, issue_flags))
		return -EAGAIN;
	told.issue = ref_issue(issue_flags);
	told.payload_bytes = issue_flags & IO_URING_F_SQE128 ? 80 : 16;
	told.len = READ_ONCE(cmd->sqe->len);
	ref_read_payload(cmd, told.payload, told.payload_bytes);
	return copy_to_user(to, &told, sizeof(told)) ? -EFAULT : 0;
}

static int ref_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct ref_device *device = cmd->file->private_data;

	if (issue_flags & IO_URING_F_CANCEL) {
		ref_command_cancel(cmd, issue_flags);
		return 0;
	}
	switch (cmd->cmd_op) {
	case REF_ARM:
		return ref_arm(device, cmd, issue_flags);
	case REF_TRIGGER:
		return ref_trigger(device, cmd);
	case REF_STATUS:
		return ref_status(device, cmd);
	case REF_DESCRIBE:
		return ref_describe(cmd, issue_flags);
	default:
		return -EOPNOTSUPP;
	}
}

static ssize_t ref_read(struct kiocb *iocb, struct iov_iter *to)
{
	return ref_device_read_log(iocb->ki_filp->private_data, to);
}

static bool ref_has_now(const struct ref_event *list, size_t bytes)
{
	size_t at;

	for (at = 0; at < bytes / sizeof(*list); at++)
		if (list[at].flags & REF_F_NOW)
			return true;
	return false;
}

/*
 * io_uring's own WRITE comes first without leave to block, and with the ring's
 * lock held, which ending a command on the spot may take.
 */
static ssize_t ref_write(struct kiocb *iocb, struct iov_iter *from)
{
	size_t bytes = iov_iter_count(from);
	struct ref_event *list;
	LIST_HEAD(events);
	int error;

	if (!ref_list_length_ok(bytes))
		return -EINVAL;
	list = kmalloc(bytes, GFP_KERNEL_ACCOUNT);
	if (!list)
		return -ENOMEM;
	if (!copy_from_iter_full(list, bytes, from))
		error = -EFAULT;
	else if (iocb->ki_flags & IOCB_NOWAIT && ref_has_now(list, bytes))
		error = -EAGAIN;
	else
		error = ref_events_new(&events, list, bytes, 1, true);
	kfree(list);
	if (error)
		return error;
	ref_raise_all(iocb->ki_filp->private_data, &events);
	return bytes;
}

static __poll_t ref_poll(struct file *file, struct poll_table_struct *table)
{
	return EPOLLIN | EPOLLOUT;
}

static int ref_open(struct inode *inode, struct file *file)
{
	struct ref_device *device = ref_device_new();

	if (!device)
		return -ENOMEM;
	file->private_data = device;
	return stream_open(inode, file);
}

static int ref_release(struct inode *inode, struct file *file)
{
	ref_device_free(file->private_data);
	return 0;
}

#define REF_FILE_OPERATIONS			\
	.owner		= THIS_MODULE,		\
	.open		= ref_open,		\
	.release	= ref_release,		\
	.read_iter	= ref_read,		\
	.write_iter	= ref_write,		\
	.uring_cmd	= ref_uring_cmd

static const struct file_operations ref_operations = {
	REF_FILE_OPERATIONS,
};

static const struct file_operations ref_operations_poll = {
	REF_FILE_OPERATIONS,
	.poll		= ref_poll,
};

static struct miscdevice ref_file = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= REF_NAME,
	.fops	= &ref_operations,
};

static struct miscdevice ref_file_poll = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= REF_NAME_POLL,
	.fops	= &ref_operations_poll,
};

static int __init ref_init(void)
{
	int error;

	BUILD_BUG_ON(sizeof(struct ref_event) != 16);
	BUILD_BUG_ON(sizeof(struct ref_arm) != 16);
	BUILD_BUG_ON(sizeof(struct ref_trigger) != 16);
	BUILD_BUG_ON(sizeof(struct ref_status) != 64);
	BUILD_BUG_ON(sizeof(struct ref_describe_in) != 16);
	BUILD_BUG_ON(sizeof(struct ref_describe) != 96);
	BUILD_BUG_ON(sizeof(struct ref_log) != 8);

	error = ref_triggers_init();
	if (error)
		return error;
	error = misc_register(&ref_file);
	if (error)
		goto no_file;
	error = misc_register(&ref_file_poll);
	if (error)
		goto no_file_poll;
	return 0;

no_file_poll:
	misc_deregister(&ref_file);
no_file:
	ref_triggers_exit();
	return error;
}

static void __exit ref_exit(void)
{
	misc_deregister(&ref_file_poll);
	misc_deregister(&ref_file);
	ref_triggers_exit();
}

module_init(ref_init);
module_exit(ref_exit);

MODULE_DESCRIPTION("Ringshot's reference device for multishot uring_cmd");
MODULE_LICENSE("GPL");
