package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_32;
import static dev.ringshot.abi.IoUring.IOSQE_ASYNC;
import static dev.ringshot.abi.IoUring.IOSQE_BUFFER_SELECT;
import static dev.ringshot.abi.IoUring.IOSQE_CQE_SKIP_SUCCESS;
import static dev.ringshot.abi.IoUring.IOSQE_FIXED_FILE;
import static dev.ringshot.abi.IoUring.IOSQE_IO_DRAIN;
import static dev.ringshot.abi.IoUring.IOSQE_IO_HARDLINK;
import static dev.ringshot.abi.IoUring.IOSQE_IO_LINK;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One submission on its way (`io_kiocb`): the 64 bytes of its SQE, copied once, and what became of
/// it. Pooled by its ring; what a parked request leaves in other tables are objects of their own,
/// so that a late wake-up never meets a reused request.
final class Request extends TaskWork {
  /// An operation is done and has set [#res].
  static final int COMPLETE = 0;

  /// An operation will complete the request later (`IOU_ISSUE_SKIP_COMPLETE`).
  static final int QUEUED = -EIOCBQUEUED;

  /// A multishot operation has posted, and wants to be issued again while its file is ready
  /// (`IOU_REQUEUE`).
  static final int AGAIN = -3072;

  private static final int SQE_TAIL_BYTES = 64;

  final Selection selection = new Selection();
  private final RingContext ring;
  private final Transfer transfer;

  Operations.Row row = Operations.NONE;
  Task task;
  @Nullable OpenFile file;

  private @Nullable RegisteredBuffer registered;

  /// Where a parked request hangs: what cancellation finds. Its operation's own.
  @Nullable Parked parked;

  /// What comes behind it in its chain (`req->link`),
  @Nullable Request link;

  /// how firmly: `IOSQE_IO_LINK`, `IOSQE_IO_HARDLINK`,
  int linkFlags;

  /// and how long it may take.
  @Nullable LinkTimeout limit;

  /// The driver's view of a URING_CMD; kept for the next one unless a driver may still hold it.
  @Nullable UringCmd command;

  private @Nullable Exchange exchange;

  int res;
  int cqeFlags;
  long extra1;
  long extra2;
  boolean skipCqe;
  boolean noWait;

  /// Whether it goes on after a completion, for as long as its file has something
  /// (`REQ_F_APOLL_MULTISHOT`).
  boolean multishot;

  /// How often it has waited for its file.
  int waits;

  /// Whether it breaks its chain (`REQ_F_FAIL`),
  boolean failed;

  /// and silently (`REQ_F_SKIP_LINK_CQES`).
  boolean skipsChain;

  boolean forceAsync;

  /// What a POLL_ADD waits for; an update changes it.
  int pollEvents;

  /// Whether its file was ready at once when it was to wait for it.
  boolean foundReady;

  /// Whether it waits for all before it.
  boolean drains;

  /// Whether a worker has done it.
  boolean endedOnWorker;

  /// Whether a worker holds it, which has done it,
  boolean held;

  /// and it has ended since.
  boolean ended;

  private Todo todo = Todo.COMPLETE;

  /// What prep read of the program's memory, which is the program's again once its submission
  /// returns (`IORING_FEAT_SUBMIT_STABLE`): a path,
  @Nullable String path;

  /// or a time in nanoseconds.
  long nanos;

  /// The second half of a 128-byte SQE while it can be read: the program's memory during the inline
  /// issue, a copy later.
  @Nullable MemorySegment sqeTail;

  long sqeTailOffset;

  /// Whether the SQE can be read after its inline issue.
  boolean sqeKept;

  private long word0;
  private long off;
  private long addr;
  private long word3;
  private long userData;
  private long word5;
  private long addr3;
  private long word7;

  Request(RingContext ring, Task task) {
    this.ring = ring;
    this.task = task;
    this.transfer = new Transfer(ring.kernel().memory());
  }

  Request decode(MemorySegment sqes, long at, boolean wide) {
    word0 = sqes.get(JAVA_LONG, at);
    off = sqes.get(JAVA_LONG, at + 8);
    addr = sqes.get(JAVA_LONG, at + 16);
    word3 = sqes.get(JAVA_LONG, at + 24);
    userData = sqes.get(JAVA_LONG, at + 32);
    word5 = sqes.get(JAVA_LONG, at + 40);
    addr3 = sqes.get(JAVA_LONG, at + 48);
    word7 = sqes.get(JAVA_LONG, at + 56);
    sqeTail = wide ? sqes : null;
    sqeTailOffset = at + 64;
    res = 0;
    cqeFlags = 0;
    extra1 = 0;
    extra2 = 0;
    skipCqe = false;
    noWait = false;
    multishot = false;
    waits = 0;
    foundReady = false;
    sqeKept = false;
    linkFlags = flags() & (IOSQE_IO_LINK | IOSQE_IO_HARDLINK);
    failed = false;
    skipsChain = false;
    forceAsync = (flags() & IOSQE_ASYNC) != 0;
    drains = (flags() & IOSQE_IO_DRAIN) != 0;
    endedOnWorker = false;
    held = false;
    ended = false;
    todo = Todo.COMPLETE;
    return this;
  }

  /// The entry behind it is its second half, as it is on a ring of 128-byte SQEs.
  void widen(MemorySegment sqes) {
    sqeTail = sqes;
  }

  boolean isWide() {
    return sqeTail != null;
  }

  int opcode() {
    return (int) word0 & 0xff;
  }

  int flags() {
    return (int) (word0 >>> 8) & 0xff;
  }

  int ioprio() {
    return (int) (word0 >>> 16) & 0xffff;
  }

  int fd() {
    return (int) (word0 >> 32);
  }

  long off() {
    return off;
  }

  long addr() {
    return addr;
  }

  int len() {
    return (int) word3;
  }

  /// `rw_flags`, `timeout_flags`, `cancel_flags`, `uring_cmd_flags`, …
  int opFlags() {
    return (int) (word3 >>> 32);
  }

  long userData() {
    return userData;
  }

  void userData(long other) {
    userData = other;
  }

  /// `buf_index`, or `buf_group` with `IOSQE_BUFFER_SELECT`.
  int bufIndex() {
    return (int) word5 & 0xffff;
  }

  int personality() {
    return (int) (word5 >>> 16) & 0xffff;
  }

  /// `file_index`, `splice_fd_in`, `optlen`.
  int fileIndex() {
    return (int) (word5 >>> 32);
  }

  long addr3() {
    return addr3;
  }

  /// `attr_type_mask`.
  long attributes() {
    return word7;
  }

  /// Eight bytes from byte `at` of the payload: of `cmd`, and of the second half of a 128-byte SQE.
  long payload(int at) {
    int word = at / Long.BYTES;
    int shift = at % Long.BYTES * Byte.SIZE;
    long low = payloadWord(word);
    return shift == 0 ? low : low >>> shift | payloadWord(word + 1) << (Long.SIZE - shift);
  }

  private long payloadWord(int index) {
    if (index == 0) return addr3;
    if (index == 1) return word7;
    var tail = sqeTail;
    if (tail == null) throw new AssertionError("a 128-byte SQE without its second half");
    return tail.get(JAVA_LONG, sqeTailOffset + (long) (index - 2) * Long.BYTES);
  }

  boolean isFixedFile() {
    return (flags() & IOSQE_FIXED_FILE) != 0;
  }

  boolean selectsBuffer() {
    return (flags() & IOSQE_BUFFER_SELECT) != 0;
  }

  boolean wantsSkip() {
    return (flags() & IOSQE_CQE_SKIP_SUCCESS) != 0;
  }

  /// From now on nothing of it is the program's memory: it outlives its inline issue
  /// (`io_uring_cmd_sqe_copy`).
  void keepSqe() {
    sqeKept = true;
    var tail = sqeTail;
    if (tail == null) return;
    var copy = MemorySegment.ofArray(new long[SQE_TAIL_BYTES / Long.BYTES]);
    MemorySegment.copy(tail, sqeTailOffset, copy, 0, SQE_TAIL_BYTES);
    sqeTail = copy;
    sqeTailOffset = 0;
  }

  /// Lets go of what belongs to the submission that just ended. A legacy buffer that is still held
  /// is lost, as on Linux.
  void forget() {
    file = null;
    parked = null;
    path = null;
    sqeTail = null;
    limit = null;
    transfer.forget();
    selection.forget();
    var cmd = command;
    if (cmd == null) return;
    ring.commands.ended(cmd);
    if (!cmd.hasEscaped()) {
      cmd.renew();
      return;
    }
    command = null;
    cmd.leave();
  }

  /// Keeps the path that the program has at `address` (`getname`).
  ///
  /// @return 0, `-EFAULT` or `-ENAMETOOLONG`
  int keepPath(long address) {
    var bytes = new byte[UserMemory.PATH_MAX];
    int length = ring.kernel().memory().readPath(address, bytes);
    if (length < 0) return length;
    path = new String(bytes, 0, length, StandardCharsets.UTF_8);
    return 0;
  }

  String path() {
    var read = path;
    if (read == null)
      throw new AssertionError("opcode " + opcode() + " is issued without its path");
    return read;
  }

  OpenFile openFile() {
    var open = file;
    if (open == null)
      throw new AssertionError("opcode " + opcode() + " is issued without its file");
    return open;
  }

  /// What a send or receive keeps; one a request, made when first needed.
  Exchange exchange() {
    var known = exchange;
    if (known != null) return known;
    known = new Exchange(transfer.message());
    exchange = known;
    return known;
  }

  Transfer transfer() {
    return transfer;
  }

  /// The registered buffer that it names, which is its until it ends; null if there is none
  /// (`io_find_buf_node`).
  @Nullable RegisteredBuffer registeredBuffer() {
    if (registered != null) return registered;
    ring.lock(); // a worker does not have it
    try {
      registered = ring.buffers.hold(bufIndex());
      return registered;
    } finally {
      ring.unlock();
    }
  }

  void dropRegisteredBuffer() {
    var used = registered;
    if (used == null) return;
    registered = null;
    used.drop(ring);
  }

  /// Keeps `res` as the answer; a negative one is a failure.
  int complete(int res) {
    if (res < 0) fail(res);
    this.res = res;
    return COMPLETE;
  }

  /// Keeps `res` as the answer. A negative one is told as a success would be: it breaks no chain.
  int answer(int res) {
    this.res = res;
    return COMPLETE;
  }

  /// Its completion has 32 bytes, which a ring of mixed sizes has to be told.
  void markBig() {
    if (ring.layout().isCqeMixed()) cqeFlags |= IORING_CQE_F_32;
  }

  /// Keeps `error` as the answer.
  void fail(int error) {
    res = error;
    cqeFlags = 0;
    markFailed();
  }

  /// Keeps the error of an issue as the answer (`io_req_defer_failed`): the CQE names a buffer that
  /// cannot be put back.
  void failIssue(int error) {
    fail(error);
    res = row.operation().failure(this, error);
    cqeFlags = selection.abandon();
  }

  /// Whatever the result will be, it is told, and what is linked to it does not start
  /// (`req_set_fail`).
  void markFailed() {
    failed = true;
    skipsChain |= skipCqe;
    skipCqe = false;
  }

  /// How many requests are in the chain from here on.
  int chainLength() {
    int length = 0;
    for (var each = this; each != null; each = each.link) length++;
    return length;
  }

  /// It waits from now on: so its limit, if it has one, runs.
  void startLimit() {
    var limited = limit;
    if (limited != null) limited.start();
  }

  /// What its task work is for.
  enum Todo {
    COMPLETE,
    START,
    CANCEL_CHAIN
  }

  /// Has its task do something with it.
  void queue(Todo what) {
    todo = what;
    ring.addTaskWork(this);
  }

  @Override
  RingContext ring() {
    return ring;
  }

  @Override
  void runInTask() {
    var what = todo;
    todo = Todo.COMPLETE;
    switch (what) {
      case COMPLETE -> ring.complete(this);
      case START -> ring.issuer.startInTask(this);
      case CANCEL_CHAIN -> ring.links.cancel(this);
    }
  }
}
