package dev.ringshot.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A ring's requests: those that are under way are counted, the others are there to be used again.
/// Guarded by the ring's lock.
final class RequestPool {
  private final RingContext ring;
  private final KernelMemory memory;
  private final Faults faults;
  private final List<WorkerItem> lagging = new ArrayList<>(0); // of workers that hold requests
  private Request[] spare = new Request[64];
  private int spareCount;
  private int taken;
  private int made;

  RequestPool(RingContext ring, KernelMemory memory, Faults faults) {
    this.ring = ring;
    this.memory = memory;
    this.faults = faults;
  }

  /// A request to use, and to give back by completing it; null if there is no memory for one more.
  @Nullable Request take(Task task) {
    if (spareCount == 0 && !make(task)) return null;
    taken++;
    var request = spare[--spareCount];
    request.task = task;
    return request;
  }

  private boolean make(Task task) {
    if (!memory.tryCharge(KernelMemory.REQUEST)) return false;
    made++;
    spare[spareCount++] = new Request(ring, task);
    return true;
  }

  /// One that was taken and not used.
  void giveBack(Request request) {
    taken--;
    spare[spareCount++] = request;
  }

  /// Those that are not free, however they wait.
  int taken() {
    return taken;
  }

  /// Whether a worker does not let go of the request that it begins with: it is found there, and
  /// not free when it has ended, until [#freeLagging].
  boolean holdIfLagging(WorkerItem item) {
    if (ring.isDead() || !faults.strikes(Faults.Point.WORKER_LAG)) return false;
    item.request.held = true;
    lagging.add(item);
    return true;
  }

  /// A request has ended: it is free, or will be when its worker lets go of it.
  void end(Request request) {
    if (request.held) request.ended = true;
    else free(request);
  }

  /// Workers let go, unless they lag on.
  ///
  /// @return whether one did
  boolean freeLagging() {
    if (lagging.isEmpty() || faults.strikes(Faults.Point.WORKER_LAG)) return false;
    return freeHeld();
  }

  /// Workers let go, whatever they are at.
  ///
  /// @return whether one did
  boolean freeHeld() {
    if (lagging.isEmpty()) return false;
    for (var item : lagging) {
      ring.workers.remove(item);
      var request = item.request;
      if (!request.held) continue; // it has been on a worker twice
      request.held = false;
      if (request.ended) free(request);
    }
    lagging.clear();
    return true;
  }

  /// What a request held is let go of, and it can be used again.
  private void free(Request request) {
    taken--;
    ring.letGo(request);
    request.dropRegisteredBuffer();
    request.forget();
    if (spareCount == spare.length) spare = Arrays.copyOf(spare, spareCount * 2);
    spare[spareCount++] = request;
  }

  /// The ring is gone, and its memory with it.
  void close() {
    memory.uncharge((long) made * KernelMemory.REQUEST);
  }
}
