package dev.ringshot.model;

import static dev.ringshot.abi.Poll.POLLERR;
import static dev.ringshot.abi.Socket.SCM_TSTAMP_SCHED;
import static dev.ringshot.abi.Socket.SCM_TSTAMP_SND;
import static dev.ringshot.abi.Socket.SOF_TIMESTAMPING_OPT_ID;
import static dev.ringshot.abi.Socket.SOF_TIMESTAMPING_OPT_TSONLY;
import static dev.ringshot.abi.Socket.SOF_TIMESTAMPING_SOFTWARE;
import static dev.ringshot.abi.Socket.SOF_TIMESTAMPING_TX_SCHED;
import static dev.ringshot.abi.Socket.SOF_TIMESTAMPING_TX_SOFTWARE;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// When a socket's datagrams were sent: stamps in its error queue, until
/// `SOCKET_URING_OP_TX_TIMESTAMP` takes them.
final class Timestamps {
  private static final int QUEUE_MAX = 512;

  /// @param key the datagram's number
  /// @param type `SCM_TSTAMP_*`
  /// @param nanos of the real-time clock
  record Stamp(int key, int type, long nanos) {}

  private final DatagramSocket socket;
  private final ArrayDeque<Stamp> stamps = new ArrayDeque<>();
  private int nextKey;

  Timestamps(DatagramSocket socket) {
    this.socket = socket;
  }

  /// A datagram was sent.
  void sent() {
    int wanted = socket.options.timestamping();
    if ((wanted & (SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_TX_SOFTWARE)) == 0) return;
    synchronized (this) {
      int key = (wanted & SOF_TIMESTAMPING_OPT_ID) != 0 ? nextKey++ : 0;
      if (!areReported(wanted)) return;
      if ((wanted & SOF_TIMESTAMPING_TX_SCHED) != 0) add(key, SCM_TSTAMP_SCHED);
      if ((wanted & SOF_TIMESTAMPING_TX_SOFTWARE) != 0) add(key, SCM_TSTAMP_SND);
    }
    socket.waiting.wake(POLLERR);
  }

  private static boolean areReported(int wanted) {
    int needed = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY;
    return (wanted & needed) == needed;
  }

  private void add(int key, int type) {
    if (stamps.size() < QUEUE_MAX)
      stamps.add(new Stamp(key, type, socket.network.scheduler().realTimeNanos()));
  }

  synchronized boolean isPending() {
    return !stamps.isEmpty();
  }

  /// The oldest, which stays until it is removed; or null.
  synchronized @Nullable Stamp peek() {
    return stamps.peek();
  }

  synchronized void remove() {
    stamps.remove();
  }
}
