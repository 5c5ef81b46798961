package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.E2BIG;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.ERANGE;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_QUERY;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_USE_REGISTERED_RING;
import static dev.ringshot.abi.IoUring.IORING_SETUP_ATTACH_WQ;
import static dev.ringshot.abi.IoUring.IORING_SETUP_HYBRID_IOPOLL;
import static dev.ringshot.abi.IoUring.IORING_SETUP_IOPOLL;
import static dev.ringshot.abi.IoUring.IORING_SETUP_REGISTERED_FD_ONLY;
import static dev.ringshot.abi.IoUring.IORING_SETUP_R_DISABLED;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQPOLL;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQ_AFF;
import static dev.ringshot.abi.Query.IO_URING_QUERY_OPCODES;
import static dev.ringshot.abi.Query.IO_URING_QUERY_SCQ;
import static dev.ringshot.abi.Query.IO_URING_QUERY_ZCRX;
import static dev.ringshot.abi.Query.IO_URING_QUERY_ZCRX_EVENT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Query;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// QUERY: what a kernel says of itself, with and without a ring.
public final class QueryCases {
  private static final int ENTRIES_MAX = 1000;
  private static final int ROOM = 256;
  private static final int UNKNOWN = 77;

  /// Topics are made by reflection.
  public QueryCases() {}

  @Case
  @Needs(Need.QUERIES)
  @Spec({"4.1-27", "4.9-1", "7b-10"})
  public void opcodesAreCountedByRelease(Rig t) {
    var entry = new Entry(t, IO_URING_QUERY_OPCODES, Query.OPCODES_SIZE);
    entry.expect(0, Query.OPCODES_SIZE);
    Claim.equal("opcodes", t.is7() ? 65 : 63, entry.intAt(Query.NR_REQUEST_OPCODES));
    Claim.equal("register opcodes", t.is7() ? 38 : 36, entry.intAt(Query.NR_REGISTER_OPCODES));
    Claim.equal("queries", t.is7() ? 4 : 1, entry.intAt(Query.NR_QUERY_OPCODES));
    Claim.equal("features", 0x3ffffL, entry.longAt(Query.FEATURE_FLAGS));
    Claim.equal("enter flags", 0xffL, entry.longAt(Query.ENTER_FLAGS));
    Claim.equal("SQE flags", 0x7fL, entry.longAt(Query.SQE_FLAGS));
    Claim.equal("padding", 0, entry.intAt(Query.NR_QUERY_OPCODES + 4));
  }

  @Case
  @Needs(Need.QUERIES)
  @Spec({"4.1-26", "4.9-1"})
  public void setupFlagsAreThoseThatARingMayHave(Rig t) {
    var entry = new Entry(t, IO_URING_QUERY_OPCODES, Query.OPCODES_SIZE);
    entry.expect(0, Query.OPCODES_SIZE);
    int flags = t.is7() ? 0x1fffff : 0x7ffff;
    if (!t.has(Need.IOPOLL)) flags &= ~(IORING_SETUP_IOPOLL | IORING_SETUP_HYBRID_IOPOLL);
    if (!t.has(Need.SQPOLL))
      flags &=
          ~(IORING_SETUP_SQPOLL
              | IORING_SETUP_SQ_AFF
              | IORING_SETUP_ATTACH_WQ
              | IORING_SETUP_REGISTERED_FD_ONLY);
    Claim.equal("setup flags", (long) flags, entry.longAt(Query.RING_SETUP_FLAGS));
  }

  @Case
  @Needs({Need.QUERIES, Need.LINUX_7})
  @Spec("4.9-2")
  public void headerOfTheRingsIsACacheLine(Rig t) {
    var entry = new Entry(t, IO_URING_QUERY_SCQ, ROOM);
    entry.expect(0, Query.SCQ_SIZE);
    Claim.equal("hdr_size", 64L, entry.longAt(Query.SCQ_HDR_SIZE));
    Claim.equal("hdr_alignment", 64L, entry.longAt(Query.SCQ_HDR_ALIGNMENT));
  }

  @Case
  @Needs({Need.QUERIES, Need.LINUX_7})
  @Spec("4.9-7")
  public void zeroCopyReceiveIsToldOfWithoutBeingThere(Rig t) {
    var receive = new Entry(t, IO_URING_QUERY_ZCRX, ROOM);
    receive.expect(0, Query.ZCRX_SIZE);
    Claim.equal("register_flags", 3L, receive.longAt(Query.ZCRX_REGISTER_FLAGS));
    Claim.equal("area_flags", 1L, receive.longAt(Query.ZCRX_AREA_FLAGS));
    Claim.equal("nr_ctrl_opcodes", 4, receive.intAt(Query.ZCRX_NR_CTRL_OPCODES));
    Claim.equal("features", 3, receive.intAt(Query.ZCRX_FEATURES));
    Claim.equal("rq_hdr_size", 128, receive.intAt(Query.ZCRX_RQ_HDR_SIZE));
    Claim.equal("rq_hdr_alignment", 64, receive.intAt(Query.ZCRX_RQ_HDR_ALIGNMENT));
    var events = new Entry(t, IO_URING_QUERY_ZCRX_EVENT, ROOM);
    events.expect(0, Query.ZCRX_EVENT_SIZE);
    Claim.equal("event_flags", 3, events.intAt(Query.ZCRX_EVENT_EVENT_FLAGS));
    Claim.equal("stats_size", 16, events.intAt(Query.ZCRX_EVENT_STATS_SIZE));
    Claim.equal("alignment", 8, events.intAt(Query.ZCRX_EVENT_STATS_OFF_ALIGNMENT));
  }

  @Case
  @Needs(Need.QUERIES)
  @Spec("4.9-3")
  public void listIsAskedOfARingOrOfNone(Rig t) {
    var entry = new Entry(t, IO_URING_QUERY_OPCODES, ROOM);
    RawRing disabled = t.ring(8, IORING_SETUP_R_DISABLED);
    for (int fd : new int[] {-1, t.ring(8).fd(), disabled.fd()}) {
      entry.fill(IO_URING_QUERY_OPCODES, ROOM);
      Claim.result(
          "QUERY of " + fd, 0, t.kernel().register(fd, IORING_REGISTER_QUERY, entry.at, 0));
      entry.answers(0, Query.OPCODES_SIZE);
    }
    entry.fill(IO_URING_QUERY_OPCODES, ROOM);
    int byIndex = IORING_REGISTER_QUERY | IORING_REGISTER_USE_REGISTERED_RING;
    Claim.result("by index, of none", 0, t.kernel().register(-1, byIndex, entry.at, 0));
    int closed = 1_000_000;
    Claim.result("closed", -EBADF, t.kernel().register(closed, IORING_REGISTER_QUERY, entry.at, 0));
    int pipe = t.pipe().near();
    Claim.result(
        "pipe", -EOPNOTSUPP, t.kernel().register(pipe, IORING_REGISTER_QUERY, entry.at, 0));
  }

  @Case
  @Needs(Need.QUERIES)
  @Spec("4.9-3")
  public void argumentIsAListAndNoCount(Rig t) {
    var entry = new Entry(t, IO_URING_QUERY_OPCODES, ROOM);
    Claim.result("a count", -EINVAL, query(t, entry.at, 1));
    Claim.result("a count, no list", -EINVAL, query(t, 0, 1));
    Claim.result("no list", 0, query(t, 0, 0));
    Claim.result("unreadable", -EFAULT, query(t, Rig.UNMAPPED, 0));
    MemorySegment readOnly = t.readOnlyMemory(Query.HDR_SIZE);
    Claim.result("read-only", -EFAULT, query(t, readOnly.address(), 0));
  }

  @Case
  @Needs(Need.QUERIES)
  @Spec("4.9-4")
  public void answerIsAsLongAsThereIsRoom(Rig t) {
    for (int room : new int[] {1, 4, 6, 47, 48}) {
      var entry = new Entry(t, IO_URING_QUERY_OPCODES, room);
      entry.expect(0, room);
      Claim.equal("opcodes", t.is7() ? (byte) 65 : (byte) 63, entry.data.get(JAVA_BYTE, 0));
      Claim.equal("byte behind " + room, (byte) -1, entry.data.get(JAVA_BYTE, room));
    }
    var none = new Entry(t, IO_URING_QUERY_OPCODES, 0);
    none.expect(-EINVAL, 0);
    Claim.equal("first byte", (byte) -1, none.data.get(JAVA_BYTE, 0));
  }

  @Case
  @Needs(Need.QUERIES)
  @Spec("4.9-4")
  public void roomBehindTheAnswerIsCleared(Rig t) {
    var entry = new Entry(t, IO_URING_QUERY_OPCODES, 100);
    entry.expect(0, Query.OPCODES_SIZE);
    for (long at = Query.OPCODES_SIZE; at < 100; at++)
      Claim.equal("byte " + at, (byte) 0, entry.data.get(JAVA_BYTE, at));
    Claim.equal("byte behind", (byte) -1, entry.data.get(JAVA_BYTE, 100));
  }

  @Case
  @Needs(Need.QUERIES)
  @Spec("4.9-4")
  public void moreRoomThanAPageIsTooMuchSince7(Rig t) {
    var entry = new Entry(t, IO_URING_QUERY_OPCODES, 4096);
    entry.expect(0, Query.OPCODES_SIZE);
    entry.fill(IO_URING_QUERY_OPCODES, 4097);
    Claim.result("4097 bytes", t.is7() ? -E2BIG : 0, query(t, entry.at, 0));
    entry.answers(0, t.is7() ? 4097 : Query.OPCODES_SIZE);
    entry.fill(UNKNOWN, 4097);
    Claim.result("of an unknown query", t.is7() ? -E2BIG : 0, query(t, entry.at, 0));
  }

  @Case
  @Needs(Need.QUERIES)
  @Spec("4.9-5")
  public void entryHasItsOwnError(Rig t) {
    new Entry(t, UNKNOWN, ROOM).expect(-EOPNOTSUPP, 0);
    new Entry(t, 1 << 31, ROOM).expect(-EOPNOTSUPP, 0);
    new Entry(t, UNKNOWN, 0).expect(-EOPNOTSUPP, 0);
    for (int at = Query.HDR_RESULT; at < Query.HDR_SIZE; at += 4) {
      var entry = new Entry(t, IO_URING_QUERY_OPCODES, ROOM);
      entry.header.set(JAVA_INT, at, 1);
      entry.expect(-EINVAL, 0);
      Claim.equal("first byte", (byte) 0, entry.data.get(JAVA_BYTE, 0));
    }
    var both = new Entry(t, UNKNOWN, ROOM);
    both.header.set(JAVA_INT, Query.HDR_SIZE - 4, 1);
    both.expect(-EOPNOTSUPP, 0);
  }

  @Case
  @Needs(Need.QUERIES)
  @Spec("4.9-5")
  public void badMemoryForTheAnswerEndsTheList(Rig t) {
    var entry = new Entry(t, IO_URING_QUERY_OPCODES, ROOM);
    MemorySegment page = t.pageBeforeHole();
    long readOnly = t.readOnlyMemory(4096).address();
    long edge = page.address() + page.byteSize() - Query.OPCODES_SIZE;
    for (long data : new long[] {0, Rig.UNMAPPED, Rig.KERNEL_RANGE, readOnly, edge, edge + 24}) {
      entry.fill(IO_URING_QUERY_OPCODES, ROOM);
      entry.header.set(JAVA_LONG, Query.HDR_QUERY_DATA, data);
      Claim.result("QUERY", -EFAULT, query(t, entry.at, 0));
      entry.answers(0, ROOM);
    }
    entry.fill(IO_URING_QUERY_OPCODES, Query.OPCODES_SIZE);
    entry.header.set(JAVA_LONG, Query.HDR_QUERY_DATA, edge);
    entry.expect(0, Query.OPCODES_SIZE);
    entry.fill(UNKNOWN, ROOM);
    entry.header.set(JAVA_LONG, Query.HDR_QUERY_DATA, 0);
    Claim.result("of an unknown query", -EFAULT, query(t, entry.at, 0));
  }

  @Case
  @Needs(Need.QUERIES)
  @Spec("4.9-5")
  public void listGoesOnAfterAnEntryThatFailed(Rig t) {
    var first = new Entry(t, IO_URING_QUERY_OPCODES, ROOM);
    var second = new Entry(t, UNKNOWN, ROOM);
    var third = new Entry(t, IO_URING_QUERY_OPCODES, 8);
    first.next(second.at);
    second.next(third.at);
    Claim.result("QUERY", 0, query(t, first.at, 0));
    first.answers(0, Query.OPCODES_SIZE);
    second.answers(-EOPNOTSUPP, 0);
    third.answers(0, 8);
  }

  @Case
  @Needs(Need.QUERIES)
  @Spec("4.9-5")
  public void badAddressOfTheNextEndsTheListAfterTheFirst(Rig t) {
    var first = new Entry(t, UNKNOWN, ROOM);
    first.next(Rig.UNMAPPED);
    Claim.result("QUERY", -EFAULT, query(t, first.at, 0));
    first.answers(-EOPNOTSUPP, 0);
  }

  @Case
  @Needs(Need.QUERIES)
  @Spec("4.9-6")
  public void listHasFewerThanAThousandEntries(Rig t) {
    MemorySegment list = t.memory((long) ENTRIES_MAX * Query.HDR_SIZE);
    for (int i = 0; i < ENTRIES_MAX - 2; i++) link(list, i);
    Claim.result("999 entries", 0, query(t, list.address(), 0));
    Claim.equal("the last", -EOPNOTSUPP, result(list, ENTRIES_MAX - 2));
    for (int i = 0; i < ENTRIES_MAX - 1; i++) link(list, i);
    Claim.result("1000 entries", -ERANGE, query(t, list.address(), 0));
    Claim.equal("the last", -EOPNOTSUPP, result(list, ENTRIES_MAX - 1));
    var loop = new Entry(t, IO_URING_QUERY_OPCODES, ROOM);
    loop.next(loop.at);
    Claim.result("a list without end", -ERANGE, query(t, loop.at, 0));
  }

  /// Fills in the entry at index `i`, which has no room, and the query of the one behind it.
  private static void link(MemorySegment list, int i) {
    long at = (long) i * Query.HDR_SIZE;
    list.set(JAVA_LONG, at + Query.HDR_NEXT_ENTRY, list.address() + at + Query.HDR_SIZE);
    list.set(JAVA_INT, at + Query.HDR_QUERY_OP, UNKNOWN);
    list.set(JAVA_INT, at + Query.HDR_RESULT, 0);
    list.set(JAVA_INT, at + Query.HDR_SIZE + Query.HDR_QUERY_OP, UNKNOWN);
  }

  private static int result(MemorySegment list, int i) {
    return list.get(JAVA_INT, (long) i * Query.HDR_SIZE + Query.HDR_RESULT);
  }

  private static int query(Rig t, long list, int count) {
    return t.kernel().register(-1, IORING_REGISTER_QUERY, list, count);
  }

  /// One entry, and room for its answer that is all ones before.
  private static final class Entry {
    final MemorySegment header;
    final MemorySegment data;
    final long at;
    private final Rig rig;

    Entry(Rig rig, int op, int room) {
      this.rig = rig;
      this.header = rig.memory((long) Query.HDR_SIZE);
      this.data = rig.memory(2 * 4096L);
      this.at = header.address();
      fill(op, room);
    }

    void fill(int op, int room) {
      data.fill((byte) -1);
      header.fill((byte) 0);
      header.set(JAVA_LONG, Query.HDR_QUERY_DATA, data.address());
      header.set(JAVA_INT, Query.HDR_QUERY_OP, op);
      header.set(JAVA_INT, Query.HDR_SIZE_OF, room);
    }

    void next(long address) {
      header.set(JAVA_LONG, Query.HDR_NEXT_ENTRY, address);
    }

    /// Asks, and claims what the entry says afterwards.
    void expect(int result, int size) {
      Claim.result("QUERY", 0, query(rig, at, 0));
      answers(result, size);
    }

    void answers(int result, int size) {
      Claim.result("result", result, header.get(JAVA_INT, Query.HDR_RESULT));
      Claim.equal("size", size, header.get(JAVA_INT, Query.HDR_SIZE_OF));
    }

    int intAt(int offset) {
      return data.get(JAVA_INT, offset);
    }

    long longAt(int offset) {
      return data.get(JAVA_LONG, offset);
    }
  }
}
