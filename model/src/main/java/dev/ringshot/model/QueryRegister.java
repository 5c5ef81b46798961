package dev.ringshot.model;

import static dev.ringshot.abi.Errno.E2BIG;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.ERANGE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Query;
import java.lang.foreign.MemorySegment;

/// IORING_REGISTER_QUERY: what this kernel knows, asked for by a list of entries in the program's
/// memory (`io_query`).
final class QueryRegister {
  private static final int ENTRIES_MAX = 1000;
  private static final int SQE_FLAGS = 0x7f;
  private static final MemorySegment NOTHING = MemorySegment.ofArray(new long[0]);

  private final ModelKernel kernel;

  private QueryRegister(ModelKernel kernel) {
    this.kernel = kernel;
  }

  static int run(ModelKernel kernel, long list, int count) {
    if (count != 0) return -EINVAL;
    var query = new QueryRegister(kernel);
    int answered = 0;
    for (long at = list; at != 0; ) {
      var header = kernel.memory().read(at, Query.HDR_SIZE);
      if (header == null) return -EFAULT;
      int error = query.answer(at, header);
      if (error != 0) return error;
      at = header.get(JAVA_LONG, Query.HDR_NEXT_ENTRY);
      if (++answered == ENTRIES_MAX) return -ERANGE;
    }
    return 0;
  }

  private int answer(long at, MemorySegment header) {
    long room = Integer.toUnsignedLong(header.get(JAVA_INT, Query.HDR_SIZE_OF));
    if (room > kernel.options().release().queryBytesMax()) return -E2BIG;
    int result = check(header, room);
    var known = result == 0 ? facts(header.get(JAVA_INT, Query.HDR_QUERY_OP)) : NOTHING;
    long bytes = Math.min(room, known.byteSize());
    int error = write(header.get(JAVA_LONG, Query.HDR_QUERY_DATA), room, known, bytes);
    if (error != 0) return error;
    header.set(JAVA_INT, Query.HDR_SIZE_OF, (int) bytes);
    header.set(JAVA_INT, Query.HDR_RESULT, result);
    return kernel.memory().copyTo(at, header, 0, Query.HDR_SIZE);
  }

  /// An entry's own error, which does not end the list.
  private int check(MemorySegment header, long room) {
    int op = header.get(JAVA_INT, Query.HDR_QUERY_OP);
    if (Integer.compareUnsigned(op, kernel.options().release().queries()) >= 0) return -EOPNOTSUPP;
    for (int resv = Query.HDR_RESULT; resv < Query.HDR_SIZE; resv += Integer.BYTES) {
      if (header.get(JAVA_INT, resv) != 0) return -EINVAL;
    }
    return room == 0 ? -EINVAL : 0;
  }

  private MemorySegment facts(int op) {
    return switch (op) {
      case Query.IO_URING_QUERY_OPCODES -> opcodes();
      case Query.IO_URING_QUERY_ZCRX -> zeroCopyReceive();
      case Query.IO_URING_QUERY_SCQ -> rings();
      case Query.IO_URING_QUERY_ZCRX_EVENT -> zeroCopyEvents();
      default -> throw new AssertionError("query " + op + " is known and has no answer");
    };
  }

  private MemorySegment opcodes() {
    var release = kernel.options().release();
    var facts = MemorySegment.ofArray(new long[Query.OPCODES_SIZE / Long.BYTES]);
    facts.set(JAVA_INT, Query.NR_REQUEST_OPCODES, release.opcodes());
    facts.set(JAVA_INT, Query.NR_REGISTER_OPCODES, release.registerOpcodes());
    facts.set(JAVA_LONG, Query.FEATURE_FLAGS, RingSetup.FEATURES);
    facts.set(JAVA_LONG, Query.RING_SETUP_FLAGS, RingSetup.knownFlags(kernel));
    facts.set(JAVA_LONG, Query.ENTER_FLAGS, EnterCall.FLAGS);
    facts.set(JAVA_LONG, Query.SQE_FLAGS, SQE_FLAGS);
    facts.set(JAVA_INT, Query.NR_QUERY_OPCODES, release.queries());
    return facts;
  }

  /// What a kernel says that was built without it.
  private static MemorySegment zeroCopyReceive() {
    var facts = MemorySegment.ofArray(new long[Query.ZCRX_SIZE / Long.BYTES]);
    facts.set(JAVA_LONG, Query.ZCRX_REGISTER_FLAGS, 3);
    facts.set(JAVA_LONG, Query.ZCRX_AREA_FLAGS, 1);
    facts.set(JAVA_INT, Query.ZCRX_NR_CTRL_OPCODES, 4);
    facts.set(JAVA_INT, Query.ZCRX_FEATURES, 3);
    facts.set(JAVA_INT, Query.ZCRX_RQ_HDR_SIZE, 128);
    facts.set(JAVA_INT, Query.ZCRX_RQ_HDR_ALIGNMENT, 64);
    return facts;
  }

  private static MemorySegment zeroCopyEvents() {
    var facts = MemorySegment.ofArray(new long[Query.ZCRX_EVENT_SIZE / Long.BYTES]);
    facts.set(JAVA_INT, Query.ZCRX_EVENT_EVENT_FLAGS, 3);
    facts.set(JAVA_INT, Query.ZCRX_EVENT_STATS_SIZE, 16);
    facts.set(JAVA_INT, Query.ZCRX_EVENT_STATS_OFF_ALIGNMENT, 8);
    return facts;
  }

  private static MemorySegment rings() {
    var facts = MemorySegment.ofArray(new long[Query.SCQ_SIZE / Long.BYTES]);
    facts.set(JAVA_LONG, Query.SCQ_HDR_SIZE, RingLayout.CQES);
    facts.set(JAVA_LONG, Query.SCQ_HDR_ALIGNMENT, RingLayout.CQES);
    return facts;
  }

  /// Writes `bytes` of what is known and clears the rest of the room (`copy_struct_to_user`).
  private int write(long address, long room, MemorySegment known, long bytes) {
    if (room == 0) return 0;
    var mapping = kernel.memory().find(address, room);
    if (mapping == null || !mapping.writable) return -EFAULT;
    var target = mapping.memory.asSlice(address - mapping.start, room);
    target.asSlice(bytes).fill((byte) 0);
    target.copyFrom(known.asSlice(0, bytes));
    return 0;
  }
}
