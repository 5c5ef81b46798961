package dev.ringshot.model;

/// What became of one event of a multishot command: the answer of [UringCmd#postMultishotCqe], in
/// the kernel a bare boolean ("true: the command needs to be completed").
public enum Shot {
  /// The event is visible to the program and the command stays armed.
  POSTED,

  /// Nothing visible was posted. The driver ends the command with [UringCmd#done]; only after
  /// posting 0 it may leave it armed instead.
  FINISHED
}
