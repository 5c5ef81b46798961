// SPDX-License-Identifier: GPL-2.0-only
/* REF_TRIGGER: events from the call, a timer or another thread. */
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "device.h"

/* A trigger whose events come from elsewhere; it is parked until all are raised. */
struct ref_run {
	struct ref_device	*device;
	struct io_uring_cmd	*cmd;
	struct list_head	events;
	int			taken;	/* how many were not lost */
	ktime_t			period;
	struct hrtimer		timer;
	struct work_struct	work;
};

static struct workqueue_struct *ref_threads;

int ref_triggers_init(void)
{
	ref_threads = alloc_workqueue(REF_NAME, WQ_UNBOUND, 0);
	return ref_threads ? 0 : -ENOMEM;
}

/* Waits for threads on their way out of functions of this module. */
void ref_triggers_exit(void)
{
	destroy_workqueue(ref_threads);
}

/* Returns how many were not lost. */
int ref_raise_all(struct ref_device *device, struct list_head *events)
{
	struct ref_raised *one;
	int taken = 0;

	while ((one = ref_events_first(events))) {
		taken += ref_device_raise(device, one);
		cond_resched();
	}
	return taken;
}

static void ref_run_task(struct io_tw_req tw_req, io_tw_token_t tw)
{
	struct io_uring_cmd *cmd = io_uring_cmd_from_tw(tw_req);
	struct ref_run *run = io_uring_cmd_to_pdu(cmd, struct ref_pdu)->data;
	int taken = run->taken;

	hrtimer_cancel(&run->timer); /* it may not have returned yet */
	kfree(run);
	io_uring_cmd_done(cmd, taken, IO_URING_CMD_TASK_WORK_ISSUE_FLAGS);
}

/* After this the run may be gone. */
static void ref_run_over(struct ref_run *run)
{
	io_uring_cmd_complete_in_task(run->cmd, ref_run_task);
}

static void ref_run_thread(struct work_struct *work)
{
	struct ref_run *run = container_of(work, struct ref_run, work);

	run->taken = ref_raise_all(run->device, &run->events);
	ref_run_over(run);
}

static enum hrtimer_restart ref_run_timer(struct hrtimer *timer)
{
	struct ref_run *run = container_of(timer, struct ref_run, timer);

	run->taken += ref_device_raise(run->device,
				       ref_events_first(&run->events));
	if (list_empty(&run->events)) {
		ref_run_over(run);
		return HRTIMER_NORESTART;
	}
	hrtimer_forward_now(timer, run->period);
	return HRTIMER_RESTART;
}

/* Takes @events. Returns -EIOCBQUEUED, or -ENOMEM and leaves them. */
int ref_trigger_start(struct ref_device *device, struct io_uring_cmd *cmd,
		      const struct ref_trigger *trigger,
		      struct list_head *events)
{
	struct ref_run *run = kzalloc(sizeof(*run), GFP_KERNEL_ACCOUNT);

	if (!run)
		return -ENOMEM;
	run->device = device;
	run->cmd = cmd;
	INIT_LIST_HEAD(&run->events);
	list_splice_init(events, &run->events);
	run->period = us_to_ktime(trigger->period_us);
	hrtimer_setup(&run->timer, ref_run_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);
	INIT_WORK(&run->work, ref_run_thread);
	io_uring_cmd_to_pdu(cmd, struct ref_pdu)->data = run;

	if (list_empty(&run->events))
		ref_run_over(run);
	else if (trigger->via == REF_VIA_THREAD)
		queue_work(ref_threads, &run->work);
	else
		hrtimer_start(&run->timer, run->period, HRTIMER_MODE_REL);
	return -EIOCBQUEUED;
}
