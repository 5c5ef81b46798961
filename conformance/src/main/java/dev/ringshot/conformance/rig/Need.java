package dev.ringshot.conformance.rig;

/// Something that not every kernel has.
public enum Need {
  /// The case is about the running system itself, not about behaviour that the model shows.
  LINUX("real Linux"),
  /// `IORING_URING_CMD_MULTISHOT`.
  MULTISHOT_COMMANDS("a release with multishot commands"),
  /// What came with Linux 7.0 and later.
  LINUX_7("a 7.x release"),
  /// Regular files of the machine.
  HOST_FILES("host files"),
  /// fallocate(2) on them.
  ALLOCATION("allocation of file space"),
  /// `IORING_SETUP_CQE_MIXED`.
  CQE_MIXED("mixed CQE sizes"),
  /// `IORING_SETUP_SQE_MIXED` and `IORING_SETUP_SQ_REWIND`, where the release has them.
  SQE_MIXED("mixed SQE sizes and SQ_REWIND"),
  /// `IORING_SETUP_NO_MMAP`.
  NO_MMAP("rings in memory of the application's"),
  /// `IORING_SETUP_IOPOLL`.
  IOPOLL("IOPOLL rings"),
  /// Calls from several threads, which a model in virtual time refuses.
  THREADS("calls from several threads"),
  /// mmap(2) of more than there is behind a descriptor: pages that fault.
  LONG_MAPPINGS("mappings longer than what they map"),
  /// Structures as long as they are in a kernel without debugging.
  USUAL_SIZES("a kernel without debugging, whose structures are as long as usual"),
  /// A security module that refuses [Platform#REFUSED_COMMAND].
  REFUSAL("a security module that refuses a command"),
  /// The reference device.
  DEVICE("the reference device, which ./test --vm brings along");

  private final String what;

  Need(String what) {
    this.what = what;
  }

  /// In words, for the line that explains a skip.
  public String what() {
    return what;
  }
}
