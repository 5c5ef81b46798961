package dev.ringshot.conformance.device;

/// Names and numbers of the reference device's ABI; the package's documentation says what they
/// mean. Offsets are in bytes.
public final class Ref {
  /// The device, which cannot be polled.
  public static final String REF_PATH = "/dev/ringshot-ref";

  /// The same with a `->poll`.
  public static final String REF_PATH_POLL = "/dev/ringshot-ref-poll";

  // ---- commands

  /// Arms a command.
  public static final int REF_ARM = 1;

  /// Raises events.
  public static final int REF_TRIGGER = 2;

  /// Copies counters.
  public static final int REF_STATUS = 3;

  /// Copies what a driver is told of a command.
  public static final int REF_DESCRIBE = 4;

  // ---- struct ref_event

  /// Bytes of an event.
  public static final int REF_EVENT_SIZE = 16;

  /// Bytes of the longest list.
  public static final int REF_LIST_MAX = 4096;

  /// `op`, one byte.
  public static final int REF_EVENT_OP = 0;

  /// `queue`, one byte.
  public static final int REF_EVENT_QUEUE = 1;

  /// `group`, two bytes.
  public static final int REF_EVENT_GROUP = 2;

  /// `flags`, four bytes.
  public static final int REF_EVENT_FLAGS = 4;

  /// `length`, four bytes.
  public static final int REF_EVENT_LENGTH = 8;

  /// `value`, four bytes.
  public static final int REF_EVENT_VALUE = 12;

  /// Select a buffer, fill it, post.
  public static final int REF_POST = 1;

  /// End the command.
  public static final int REF_END = 2;

  /// Select from the event's own group.
  public static final int REF_F_GROUP = 1;

  /// Post without a buffer.
  public static final int REF_F_NO_SELECT = 1 << 1;

  /// Try to select a second buffer.
  public static final int REF_F_TWICE = 1 << 2;

  /// Stay armed after posting 0.
  public static final int REF_F_KEEP = 1 << 3;

  /// When the CQ is full, end with the value instead of `-ENOBUFS`.
  public static final int REF_F_END_VALUE = 1 << 4;

  /// Keep the event for the next command rather than lose it.
  public static final int REF_F_RETRY = 1 << 5;

  /// End where the event is raised.
  public static final int REF_F_NOW = 1 << 6;

  /// End with a second result.
  public static final int REF_F_RES2 = 1 << 7;

  /// Every flag.
  public static final int REF_F_ALL = (1 << 8) - 1;

  /// As a value: as many bytes as the buffer has.
  public static final int REF_FULL = Integer.MAX_VALUE;

  // ---- struct ref_arm

  /// `cookie`, two bytes.
  public static final int REF_ARM_COOKIE = 0;

  /// `queue`, one byte.
  public static final int REF_ARM_QUEUE = 2;

  /// `flags`, four bytes.
  public static final int REF_ARM_FLAGS = 4;

  /// `result`, four bytes.
  public static final int REF_ARM_RESULT = 8;

  /// As a queue to arm for: both.
  public static final int REF_BOTH = 0xff;

  /// Mark the command cancelable.
  public static final int REF_A_CANCELABLE = 1;

  /// Return the result instead of arming.
  public static final int REF_A_RETURN = 1 << 1;

  /// Return `-EAGAIN` while the call must not block.
  public static final int REF_A_AGAIN = 1 << 2;

  /// Return `-EAGAIN` whatever happens.
  public static final int REF_A_AGAIN_ALWAYS = 1 << 3;

  /// Every flag.
  public static final int REF_A_ALL = (1 << 4) - 1;

  // ---- struct ref_trigger

  /// `via`, one byte.
  public static final int REF_TRIGGER_VIA = 0;

  /// `repeat`, four bytes.
  public static final int REF_TRIGGER_REPEAT = 4;

  /// `period_us`, four bytes.
  public static final int REF_TRIGGER_PERIOD = 8;

  /// Most events of one trigger.
  public static final int REF_TRIGGER_MAX = 65536;

  /// Raise in the call.
  public static final int REF_VIA_CALL = 0;

  /// Raise from a timer.
  public static final int REF_VIA_TIMER = 1;

  /// Raise from another thread.
  public static final int REF_VIA_THREAD = 2;

  // ---- struct ref_status

  /// Bytes of the counters.
  public static final int REF_STATUS_SIZE = 64;

  /// `armed`, four bytes.
  public static final int REF_STATUS_ARMED = 0;

  /// `kept`, four bytes.
  public static final int REF_STATUS_KEPT = 4;

  /// `raised`, eight bytes.
  public static final int REF_STATUS_RAISED = 8;

  /// `posted`, eight bytes.
  public static final int REF_STATUS_POSTED = 16;

  /// `lost`, eight bytes.
  public static final int REF_STATUS_LOST = 24;

  /// `tasks`, eight bytes.
  public static final int REF_STATUS_TASKS = 32;

  /// `cancels`, eight bytes.
  public static final int REF_STATUS_CANCELS = 40;

  /// `ended`, eight bytes.
  public static final int REF_STATUS_ENDED = 48;

  /// `log_lost`, eight bytes.
  public static final int REF_STATUS_LOG_LOST = 56;

  // ---- struct ref_describe

  /// Bytes of a description.
  public static final int REF_DESCRIBE_SIZE = 96;

  /// `issue`, four bytes.
  public static final int REF_DESCRIBE_ISSUE = 0;

  /// `payload_bytes`, four bytes.
  public static final int REF_DESCRIBE_PAYLOAD_BYTES = 4;

  /// `len`, four bytes.
  public static final int REF_DESCRIBE_LEN = 8;

  /// `payload`, 80 bytes.
  public static final int REF_DESCRIBE_PAYLOAD = 16;

  /// `IO_URING_F_NONBLOCK`.
  public static final int REF_ISSUE_NONBLOCK = 1;

  /// `IO_URING_F_IOWQ`.
  public static final int REF_ISSUE_WORKER = 1 << 1;

  /// `IO_URING_F_SQE128`.
  public static final int REF_ISSUE_SQE128 = 1 << 2;

  /// `IO_URING_F_CQE32`.
  public static final int REF_ISSUE_CQE32 = 1 << 3;

  // ---- struct ref_log

  /// Bytes of a log entry: `what`, `queue`, `cookie` (two bytes), `value` (four).
  public static final int REF_LOG_SIZE = 8;

  /// Entries that the log holds.
  public static final int REF_LOG_ENTRIES = 8192;

  /// A command came; value: `REF_ISSUE_*`.
  public static final int REF_L_ISSUE = 1;

  /// A buffer was asked for; value: its length or `-errno`.
  public static final int REF_L_SELECT = 2;

  /// A value was posted; value: 0 still armed, 1 not.
  public static final int REF_L_POST = 3;

  /// A command ended; value: its result.
  public static final int REF_L_END = 4;

  /// A command was cancelled.
  public static final int REF_L_CANCEL = 5;

  /// An event was lost; value: its number.
  public static final int REF_L_LOST = 6;

  /// A task found its ring gone.
  public static final int REF_L_CLOSING = 7;

  private Ref() {}
}
