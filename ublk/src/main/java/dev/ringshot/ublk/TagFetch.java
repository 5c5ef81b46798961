package dev.ringshot.ublk;

import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.ublk.Ublk.*;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.ring.CqeHandler;

/// One command for each tag: what every driver has. The first fetches; each further one gives the
/// result of a request and fetches the next. They all have to come from one thread.
final class TagFetch implements Fetch {
  private final QueueFile file;
  private final TagMemory memory;
  private final QueueStatistics statistics;
  private final Arrival arrival;
  private final Slot[] slots;
  private int prepared;
  private int ended;
  private long fetches;

  TagFetch(QueueFile file, TagMemory memory, QueueStatistics statistics, Arrival arrival) {
    this.file = file;
    this.memory = memory;
    this.statistics = statistics;
    this.arrival = arrival;
    slots = new Slot[memory.depth()];
    for (int tag = 0; tag < slots.length; tag++) slots[tag] = new Slot(tag);
  }

  @Override
  public void arm() {
    for (Slot slot : slots) {
      command(UBLK_U_IO_FETCH_REQ, slot, -1);
      fetches++;
      prepared++;
    }
  }

  @Override
  public void commit(int tag, int result) {
    statistics.commitsAndFetches();
    slots[tag].isCommitting = true;
    command(UBLK_U_IO_COMMIT_AND_FETCH_REQ, slots[tag], result);
  }

  /// The index of a registered buffer is in `addr` of the SQE, an address in that of the command.
  private void command(int op, Slot slot, int result) {
    file.tagCommand(slot, op, slot.tag, result, memory.address(slot.tag))
        .addr(memory.isRegistered() ? slot.tag : 0);
  }

  @Override
  public void flush() {}

  @Override
  public int prepared() {
    return prepared;
  }

  @Override
  public long submitted() {
    return fetches;
  }

  @Override
  public boolean hasEnded() {
    return ended == slots.length;
  }

  /// A tag's command.
  private final class Slot implements CqeHandler {
    private final int tag;
    private boolean isCommitting;

    Slot(int tag) {
      this.tag = tag;
    }

    @Override
    public void onCqe(int res, int flags) {
      boolean wasCommitting = isCommitting;
      isCommitting = false;
      if (wasCommitting) committed(res);
      if (res == UBLK_IO_RES_OK) {
        statistics.fetched(1);
        arrival.onTag(tag);
        return;
      }
      ended++;
      if (wasCommitting || res == UBLK_IO_RES_ABORT) return;
      throw new ErrnoException("FETCH_REQ", -res, "queue " + file.queue() + ", tag " + tag);
    }

    private void committed(int res) {
      if (res == UBLK_IO_RES_OK || res == -ENODEV) statistics.committed(1);
      else statistics.rejects();
    }
  }
}
