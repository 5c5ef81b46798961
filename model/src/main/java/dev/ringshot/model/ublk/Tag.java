package dev.ringshot.model.ublk;

import dev.ringshot.model.UringCmd;
import org.jspecify.annotations.Nullable;

/// One place for a request that the server can have (`struct ublk_io`). Guarded by its queue's
/// lock.
final class Tag {
  final UblkQueue queue;
  final int number;

  /// The driver may hand out a request here (`UBLK_IO_FLAG_ACTIVE`).
  boolean isActive;

  /// The server has the request (`UBLK_IO_FLAG_OWNED_BY_SRV`).
  boolean isServers;

  /// Its command has been ended (`UBLK_IO_FLAG_CANCELED`).
  boolean isCancelled;

  /// The server shall say first where the data goes (`UBLK_IO_FLAG_NEED_GET_DATA`).
  boolean needsAddress;

  /// Where the server wants data, or has it; its descriptor shows it.
  long address;

  /// The slot of registered buffers that data is put into before it is handed out.
  int autoIndex;

  boolean autoFallsBack;

  /// The command in whose ring the data is in that slot.
  @Nullable UringCmd autoCommand;

  /// The command that waits for a request, one for one tag.
  @Nullable UringCmd command;

  /// Whose thread alone may commit; null with commands for many tags.
  @Nullable Thread server;

  /// The request that has this tag.
  @Nullable DiskRequest request;

  /// Whether the request is on its way to the server or there (`blk_mq_request_started`).
  boolean isStarted;

  /// How many slots of registered buffers have its data.
  int leases;

  /// Whether the server has committed it while they still had.
  boolean isCommitted;

  int result;

  private final Runnable dispatch;
  private final Runnable lease;
  private final Runnable cancel;

  Tag(UblkQueue queue, int number, UblkDevice device) {
    this.queue = queue;
    this.number = number;
    this.dispatch = () -> queue.dispatch(this);
    this.lease = () -> queue.released(this);
    this.cancel =
        () -> {
          device.startCancelling();
          queue.cancel(this);
        };
  }

  /// The task that hands out its request.
  Runnable dispatch() {
    return dispatch;
  }

  /// What runs when a slot has its data no more.
  Runnable lease() {
    return lease;
  }

  /// What runs when the ring of its command goes away.
  Runnable cancel() {
    return cancel;
  }

  /// The server has the request from now on.
  void give() {
    isServers = true;
    isActive = false;
  }

  /// The server has given it back, and takes another.
  void take() {
    isActive = true;
    isServers = false;
  }

  /// Nobody has the device open any more.
  void reset() {
    isActive = false;
    isServers = false;
    needsAddress = false;
    address = 0;
    autoCommand = null;
    command = null;
    server = null;
  }
}
