package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.EIO;

import org.jspecify.annotations.Nullable;

/// A request on its way to a worker (`io_wq_work`). Until a worker has it, it can be cancelled.
final class WorkerItem extends Parked {
  private boolean started;
  private boolean lags; // and lets go of the request later
  private @Nullable Timer timer;

  WorkerItem(Request request) {
    super(request);
  }

  void start() {
    var ring = ring();
    ring.workers.add(this);
    timer = ring.kernel().scheduler().execute(this::work);
  }

  private void work() {
    var ring = ring();
    LinkTimeout limit;
    ring.lock();
    try {
      if (!listed) return; // cancelled
      started = true;
      lags = ring.requests.holdIfLagging(this);
      limit = request.limit; // the request may be another's when the driver has returned
    } finally {
      ring.unlock();
    }
    int result = -EIO; // where the host's files throw, which the scheduler tells
    try {
      result = ring.issuer.issueOnWorker(request);
    } finally {
      finish(result, limit);
    }
  }

  private void finish(int result, @Nullable LinkTimeout limit) {
    var ring = ring();
    ring.lock();
    try {
      if (!lags) ring.workers.remove(this);
      if (result == Request.QUEUED && limit != null) limit.start();
    } finally {
      ring.unlock();
    }
    ring.issuer.finishOnWorker(this, result);
  }

  @Override
  int cancel() {
    if (started) return -EALREADY;
    ring().workers.remove(this);
    if (timer != null) {
      var _ = timer.cancel();
    }
    ring().cancelRequest(request);
    return 0;
  }

  @Override
  void runInTask() {
    throw new AssertionError("a worker's item is no task work");
  }
}
